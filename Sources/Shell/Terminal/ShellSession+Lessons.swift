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

  /// The lesson of that name; without one the lesson in progress, or the next that is not done.
  func lesson(named name: String?) throws(CommandFailure) -> LessonDocument {
    let library = try requireLibrary()
    if let name { return try library.named(name) }
    let map = courseMap(library)
    guard let lesson = map.next ?? library.lessons.first else { throw Self.noLessons }
    return lesson
  }

  private func requireLibrary() throws(CommandFailure) -> LessonLibrary {
    guard let library, !library.ids.isEmpty else { throw Self.noLessons }
    return library
  }

  static let noLessons = CommandFailure(
    "there are no lessons here; '--lessons FOLDER' or RINGSIDE_LESSONS says where they are")

  private func courseMap(_ library: LessonLibrary) -> CourseMap {
    CourseMap(library: library, progress: progress?.load().progress ?? Progress())
  }

  func listLessons() throws(CommandFailure) -> StyledText {
    courseMap(try requireLibrary()).text(width: interpreter.terminalColumns)
  }

  /// Opens a lesson where the learner was.
  ///
  /// - Parameter isTitled: its title is said.
  func begin(_ lesson: LessonDocument, isTitled: Bool = true) -> StyledText {
    leaveLesson()
    var known = Progress()
    if let progress {
      let (loaded, problem) = progress.load()
      known = loaded
      if let problem { remark(problem) }
    }
    if mode == .presented { _ = interpreter.execute("set layout big") }
    let engine = makeEngine(lesson, record: known.record(in: lesson))
    self.engine = engine
    notedPosition = nil
    _ = interpreter.takeStyledOutputs()
    var said = engine.start(at: known.step(in: lesson))
    if !isTitled { said.removeAll { if case .title = $0 { true } else { false } } }
    if known.isUnderWay(lesson.id), known.hasChanged(lesson) {
      let place = engine.currentPart.map { "in the part \"\($0)\"" } ?? "at its beginning"
      let news = "This lesson has changed since you were in it. You go on \(place)."
      said.insert(.message(news), at: isTitled ? 1 : 0)
    }
    defer { noteProgress() }
    return present(said)
  }

  private func makeEngine(_ lesson: LessonDocument, record: LessonRecord) -> LessonEngine {
    let engine = LessonEngine(lesson, mode: mode, showsNotes: showsNotes, record: record) {
      [unowned self] lesson in
      interpreter.files = FileFinder(lesson: lesson, library: library?.folder)
      let settings = lesson.machine.settings
      let outcome = interpreter.execute(settings.commandLine)
      if !outcome.succeeded { remark(outcome.text.plain) }
      return interpreter
    }
    engine.keepState = { [unowned self] in keptState() }
    return engine
  }

  /// Keeps the machine and the way to it. A recording holds every line that led somewhere, so with one the
  /// way has to be gone again.
  private func keptState() -> () -> Bool {
    let restore = interpreter.keepState()
    let way = recording.way
    let look = interpreter.look
    let wasRecording = recording.recorder != nil
    return { [unowned self] in
      guard !wasRecording, recording.recorder == nil else { return false }
      restore()
      recording.goBack(to: way)
      for line in interpreter.look.settings(from: look) { recording.noteSilently(line) }
      return true
    }
  }

  /// Closes the lesson that is open.
  func leaveLesson() {
    engine = nil
    endClass()
  }

  /// The presenter's notes have nothing to follow any more.
  func endClass() {
    (notedScreen, classBegan) = (nil, nil)
    if mode == .presented, let classFile { WholeFile.remove(classFile) }
  }

  func resetLessons(all: Bool) throws(CommandFailure) -> StyledText {
    let lesson = engine?.lesson
    guard all || lesson != nil else {
      throw CommandFailure("no lesson is open; 'lesson reset all' forgets what you did in all")
    }
    do throws(FileError) {
      try progress?.forget(all ? nil : lesson?.id)
    } catch {
      throw CommandFailure("\(error)")
    }
    guard let lesson else { return StyledText("what you did in the lessons is forgotten") }
    remark(all ? "what you did in the lessons is forgotten" : "what you did here is forgotten")
    return begin(lesson)
  }

  /// What the open lesson says to a line; nil if the line is a command.
  func lessonAnswer(_ line: String) -> StyledText? {
    guard let engine else { return nil }
    // What a lesson does to the machine needs it for itself.
    if interpreter.background != nil, mayMove(line), let stopped = interpreter.interruptBackground()
    {
      remark(stopped.plain)
    }
    let words = line.trimmed.split(separator: " ").map(String.init)
    if engine.isFinished, words == ["lesson", "next"],
      let next = library?.lesson(after: engine.lesson)
    {
      return interpreter.execute("lesson \(next.id)").text
    }
    if engine.isFinished, words == ["lesson"], let library {
      return courseMap(library).text(width: interpreter.terminalColumns)
    }
    if engine.hasClosedChoices, LessonEngine.isChoiceLetter(line), words.count == 1 {
      let command = CommandTable.fullName(of: line.trimmed)
      let advice = command.map { "; for the command \($0) type '\($0)'" } ?? ""
      return present([
        .message("That question is closed\(advice)."), .invitation(engine.invitation),
      ])
    }
    if words == ["lesson", "leave"] {
      leaveLesson()
      return StyledText(
        "the lesson is closed and your place in it kept; the machine stays as it is")
    }
    if let said = engine.handle(line) {
      defer { noteProgress() }
      return present(said)
    }
    // Enter repeats what the learner did, never what the lesson did, and answers nothing.
    if words.isEmpty, interpreter.repeatedLine == nil || engine.invitation.isQuestion {
      if engine.invitation.isQuestion, let question = engine.handle("goal") {
        return present(question)
      }
      return present([.invitation(engine.invitation)])
    }
    // The lesson's own commands may be shortened like all others.
    guard let first = words.first, let name = CommandTable.fullName(of: first), name != first,
      LessonEngine.commands.contains(name),
      let said = engine.handle(([name] + words.dropFirst()).joined(separator: " "))
    else { return nil }
    defer { noteProgress() }
    return present(said)
  }

  /// A line that the lesson may answer by moving the machine.
  private func mayMove(_ line: String) -> Bool {
    guard let first = line.trimmed.split(separator: " ").first.map(String.init) else { return true }
    return CommandTable.fullName(of: first).map(LessonEngine.commands.contains) ?? false
  }

  /// What the lesson says, as text.
  func present(_ said: [LessonOutput]) -> StyledText {
    var presenter = LessonPresenter(
      width: interpreter.terminalColumns, layout: interpreter.look.effectiveLayout,
      styled: interpreter.takeStyledOutputs())
    if !said.isEmpty { hasLessonSpoken = true }
    let isOver = said.contains { if case .finished = $0 { true } else { false } }
    if isOver, let lesson = engine?.lesson, let next = library?.lesson(after: lesson) {
      presenter.afterLesson =
        "The next lesson is \(Int(next.number) ?? 0), \"\(next.title)\": `lesson next`."
    }
    return presenter.text(said)
  }

  /// Tells the presenter's notes in another terminal what is on the screen.
  private func noteScreen() {
    guard mode == .presented, let engine, let classFile, engine.screen != notedScreen else {
      return
    }
    notedScreen = engine.screen
    WholeFile.makeFolders(for: classFile)
    let place = ClassPlace(
      lesson: engine.lesson.id, screen: engine.screen, began: classBegan ?? Environment.seconds)
    classBegan = place.began
    do throws(FileError) {
      try WholeFile.replace(classFile, with: Array(place.text.utf8))
    } catch {
      remark("\(error); 'ringside notes' can't follow")
    }
  }

  /// Writes down how far the learner is, if that has changed.
  func noteProgress() {
    noteScreen()
    guard let engine, let progress else { return }
    let position = engine.isFinished ? -1 : engine.resumePosition
    guard position != notedPosition else { return }
    notedPosition = position
    guard let problem = progress.note(engine), !hasProgressProblem else { return }
    hasProgressProblem = true
    remark(problem)
  }
}
