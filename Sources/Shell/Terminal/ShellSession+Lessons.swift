import Laboratory
import Lessons
import OnionISA
import SourceText

// The lesson that is open.
extension ShellSession {
  func openLesson(_ name: String?) throws(CommandFailure) -> StyledText {
    let lesson = try lesson(named: name)
    return begin(lesson)
  }

  /// The lesson of that name; without one the lesson in progress, or the first that is not done.
  func lesson(named name: String?) throws(CommandFailure) -> LessonDocument {
    let none = CommandFailure(
      "there are no lessons here; '--lessons FOLDER' or RINGSIDE_LESSONS says where they are")
    guard let library, !library.ids.isEmpty else { throw none }
    guard let name else {
      let known = progress?.load().progress ?? Progress()
      if let current = known.current, known[current] != .done,
        let lesson = library.lesson(current)
      {
        return lesson
      }
      let ids = library.ids.filter { known[$0] != .done } + library.ids
      guard let lesson = ids.lazy.compactMap({ library.lesson($0) }).first else { throw none }
      return lesson
    }
    switch library.find(name) {
    case .found(let lesson): return lesson
    case .ambiguous(let ids):
      throw CommandFailure("'\(name)' may be \(ids.joined(separator: ", ")); type more of it")
    case .none(let guess):
      throw CommandFailure(
        "there is no lesson '\(name.prefix(40))'"
          + (guess.map { "; did you mean '\($0)'?" } ?? "; 'lesson list' lists them"))
    }
  }

  /// Opens a lesson where the learner was.
  ///
  /// - Parameter isTitled: its title is said.
  func begin(_ lesson: LessonDocument, isTitled: Bool = true) -> StyledText {
    let engine = LessonEngine(lesson, showsNotes: showsNotes) { [unowned self] lesson in
      interpreter.files = FileFinder(lesson: lesson, library: library?.folder)
      let settings = MachineSettings(
        profile: Profile(rawValue: lesson.machine.profile) ?? .strict,
        memorySize: UInt32(clamping: lesson.machine.memory))
      let outcome = interpreter.execute(settings.commandLine)
      if !outcome.succeeded { remark(outcome.text.plain) }
      return interpreter
    }
    var known = Progress()
    if let progress {
      let (loaded, problem) = progress.load()
      known = loaded
      if let problem { remark(problem) }
    }
    self.engine = engine
    notedPosition = nil
    _ = interpreter.takeStyledOutputs()
    var said = engine.start(at: known.step(in: lesson))
    if !isTitled { said.removeAll { if case .title = $0 { true } else { false } } }
    defer { noteProgress() }
    return present(said)
  }

  /// What the lesson says, as text.
  func present(_ said: [LessonOutput]) -> StyledText {
    var presenter = LessonPresenter(
      width: interpreter.terminalColumns, styled: interpreter.takeStyledOutputs())
    let isOver = said.contains { if case .finished = $0 { true } else { false } }
    if isOver, let lesson = engine?.lesson, let next = library?.lesson(after: lesson) {
      presenter.afterLesson =
        "The next lesson is \(Int(next.number) ?? 0), \"\(next.title)\": `lesson next`."
    }
    return presenter.text(said)
  }

  /// Writes down how far the learner is, if that has changed.
  func noteProgress() {
    guard let engine, let progress else { return }
    let position = engine.isFinished ? -1 : engine.resumePosition
    guard position != notedPosition else { return }
    notedPosition = position
    WholeFile.makeFolders(for: progress.path)
    guard let problem = progress.note(engine), !hasProgressProblem else { return }
    hasProgressProblem = true
    remark(problem)
  }

  func listLessons() throws(CommandFailure) -> StyledText {
    guard let library else {
      throw CommandFailure(
        "there are no lessons here; '--lessons FOLDER' or RINGSIDE_LESSONS says where they are")
    }
    return LessonList.text(
      library, progress: progress?.load().progress ?? Progress(), width: interpreter.terminalColumns
    )
  }
}

/// The lessons and how far the learner is.
enum LessonList {
  static func text(_ library: LessonLibrary, progress: Progress, width: Int) -> StyledText {
    var table = TextTable([("", .right), ("lesson", .left), ("minutes", .right), ("", .left)])
    for lesson in library.lessons {
      let state =
        switch progress[lesson.id] {
        case .done: "done"
        case .at: lesson.id == progress.current ? "you are here" : "begun"
        case nil: ""
        }
      table.add([
        StyledText("\(Int(lesson.number) ?? 0)"), StyledText(lesson.title),
        StyledText("\(lesson.minutes)"), StyledText(state, .good),
      ])
    }
    return table.rendered(width: width)
  }
}
