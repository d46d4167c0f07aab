import Laboratory

// Going through the steps.
extension LessonEngine {
  /// Brings a fresh machine to the beginning of `step`, unseen.
  func rebuild(upTo step: Int) {
    beginAnew()
    // A setup begins anew, so nothing before it matters.
    let start = lesson.steps[..<step].lastIndex { $0.kind.isSetup } ?? 0
    for index in start..<step {
      let isRoad = record.roads[index] != nil
      _ = drive(record.commands(of: lesson.steps[index], at: index), asLearner: isRoad)
    }
    if let open { efforts[position] = open.effort }
    position = step
    open = nil
    stateLeft = nil
    deeds = []
  }

  /// The lesson's empty machine.
  private func beginAnew() {
    isDriving = true
    defer { isDriving = false }
    session = makeSession(lesson)
    ownBreakpoints = []
  }

  /// Brings the machine back to where the lesson left it, if the learner has gone on by themselves since:
  /// what the lesson does next was written for that place.
  func takeBack() -> [LessonOutput] {
    guard let stateLeft, stateLeft != session.stateDigest() else { return [] }
    let open = open
    self.open = nil
    rebuild(upTo: position)
    self.open = open
    self.stateLeft = session.stateDigest()
    return [.message("You went on meanwhile; the lesson has taken the machine back to its place.")]
  }

  /// Shows steps from `position` on until one waits.
  func showScreen() -> [LessonOutput] {
    screenStart = position
    var said: [LessonOutput] = []
    while let kind = currentKind {
      if kind.isQuestion { return said + beginQuestion(kind) }
      said += show(kind)
      position += 1
      if waits(after: position - 1) {
        // Whoever wandered off is taken back when the lesson next needs the machine.
        return said + (stateLeft == nil ? handOver(.enter) : invite(.enter))
      }
    }
    return said + [.finished(title: lesson.title)] + invite(.nothing)
  }

  func invite(_ invitation: LessonInvitation) -> [LessonOutput] {
    asked = invitation
    return [.invitation(invitation)]
  }

  /// Leaves the machine to the learner until what the lesson waits for comes.
  private func handOver(_ invitation: LessonInvitation) -> [LessonOutput] {
    stateLeft = session.stateDigest()
    deeds = []
    return invite(invitation)
  }

  /// After a task or question is done: what follows waits for Enter, so that the reply can be read.
  func leaveQuestion(_ outcome: StepResult.Outcome) -> [LessonOutput] {
    note(outcome)
    let isTask = if case .task = currentKind { true } else { false }
    open = nil
    efforts[position] = nil
    position += 1
    screenStart = position
    if visible(from: position) == nil { return showScreen() }
    // Where a task led is where the lesson goes on; what was done beside a question is not.
    return isTask || stateLeft == nil ? handOver(.enter) : invite(.enter)
  }

  /// Writes down how the open step went, and by which commands a task was done. What was written first
  /// about a step stays, unless it was skipped then.
  private func note(_ outcome: StepResult.Outcome) {
    guard let open else { return }
    let outcome = outcome == .done && open.effort.hasSeenSolution ? .shown : outcome
    let result = StepResult(outcome, hints: open.effort.hintsGiven, wrong: open.effort.wrongCount)
    if record.results[position].map({ $0.outcome == .skipped && mode != .exam }) ?? true {
      record.results[position] = result
    }
    guard case .task(let task) = currentKind else { return }
    let isUsual = deeds.isEmpty || deeds == task.solution.map(\.text)
    record.roads[position] = isUsual || deeds.count > LessonRecord.roadLimit ? nil : deeds
  }

  /// The steps at which screens begin.
  var screenStarts: [Int] {
    [0] + lesson.steps.indices.filter { $0 > 0 && waits(after: $0 - 1) }
  }

  /// Whether the lesson waits when the step at `index` has been shown, or is done.
  ///
  /// A task or question belongs to the prose before it; anything else waits until the prose was read.
  private func waits(after index: Int) -> Bool {
    let kind = lesson.steps[index].kind
    if kind.isQuestion { return true }
    guard let next = visible(from: index + 1) else { return false }
    switch kind {
    case .prose(_, let text):
      return !text.isEmpty && (mode == .presented || !next.isQuestion)
    case .run(let run): return mode == .presented && !run.isQuiet
    default: return false
    }
  }

  /// The first step from `index` on that is seen.
  private func visible(from index: Int) -> LessonStep.Kind? {
    lesson.steps.dropFirst(index).first { isVisible($0.kind) }?.kind
  }

  func isVisible(_ kind: LessonStep.Kind) -> Bool {
    switch kind {
    case .run(let run): !run.isQuiet
    case .note: showsNotes
    case .prose, .task, .quiz, .predict: true
    }
  }

  /// What a step shows by itself; runs its commands.
  private func show(_ kind: LessonStep.Kind) -> [LessonOutput] {
    switch kind {
    case .run(let run):
      if run.isSetup { beginAnew() }
      let back = run.isSetup ? [] : takeBack()
      let said = drive(run.commands)
      return back + (run.isQuiet ? [] : said)
    default: return shown(kind)
    }
  }

  /// What is shown of a step without running anything.
  func shown(_ kind: LessonStep.Kind) -> [LessonOutput] {
    switch kind {
    case .prose(let heading, let text):
      return (heading.map { [.heading($0)] } ?? []) + (text.isEmpty ? [] : [.prose(text)])
    case .run: return []
    case .note(let text): return showsNotes ? [.note(text)] : []
    case .task(let task): return [.task(task.task)]
    case .quiz(let question): return question.shown(isPrediction: false)
    case .predict(let question): return question.shown(isPrediction: true)
    }
  }

  /// Runs commands as the lesson's own: the learner's breakpoints don't stop them.
  ///
  /// - Parameter asLearner: they are what the learner did once.
  func drive(_ commands: [LocatedText], asLearner: Bool = false) -> [LessonOutput] {
    isDriving = true
    let before = session.enabledBreakpoints
    let foreign = asLearner ? [] : before.subtracting(ownBreakpoints)
    session.setBreakpoints(foreign, enabled: false)
    defer {
      session.setBreakpoints(foreign, enabled: true)
      if !asLearner { ownBreakpoints.formUnion(session.enabledBreakpoints.subtracting(before)) }
      isDriving = false
      stateLeft = session.stateDigest()
    }
    return commands.flatMap { command -> [LessonOutput] in
      let output = session.run(line: command.text).output
      return [.command(command.text)] + (output.isEmpty ? [] : [.output(output)])
    }
  }

  private func beginQuestion(_ kind: LessonStep.Kind) -> [LessonOutput] {
    var step = OpenStep(effort: efforts[position] ?? Effort())
    guard case .task(let task) = kind else {
      let back = takeBack()
      open = step
      return back + show(kind) + handOver(kind.invitation)
    }
    var said: [LessonOutput] = []
    do throws(ConditionError) {
      step.scope = try TaskScope(for: task.conditions, on: session)
      if try step.scope?.isReached(task, on: session) == true {
        open = step
        return show(kind) + [.message("That is so already, on your machine.")]
          + leaveQuestion(.done)
      }
    } catch {
      // It is looked at again when the machine is the lesson's.
    }
    let back = takeBack()
    do throws(ConditionError) {
      step.scope = try TaskScope(for: task.conditions, on: session)
      _ = try step.scope?.isReached(task, on: session)
    } catch {
      said.append(.message(problem(error)))
      step.hasToldProblem = true
    }
    open = step
    return back + show(kind) + said + handOver(mode == .exam ? .workAlone : .work)
  }

  /// What to say about a condition of the lesson that cannot be worked out.
  func problem(_ error: ConditionError) -> String {
    "The lesson cannot look at this machine (\(error.message)); `lesson back` begins the step again,"
      + " `lesson skip` goes on."
  }
}

extension LessonStep.Kind {
  /// What the step waits for.
  var invitation: LessonInvitation {
    switch self {
    case .task: .work
    case .quiz(let question), .predict(let question): question.invitation
    case .prose, .run, .note: .enter
    }
  }
}
