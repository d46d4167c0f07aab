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
    let greeting = greeting(session, lesson)
    if let complaint { output.write(complaint) }
    output.write(greeting)
    if isInteractive, !options.isBatch {
      session.rows = { output.rows }
      if mode == .presented, !options.look.plain, TerminalInfo.canMoveTheCursor {
        session.classScreen = ClassScreen()
      }
    }
    if let lesson {
      let isTitled = options.isBatch || !isInteractive || session.classScreen != nil
      let above = greeting.isEmpty ? 0 : greeting.lines.count
      session.open(lesson, isTitled: isTitled, linesAbove: above)
    }
    for text in loaded { output.write(text) }
    var succeeded = true
    if options.isBatch {
      for batch in try batches() where succeeded && !session.isLeaving {
        succeeded = session.runBatch(batch.lines, named: batch.name)
      }
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

  private typealias Batch = (name: String, lines: [(number: Int, text: String)])

  /// The lines of the scripts, then those of `-c`. All are read before one is run.
  private func batches() throws(CommandFailure) -> [Batch] {
    var batches: [Batch] = []
    for script in options.scripts {
      let text = try FileFinder.text(at: Environment.withHome(script), as: .script)
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      // An empty line between commands is not meant to repeat one.
      let numbered = zip(1..., lines.map(String.init)).filter { !$1.trimmed.isEmpty }
      batches.append((script, numbered.map { ($0, $1) }))
    }
    let commands = zip(1..., options.commands).map { (number: $0, text: $1) }
    if !commands.isEmpty { batches.append(("-c", commands)) }
    return batches
  }

  /// The first lines, for people.
  private func greeting(_ session: ShellSession, _ lesson: LessonDocument?) -> StyledText {
    guard isInteractive, !options.isBatch else { return StyledText() }
    let subject =
      lesson.map { "lesson \(Int($0.number) ?? 0), \"\($0.title)\"" }
      ?? (lines.isEmpty ? "'load FILE.s' puts a program on the machine." : "the bare machine.")
    let text =
      StyledText("ringside \(Version.text)", .heading) + StyledText(" — \(subject)")
    let help = StyledText("help · lesson · Ctrl-D leaves", .dim)
    return (text + "\n" + help).wrapped(to: session.output.width)
  }
}
