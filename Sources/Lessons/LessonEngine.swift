import Laboratory
import SourceText

/// Leads a learner through a lesson, one screen at a time.
///
/// The shell gives every line first to `handle(_:)`. If that returns nil the line is not the lesson's: the shell
/// runs it and then says so with `commandWasRun`. Both return what the lesson has to say.
///
///     show(engine.start())
///     while let line = readLine() {
///       if let said = engine.handle(line) { show(said); continue }
///       let succeeded = run(line)
///       show(engine.commandWasRun(line, command: fullName, succeeded: succeeded))
///     }
///
/// A *screen* is a run of steps up to where the lesson waits: for Enter, for a deed, or for an answer.
public final class LessonEngine {
  public let lesson: LessonDocument
  /// Whether `note` blocks are shown.
  public let showsNotes: Bool
  /// The machine of the lesson.
  public private(set) var session: any LessonSession
  /// What the lesson waits for.
  public internal(set) var invitation = LessonInvitation.nothing

  /// The first step of the screen that is shown.
  var screenStart = 0
  /// The step that comes next, or the question that is open.
  var position = 0
  var open: OpenStep?
  /// True while the lesson itself runs commands, which are not the learner's deeds.
  public private(set) var isDriving = false
  /// The machine's state when the lesson had it last; a task that was done counts as the lesson's.
  private var stateLeft: String?
  private let makeSession: (LessonDocument) -> any LessonSession

  /// A task or question that is not done yet.
  struct OpenStep {
    var scope: TaskScope?
    var hintsGiven = 0
    /// Indices of the wrongs that were told.
    var told: Set<Int> = []
    /// A condition that cannot be worked out is told once.
    var hasToldProblem = false
  }

  /// - Parameter makeSession: makes the fresh machine on which the lesson begins; called at the start and
  ///   whenever the learner goes back.
  public init(
    _ lesson: LessonDocument, showsNotes: Bool = false,
    makeSession: @escaping (LessonDocument) -> any LessonSession
  ) {
    self.lesson = lesson
    self.showsNotes = showsNotes
    self.makeSession = makeSession
    session = makeSession(lesson)
  }

  /// Whether every step was gone through.
  public var isFinished: Bool { position >= lesson.steps.count && open == nil }

  /// The step from which to go on another day: all before it is done.
  public var resumePosition: Int { open == nil ? position : screenStart }

  /// Begins the lesson, at `step` (from 0) if given.
  ///
  /// To begin later than at the first step, the machine is brought there by what the lesson runs and by the
  /// solutions of its tasks, unseen.
  public func start(at step: Int = 0) -> [LessonOutput] {
    let target = min(max(0, step), lesson.steps.count)
    rebuild(upTo: target)
    let title = LessonOutput.title(
      number: lesson.number, title: lesson.title, minutes: lesson.minutes)
    return [title] + showScreen()
  }

  /// Takes a line that the learner typed; nil if it is not for the lesson.
  public func handle(_ input: String) -> [LessonOutput]? {
    let text = input.trimmingSpace
    if text.isEmpty {
      guard case .enter = invitation else { return nil }
      return showScreen()
    }
    return handleCommand(text.split(separator: " ").map(String.init)) ?? handleAnswer(text)
  }

  /// Tells the lesson that the learner ran a line.
  ///
  /// - Parameter command: the full name of the command if the line has a short one.
  public func commandWasRun(
    _ line: String, command: String? = nil, succeeded: Bool = true
  ) -> [LessonOutput] {
    guard !isDriving, open != nil, case .task(let task) = currentKind else { return [] }
    if succeeded { open?.scope?.noteRun(line, command: command) }
    return look(at: task)
  }

  /// The kind of the step at `position`; nil at the end.
  var currentKind: LessonStep.Kind? {
    lesson.steps.indices.contains(position) ? lesson.steps[position].kind : nil
  }
}

// Going through the steps.
extension LessonEngine {
  /// Brings a fresh machine to the beginning of `step`, unseen.
  func rebuild(upTo step: Int) {
    session = makeSession(lesson)
    // A setup begins anew, so nothing before it matters.
    let start = lesson.steps[..<step].lastIndex { $0.kind.isSetup } ?? 0
    for before in lesson.steps[start..<step] { _ = drive(before.kind.commands) }
    position = step
    open = nil
    stateLeft = nil
  }

  /// Brings the machine back to where the lesson left it, if the learner has gone on by themselves since:
  /// what the lesson does next was written for that place.
  func takeBack() -> [LessonOutput] {
    guard let stateLeft, stateLeft != session.stateDigest() else { return [] }
    let open = open
    rebuild(upTo: position)
    self.open = open
    return [.message("You went on meanwhile; the lesson has taken the machine back to its place.")]
  }

  /// Shows steps from `position` on until one waits.
  func showScreen() -> [LessonOutput] {
    screenStart = position
    var said: [LessonOutput] = []
    while let kind = currentKind {
      said += show(kind)
      if kind.isQuestion { return said + beginQuestion(kind) }
      position += 1
      if waits(after: position - 1) { return said + handOver(.enter) }
    }
    return said + [.finished(title: lesson.title)] + invite(.nothing)
  }

  func invite(_ invitation: LessonInvitation) -> [LessonOutput] {
    self.invitation = invitation
    return [.invitation(invitation)]
  }

  /// Leaves the machine to the learner until what the lesson waits for comes.
  private func handOver(_ invitation: LessonInvitation) -> [LessonOutput] {
    stateLeft = session.stateDigest()
    return invite(invitation)
  }

  /// After a task or question is done: what follows waits for Enter, so that the reply can be read.
  func leaveQuestion() -> [LessonOutput] {
    open = nil
    position += 1
    screenStart = position
    if visible(from: position) == nil { return showScreen() }
    return handOver(.enter)
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
    guard case .prose(_, let text) = kind, !text.isEmpty, let next = visible(from: index + 1)
    else { return false }
    return !next.isQuestion
  }

  /// The first step from `index` on that is seen.
  private func visible(from index: Int) -> LessonStep.Kind? {
    lesson.steps.dropFirst(index).first { isVisible($0.kind) }?.kind
  }

  private func isVisible(_ kind: LessonStep.Kind) -> Bool {
    switch kind {
    case .run(let run): !run.isQuiet
    case .note: showsNotes
    case .prose, .task, .quiz, .predict: true
    }
  }

  /// What a step shows by itself; runs its commands.
  private func show(_ kind: LessonStep.Kind) -> [LessonOutput] {
    switch kind {
    case .prose(let heading, let text):
      return (heading.map { [.heading($0)] } ?? []) + (text.isEmpty ? [] : [.prose(text)])
    case .run(let run):
      if run.isSetup { session = makeSession(lesson) }
      let back = run.isSetup ? [] : takeBack()
      let said = drive(run.commands)
      return back + (run.isQuiet ? [] : said)
    case .note(let text): return showsNotes ? [.note(text)] : []
    case .task(let task): return [.task(task.task)]
    case .quiz(let question), .predict(let question): return question.shown
    }
  }

  /// Runs commands as the lesson's own.
  func drive(_ commands: [LocatedText]) -> [LessonOutput] {
    isDriving = true
    defer {
      isDriving = false
      stateLeft = session.stateDigest()
    }
    return commands.flatMap { command -> [LessonOutput] in
      let output = session.run(line: command.text).output
      return [.command(command.text)] + (output.isEmpty ? [] : [.output(output)])
    }
  }

  private func beginQuestion(_ kind: LessonStep.Kind) -> [LessonOutput] {
    var said: [LessonOutput] = []
    var step = OpenStep()
    if case .task(let task) = kind {
      do throws(ConditionError) {
        step.scope = try TaskScope(for: task.conditions, on: session)
        if try step.scope?.isReached(task, on: session) == true {
          open = step
          return [.message("That is so already, on your machine.")] + leaveQuestion()
        }
        said += takeBack()
        step.scope = try TaskScope(for: task.conditions, on: session)
      } catch {
        said.append(.message(problem(error)))
        step.hasToldProblem = true
      }
    } else {
      said += takeBack()
    }
    open = step
    return said + handOver(kind.invitation)
  }

  /// What to say about a condition of the lesson that cannot be worked out.
  func problem(_ error: ConditionError) -> String {
    "The lesson cannot look at this machine (\(error.message)); `lesson skip` goes on."
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
