import Laboratory
import Lessons
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
  /// The chapters and notes that were given on that way.
  private var annotations: [Annotation] = []
  private(set) var recorder: Recorder?
  /// What was done since the recording was paused, as far as a replay needs it; nil: it isn't paused.
  private(set) var paused: [String]?
  /// What the recorder had to say, for the user.
  private(set) var problem: String?

  /// What stands between the commands.
  private struct Annotation {
    enum Kind {
      case chapter
      case note
    }

    var kind: Kind
    var text: String
    /// How many lines of the way come before it.
    var place: Int

    func write(to recorder: Recorder) -> String? {
      switch kind {
      case .chapter: recorder.record(chapter: text)
      case .note: recorder.record(prose: text)
      }
    }
  }

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
      annotations = []
      self.look = look
    }
    way.append(line)
    guard let recorder, recorder.isActive else { return }
    if paused != nil {
      if outcome.succeeded, !Self.onlyLooks(line) { paused?.append(line) }
      return
    }
    take(
      recorder.record(
        command: line, output: outcome.output, succeeded: outcome.succeeded, state: digest()))
  }

  /// Nothing that comes after it rests on it. What `print` shows gets a number.
  private static func onlyLooks(_ line: String) -> Bool {
    guard let name = TypedLine(line)?.name,
      let command = try? CommandTable.command(named: name, or: [])
    else { return false }
    return command.group == .looking && command.name != "print"
  }

  /// Keeps what the recorder had to say; after that it is over.
  private mutating func take(_ message: String?) {
    problem = message ?? problem
    if recorder?.isActive == false {
      recorder = nil
      paused = nil
    }
  }

  // MARK: While it goes on

  private func active() throws(CommandFailure) -> Recorder {
    guard let recorder else {
      throw CommandFailure("nothing is recorded; 'record FILE.md' begins")
    }
    return recorder
  }

  mutating func pause() throws(CommandFailure) -> String {
    let recorder = try active()
    guard paused == nil else {
      throw CommandFailure("it is paused already; 'record resume' goes on")
    }
    paused = []
    return "\(recorder.path) waits; 'record resume' goes on"
  }

  mutating func resume(digest: String) throws(CommandFailure) -> String {
    let recorder = try active()
    guard let lines = paused else { throw CommandFailure("it isn't paused") }
    paused = nil
    take(recorder.record(unseen: lines, state: digest))
    if let problem = takeProblem() { throw CommandFailure(problem) }
    if lines.isEmpty { return "recording into \(recorder.path) again" }
    let count = lines.count == 1 ? "1 command" : "\(lines.count) commands"
    return "recording into \(recorder.path) again; \(count) of the pause, without what was said, "
      + "had to be in it"
  }

  func status() -> String {
    guard let recorder else { return "nothing is recorded; 'record FILE.md' begins" }
    let count = recorder.commandCount
    return "\(recorder.path): \(count == 1 ? "1 command" : "\(count) commands") so far"
      + (paused == nil ? "" : ", and it waits; 'record resume' goes on")
  }

  mutating func write(chapter title: String) throws(CommandFailure) {
    try write(Annotation(kind: .chapter, text: title, place: way.count))
  }

  mutating func write(note text: String) throws(CommandFailure) {
    try write(Annotation(kind: .note, text: text, place: way.count))
  }

  private mutating func write(_ annotation: Annotation) throws(CommandFailure) {
    take(annotation.write(to: try active()))
    if let problem = takeProblem() { throw CommandFailure(problem) }
    annotations.append(annotation)
  }

  /// Notes a line that has the effect of something that nobody typed.
  mutating func noteSilently(_ line: String) { way.append(line) }

  /// The session is where it was when the lines were `way`.
  mutating func goBack(to way: [String]) {
    self.way = way
    annotations.removeAll { $0.place > way.count }
  }

  mutating func takeProblem() -> String? {
    defer { problem = nil }
    return problem
  }

  /// Begins a file with everything that led here, run once more on a machine of its own.
  ///
  /// - Parameter fresh: an interpreter at an empty machine that looks for files where the session does.
  mutating func begin(
    _ request: RecordRequest.Beginning, on fresh: CommandInterpreter, digest: String,
    lesson: LessonDocument?
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
    var frontMatter = FrontMatter(
      machine: machine, images: Self.images(fresh), lesson: lesson?.id)
    frontMatter.recorder = Version.name
    frontMatter.lessonDigest = lesson.flatMap(TranscriptRun.digest)
    frontMatter.name = request.name
    frontMatter.nonce = request.nonce
    frontMatter.seed = request.seed
    do throws(FileError) {
      let recorder = try Recorder(path: request.path, frontMatter: frontMatter)
      for place in 0...answers.count {
        var messages = annotations.filter { $0.place == place }.map { $0.write(to: recorder) }
        if place < answers.count {
          let answer = answers[place]
          messages.append(
            recorder.record(
              command: answer.line, output: answer.outcome.output,
              succeeded: answer.outcome.succeeded, state: answer.state))
        }
        if let message = messages.compactMap(\.self).first {
          throw FileError("record", reason: message)
        }
      }
      self.recorder = recorder
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  /// The programs that were loaded, as a transcript knows them.
  private static func images(_ interpreter: CommandInterpreter) -> [FrontMatter.Entry] {
    interpreter.loadedImages.map { .init($0.name, $0.image.digest) }
  }

  /// Ends the recording; what to tell the user.
  mutating func end(_ interpreter: CommandInterpreter) throws(CommandFailure) -> String {
    let recorder = try active()
    let digest = interpreter.stateDigest()
    if let lines = paused { take(recorder.record(unseen: lines, state: digest)) }
    self.recorder = nil
    paused = nil
    let problem = takeProblem() ?? recorder.finish(state: digest, images: Self.images(interpreter))
    if let problem { throw CommandFailure(problem) }
    let count = recorder.commandCount
    return "\(recorder.path): \(count == 1 ? "1 command" : "\(count) commands") recorded"
  }
}
