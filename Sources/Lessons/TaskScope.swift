import Laboratory

/// A machine that a lesson is played on: it runs lines, works out conditions, and comes back to where it was.
public typealias LessonSession = LineRunner & ConditionEvaluator & StateKeeper & BreakpointHolder

/// What a task's conditions are looked at against: the live machine, and two things that only the lesson knows.
///
/// - `start(EXPR)` is the value that `EXPR` had when the task was given;
/// - `ran(WORDS)` is 1 if a command that begins with these words was run and not refused since then, else 0.
///
/// Both are put into the condition as numbers before the session works it out.
struct TaskScope {
  private var startValues: [String: Int64] = [:]
  private var ranLines: [[Substring]] = []

  /// Begins a task whose conditions are `conditions`: notes the values of their `start(…)`.
  init(
    for conditions: [LocatedText], on session: any LessonSession
  ) throws(ConditionError) {
    for condition in conditions {
      for call in Self.calls(in: condition.text) where call.name == "start" {
        startValues[call.argument] = try session.value(of: call.argument)
      }
    }
  }

  /// A command was run, and not refused.
  var hasRun: Bool { !ranLines.isEmpty }

  /// Notes a command that was not refused; `command` is its full name if `line` begins with a short one.
  mutating func noteRun(_ line: String, command: String?) {
    var words = line.split(separator: " ")
    ranLines.append(words)
    if let command, !words.isEmpty {
      words.replaceSubrange(0..<1, with: command.split(separator: " "))
      ranLines.append(words)
    }
  }

  /// Whether `condition` holds now.
  func holds(
    _ condition: LocatedText, on session: any LessonSession
  ) throws(ConditionError) -> Bool {
    try session.evaluate(condition: expanded(condition.text))
  }

  /// Whether all goals of `task` hold now.
  func isReached(_ task: LessonTask, on session: any LessonSession) throws(ConditionError) -> Bool {
    for goal in task.goals {
      guard try holds(goal.condition, on: session) else { return false }
    }
    return true
  }

  /// What is said when the goal of `task` is reached by this road; nil if nothing of it fits.
  func ending(
    of task: LessonTask, on session: any LessonSession
  ) throws(ConditionError) -> String? {
    for ending in task.done {
      guard let condition = ending.condition else { return ending.text }
      if try holds(condition, on: session) { return ending.text }
    }
    return nil
  }

  private func expanded(_ text: String) -> String {
    var result = ""
    var rest = text.startIndex
    for call in Self.calls(in: text) {
      result += text[rest..<call.range.lowerBound]
      let value =
        call.name == "start"
        ? startValues[call.argument] ?? 0 : hasRun(call.argument) ? 1 : 0
      result += value < 0 ? "(\(value))" : "\(value)"
      rest = call.range.upperBound
    }
    return result + text[rest...]
  }

  /// The condition looks at the commands that were run, not at the machine alone.
  static func asksWhatRan(_ condition: LocatedText) -> Bool {
    calls(in: condition.text).contains { $0.name == "ran" }
  }

  private func hasRun(_ words: String) -> Bool {
    let wanted = words.split(separator: " ")
    return ranLines.contains { $0.starts(with: wanted) }
  }

  private struct Call {
    var name: String
    var argument: String
    var range: Range<String.Index>
  }

  /// The calls of `start` and `ran` in `text`, outermost only, in order.
  private static func calls(in text: String) -> [Call] {
    var calls: [Call] = []
    var at = text.startIndex
    while at < text.endIndex {
      guard text[at].isLetter || text[at] == "_" else {
        at = text.index(after: at)
        continue
      }
      let word = text[at...].prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
      let start = at
      at = word.endIndex
      guard word == "start" || word == "ran", at < text.endIndex, text[at] == "(",
        let close = closingParenthesis(in: text, from: at)
      else { continue }
      let argument = text[text.index(after: at)..<close].trimmingSpace
      at = text.index(after: close)
      calls.append(Call(name: String(word), argument: argument, range: start..<at))
    }
    return calls
  }

  private static func closingParenthesis(
    in text: String, from open: String.Index
  ) -> String.Index? {
    var depth = 0
    for index in text[open...].indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }
}

extension LessonTask {
  /// All conditions that are looked at while the task is open.
  var conditions: [LocatedText] {
    goals.map(\.condition) + wrong.map(\.condition) + done.compactMap(\.condition)
  }
}
