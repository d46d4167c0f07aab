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
  public let mode: LessonMode
  /// Whether `note` blocks are shown.
  public let showsNotes: Bool
  /// What the learner has done so far.
  public internal(set) var record: LessonRecord
  /// Keeps the machine for `play`. What it returns puts it back, and says whether it could.
  public var keepState: (() -> () -> Bool)?
  /// The machine of the lesson.
  public internal(set) var session: any LessonSession
  /// What the lesson waits for.
  public var invitation: LessonInvitation { playing == nil ? asked : .play }
  var asked = LessonInvitation.nothing

  /// The first step of the screen that is shown.
  var screenStart = 0
  /// The step that comes next, or the question that is open.
  var position = 0
  var open: OpenStep?
  /// True while the lesson itself runs commands, which are not the learner's deeds.
  public internal(set) var isDriving = false
  /// The machine's state when the lesson had it last; a task that was done counts as the lesson's.
  var stateLeft: String?
  /// The learner's own commands since then, in a form that leads to the same again.
  var deeds: [String] = []
  /// The breakpoints that the lesson itself set.
  var ownBreakpoints: Set<Int> = []
  /// What is put back when the learner comes back from playing.
  var playing: Playing?
  let makeSession: (LessonDocument) -> any LessonSession

  /// What was needed so far for steps that the learner left before they were done, by the steps' numbers.
  var efforts: [Int: Effort] = [:]

  /// What help a step took.
  struct Effort {
    var hintsGiven = 0
    /// There was no hint to give.
    var hasAskedInVain = false
    var wrongCount = 0
    var hasSeenSolution = false
  }

  /// A task or question that is not done yet.
  struct OpenStep {
    var scope: TaskScope?
    var effort = Effort()
    /// What the room said to it, and that nobody judged yet.
    var room: RoomAnswer?
    /// It was put to the room once.
    var isPut = false
    /// Indices of the wrongs that were told.
    var told: Set<Int> = []
    /// A condition that cannot be worked out is told once.
    var hasToldProblem = false
    /// The machine's state when the wrongs were last looked at.
    var stateSeen: String?
  }

  /// - Parameters:
  ///   - record: what the learner did in it on other days.
  ///   - makeSession: makes the fresh machine on which the lesson begins; called at the start and whenever
  ///     the learner goes back.
  public init(
    _ lesson: LessonDocument, mode: LessonMode = .selfPaced, showsNotes: Bool = false,
    record: LessonRecord = LessonRecord(),
    makeSession: @escaping (LessonDocument) -> any LessonSession
  ) {
    self.lesson = lesson
    self.mode = mode
    self.record = record
    self.showsNotes = showsNotes
    self.makeSession = makeSession
    session = makeSession(lesson)
  }

  /// The task or question that waits.
  public var openKind: LessonStep.Kind? { open == nil ? nil : currentKind }

  /// Whether every step was gone through.
  public var isFinished: Bool { position >= lesson.steps.count && open == nil }

  /// The step from which to go on another day: where the screen that is shown begins, of which the learner may
  /// not have seen the end.
  public var resumePosition: Int { isFinished ? position : screenStart }

  /// The name of the part that is shown.
  public var currentPart: String? { lesson.parts.last { $0.step <= screenStart }?.name }

  /// The steps of the screen that is shown.
  public var screen: Range<Int> {
    screenStart..<max(screenStart, min(position + (open == nil ? 0 : 1), lesson.steps.count))
  }

  /// Begins the lesson, at `step` (from 0) if given.
  ///
  /// To begin later than at the first step, the machine is brought there unseen: by what the lesson runs,
  /// and for each task by the learner's own road, or else by its solution.
  public func start(at step: Int = 0) -> [LessonOutput] {
    playing = nil
    let target = min(max(0, step), lesson.steps.count)
    rebuild(upTo: target)
    let title = LessonOutput.title(
      number: lesson.number, title: lesson.title, minutes: lesson.minutes)
    let exam = LessonOutput.message(
      "This is an exam: no hints, no solutions, one answer to each question.")
    let parts = lesson.parts
    let part = parts.lastIndex { $0.step <= target }
    let place = part.map {
      LessonOutput.message("You go on in part \($0 + 1) of \(parts.count): \(parts[$0].name)")
    }
    let isLater = target > 0 && target < lesson.steps.count
    return [title] + (mode == .exam ? [exam] : []) + (isLater ? [place].compactMap(\.self) : [])
      + showScreen()
  }

  /// Takes a line that the learner typed; nil if it is not for the lesson.
  public func handle(_ input: String) -> [LessonOutput]? {
    let text = input.trimmingSpace
    if playing != nil { return handleWhilePlaying(text) }
    if text.isEmpty {
      if let said = reveal() { return said }
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
    guard !isDriving, playing == nil, open != nil, case .task(let task) = currentKind
    else { return [] }
    if succeeded { open?.scope?.noteRun(line, command: command) }
    return look(at: task)
  }

  /// A prediction waits: whoever runs on sees what is to be foreseen.
  public var awaitsPrediction: Bool {
    guard playing == nil, !isDriving, case .predict = openKind else { return false }
    return true
  }

  /// A question with choices was answered or given up just now: a letter that comes late is still meant for it.
  public var hasClosedChoices: Bool {
    guard playing == nil, open == nil, case .enter = invitation, position > 0 else { return false }
    switch lesson.steps[position - 1].kind {
    case .quiz(let question), .predict(let question):
      guard case .choices = question.answer else { return false }
      return true
    case .prose, .run, .task, .note: return false
    }
  }

  /// A bare letter as choices have them.
  public static func isChoiceLetter(_ text: String) -> Bool {
    LessonQuestion.isLetter(TypedAnswer(text).core)
  }

  /// Notes a line that the learner's command stands for: run again it leads to the same.
  public func noteDeed(_ line: String) {
    guard !isDriving, playing == nil, deeds.count <= LessonRecord.roadLimit else { return }
    deeds.append(line)
  }

  /// The kind of the step at `position`; nil at the end.
  var currentKind: LessonStep.Kind? {
    lesson.steps.indices.contains(position) ? lesson.steps[position].kind : nil
  }
}
