import ArgumentParser
import Laboratory
import Lessons
import LineEditor
import SourceText
import Transcripts

/// `ringside replay`: transcripts, run again on fresh machines.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run transcripts again and stop at the first line that differs.",
    discussion: "Exit codes: 0 all are as written; 1 one differs; 2 one can't be read.")

  @Argument(
    help: ArgumentHelp("Transcripts.", valueName: "FILE"), completion: .file(extensions: ["md"]))
  var files: [String]
  @Flag(help: "Write what comes into the files; … and [..] stay where they still fit.")
  var update = false
  @OptionGroup var look: LookOptions
  @OptionGroup var place: LessonsOption

  func run() throws {
    let output = ShellOutput(look)
    let library = try LessonFolder.library(place.lessons)
    var differs = false
    var unreadable = false
    for file in files {
      do throws(CommandFailure) {
        let run = try TranscriptRun(file, library: library)
        let interpreter = try run.interpreter(library: library)
        interpreter.poll = { Interrupts.isPending }
        for remark in run.remarks + run.changedImages(interpreter.files) {
          Ringside.complain(remark)
        }
        if update {
          output.write(StyledText(try updated(run, on: interpreter)))
        } else if let difference = replayed(run, on: interpreter, output) {
          output.write(raw: difference.report(file: file))
          differs = true
        }
      } catch {
        Ringside.complain(error.text.plain)
        unreadable = true
      }
      try output.leaveIfBroken()
    }
    if unreadable { throw ExitCode(Ringside.usageExitCode) }
    if differs { throw ExitCode(1) }
  }

  private func replayed(
    _ run: TranscriptRun, on interpreter: CommandInterpreter, _ output: ShellOutput
  ) -> Divergence? {
    var replayer = Replayer(run.transcript)
    if let difference = replayer.run(on: interpreter) { return difference }
    let count = replayer.commandCount
    output.write(
      StyledText("\(run.path): \(count == 1 ? "1 command" : "\(count) commands"), all as written"))
    return nil
  }

  private func updated(
    _ run: TranscriptRun, on interpreter: CommandInterpreter
  ) throws(CommandFailure) -> String {
    do throws(FileError) {
      let changed = try Transcript.update(
        path: run.path, transcript: run.transcript, on: interpreter)
      if changed.isEmpty { return "\(run.path): nothing changed" }
      let blocks = changed.map(String.init).joined(separator: ", ")
      return "\(run.path): wrote \(changed.count == 1 ? "block" : "blocks") \(blocks) anew"
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
