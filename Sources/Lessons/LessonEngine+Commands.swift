import SourceText

// The lesson's own commands.
extension LessonEngine {
  /// The words after `lesson` that are the engine's; others, such as a lesson's name, are the shell's.
  public static let lessonWords = [
    "next", "back", "skip", "restart", "contents", "goto", "report",
  ]
  /// The commands of their own that are the engine's while a lesson is open.
  public static let commands = [
    "lesson", "hint", "goal", "check", "solution", "play", "resume",
  ]

  /// Does one of the lesson's commands; nil if it is none.
  func handleCommand(_ words: [String]) -> [LessonOutput]? {
    if let first = words.first, Self.commands.contains(first),
      let refusal = lesson.refusal(of: first)
    {
      return [.message(refusal)]
    }
    switch words {
    case ["lesson"]: return whereAmI()
    case ["lesson", "next"]: return next()
    case ["lesson", "back"]: return back()
    case ["lesson", "skip"]: return skip()
    case ["lesson", "restart"]: return start()
    case ["lesson", "contents"]: return contents()
    case ["lesson", "report"]: return report()
    case ["hint"]: return hint()
    case ["goal"]: return goal()
    case ["check"]: return check()
    case ["solution"]: return solution()
    case ["solution", "run"]: return runSolution()
    case ["play"]: return play()
    case ["resume"]:
      return [.message("You are in the lesson; `play` lets you wander off.")] + invite(invitation)
    default:
      guard words.starts(with: ["lesson", "goto"]) else { return nil }
      return go(to: words.dropFirst(2).joined(separator: " "))
    }
  }

  private static let nothingOpen = LessonOutput.message("There is no task or question now.")

  /// What an exam says to a call for help.
  private static let isExam = LessonOutput.message("This is an exam: no hints, no solutions.")

  func whereAmI() -> [LessonOutput] {
    var said: [LessonOutput] = [
      .title(number: lesson.number, title: lesson.title, minutes: lesson.minutes)
    ]
    let parts = lesson.parts
    if let index = parts.lastIndex(where: { $0.step <= screenStart }) {
      said.append(.message("Part \(index + 1) of \(parts.count): \(parts[index].name)"))
    }
    // The text that stands on the screen; what was run for it is not run again.
    for step in lesson.steps[screen] where isVisible(step.kind) {
      if case .run = step.kind { continue }
      said += shown(step.kind)
    }
    return said + invite(invitation)
  }

  private func next() -> [LessonOutput] {
    if isFinished {
      return [.message("The lesson is over; `lesson` shows the course."), .invitation(.nothing)]
    }
    guard open != nil else { return showScreen() }
    if mode == .presented { return nextInClass() }
    // Whoever went back over what was done goes forward again without doing it again.
    if record.results[position] != nil, let later = screenStarts.first(where: { $0 > position }) {
      rebuild(upTo: later)
      return [.message("You did this before; the machine is as you left it.")] + showScreen()
    }
    return [.message("This step is still open; `lesson skip` shows how it goes and goes on.")]
      + invite(invitation)
  }

  /// Begins the open step again if the learner did anything in it; otherwise goes to the screen before.
  private func back() -> [LessonOutput] {
    if open != nil, hasBegun {
      let start = screenStart
      rebuild(upTo: position)
      let said = showScreen()
      screenStart = start
      return [.message("The machine is as it was here.")] + said
    }
    guard let before = screenStarts.last(where: { $0 < screenStart }) else {
      return [.message("This is the beginning of the lesson.")] + invite(invitation)
    }
    rebuild(upTo: before)
    return [.message("The machine is as it was here.")] + showScreen()
  }

  /// The learner did something since the open step was shown.
  private var hasBegun: Bool {
    open?.scope?.hasRun == true || !deeds.isEmpty || stateLeft != session.stateDigest()
  }

  private func skip() -> [LessonOutput] {
    guard open != nil else { return next() }
    if mode == .exam { return skipUnseen() }
    switch currentKind {
    case .task(let task):
      let back = takeBack()
      let shown = [LessonOutput.solution(task.solution.map(\.text))] + drive(task.solution)
      deeds = []
      return back + shown + leaveQuestion(.shown)
    case .quiz(let question), .predict(let question): return answerShown(question)
    case .prose, .run, .note, nil: return next()
    }
  }

  /// The machine comes to where the step leads, and nobody sees how.
  private func skipUnseen() -> [LessonOutput] {
    let open = open
    record.roads[position] = nil
    rebuild(upTo: position + 1)
    position -= 1
    self.open = open
    return [.message("Skipped; the machine is as if it were done.")] + leaveQuestion(.skipped)
  }

  private func go(to name: String) -> [LessonOutput] {
    let parts = lesson.parts
    let wanted = name.lowercased()
    let names = parts.map { $0.name.lowercased() }
    let index =
      Int(wanted).map { $0 - 1 } ?? names.firstIndex(of: wanted)
      ?? names.firstIndex { !wanted.isEmpty && $0.hasPrefix(wanted) }
    guard let index, parts.indices.contains(index) else {
      let guess = Suggestion.nearest(to: wanted, among: names)
      let part = guess.flatMap { names.firstIndex(of: $0) }.map { parts[$0].name }
      return [
        .message(
          (wanted.isEmpty ? "To which part?" : "There is no part '\(name)'.")
            + (part.map { " Did you mean '\($0)'?" } ?? " `lesson contents` lists them."))
      ] + invite(invitation)
    }
    rebuild(upTo: parts[index].step)
    return showScreen()
  }

  private func contents() -> [LessonOutput] {
    let parts = lesson.parts
    let current = parts.lastIndex { $0.step <= screenStart } ?? -1
    return parts.enumerated().map { index, part in
      .part(
        index + 1, part.name,
        state: isFinished || index < current ? .done : index == current ? .current : .ahead)
    }
  }

  /// One hint more; after the last one the solution.
  func hint() -> [LessonOutput] {
    guard open != nil, let hints = currentKind?.hints else { return [Self.nothingOpen] }
    if mode == .exam { return [Self.isExam] }
    let given = (open?.effort.hintsGiven ?? 0) + 1
    if hints.isEmpty, open?.effort.hasAskedInVain == false {
      open?.effort.hasAskedInVain = true
      return [.message("There is no hint here; `hint` again shows the answer.")]
    }
    if given > hints.count { return solution() }
    open?.effort.hintsGiven = given
    return [.hint(hints[given - 1], number: given, count: hints.count)]
      + (given == hints.count ? [.message("After that, `hint` shows the solution.")] : [])
  }

  private func goal() -> [LessonOutput] {
    guard open != nil else { return [Self.nothingOpen] }
    switch currentKind {
    case .task(let task): return [.task(task.task)] + goals(of: task)
    case .quiz(let question): return question.shown(isPrediction: false) + invite(invitation)
    case .predict(let question): return question.shown(isPrediction: true) + invite(invitation)
    case .prose, .run, .note, nil: return [Self.nothingOpen]
    }
  }

  private func check() -> [LessonOutput] {
    guard open != nil else { return [Self.nothingOpen] }
    guard case .task(let task) = currentKind else { return goal() }
    let said = look(at: task)
    return open == nil ? said : [.message("Not yet.")] + said + goals(of: task)
  }

  private func solution() -> [LessonOutput] {
    guard open != nil else { return [Self.nothingOpen] }
    if mode == .exam { return [Self.isExam] }
    open?.effort.hasSeenSolution = true
    switch currentKind {
    case .task(let task):
      return [
        .solution(task.solution.map(\.text)), .message("`solution run` runs it for you."),
      ]
    case .quiz(let question), .predict(let question): return answerShown(question)
    case .prose, .run, .note, nil: return [Self.nothingOpen]
    }
  }

  private func runSolution() -> [LessonOutput] {
    guard open != nil, mode != .exam, case .task(let task) = currentKind else { return solution() }
    open?.effort.hasSeenSolution = true
    let ran = drive(task.solution)
    deeds += task.solution.map(\.text)
    for command in task.solution { open?.scope?.noteRun(command.text, command: nil) }
    let said = look(at: task)
    guard open != nil else { return ran + said }
    return ran + said
      + [
        .message(
          "The goal still doesn't hold, since the machine was not where the task began;"
            + " `lesson back` begins it again.")
      ]
  }
}

extension LessonStep.Kind {
  /// The hints of a task or question; nil for other steps.
  var hints: [String]? {
    switch self {
    case .task(let task): task.hints
    case .quiz(let question), .predict(let question): question.hints
    case .prose, .run, .note: nil
    }
  }
}
