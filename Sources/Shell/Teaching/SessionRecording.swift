import Laboratory
import Onion
import OnionISA
import SourceText
import Transcripts

/// A session as it is written down: its lines so far, and the file that they go to.
struct SessionRecording {
  /// The lines that lead from an empty machine to where the session is.
  private(set) var way: [String] = []
  /// How things were shown at the beginning of that way.
  private(set) var look: Look
  private(set) var recorder: Recorder?
  /// What the recorder had to say, for the user.
  private(set) var problem: String?

  init(look: Look) { self.look = look }

  /// Notes a line that was run.
  ///
  /// - Parameter look: how things are shown after it.
  mutating func note(
    _ line: String, _ outcome: LineOutcome, look: Look, digest: () -> String
  ) {
    if line.hasPrefix("machine"), outcome.succeeded {
      // A lesson makes sure of its machine more than once.
      if way == [line] { return }
      way = []
      self.look = look
    }
    way.append(line)
    guard let recorder, recorder.isActive else { return }
    let message = recorder.record(command: line, output: outcome.output, state: digest())
    problem = message ?? problem
    if !recorder.isActive { self.recorder = nil }
  }

  /// Notes a line that has the effect of something that nobody typed.
  mutating func noteSilently(_ line: String) { way.append(line) }

  /// The session is where it was when the lines were `way`.
  mutating func goBack(to way: [String]) { self.way = way }

  mutating func takeProblem() -> String? {
    defer { problem = nil }
    return problem
  }

  /// Begins a file with everything that led here, run once more on a machine of its own.
  ///
  /// - Parameter fresh: an interpreter at an empty machine that looks for files where the session does.
  mutating func begin(
    path: String, on fresh: CommandInterpreter, digest: String, lesson: String?
  ) throws(CommandFailure) {
    if let recorder {
      throw CommandFailure("\(recorder.path) is being recorded; 'record stop' ends it")
    }
    var answers: [(line: String, outcome: LineOutcome, state: String)] = []
    for line in way {
      let outcome = fresh.run(line: line)
      answers.append((line, outcome, fresh.stateDigest()))
    }
    guard fresh.stateDigest() == digest else {
      throw CommandFailure(
        "the way here can't be gone again, perhaps since a program's file has changed; 'load' it again, "
          + "then 'record'")
    }
    let settings = MachineSettings()
    var machine: [FrontMatter.Entry] = [
      .init("profile", settings.profile.rawValue),
      .init("memory", "\(settings.memorySize >> 20)M"),
      .init("width", "\(fresh.terminalColumns)"),
    ]
    let usual = Look()
    if look.layout != usual.layout { machine.append(.init("layout", look.layout.rawValue)) }
    if look.verbosity != usual.verbosity {
      machine.append(.init("verbosity", look.verbosity.rawValue))
    }
    let frontMatter = FrontMatter(
      machine: machine,
      images: fresh.loadedImages.map { .init($0.name, $0.image.digest) }, lesson: lesson)
    do throws(FileError) {
      let recorder = try Recorder(path: path, frontMatter: frontMatter)
      for answer in answers {
        let message = recorder.record(
          command: answer.line, output: answer.outcome.output, state: answer.state)
        if let message { throw FileError("record", reason: message) }
      }
      self.recorder = recorder
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  mutating func write(note text: String) throws(CommandFailure) {
    guard let recorder else {
      throw CommandFailure("nothing is recorded; 'record FILE.md' begins")
    }
    if let problem = recorder.record(prose: text) { throw CommandFailure(problem) }
  }

  /// Ends the recording; what to tell the user.
  mutating func end(digest: String) throws(CommandFailure) -> String {
    guard let recorder else {
      throw CommandFailure("nothing is recorded; 'record FILE.md' begins")
    }
    self.recorder = nil
    if let problem = recorder.finish(state: digest) { throw CommandFailure(problem) }
    let count = recorder.commandCount
    return "\(recorder.path): \(count == 1 ? "1 command" : "\(count) commands") recorded"
  }
}
