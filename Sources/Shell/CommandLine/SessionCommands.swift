import ArgumentParser
import Lessons
import LineEditor
import SourceText

/// `ringside [FILE.s …]`: the prompt.
struct PromptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prompt",
    abstract: "The prompt, with those programs, or with the lesson in progress (the default).",
    shouldDisplay: false)

  @Argument(
    help: ArgumentHelp("Programs to load.", valueName: "FILE.s"),
    completion: .file(extensions: ["s", "image"]))
  var files: [String] = []
  @OptionGroup var options: SessionOptions

  func run() throws {
    if let first = files.first, Ringside.subcommands[first] != nil {
      throw ValidationError("'\(first)' comes before its options: ringside \(first) …")
    }
    // As one would type it.
    let lines = files.map { $0.contains(where: \.isWhitespace) ? "load \"\($0)\"" : "load \($0)" }
    // A script wants what it asked for, and no lesson.
    let wantsLesson = files.isEmpty && !options.isBatch && TerminalInfo.isTerminal(0)
    try SessionStart(options, opening: wantsLesson ? .lessonIfAny : .nothing, lines: lines).run()
  }
}

/// `ringside lesson [ID]`: straight into a lesson.
struct LessonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "Open a lesson: by number or name, or the one in progress.")

  @Argument(
    help: ArgumentHelp("Its number, or its name.", valueName: "ID"),
    completion: .custom { _, _, _ in (try? LessonFolder.library(nil))??.ids ?? [] })
  var id: String?
  @Option(help: "self (at your own pace), class (with pauses, large) or exam (without help).")
  var mode = LessonMode.selfPaced
  @Flag(help: "Show the presenter's notes.") var notes = false
  @OptionGroup var options: SessionOptions

  func run() throws {
    try SessionStart(options, opening: .lesson(id), lines: [], mode: mode, showsNotes: notes)
      .run()
  }
}

extension LessonMode: ExpressibleByArgument {}

/// Opens a session as the command line says, and leads it to its end.
struct SessionStart {
  enum Opening {
    case nothing
    /// The lesson in progress, if there are lessons.
    case lessonIfAny
    case lesson(String?)
  }

  let options: SessionOptions
  let opening: Opening
  let lines: [String]
  let mode: LessonMode
  let showsNotes: Bool

  init(
    _ options: SessionOptions, opening: Opening, lines: [String],
    mode: LessonMode = .selfPaced, showsNotes: Bool = false
  ) {
    self.options = options
    self.mode = mode
    self.opening = opening
    self.lines = lines
    self.showsNotes = showsNotes
  }

  func run() throws {
    let output = ShellOutput(options.look)
    let library = try LessonFolder.library(options.place.lessons)
    let session = try ShellSession(
      output: output, library: library, progress: Environment.progressFile(mode), mode: mode,
      showsNotes: showsNotes)
    session.classFile = Environment.classFile
    let lesson = try lessonToOpen(session)
    let complaint = runInitFile(session)
    if let record = options.record {
      _ = try session.record(.begin(RecordRequest.Beginning(record)), lesson: lesson)
    }
    // A program that can't be loaded is no beginning: nobody is greeted.
    var loaded: [StyledText] = []
    for line in lines {
      let (text, succeeded) = session.run(line)
      guard succeeded else { throw CommandFailure(text: text) }
      loaded.append(text)
    }
    greet(session, lesson)
    if let complaint { output.write(complaint) }
    if let lesson {
      output.write(session.begin(lesson, isTitled: options.isBatch || !isInteractive))
    }
    for text in loaded { output.write(text) }
    var succeeded = true
    if options.isBatch {
      succeeded = try session.runBatch(batch(session))
      if let end = session.close() { Ringside.complain(end) }
    } else {
      ReadEvaluateLoop(session: session, look: options.look).run()
    }
    try output.leaveIfBroken()
    if !succeeded { throw ExitCode(1) }
  }

  /// Runs the init file where somebody sits at the prompt: never in a script, a replay or a grading.
  ///
  /// - Returns: what is wrong with it.
  private func runInitFile(_ session: ShellSession) -> StyledText? {
    guard isInteractive, !options.isBatch, !options.noInit, let path = Environment.initFile,
      WholeFile.exists(path)
    else { return nil }
    let (text, succeeded) = session.run("source \"\(path)\"")
    return succeeded ? nil : text
  }

  private var isInteractive: Bool { TerminalInfo.isTerminal(0) && TerminalInfo.isTerminal(1) }

  private func lessonToOpen(_ session: ShellSession) throws(CommandFailure) -> LessonDocument? {
    switch opening {
    case .nothing: return nil
    case .lessonIfAny:
      guard session.library?.ids.isEmpty == false else { return nil }
      return try session.lesson(named: nil)
    case .lesson(let name): return try session.lesson(named: name)
    }
  }

  /// The lines of the scripts, then those of `-c`.
  private func batch(_ session: ShellSession) throws(CommandFailure) -> [String] {
    var lines: [String] = []
    for script in options.scripts {
      lines += try FileFinder.text(at: script).split(whereSeparator: \.isNewline).map(String.init)
    }
    return lines + options.commands
  }

  /// The first line, for people.
  private func greet(_ session: ShellSession, _ lesson: LessonDocument?) {
    guard isInteractive, !options.isBatch else { return }
    let subject =
      lesson.map { "lesson \(Int($0.number) ?? 0), \"\($0.title)\"" }
      ?? (lines.isEmpty ? "'load FILE.s' puts a program on the machine." : "the bare machine.")
    let text =
      StyledText("ringside \(Version.text)", .heading) + StyledText(" — \(subject)")
    let width = session.output.width
    session.output.write(text.wrapped(to: width))
    session.output.write(
      StyledText("help · lesson · Ctrl-D leaves", .dim).wrapped(to: width))
  }
}
