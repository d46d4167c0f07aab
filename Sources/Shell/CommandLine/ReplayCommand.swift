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
    discussion: "Exit codes: 0 all are as written; 1 one differs, or broke; 2 one can't be read.")

  @Argument(
    help: ArgumentHelp("Transcripts.", valueName: "FILE"), completion: .file(extensions: ["md"]))
  var files: [String]
  @Flag(help: "Show it at a reading pace, forwards and back, with detours.")
  var play = false
  @Option(help: ArgumentHelp("Play: go on by itself after so long.", valueName: "seconds"))
  var every: Double?
  @Option(
    help: ArgumentHelp(
      "Play and cast: go on by itself, for so many words in a minute.", valueName: "words"))
  var wpm: Double?
  @Flag(help: "Play: from its beginning, not from where it was left.") var restart = false
  @Flag(help: "The presenter's notes; in a second terminal they follow the play.")
  var notes = false
  @Flag(help: "Write what comes into the files; ... and [..] stay where they still fit.")
  var update = false
  @Flag(
    help:
      "Update: also where a command fails now, a capture is gone or a run ends otherwise.")
  var acceptFailures = false
  @Flag(
    help:
      "Allow no ... and [..], no edits of what was recorded, and no recording that was not ended.")
  var strict = false
  @Option(
    help: ArgumentHelp(
      "Make a page (html), an asciicast (cast), Markdown (md) or the skeleton of a lesson (lesson) of it.",
      valueName: "format"))
  var export: ExportFormat?
  @Option(
    name: .customShort("o"),
    help: ArgumentHelp("Write the export there; - is standard output.", valueName: "file"),
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
    if format != .text, export != nil || play || notes {
      throw ValidationError(
        "--format is for the report of a replay; --export, --play and --notes make none.")
    }
    if play || notes, files.count != 1 {
      throw ValidationError("--play and --notes take one transcript; \(files.count) were given.")
    }
    if [play, notes, update, export != nil].count(where: { $0 }) > 1 {
      throw ValidationError(
        "--play, --notes, --update and --export are different things: choose one.")
    }
    if acceptFailures, !update {
      throw ValidationError("--accept-failures goes with --update.")
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
      lessons: try LessonFolder.find(place.lessons), updates: update,
      acceptsFailures: acceptFailures, isStrict: strict,
      seconds: time,
      instructions: instructions)
    let results = Workers.map(files, jobs: jobs ?? Workers.processorCount) { request.result($0) }
    for result in results {
      for remark in result.remarks { Ringside.complain(remark) }
      if case .unreadable(let message) = result.end { Ringside.complain(message) }
    }
    let report = results.report(format)
    // No line is wider than the terminal; files and programs get them as they are.
    let fits = format != .text || !TerminalInfo.isTerminal(1)
    output.write(
      raw: fits ? report : StyledText(report).wrapped(to: output.width, hanging: "  ").plain)
    try output.leaveIfBroken()
    if results.contains(where: \.isUnreadable) { throw ExitCode(Ringside.usageExitCode) }
    if !results.allSatisfy(\.isWell) { throw ExitCode(1) }
  }
}

extension ReplayCommand {
  /// Makes something else of one transcript, which has to be as it is written.
  private func write(_ format: ExportFormat) throws {
    let file = output.map(OutputFile.init) ?? OutputFile(OutputFile.standardOutput)
    if !file.isStandardOutput, WholeFile.isOrdinary(file.path) {
      throw CommandFailure(
        "\(file.path) is there already; -o writes over nothing: name another file, or take that one away first"
      )
    }
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
    try file.create(
      performance.text(
        format, name: run.baseName, castVersion: castVersion,
        pace: wpm.map { Pace(wordsPerMinute: $0) } ?? Pace(),
        lessonNumber: Self.nextNumber(library)))
  }

  /// A number that no lesson has.
  private static func nextNumber(_ library: LessonLibrary?) -> Int {
    let numbers = (library?.ids ?? []).compactMap { Int($0.prefix { $0 != "-" }) }
    return (numbers.max() ?? 0) + 1
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
}
