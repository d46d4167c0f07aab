import SourceText

/// Writes a session down while it goes on.
///
/// After every command its block is appended and synced, so that a session which is killed leaves a file
/// with everything that was answered. Recording never stops a session: if the disk refuses, `record` says
/// so once and the recorder is over (`isActive` is false).
public final class Recorder {
  /// The file's name as the user gave it.
  public let path: String
  /// Whether what is recorded is still written.
  public private(set) var isActive = true
  /// How many commands are in the file.
  public private(set) var commandCount: Int
  private let file: any AppendableFile
  private var frontMatter: FrontMatter
  private var chain: Seal

  /// Begins a new file; one that exists already is not touched but an error.
  public convenience init(path: String, frontMatter: FrontMatter) throws(FileError) {
    var unfinished = frontMatter
    unfinished.final = nil
    unfinished.seal = nil
    let file = try DiskFile(path: path, .new)
    try self.init(path: path, frontMatter: unfinished, file: file)
  }

  init(path: String, frontMatter: FrontMatter, file: any AppendableFile) throws(FileError) {
    self.path = path
    self.file = file
    self.frontMatter = frontMatter
    chain = Seal(frontMatter: frontMatter)
    commandCount = 0
    try file.append(Array(Transcript(frontMatter: frontMatter).text.utf8))
  }

  private init(path: String, continuing transcript: Transcript, file: any AppendableFile) {
    self.path = path
    self.file = file
    frontMatter = transcript.frontMatter
    chain = Seal(start: transcript)
    commandCount = transcript.blocks.reduce(0) { $0 + $1.commands.count }
    for block in transcript.blocks {
      if let seal = block.seal { chain.resume(at: seal) }
    }
  }

  /// Why a recording cannot go on in a file.
  public enum ResumeError: Error, Hashable, Sendable {
    case file(FileError)
    case transcript(TranscriptError)
    /// The recording was finished; adding to it would make its final digest wrong.
    case finished
  }

  /// Goes on in a file whose recording was broken off, after cutting a torn tail off.
  ///
  /// The caller replays `transcript` first to bring the machine to where the file ends.
  public static func resume(
    path: String
  ) throws(ResumeError) -> (recorder: Recorder, transcript: Transcript, tornTail: TornTail?) {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path, as: .transcript) } catch { throw .file(error) }
    let transcript: Transcript
    let tornTail: TornTail?
    do {
      (transcript, tornTail) = try Transcript.parse(bytes)
    } catch {
      throw .transcript(error)
    }
    guard transcript.frontMatter.final == nil else { throw .finished }
    do {
      let keeping = tornTail?.validByteCount ?? bytes.count
      let file = try DiskFile(path: path, .existing(keeping: keeping))
      if keeping > 0, bytes[keeping - 1] != UInt8(ascii: "\n") { try file.append([10]) }
      return (Recorder(path: path, continuing: transcript, file: file), transcript, tornTail)
    } catch {
      throw .file(error)
    }
  }

  /// Writes down `command`, the plain `output` that answered it, whether it was refused, and the digest of the
  /// state after it.
  ///
  /// - Returns: what to tell the user if the file could not be written; nil otherwise, and nil ever after.
  public func record(
    command: String, output: String, succeeded: Bool = true, state: String
  ) -> String? {
    guard isActive else { return nil }
    var block = TranscriptBlock(commands: [
      TranscriptCommand(command, output: output, succeeded: succeeded)
    ])
    var link = chain
    let seal = link.advance(over: block, state: state)
    block.rewriteFences(state: state, seal: seal)
    if let message = write([""] + block.allLines) { return message }
    chain = link
    commandCount += 1
    return nil
  }

  /// Writes down a paragraph between the commands, such as a note of the teacher's.
  ///
  /// - Returns: as for `record`.
  public func record(prose: String) -> String? {
    guard isActive else { return nil }
    // Indented code cannot open a fence, whatever the text is.
    let lines = TranscriptCommand.lines(of: prose).map { Fence($0) == nil ? $0 : "    " + $0 }
    return write([""] + lines)
  }

  /// Begins a chapter.
  ///
  /// - Returns: as for `record`.
  public func record(chapter title: String) -> String? {
    guard isActive else { return nil }
    return write(["", "## \(title)"])
  }

  /// Writes down commands whose output is not to be seen: it is left open. They have to be there, since what
  /// comes after them rests on them.
  ///
  /// - Returns: as for `record`.
  public func record(unseen commands: [String], state: String) -> String? {
    guard isActive, !commands.isEmpty else { return nil }
    var block = TranscriptBlock(
      commands: commands.map { command in
        var command = TranscriptCommand(command, output: "")
        command.outputSource = ["..."]
        return command
      })
    block.isUnseen = true
    var link = chain
    let seal = link.advance(over: block, state: state)
    block.rewriteFences(state: state, seal: seal)
    if let message = write([""] + block.allLines) { return message }
    chain = link
    commandCount += commands.count
    return nil
  }

  /// Writes the final state into the front matter and ends the recording.
  ///
  /// - Parameter images: the images that were loaded; nil: as at the beginning.
  /// - Returns: as for `record`.
  public func finish(state: String, images: [FrontMatter.Entry]? = nil) -> String? {
    guard isActive else { return nil }
    isActive = false
    do throws(FileError) {
      guard WholeFile.isOrdinary(path) || !WholeFile.exists(path) else {
        throw FileError("finish \(path)", reason: "it is no plain file")
      }
      let bytes = try WholeFile.read(path, as: .transcript)
      let (parsed, _) = try Self.parse(bytes, path)
      var transcript = parsed
      frontMatter.final = state
      frontMatter.seal = chain.value
      if let images, images != frontMatter.images, transcript.sealFaults().isEmpty {
        // The chain starts on the front matter, so every link is made anew; not over somebody's edits.
        frontMatter.images = images
        transcript.setFrontMatter(frontMatter)
        frontMatter.seal = transcript.reseal() ?? Seal(frontMatter: frontMatter).value
      }
      transcript.setFrontMatter(frontMatter)
      try WholeFile.replace(path, with: Array(transcript.text.utf8))
      return nil
    } catch {
      return "\(error); the recording stays as it is, without its end mark"
    }
  }

  private static func parse(
    _ bytes: [UInt8], _ path: String
  ) throws(FileError) -> (Transcript, TornTail?) {
    do { return try Transcript.parse(bytes) } catch {
      throw FileError("finish \(path)", reason: "it was changed by somebody else (\(error))")
    }
  }

  private func write(_ lines: [String]) -> String? {
    do {
      try file.append(Array((lines.joined(separator: "\n") + "\n").utf8))
      return nil
    } catch {
      isActive = false
      return "\(error); the recording ends here, the session goes on"
    }
  }
}
