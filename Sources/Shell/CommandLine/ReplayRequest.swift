import Lessons
import SourceText
import Transcripts

/// How transcripts are to be run again.
struct ReplayRequest: Sendable {
  /// The folder of the lessons.
  var lessons: String?
  var updates = false
  /// A walk-through that broke is written anew as it is.
  var acceptsFailures = false
  var isStrict = false
  var seconds: Double?
  var instructions: UInt64?
  /// Many transcripts load the same programs.
  let images = ImageCache()

  /// Runs one file.
  func result(_ file: String) -> ReplayResult {
    let start = ContinuousClock.now
    var result = ReplayResult(file: StyledText.visibleLine(file), end: .same)
    do throws(CommandFailure) {
      // A library keeps what it has read, and so is of one thread.
      let library = lessons.flatMap { try? LessonLibrary(folder: $0) }
      let run = try TranscriptRun(file, library: library)
      let interpreter = try run.interpreter(
        library: library, files: run.files(library: library, images: images))
      result.file = StyledText.visibleLine(run.path)
      result.remarks =
        run.headerDifferences(interpreter.files, library: library) + run.remarks
      let budget = RunBudget(seconds: seconds, instructions: instructions)
      interpreter.poll = { [unowned interpreter] in
        budget.look(at: interpreter.session.world.steps)
      }
      if updates {
        result.end = try updated(run, on: interpreter, budget)
      } else {
        var replayer = Replayer(
          run.transcript, isStrict: isStrict,
          limits: .init { [unowned interpreter] in
            budget.look(at: interpreter.session.world.steps)
            return budget.exhausted
          })
        if let difference = replayer.run(on: interpreter) {
          result.end = .differs(difference)
        } else if isStrict, let reason = run.transcript.strictFault {
          result.end = .edited(reason)
        }
        result.commandCount = replayer.commandCount
      }
    } catch {
      result.end = .unreadable(error.text.plain)
    }
    result.seconds = (ContinuousClock.now - start) / .seconds(1)
    return result
  }

  /// Writes the file anew, unless its walk-through broke and nobody said that this is well. What can't be run as it was meant leaves the file as it was.
  private func updated(
    _ run: TranscriptRun, on interpreter: CommandInterpreter, _ budget: RunBudget
  ) throws(CommandFailure) -> ReplayResult.End {
    if let torn = run.tornTail {
      throw CommandFailure(
        "\(run.path): line \(torn.line) opens a block that nothing closes; \(Self.untouched)")
    }
    if let missing = run.missingImage(interpreter.files) {
      throw CommandFailure("\(run.path): its program \(missing) is not here; \(Self.untouched)")
    }
    let before = run.transcript
    var transcript = before
    let renewal = transcript.update(on: interpreter, ending: EndingText.kind) {
      interpreter.loadedImages.map { .init($0.name, $0.image.digest) }
    }
    if let reason = budget.exhausted {
      throw CommandFailure("\(run.path): stopped: \(reason); \(Self.untouched)")
    }
    if let missing = renewal.failures.first(where: { Self.bringsAFile($0.command) }) {
      throw CommandFailure(
        "\(run.path):\(missing.line): \(missing.command): "
          + "\(missing.output.joined(separator: " ")); \(Self.untouched) "
          + "(below a command that is meant to fail stands '(exit 1)')")
    }
    guard renewal.breaks.isEmpty || acceptsFailures else {
      return .broken(renewal.breaks)
    }
    do throws(TranscriptError) {
      _ = try Transcript(transcript.text)
    } catch {
      throw CommandFailure(
        "\(run.path): written anew nobody could read it: \(error); \(Self.untouched)")
    }
    do throws(FileError) {
      if transcript.text != before.text {
        try WholeFile.replace(run.path, with: Array(transcript.text.utf8))
      }
    } catch {
      throw CommandFailure("\(error)")
    }
    return .updated(
      "\(StyledText.visibleLine(run.path)): " + Self.summary(renewal, before, transcript))
  }

  private static let untouched = "the file stays as it was"

  /// Without what such a command brings in, nothing after it says what it is meant to.
  private static func bringsAFile(_ line: String) -> Bool {
    guard let name = TypedLine(line)?.name, let command = CommandTable.fullName(of: name) else {
      return false
    }
    return ["load", "source", "vm"].contains(command)
  }

  private static func summary(
    _ renewal: TranscriptRenewal, _ before: Transcript, _ after: Transcript
  ) -> String {
    var parts: [String] = []
    if !renewal.blocks.isEmpty {
      let blocks = renewal.blocks.map(String.init).joined(separator: ", ")
      parts.append("\(renewal.blocks.count == 1 ? "block" : "blocks") \(blocks)")
    }
    let images = after.frontMatter.images.filter { !before.frontMatter.images.contains($0) }
    if !images.isEmpty {
      parts.append("the SHA-256 of " + images.map(\.name).joined(separator: ", "))
    }
    guard parts.isEmpty else { return "wrote \(parts.joined(separator: ", and ")) anew" }
    return before.text == after.text
      ? "nothing changed" : "only the seals and the final state were written anew"
  }
}
