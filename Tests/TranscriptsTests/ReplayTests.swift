import SourceText
import Testing

@testable import Transcripts

@Suite struct ReplayTests {
  func replay(_ text: String, on adder: Adder = Adder()) throws -> Divergence? {
    var replayer = Replayer(try Transcript(text))
    return replayer.run(on: adder)
  }

  @Test func handWrittenTranscriptNeedsNoSealsAndNoFrontMatter() throws {
    let text = "```console\n(ringside) add 2\nthe sum\nis 2\n(ringside) set 4\n```\n"
    #expect(try replay(text) == nil)
    #expect(try Transcript(text).sealFaults() == [])
  }

  @Test func firstDifferenceIsShownWithItsLine() throws {
    let adder = Adder()
    let text = """
      Prose.

      ```console
      (ringside) add 2
      the sum
      is 2
      ```
      ```console
      (ringside) add 2
      the sum
      is 5
      over
      (ringside) add 7
      ```

      """
    let difference = try #require(try replay(text, on: adder))
    #expect(adder.lines == ["add 2", "add 2"])
    #expect(difference.block == 2)
    #expect(difference.commandNumber == 2)
    #expect(difference.line == 11)
    #expect(
      difference.report(file: "work.md") == """
        work.md:11: block 2, command 2: add 2
          is: 4 came, 5 is written
            10   the sum
            11 - is 5
               + is 4
            12 - over
        (- is written in the transcript, + came now)

        """)
  }

  @Test func differenceInTheStateAloneIsFound() throws {
    let text = "```console state=state-3\n(ringside) set 4\n```\n"
    let difference = try #require(try replay(text))
    #expect(difference.kind == .state(expected: "state-3", actual: "state-4"))
    #expect(difference.report(file: "a").contains("+ state state-4"))
  }

  @Test func differenceInTheFinalStateIsFound() throws {
    let text = "---\nringside: 1\nfinal: state-9\n---\n```console\n(ringside) set 4\n```\n"
    let difference = try #require(try replay(text))
    #expect(difference.kind == .final(expected: "state-9", actual: "state-4"))
    #expect(difference.line == 6)
    #expect(difference.report(file: "a").contains("the final state is another"))
  }

  @Test func noLineIsToldTwice() throws {
    let text = "```console\n(ringside) say a b c\nquite another line here\n```\n"
    let report = try #require(try replay(text)).report(file: "a")
    #expect(report.matches(of: #/quite another line here/#).count == 1)
    #expect(try #require(try replay(text)).summary == "did not come: quite another line here")
  }

  @Test(arguments: [
    ("kernel.s: 36 bytes, with 8 MiB", "kernel.s: 36 bytes, with 4 MiB", "8 came, 4 is written"),
    (
      " pc 00001304  sp 00004fb8", " pc 00001304  sp 00004fbc",
      "sp: 00004fb8 came, 00004fbc is written"
    ),
    ("a0 = 7", "a0 = 8", "a0: 7 came, 8 is written"),
  ])
  func onlyTheNameOfAColumnNamesAValue(came: String, written: String, summary: String) throws {
    let text = "```console\n(ringside) say \(came)\n\(written)\n```\n"
    #expect(try #require(try replay(text)).summary == summary)
  }

  @Test func blanksAtALinesEndAreSeen() throws {
    let difference = try #require(try replay("```console\n(ringside) say a  \na\n```\n"))
    #expect(difference.summary == "only blanks at the line's end differ")
    #expect(difference.report(file: "a").contains(" - a\n"))
    #expect(difference.report(file: "a").contains("+ a··\n"))
  }

  @Test func stepsComeInTheOrderOfTheDocument() throws {
    var replayer = Replayer(
      try Transcript("One.\n```console\n(ringside) say a\na\n```\nTwo.\n"))
    let adder = Adder()
    #expect(replayer.next(on: adder) == .prose(["One."]))
    #expect(replayer.next(on: adder) == .command("say a", output: "a\n"))
    #expect(replayer.next(on: adder) == .prose(["Two."]))
    #expect(replayer.next(on: adder) == nil)
  }

  @Test(arguments: [
    (["..."], [], true), (["..."], ["a", "b"], true), (["a", "..."], ["a"], true),
    (["...", "c"], ["a", "b", "c"], true), (["...", "c"], ["c", "b"], false),
    (["...", "b", "...", "b"], ["b", "x", "b", "b"], true), (["a"], ["a", "b"], false),
    (["a", "b"], ["a"], false), (["a[..]z"], ["abcz"], true), (["a[..]z"], ["az"], true),
    (["a[..]z"], ["abc"], false), (["[..]"], [""], true), (["[..]b[..]"], ["abc"], true),
    (["ab[..]ba"], ["aba"], false), (["a[..]b[..]c"], ["a-b-b-c"], true), ([], [], true),
    ([""], [], false), (["[\\..]"], ["[..]"], true), (["[\\..]"], ["[x]"], false),
    (["\\..."], ["..."], true), (["\\..."], ["x"], false), (["a..."], ["a..."], true),
  ])
  func wildcards(pattern: [String], actual: [String], fits: Bool) {
    #expect(OutputPattern(lines: pattern).matches(actual) == fits)
    let alignment = OutputPattern(lines: pattern).aligned(with: actual)
    #expect((alignment.firstDifference == nil) == fits)
  }
}

@Suite struct UpdateTests {
  func updated(_ text: String) throws -> (String, [Int]) {
    var transcript = try Transcript(text)
    let changed = transcript.update(on: Adder()).blocks
    return (transcript.text, changed)
  }

  @Test func nothingToDoLeavesEveryByte() throws {
    let text = "a\n```console  \n(ringside) add 2\n...\nis [..]\n```\n"
    let (result, changed) = try updated(text)
    #expect(result == text)
    #expect(changed == [])
  }

  @Test func wildcardsSurviveWhereTheyStillFit() throws {
    let (result, changed) = try updated(
      """
      ```console
      (ringside) say a1/b/c/d9/...
      a[..]
      old
      ...
      d8
      (ringside) say same
      [..]
      ```

      """)
    #expect(
      result == """
        ```console
        (ringside) say a1/b/c/d9/...
        a[..]
        b
        ...
        \\...
        (ringside) say same
        [..]
        ```

        """)
    #expect(changed == [1])
  }

  @Test func fenceGrowsAndSealsAreRenewed() throws {
    let folder = TemporaryFolder()
    let adder = Adder()
    let recorder = try Recorder(path: folder.file("a.md"), frontMatter: FrontMatter())
    for line in ["add 2", "say x"] {
      let output = adder.run(line: line).output
      _ = recorder.record(command: line, output: output, state: adder.stateDigest())
    }
    _ = recorder.finish(state: adder.stateDigest())
    let edited = try folder.read("a.md").replacing("say x", with: "say ````/y")
      .replacing("add 2", with: "add 5")
    try folder.write(edited, to: "a.md")

    let transcript = try Transcript(edited)
    let path = folder.file("a.md")
    #expect(try Transcript.update(path: path, transcript: transcript, on: Adder()) == [1, 2])
    let result = try Transcript(String(decoding: Transcript.read(path: path), as: UTF8.self))
    #expect(result.sealFaults() == [])
    #expect(result.frontMatter.final == "state-5")
    #expect(result.text.contains("`````console state=state-5 sha256="))
    var replayer = Replayer(result)
    #expect(replayer.run(on: Adder()) == nil)
  }

  @Test(arguments: [
    (["a", "...", "z"], ["a", "z"]), (["x"], []), ([], ["x"]),
    (["a", "b", "c"], ["c", "b", "a"]), (["...", "..."], ["..."]),
    (["k[..]", "...", "l"], ["k", "k2", "l", "m"]),
  ])
  func updatedOutputAlwaysFits(pattern: [String], actual: [String]) {
    var command = TranscriptCommand(line: 1, source: "(ringside) x", outputSource: pattern)
    command.update(output: actual.map { $0 + "\n" }.joined())
    #expect(command.expected.matches(actual))
  }
}

@Suite struct SealTests {
  func recorded() throws -> String {
    let folder = TemporaryFolder()
    let adder = Adder()
    let recorder = try Recorder(
      path: folder.file("a.md"), frontMatter: FrontMatter(lesson: "08"))
    for line in ["add 1", "add 2", "add 3"] {
      let output = adder.run(line: line).output
      _ = recorder.record(command: line, output: output, state: adder.stateDigest())
    }
    return try folder.read("a.md")
  }

  @Test func editedOutputShowsAtItsBlockAlone() throws {
    let transcript = try Transcript(recorded().replacing("is 3\n", with: "is 4\n"))
    #expect(transcript.sealFaults().map(\.block) == [2])
    #expect(transcript.sealBroken(atBlock: 2))
    #expect(!transcript.sealBroken(atBlock: 3))
    #expect(transcript.sealFaults()[0].message.contains("was changed after it was recorded"))
  }

  @Test func editedStateShows() throws {
    let transcript = try Transcript(recorded().replacing("state-3", with: "state-4"))
    #expect(transcript.sealFaults().map(\.block) == [2])
  }

  @Test func editedFrontMatterShowsAtTheFirstBlock() throws {
    let transcript = try Transcript(recorded().replacing("lesson: 08", with: "lesson: 09"))
    #expect(transcript.sealFaults().map(\.block) == [1])
  }

  @Test func removedBlockShowsAtTheNext() throws {
    var transcript = try Transcript(recorded())
    let second = try #require(
      transcript.parts.firstIndex {
        if case .block(let block) = $0 { block.commands[0].text == "add 2" } else { false }
      })
    transcript.parts.remove(at: second)
    #expect(transcript.sealFaults().map(\.block) == [2])
  }

  @Test func insertedBlockShows() throws {
    let text = try recorded() + "\n```console\n(ringside) add 9\nthe sum\nis 15\n```\n"
    #expect(
      try Transcript(text).sealFaults().map { [$0.block: $0.kind] } == [[4: .missing]])
  }

  @Test func aSealOverNothingIsToldInOneLine() throws {
    let bare = try recorded().replacing(#/ state=\S+ sha256=\w+/#, with: "")
    let transcript = try Transcript(bare.replacing("lesson: 08", with: "lesson: 08\nseal: 00"))
    #expect(transcript.sealFaults().map(\.kind) == [.absent])
    #expect(transcript.fittingSeals == [])
  }

  @Test func aWrongSealOfTheFrontMatterTakesNothingAway() throws {
    let text = try recorded().replacing("lesson: 08", with: "lesson: 08\nseal: 00")
    let transcript = try Transcript(text)
    #expect(transcript.sealFaults().map(\.kind) == [.shortened])
    #expect(transcript.sealFaults()[0].message.contains("is not that of block 3: it was edited"))
    #expect(transcript.fittingSeals.count == 3)
  }

  @Test func proseMayBeAdded() throws {
    let text = try recorded().replacing("\n```console", with: "\nI wonder.\n```console")
    #expect(try Transcript(text).sealFaults() == [])
  }
}
