import SourceText

/// A fenced block of a lesson as it stands in the file.
struct RawBlock {
  /// The first word after the fence.
  var name: String
  /// The further words.
  var options: [String]
  /// The lines between the fences.
  var lines: [String]
  /// The line of the opening fence, from 1.
  var line: Int

  var text: String { lines.joined(separator: "\n") + "\n" }
}

extension LessonRun {
  /// Reads a `setup` block, or
  ///
  ///     ```run
  ///     load kernel.s
  ///     step 3
  ///     ```
  init?(_ block: RawBlock, report: inout DiagnosticList) {
    commands = []
    for (offset, line) in block.lines.enumerated() {
      let text = line.trimmingSpace
      guard !text.isEmpty, text != "#", !text.hasPrefix("# ") else { continue }
      commands.append(LocatedText(text, line: block.line + 1 + offset, column: 1))
    }
    isSetup = block.name == "setup"
    isQuiet = isSetup
    for option in block.options {
      switch option {
      case _ where isSetup: break
      case "quiet": isQuiet = true
      case "fails": fails = true
      default:
        report.error(block.line, 1, "'\(option)' is not known after run; quiet and fails are")
      }
    }
    guard !commands.isEmpty else {
      report.error(block.line, 1, "a \(block.name) block holds at least one command")
      return nil
    }
  }
}

extension LessonTask {
  /// Reads
  ///
  ///     ```try
  ///     task: Step until the CPU has taken the trap.
  ///     goal: ring == 0
  ///     wrong:
  ///       - when: traps(page) >= 1
  ///         reply: That was a page fault.
  ///         sample: step 9
  ///     hints:
  ///       - The command `trap` runs to the next one.
  ///     solution:
  ///       - trap
  ///     ```
  init?(_ reader: FieldReader, claims: inout StepClaims, report: inout DiagnosticList) {
    reader.allowOnly(
      ["task", "goal", "partial", "wrong", "hints", "solution", "roads", "done"], report: &report)
    let task = reader.prose("task", claims: &claims.before, report: &report)
    goals = reader.textsOrReaders("goal", what: "a goal", report: &report).compactMap { item in
      if let condition = item.text { return Goal(condition: condition, says: nil) }
      guard let fields = item.reader else { return nil }
      fields.allowOnly(["holds", "says"], report: &report)
      guard let condition = fields.text("holds", report: &report) else { return nil }
      return Goal(condition: condition, says: fields.text("says", report: &report)?.text)
    }
    if !reader.has("goal") { report.error(reader.line, reader.column, "a try needs 'goal:'") }
    wrong =
      Self.replies("wrong", isPartial: false, reader, &report)
      + Self.replies("partial", isPartial: true, reader, &report)
    hints = reader.proses("hints", claims: &claims.before, report: &report)
    if hints.isEmpty {
      report.error(reader.line, reader.column, "a try needs at least one hint: 'hints:'")
    }
    solution = reader.texts("solution", report: &report)
    if solution.isEmpty {
      report.error(
        reader.line, reader.column, "a try needs the commands that reach its goal: 'solution:'")
    }
    roads = reader.lists("roads", report: &report)
    done = Self.endings(reader, &claims.after, &report)
    guard let task, !goals.isEmpty, !solution.isEmpty else { return nil }
    self.task = task
  }

  private static func replies(
    _ name: String, isPartial: Bool, _ reader: FieldReader, _ report: inout DiagnosticList
  ) -> [Wrong] {
    reader.readers(name, what: "a \(name)", report: &report).compactMap { fields in
      fields.allowOnly(["when", "reply", "sample"], report: &report)
      let when = fields.text("when", report: &report)
      var claims: [LessonClaim] = []
      let reply = fields.prose("reply", claims: &claims, report: &report)
      guard let when, let reply else { return nil }
      return Wrong(
        condition: when, reply: reply, isPartial: isPartial,
        sample: fields.texts("sample", report: &report), claims: claims)
    }
  }

  /// `done:`, one text, or a list of texts of which each but the last has a condition.
  private static func endings(
    _ reader: FieldReader, _ claims: inout [LessonClaim], _ report: inout DiagnosticList
  ) -> [Done] {
    var endings: [Done] = []
    let items = reader.textsOrReaders("done", what: "a done", report: &report)
    for (index, item) in items.enumerated() {
      if let text = item.text {
        if index < items.count - 1 {
          report.error(
            text.line, text.column, "no text behind this one of 'done:' is ever said",
            suggestion: "give it a condition, 'when:' and 'says:'")
        }
        endings.append(
          Done(text: FieldReader.withoutComments(text, claims: &claims, report: &report)))
      }
      guard let fields = item.reader else { continue }
      fields.allowOnly(["when", "says"], report: &report)
      let when = fields.text("when", report: &report)
      // The checker plays the solution, which need not lead to this text.
      var unchecked: [LessonClaim] = []
      let says = fields.prose("says", claims: &unchecked, report: &report)
      if !unchecked.isEmpty {
        let (line, column) = fields.place(of: "says")
        report.error(line, column, "what a text with 'when:' claims would never be looked at")
      }
      guard let says, let when else { continue }
      endings.append(Done(condition: when, text: says))
    }
    return endings
  }
}

extension LessonQuestion {
  /// Reads
  ///
  ///     ```quiz
  ///     question: In which ring does alpha's kernel run now?
  ///     choices:
  ///       - text: Ring 0
  ///         reply: That is what it believes.
  ///       - text: Ring 1
  ///         right: true
  ///         reply: Its pages carry the code 01.
  ///     ```
  ///
  /// or, with `answer`, `reply`, `wrong` and `otherwise` in the place of `choices`, a value of the machine;
  /// or a `predict` block, which also has `run`.
  init?(
    _ reader: FieldReader, isPrediction: Bool, claims: inout StepClaims,
    report: inout DiagnosticList
  ) {
    let common = ["question", "hints"] + (isPrediction ? ["run"] : [])
    let question = reader.prose("question", claims: &claims.before, report: &report)
    hints = reader.proses("hints", claims: &claims.before, report: &report)
    run = reader.texts("run", report: &report)
    if isPrediction, run.isEmpty {
      report.error(reader.line, reader.column, "a predict needs the commands to run: 'run:'")
    }
    let answer: Answer?
    if reader.has("choices") {
      reader.allowOnly(common + ["choices"], report: &report)
      answer = Self.choices(reader, isPrediction, &claims.after, &report).map { .choices($0) }
    } else if reader.has("answer") {
      reader.allowOnly(common + ["answer", "reply", "wrong", "otherwise"], report: &report)
      answer = Self.value(reader, &claims.after, &report)
    } else {
      reader.allowOnly(common, report: &report)
      report.error(reader.line, reader.column, "\(reader.what) needs 'choices:' or 'answer:'")
      return nil
    }
    guard let question, let answer else { return nil }
    self.question = question
    self.answer = answer
  }

  private static func choices(
    _ reader: FieldReader, _ isPrediction: Bool, _ claims: inout [LessonClaim],
    _ report: inout DiagnosticList
  ) -> [Choice]? {
    var complete = true
    let fields = reader.readers("choices", what: "a choice", report: &report)
    let choices = fields.compactMap { fields -> Choice? in
      fields.allowOnly(["text", "right", "reply"], report: &report)
      let text = fields.prose("text", claims: &claims, report: &report)
      let reply = fields.prose("reply", claims: &claims, report: &report)
      let right = fields.text("right", needed: false, report: &report)
      guard let text, let reply else {
        complete = false
        return nil
      }
      return Choice(text: text, right: Self.right(right), reply: reply)
    }
    guard complete else { return nil }
    let (line, column) = reader.place(of: "choices")
    if !(2...6).contains(choices.count) {
      report.error(line, column, "\(reader.what) has 2 to 6 choices, not \(choices.count)")
      return nil
    }
    let certain = choices.count { $0.right == .yes }
    let conditional = choices.count { if case .condition = $0.right { true } else { false } }
    if conditional > 0, !isPrediction {
      report.error(line, column, "in a quiz 'right:' is true or false; conditions are for predict")
      return nil
    }
    if conditional == 0 ? certain != 1 : conditional != choices.count {
      let rule =
        isPrediction
        ? "exactly one choice is 'right: true', or every choice has a condition"
        : "exactly one choice is 'right: true', not \(certain)"
      report.error(line, column, rule)
      return nil
    }
    return choices
  }

  private static func right(_ text: LocatedText?) -> Right {
    guard let text else { return .no }
    switch text.text {
    case "true", "yes": return .yes
    case "false", "no": return .no
    default: return .condition(text)
    }
  }

  private static func value(
    _ reader: FieldReader, _ claims: inout [LessonClaim], _ report: inout DiagnosticList
  ) -> Answer? {
    let answer = reader.text("answer", report: &report)
    let reply = reader.prose("reply", claims: &claims, report: &report)
    let otherwise = reader.prose("otherwise", claims: &claims, report: &report)
    let wrong = reader.readers("wrong", what: "a wrong", report: &report).compactMap {
      fields -> WrongValue? in
      fields.allowOnly(["value", "reply"], report: &report)
      let value = fields.text("value", report: &report)
      let reply = fields.prose("reply", claims: &claims, report: &report)
      guard let value, let reply else { return nil }
      return WrongValue(value: value, reply: reply)
    }
    guard let answer, let reply, let otherwise else { return nil }
    return .value(answer, reply: reply, wrong: wrong, otherwise: otherwise)
  }
}
