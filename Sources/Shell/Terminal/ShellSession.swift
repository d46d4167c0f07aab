import Laboratory
import Lessons
import LineEditor
import Onion
import SourceText
import Transcripts

/// A person's session: an interpreter, the lesson that is open, the recording, and where text goes.
final class ShellSession {
  let interpreter: CommandInterpreter
  let output: ShellOutput
  let library: LessonLibrary?
  let progress: ProgressFile?
  let mode: LessonMode
  let showsNotes: Bool
  /// Where to write down how far a class is.
  var classFile: String?
  /// The lesson that is open.
  var engine: LessonEngine?
  var recording: SessionRecording
  /// How far the lesson was when that was written down last.
  var notedPosition: Int?
  var notedScreen: Range<Int>?
  /// When the class began, in seconds since 1970, once that is written down.
  var classBegan: Int?
  /// That the progress can't be kept is told once.
  var hasProgressProblem = false
  private let progressLine: RunProgress
  private(set) var isLeaving = false
  /// Ctrl-C came while the last line was run.
  private(set) var wasInterrupted = false
  /// The prompt can show what comes while nothing is typed.
  var canWatch = false
  /// Lines of the terminal, if what a lesson shows is to be broken into screens.
  var rows: () -> Int? = { nil }
  var pager = Pager()
  /// The screen of a class, where there is one that can be cleared.
  var classScreen: ClassScreen?
  /// For a class: where the rings were after each command since the last line that was typed.
  var ringPictures: [(line: String, picture: StyledText)] = []
  /// What is shown now is a step of the lesson, or more of one.
  var beginsScreen = false
  /// The lesson had something to say to the line that was run last.
  var hasLessonSpoken = false
  /// Things to tell after the command that is running.
  private var remarks: [String] = []

  init(
    output: ShellOutput, library: LessonLibrary?, progress: ProgressFile?,
    mode: LessonMode = .selfPaced, showsNotes: Bool = false
  ) throws(CommandFailure) {
    self.output = output
    self.library = library
    self.progress = progress
    self.mode = mode
    self.showsNotes = showsNotes
    let files = FileFinder(library: library?.folder)
    guard let interpreter = CommandInterpreter(files: files, look: output.look) else {
      throw CommandFailure(.noRoom(memorySize: MachineSettings().memorySize))
    }
    self.interpreter = interpreter
    interpreter.width = { output.width }
    recording = SessionRecording(look: output.look)
    progressLine = RunProgress(output)
    interpreter.poll = { [unowned self] in
      progressLine.tick { self.interpreter.view.grouped(self.interpreter.session.world.steps) }
      return Interrupts.isPending
    }
    interpreter.host = self
    interpreter.refusal = { [unowned self] command in
      guard let engine, !engine.isDriving else { return nil }
      if engine.awaitsPrediction,
        CommandTable.all.first(where: { $0.name == command })?.group == .running
      {
        return
          "first say what you expect (\(engine.invitation.text)); then the lesson runs it. 'play' is for trying"
      }
      return engine.lesson.refusal(of: command)
    }
    interpreter.observer = { [unowned self] line, outcome in
      engine?.noteDeed(line)
      noteRings(after: line)
      recording.note(line, outcome, look: interpreter.look) { self.interpreter.stateDigest() }
      if let problem = recording.takeProblem() { remarks.append(problem) }
    }
  }

  // MARK: Lines

  /// Runs a line as it was typed and returns what is seen and whether it went well.
  func run(_ line: String) -> (text: StyledText, succeeded: Bool) {
    progressLine.begin()
    defer {
      progressLine.end()
      wasInterrupted = Interrupts.take()
      output.theme = interpreter.look.theme
    }
    let theme = interpreter.look.theme
    if !interpreter.isCollecting, let said = lessonAnswer(line) {
      interpreter.forgetRepeatedLine()
      return (withRemarks(said), true)
    }
    // What is no command was meant as an answer, and like an answer it is not recorded.
    if !interpreter.knowsCommand(of: line), let advice = answerAdvice(line) {
      interpreter.forgetRepeatedLine()
      return (withRemarks(advice), false)
    }
    let outcome = interpreter.execute(line)
    _ = interpreter.takeStyledOutputs()
    if interpreter.look.theme != theme, !output.usesColor {
      remark("here is no colour, so nothing looks different (NO_COLOR, --plain, or no terminal)")
    }
    var text = outcome.text
    if let engine {
      if outcome.succeeded, outcome.command == "help", TypedLine(line)?.arguments.isEmpty == true {
        // Not a part of what is recorded: elsewhere `help` is the same in any lesson.
        text =
          Help.text(of: engine.lesson, mode, width: interpreter.terminalColumns) + "\n\n" + text
      }
      let said = present(
        engine.commandWasRun(line, command: outcome.command, succeeded: outcome.succeeded))
      if !said.isEmpty {
        if !text.isEmpty { text.append("\n") }
        text.appendLine(said)
      }
      noteProgress()
    }
    return (withRemarks(text), outcome.succeeded)
  }

  /// What to say to a line that is neither a command nor an answer while a question waits; nil if none does.
  private func answerAdvice(_ line: String) -> StyledText? {
    guard let engine, engine.invitation.isQuestion else { return nil }
    return StyledText(
      "'\(line.trimmed.prefix(40))' is no answer here: \(engine.invitation.text); 'lesson' shows the "
        + "question again"
    ).visible.wrapped(to: interpreter.terminalColumns)
  }

  private func withRemarks(_ text: StyledText) -> StyledText {
    var text = text
    for remark in remarks {
      text.appendLine(StyledText(remark, .bad).wrapped(to: interpreter.terminalColumns))
    }
    remarks = []
    return text
  }

  func remark(_ text: String) { remarks.append(text) }

  /// Runs lines up to the first that fails; true if none did.
  ///
  /// - Parameters:
  ///   - lines: with their numbers, from 1.
  ///   - name: what they are called in messages, such as the file that they come from.
  func runBatch(_ lines: [(number: Int, text: String)], named name: String) -> Bool {
    // The line that began the block which is open.
    var opening = 0
    for line in lines {
      let (text, succeeded) = run(line.text)
      if interpreter.isCollecting, opening == 0 { opening = line.number }
      if !interpreter.isCollecting { opening = 0 }
      guard succeeded else {
        Ringside.complain(text.plain)
        return false
      }
      output.write(text)
      if isLeaving || output.failure != nil { return true }
    }
    guard let missing = interpreter.endOfLines() else { return true }
    Ringside.complain("\(name):\(opening): \(missing)")
    return false
  }

  /// Ends what has to be ended; what to tell the user.
  func close() -> String? {
    endClass()
    guard recording.recorder != nil else { return nil }
    do throws(CommandFailure) {
      return try recording.end(interpreter)
    } catch {
      return error.text.plain
    }
  }
}

extension ShellSession: ShellHost {
  func quit() { isLeaving = true }

  func record(_ request: RecordRequest) throws(CommandFailure) -> StyledText {
    try record(request, lesson: engine?.lesson)
  }

  /// Does what `record` asks for, in a session in that lesson.
  func record(
    _ request: RecordRequest, lesson: LessonDocument?
  ) throws(CommandFailure) -> StyledText {
    let said: String
    switch request {
    case .begin(let beginning): return try begin(beginning, lesson: lesson)
    case .status: said = recording.status()
    case .pause: said = try recording.pause()
    case .resume: said = try recording.resume(digest: interpreter.stateDigest())
    case .mark(let title):
      try recording.write(chapter: title)
      return StyledText()
    case .note(let text): return try note(text)
    case .stop:
      said = try recording.end(interpreter)
      let output = output
      interpreter.width = { output.width }
    }
    return StyledText(said).wrapped(to: interpreter.terminalColumns, hanging: "  ")
  }

  private func begin(
    _ request: RecordRequest.Beginning, lesson: LessonDocument?
  ) throws(CommandFailure) -> StyledText {
    let width = interpreter.terminalColumns
    guard
      let fresh = CommandInterpreter(
        files: interpreter.files, look: recording.look, width: { width })
    else {
      throw CommandFailure(.noRoom(memorySize: MachineSettings().memorySize))
    }
    fresh.poll = interpreter.poll
    if let seed = request.seed { _ = fresh.execute("set $seed = \(seed)") }
    try recording.begin(
      request, on: fresh, digest: interpreter.stateDigest(), lesson: lesson)
    if let seed = request.seed { _ = interpreter.perform("set $seed = \(seed)") }
    // What is recorded must come out the same on another terminal.
    interpreter.width = { width }
    let count = recording.recorder?.commandCount ?? 0
    let way = count == 0 ? "" : ", with the \(count == 1 ? "command" : "\(count) commands") so far"
    let name = request.path.hasSuffix(".md") ? "" : "; 'grade' takes only names that end in .md"
    return StyledText("recording into \(request.path)\(way); 'record stop' ends it\(name)")
      .wrapped(to: width, hanging: "  ")
  }

  func note(_ text: String) throws(CommandFailure) -> StyledText {
    try recording.write(note: text)
    return StyledText()
  }

  func replay(_ path: String) throws(CommandFailure) -> StyledText {
    if let recorder = recording.recorder {
      throw CommandFailure(
        "\(recorder.path) is being recorded; 'record stop' ends it, then 'replay'")
    }
    let run = try TranscriptRun(path, library: library)
    let settings = try run.settings()
    let (files, width, look) = (interpreter.files, interpreter.width, interpreter.look)
    interpreter.host = nil
    interpreter.files = run.files(library: library)
    defer {
      interpreter.host = self
      interpreter.files = files
      interpreter.width = width
      interpreter.look = look
      for line in look.settings(from: run.look) { recording.noteSilently(line) }
    }
    let shown = interpreter.terminalColumns
    interpreter.width = { run.width }
    interpreter.look = run.look
    _ = interpreter.execute(settings.commandLine)
    var lines = (run.headerDifferences(interpreter.files, library: library) + run.remarks).map {
      StyledText($0, .bad)
    }
    var replayer = Replayer(run.transcript)
    while let step = replayer.next(on: interpreter) {
      switch step {
      case .prose(let prose):
        let text = Markdown.text(prose.joined(separator: "\n"), width: min(shown, 80))
        if !text.isEmpty { lines += [StyledText()] + text.lines + [StyledText()] }
      case .command(let command, _):
        let output = interpreter.takeStyledOutputs().flatMap(\.lines)
        if replayer.last?.isUnseen == true { continue }
        lines.append(
          StyledText(TranscriptCommand.prompt + " ", .prompt) + StyledText(command))
        lines += output
      case .diverged(let divergence):
        lines += StyledText(divergence.report(file: path)).lines
        throw CommandFailure(text: StyledText(lines: lines))
      }
    }
    let count = replayer.commandCount
    lines.append(
      StyledText("\(path): \(count == 1 ? "1 command" : "\(count) commands"), all as written"))
    return StyledText(lines: lines)
  }
}

extension MachineSettings {
  /// The command that makes such a machine.
  var commandLine: String {
    let memory = memorySize % (1 << 20) == 0 ? "\(memorySize >> 20)M" : "\(memorySize >> 10)K"
    return "machine --profile \(profile.rawValue) --memory \(memory)"
  }
}
