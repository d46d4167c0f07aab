import ArgumentParser
import Laboratory
import Lessons
import LineEditor
import SourceText
import Transcripts

extension ReportFormat: ExpressibleByArgument {}
extension ExportFormat: ExpressibleByArgument {}

/// `ringside replay`: transcripts, run again on fresh machines.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run transcripts again and stop at the first line that differs.",
    discussion: "Exit codes: 0 all are as written; 1 one differs; 2 one can't be read.")

  @Argument(
    help: ArgumentHelp("Transcripts.", valueName: "FILE"), completion: .file(extensions: ["md"]))
  var files: [String]
  @Flag(help: "Show it at a reading pace, forwards and back, with detours.")
  var play = false
  @Option(help: ArgumentHelp("Play: go on by itself after so long.", valueName: "seconds"))
  var every: Double?
  @Option(
    help: ArgumentHelp("Play: go on by itself, for so many words in a minute.", valueName: "words"))
  var wpm: Double?
  @Flag(help: "Play: from its beginning, not from where it was left.") var restart = false
  @Flag(help: "The presenter's notes; in a second terminal they follow the play.")
  var notes = false
  @Flag(help: "Write what comes into the files; … and [..] stay where they still fit.")
  var update = false
  @Flag(help: "Allow no … and [..], and no edits of what was recorded.")
  var strict = false
  @Option(
    help: ArgumentHelp(
      "Make a page (html), an asciicast (cast), Markdown (md) or the skeleton of a lesson (lesson) of it.",
      valueName: "format"))
  var export: ExportFormat?
  @Option(
    name: .customShort("o"), help: ArgumentHelp("Write the export there.", valueName: "file"),
    completion: .file())
  var output: String?
  @Option(help: ArgumentHelp("The asciicast's version, 2 or 3.", valueName: "number"))
  var castVersion = 3
  @Option(help: "text, json or junit.") var format = ReportFormat.text
  @Option(help: ArgumentHelp("Stop a transcript after so long.", valueName: "seconds"))
  var time: Double?
  @Option(help: ArgumentHelp("Stop it after so many instructions.", valueName: "count"))
  var instructions: UInt64?
  @Option(help: ArgumentHelp("Run so many at once (default: all processors).", valueName: "count"))
  var jobs: Int?
  @OptionGroup var look: LookOptions
  @OptionGroup var place: LessonsOption

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs is 1 or more; \(jobs) is not.") }
    if let time, !(time > 0) { throw ValidationError("--time is more than 0; \(time) is not.") }
    if output != nil, export == nil {
      throw ValidationError("-o goes with --export: what is to be written there?")
    }
    if export != nil, files.count != 1 {
      throw ValidationError("--export takes one transcript; \(files.count) were given.")
    }
    if play || notes, files.count != 1 {
      throw ValidationError("--play and --notes take one transcript; \(files.count) were given.")
    }
    if [play, notes, update, export != nil].count(where: { $0 }) > 1 {
      throw ValidationError(
        "--play, --notes, --update and --export are different things: choose one.")
    }
    if let every, !(0.1...3600).contains(every) {
      throw ValidationError("--every is 0.1 to 3600 seconds; \(every) is not.")
    }
    if let wpm, !(20...5000).contains(wpm) {
      throw ValidationError("--wpm is 20 to 5000 words; \(wpm) is not.")
    }
    if ![2, 3].contains(castVersion) {
      throw ValidationError("--cast-version is 2 or 3; \(castVersion) is not.")
    }
    if update, !(Environment["CI"] ?? "").isEmpty {
      throw ValidationError("--update is for people: with CI set a difference has to show.")
    }
  }

  func run() throws {
    if let export {
      try write(export)
      return
    }
    if play || notes {
      try perform()
      return
    }
    let output = ShellOutput(look)
    let request = ReplayRequest(
      lessons: try LessonFolder.find(place.lessons), updates: update, isStrict: strict,
      seconds: time,
      instructions: instructions)
    let results = Workers.map(files, jobs: jobs ?? Workers.processorCount) { request.result($0) }
    for result in results {
      for remark in result.remarks { Ringside.complain(remark) }
      if case .unreadable(let message) = result.end { Ringside.complain(message) }
    }
    output.write(raw: results.report(format))
    try output.leaveIfBroken()
    if results.contains(where: \.isUnreadable) { throw ExitCode(Ringside.usageExitCode) }
    if !results.allSatisfy(\.isWell) { throw ExitCode(1) }
  }
}

extension ReplayCommand {
  /// Makes something else of one transcript, which has to be as it is written.
  private func write(_ format: ExportFormat) throws {
    let library = try LessonFolder.library(place.lessons)
    let run = try TranscriptRun(files[0], library: library)
    let interpreter = try run.interpreter(library: library)
    interpreter.poll = { Interrupts.isPending }
    let performance: Performance
    do throws(ExportFailure) {
      performance = try run.performance(on: interpreter)
    } catch {
      Ringside.complain(error.divergence.report(file: run.path))
      throw ExitCode(1)
    }
    try Self.write(
      performance.text(format, name: run.baseName, castVersion: castVersion), to: output)
  }

  /// Shows one transcript, or the presenter's notes to it.
  private func perform() throws {
    let output = ShellOutput(look)
    let library = try LessonFolder.library(place.lessons)
    let run = try TranscriptRun(files[0], library: library)
    if notes {
      PlayFollower(run: run, output: output).show(follows: TerminalInfo.isTerminal(1))
    } else {
      let player = try TranscriptPlayer(run, library: library) { Interrupts.isPending }
      for remark in run.headerDifferences(player.interpreter.files, library: library) + run.remarks
      {
        Ringside.complain(remark)
      }
      let pace: PlayPace =
        every.map { .byTime($0) } ?? wpm.map { .byWords(perMinute: $0) } ?? .byKey
      let place = PlayPlace()
      let count = player.script.beats.count
      let position = restart ? nil : place?.position(of: run.path, count: count)
      PlayLoop(player, output: output, pace: pace, place: place).run(from: position ?? 0)
    }
    try output.leaveIfBroken()
  }

  private static func write(_ text: String, to path: String?) throws {
    guard let path else { return try AssembleCommand.write(text) }
    do throws(FileError) {
      try WholeFile.replace(path, with: Array(text.utf8))
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}

extension ReplayResult {
  var isUnreadable: Bool { if case .unreadable = end { true } else { false } }

  var isWell: Bool {
    switch end {
    case .same, .updated: true
    case .differs, .edited, .unreadable: false
    }
  }
}

/// How transcripts are to be run again.
struct ReplayRequest: Sendable {
  /// The folder of the lessons.
  var lessons: String?
  var updates = false
  var isStrict = false
  var seconds: Double?
  var instructions: UInt64?

  /// Runs one file.
  func result(_ file: String) -> ReplayResult {
    let start = ContinuousClock.now
    var result = ReplayResult(file: file, end: .same)
    do throws(CommandFailure) {
      // A library keeps what it has read, and so is of one thread.
      let library = lessons.flatMap { try? LessonLibrary(folder: $0) }
      let run = try TranscriptRun(file, library: library)
      let interpreter = try run.interpreter(library: library)
      result.file = run.path
      result.remarks =
        run.headerDifferences(interpreter.files, library: library) + run.remarks
      let budget = RunBudget(seconds: seconds, instructions: instructions)
      interpreter.poll = { [unowned interpreter] in
        budget.look(at: interpreter.session.world.steps)
      }
      if updates {
        result.end = .updated(try updated(run, on: interpreter, budget))
      } else {
        var replayer = Replayer(
          run.transcript, isStrict: isStrict,
          limits: .init { [unowned interpreter] in
            budget.look(at: interpreter.session.world.steps)
            return budget.exhausted
          })
        if let difference = replayer.run(on: interpreter) {
          result.end = .differs(difference)
        } else if isStrict, !run.transcript.sealFaults().isEmpty {
          result.end = .edited
        }
        result.commandCount = replayer.commandCount
      }
    } catch {
      result.end = .unreadable(error.text.plain)
    }
    result.seconds = (ContinuousClock.now - start) / .seconds(1)
    return result
  }

  private func updated(
    _ run: TranscriptRun, on interpreter: CommandInterpreter, _ budget: RunBudget
  ) throws(CommandFailure) -> String {
    var transcript = run.transcript
    let changed = transcript.update(on: interpreter)
    if let reason = budget.exhausted {
      throw CommandFailure("\(run.path): stopped: \(reason); the file stays as it was")
    }
    do throws(FileError) {
      if transcript.text != run.transcript.text {
        try WholeFile.replace(run.path, with: Array(transcript.text.utf8))
      }
    } catch {
      throw CommandFailure("\(error)")
    }
    if changed.isEmpty { return "\(run.path): nothing changed" }
    let blocks = changed.map(String.init).joined(separator: ", ")
    return "\(run.path): wrote \(changed.count == 1 ? "block" : "blocks") \(blocks) anew"
  }
}
