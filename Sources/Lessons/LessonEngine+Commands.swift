// The lesson's own commands.
extension LessonEngine {
  /// The words after `lesson` that are the engine's; others, such as a lesson's name, are the shell's.
  public static let lessonWords = ["next", "back", "skip", "restart", "contents"]
  /// The commands of their own that are the engine's while a lesson is open.
  public static let commands = ["lesson", "hint", "goal", "check", "solution"]

  /// Does one of the lesson's commands; nil if it is none.
  func handleCommand(_ words: [String]) -> [LessonOutput]? {
    if let first = words.first, let refusal = lesson.refusal(of: first),
      Self.commands.contains(first)
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
    case ["hint"]: return hint()
    case ["goal"]: return goal()
    case ["check"]: return check()
    case ["solution"]: return solution()
    case ["solution", "run"]: return runSolution()
    default: return nil
    }
  }

  private static let nothingOpen = LessonOutput.message("There is no task or question now.")

  private func whereAmI() -> [LessonOutput] {
    var said: [LessonOutput] = [
      .title(number: lesson.number, title: lesson.title, minutes: lesson.minutes)
    ]
    let parts = partStarts
    if let index = parts.lastIndex(where: { $0.step <= screenStart }) {
      said.append(.message("Part \(index + 1) of \(parts.count): \(parts[index].name)"))
    }
    guard open != nil else { return said + invite(invitation) }
    switch currentKind {
    case .task(let task): said.append(.task(task.task))
    case .quiz(let question), .predict(let question): said += question.shown
    case .prose, .run, .note, nil: break
    }
    return said + invite(invitation)
  }

  private func next() -> [LessonOutput] {
    if isFinished { return [.message("The lesson is over."), .invitation(.nothing)] }
    guard open != nil else { return showScreen() }
    return [.message("This step is still open; `lesson skip` shows how it goes and goes on.")]
      + invite(invitation)
  }

  private func back() -> [LessonOutput] {
    guard let before = screenStarts.last(where: { $0 < screenStart }) else {
      return [.message("This is the beginning of the lesson.")] + invite(invitation)
    }
    rebuild(upTo: before)
    return [.message("The machine is as it was here, by the lesson's own commands.")]
      + showScreen()
  }

  private func skip() -> [LessonOutput] {
    guard open != nil else { return next() }
    switch currentKind {
    case .task(let task):
      let shown = [LessonOutput.solution(task.solution.map(\.text))] + drive(task.solution)
      return shown + leaveQuestion()
    case .quiz(let question), .predict(let question): return answerShown(question)
    case .prose, .run, .note, nil: return next()
    }
  }

  private func contents() -> [LessonOutput] {
    let parts = partStarts
    let current = parts.lastIndex { $0.step <= screenStart } ?? -1
    return parts.enumerated().map { index, part in
      .part(
        part.name,
        state: isFinished || index < current ? .done : index == current ? .current : .ahead)
    }
  }

  private func hint() -> [LessonOutput] {
    guard open != nil, let hints = currentKind?.hints else { return [Self.nothingOpen] }
    guard !hints.isEmpty else {
      return [.message("There is no hint here; `solution` shows the answer.")]
    }
    let given = min((open?.hintsGiven ?? 0) + 1, hints.count)
    let isRepeated = open?.hintsGiven == hints.count
    open?.hintsGiven = given
    var said = [LessonOutput.hint(hints[given - 1], number: given, count: hints.count)]
    if isRepeated { said.append(.message("That was the last hint; `solution` shows the way.")) }
    return said
  }

  private func goal() -> [LessonOutput] {
    guard open != nil else { return [Self.nothingOpen] }
    switch currentKind {
    case .task(let task): return [.task(task.task)] + goals(of: task)
    case .quiz(let question), .predict(let question): return question.shown + invite(invitation)
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
    guard open != nil, case .task(let task) = currentKind else { return solution() }
    let ran = drive(task.solution)
    for command in task.solution { open?.scope?.noteRun(command.text, command: nil) }
    let said = look(at: task)
    guard open != nil else { return ran + said }
    return ran + said
      + [
        .message(
          "The goal still doesn't hold, since the machine was not where the task began;"
            + " `lesson back` and then Enter begins it again.")
      ]
  }

  /// Where the parts of the lesson begin.
  private var partStarts: [(name: String, step: Int)] {
    lesson.steps.enumerated().compactMap { index, step in
      guard case .prose(let heading?, _) = step.kind else { return nil }
      return (heading, index)
    }
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
