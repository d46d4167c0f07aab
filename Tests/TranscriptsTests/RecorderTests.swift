import Foundation
import SourceText
import Testing

@testable import Transcripts

@Suite struct RecorderTests {
  static let front = FrontMatter(machine: [.init("profile", "strict")], lesson: "08")
  static let session = ["add 2", "say ```/(ringside) x/...", "", "wrong", "say é[..]", "add 3"]

  /// Records a session of an `Adder` and returns the file's text after each command.
  func record(_ recorder: Recorder, on adder: Adder, _ commands: [String]) {
    for command in commands {
      let outcome = adder.run(line: command)
      #expect(
        recorder.record(
          command: command, output: outcome.output, succeeded: outcome.succeeded,
          state: adder.stateDigest()) == nil)
    }
  }

  @Test func finishedRecordingReplaysAndItsSealsHold() throws {
    let folder = TemporaryFolder()
    let adder = Adder()
    let recorder = try Recorder(path: folder.file("a.md"), frontMatter: Self.front)
    record(recorder, on: adder, Self.session)
    #expect(recorder.record(prose: "A note.\n```console\n") == nil)
    #expect(recorder.finish(state: adder.stateDigest()) == nil)
    #expect(recorder.record(command: "late", output: "", state: "") == nil)

    let transcript = try Transcript(folder.read("a.md"))
    #expect(transcript.frontMatter.final == "state-5")
    #expect(transcript.blocks.flatMap { $0.commands.map(\.text) } == Self.session)
    #expect(transcript.sealFaults() == [])
    var replayer = Replayer(transcript)
    #expect(replayer.run(on: Adder()) == nil)
    #expect(replayer.commandCount == 6)
    #expect(!FileManager.default.fileExists(atPath: folder.file("a.md.new")))
  }

  @Test func fileCutAnywhereReplaysToTheLastWholeCommandAndGoesOn() throws {
    let folder = TemporaryFolder()
    let adder = Adder()
    let recorder = try Recorder(path: folder.file("a.md"), frontMatter: Self.front)
    let header = try Array(folder.read("a.md").utf8).count
    var ends: [Int] = []
    for command in Self.session {
      record(recorder, on: adder, [command])
      ends.append(try Array(folder.read("a.md").utf8).count)
    }
    let bytes = try Array(folder.read("a.md").utf8)

    for length in 0...bytes.count {
      let cut = Array(bytes[..<length])
      guard length == 0 || length >= header - 1 else {
        let message = problem { _ = try Transcript.parse(cut) }
        #expect(message?.contains("the front matter is cut off") == true, "at \(length)")
        continue
      }
      let (transcript, tail) = try Transcript.parse(cut)
      let whole = ends.filter { $0 - 1 <= length }.count
      #expect(transcript.blocks.count == whole, "at \(length)")
      var replayer = Replayer(transcript)
      let machine = Adder()
      #expect(replayer.run(on: machine) == nil, "at \(length)")
      #expect(transcript.sealFaults() == [], "at \(length)")
      if let tail { #expect(tail.message.contains("that block is left out")) }

      guard length >= header, length % 7 == 0 || length > bytes.count - 8 else { continue }
      try Data(cut).write(to: URL(fileURLWithPath: folder.file("b.md")))
      let (resumed, _, _) = try Recorder.resume(path: folder.file("b.md"))
      #expect(resumed.commandCount == whole)
      record(resumed, on: machine, Array(Self.session[whole...]))
      #expect(resumed.finish(state: machine.stateDigest()) == nil)
      let again = try Transcript(folder.read("b.md"))
      #expect(again.sealFaults() == [], "at \(length)")
      #expect(again.blocks.count == Self.session.count)
      #expect(again.frontMatter.final == "state-5")
    }
  }

  @Test func existingFileIsNotOverwritten() throws {
    let folder = TemporaryFolder()
    try folder.write("mine", to: "a.md")
    let message = problem {
      _ = try Recorder(path: folder.file("a.md"), frontMatter: Self.front)
    }
    #expect(message == "cannot create \(folder.file("a.md")): File exists")
    #expect(try folder.read("a.md") == "mine")
  }

  @Test func folderThatIsNotThereIsOneMessage() {
    #expect(
      problem { _ = try Recorder(path: "/nowhere/a.md", frontMatter: Self.front) }
        == "cannot create /nowhere/a.md: No such file or directory")
  }

  @Test func fullDiskIsToldOnceAndTheSessionGoesOn() throws {
    let disk = FullDisk(room: 300)
    let recorder = try Recorder(path: "a.md", frontMatter: Self.front, file: disk)
    var messages: [String] = []
    for number in 0..<20 {
      if let text = recorder.record(command: "add \(number)", output: "x\n", state: "s") {
        messages.append(text)
      }
    }
    #expect(
      messages == [
        "cannot write to a.md: disk is full; the recording ends here, the session goes on"
      ])
    #expect(!recorder.isActive)
    #expect(recorder.finish(state: "s") == nil)
    #expect(try Transcript.parse(disk.bytes).tornTail == nil)
  }

  @Test func finishedRecordingDoesNotGoOn() throws {
    let folder = TemporaryFolder()
    let recorder = try Recorder(path: folder.file("a.md"), frontMatter: Self.front)
    #expect(recorder.finish(state: "s") == nil)
    #expect(throws: Recorder.ResumeError.finished) {
      _ = try Recorder.resume(path: folder.file("a.md"))
    }
  }

  @Test func aRecordingThatCannotBeFinishedStaysAsItIs() throws {
    let folder = TemporaryFolder()
    let recorder = try Recorder(path: folder.file("a.md"), frontMatter: Self.front)
    try FileManager.default.removeItem(atPath: folder.file("a.md"))
    #expect(recorder.finish(state: "s")?.hasPrefix("cannot read \(folder.file("a.md"))") == true)
  }
}

/// A disk that takes so many bytes.
final class FullDisk: AppendableFile {
  var bytes: [UInt8] = []
  let room: Int

  init(room: Int) { self.room = room }

  func append(_ new: [UInt8]) throws(FileError) {
    guard bytes.count + new.count <= room else {
      throw FileError("write to a.md", reason: "disk is full")
    }
    bytes += new
  }
}
