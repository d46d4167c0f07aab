import TestSupport
import Testing

@testable import Transcripts

/// What holds for any bytes and any session.
@Suite struct PropertyTests {
  /// Numbers that look drawn, the same in every run.
  struct Dice {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }

    mutating func choice<T>(_ list: [T]) -> T { list[below(list.count)] }
  }

  static let rounds = isSoak ? 20_000 : 500

  static let scraps = [
    "---", "```console", "```", "````", "~~~", "```note", "(ringside) step", "(ringside)", "...",
    "[..]", "[x=..]", "[=x]", "[\\=x]", "\\...", "(exit 1)", "\\(exit 1)", "# Chapter",
    "ringside: 1",
    "machine:", "  profile: strict", "final: ab", "seal: cd", "seed: 7", "seed: x", "name: \"a", "",
    "text", "é", "\u{301}", "\r", "state=1", "```console state=1 sha256=2", "    ```", "a\0b",
  ]

  @Test func anyBytesGiveAValueOrAMessageAndPrintTheSame() {
    var dice = Dice(state: 1)
    for round in 0..<Self.rounds {
      var bytes: [UInt8] = []
      for _ in 0..<dice.below(20) {
        bytes += Array(dice.choice(Self.scraps).utf8)
        if dice.below(8) == 0 { bytes.append(UInt8(dice.below(256))) }
        bytes += dice.choice([[10], [10], [10], [13, 10], []])
      }
      do {
        let (transcript, tail) = try Transcript.parse(bytes)
        let length = tail?.validByteCount ?? bytes.count
        #expect(Array(transcript.text.utf8) == Array(bytes[..<length]), "round \(round)")
        _ = transcript.chapters
        _ = transcript.sealFaults()
      } catch {
        #expect(error.line >= 1 && error.column >= 1, "round \(round): \(error)")
        #expect(!error.message.isEmpty)
      }
    }
  }

  /// Whatever is typed and whatever comes, what is recorded replays equal.
  @Test func anySessionReplaysAsItWasRecorded() throws {
    let folder = TemporaryFolder()
    var dice = Dice(state: 2)
    for round in 0..<Self.rounds / 50 {
      let file = folder.file("\(round).md")
      let recorder = try Recorder(path: file, frontMatter: FrontMatter(lesson: "08"))
      let machine = Parrot()
      for _ in 0..<dice.below(12) {
        let line = (0..<dice.below(4)).map { _ in dice.choice(Self.scraps) }.joined(separator: "/")
          .filter { $0 != "\n" && $0 != "\r\n" }
        let outcome = machine.run(line: line)
        let problem = recorder.record(
          command: line, output: outcome.output, succeeded: outcome.succeeded,
          state: machine.stateDigest())
        #expect(problem == nil)
        if dice.below(5) == 0 { _ = recorder.record(prose: dice.choice(Self.scraps)) }
        if dice.below(9) == 0 { _ = recorder.record(chapter: "A chapter") }
      }
      if dice.below(3) > 0 { #expect(recorder.finish(state: machine.stateDigest()) == nil) }
      let transcript = try Transcript(folder.read("\(round).md"))
      #expect(transcript.sealFaults() == [])
      var replayer = Replayer(transcript, isStrict: true)
      let difference = replayer.run(on: Parrot())
      #expect(difference == nil, "round \(round): \(difference?.report(file: file) ?? "")")
    }
  }

  /// Every byte of a command or of output counts.
  @Test func aChangedByteOfASealedTranscriptIsNoticed() throws {
    let folder = TemporaryFolder()
    let recorder = try Recorder(path: folder.file("a.md"), frontMatter: FrontMatter())
    let machine = Parrot()
    for line in ["step", "say `x` [..] ...", "", "fail"] {
      let outcome = machine.run(line: line)
      _ = recorder.record(
        command: line, output: outcome.output, succeeded: outcome.succeeded,
        state: machine.stateDigest())
    }
    #expect(recorder.finish(state: machine.stateDigest()) == nil)
    let text = try folder.read("a.md")
    let bytes = Array(text.utf8)
    let transcript = try Transcript(text)
    #expect(transcript.sealFaults() == [])
    var at = 0
    var inside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isFence = line.hasPrefix("```")
      if inside, !isFence {
        // The line's end with it.
        for place in at...at + line.utf8.count {
          for mask: UInt8 in [1, 2, 0x20, 0x40] {
            var changed = bytes
            changed[place] ^= mask
            if let (edited, tail) = try? Transcript.parse(changed), tail == nil {
              #expect(!edited.sealFaults().isEmpty, "byte \(place) of '\(line)' ^ \(mask)")
            }
          }
        }
      }
      if isFence { inside.toggle() }
      at += line.utf8.count + 1
    }
  }

  @Test func blocksThatAreCutOffAtTheEndAreMissed() throws {
    let folder = TemporaryFolder()
    let recorder = try Recorder(path: folder.file("a.md"), frontMatter: FrontMatter())
    let machine = Parrot()
    for line in ["one", "two", "three"] {
      _ = recorder.record(
        command: line, output: machine.run(line: line).output, state: machine.stateDigest())
    }
    #expect(recorder.finish(state: machine.stateDigest()) == nil)
    var transcript = try Transcript(folder.read("a.md"))
    transcript.parts.removeLast()
    #expect(transcript.sealFaults().map(\.kind) == [.shortened])
    #expect(transcript.sealFaults()[0].message.contains("is not that of block 2"))
  }

  @Test func aHintOfWhereBytesAreNoText() {
    #expect(
      problem { _ = try Transcript.parse(Array("a\nbc".utf8) + [0xC3, 10]) }
        == "line 2, column 3: this line is not text in UTF-8")
  }
}
