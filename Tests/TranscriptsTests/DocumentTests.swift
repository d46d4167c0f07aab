import Testing

@testable import Transcripts

@Suite struct DocumentTests {
  static let whole = """
    ---
    ringside: 1
    machine:
      profile: strict
      memory: 4M
    images:
      kernel.s: 9f86d081
      "a file: odd.s": 00ff
    lesson: 08-a-kernel-not-in-ring-0
    final: 2c26b46b
    ---

    # Notes

    ```console
    (ringside) step
    trap 12: cli
      indented
    (ringside) regs

    (ringside)
    ```
    ````text
    ```console
    (ringside) not a command, shown only
    ```
    ````
    ```console state=aa sha256=bb
    (ringside) next
    ...
    pc [..]
    ```  \u{20}
    The end.

    """

  @Test(arguments: [
    whole, "", "\n", "only prose", "no end\n```console\n(ringside) x\n```",
    "~~~c\nint x;\n~~~\n", whole.replacing("\n", with: "\r\n"),
    "---\nringside: 1\n---\n", "```console   state=a\n```\n", "mixed\r\nends\n",
    "\u{FEFF}" + whole, "\u{FEFF}" + whole.replacing("\n", with: "\r\n"), "\u{FEFF}",
  ])
  func printsWhatItReadByteForByte(text: String) throws {
    #expect(Array(try Transcript(text).text.utf8) == Array(text.utf8))
  }

  @Test func aByteOrderMarkHidesNothing() throws {
    let transcript = try Transcript("\u{FEFF}" + Self.whole)
    #expect(transcript.frontMatter == (try Transcript(Self.whole)).frontMatter)
    #expect(transcript.blocks == (try Transcript(Self.whole)).blocks)
  }

  @Test func readsFrontMatterAndBlocks() throws {
    let transcript = try Transcript(Self.whole)
    let front = transcript.frontMatter
    #expect(front.machine == [.init("profile", "strict"), .init("memory", "4M")])
    #expect(front.images == [.init("kernel.s", "9f86d081"), .init("a file: odd.s", "00ff")])
    #expect(front.lesson == "08-a-kernel-not-in-ring-0")
    #expect(front.final == "2c26b46b")
    #expect(transcript.blocks.map { $0.commands.map(\.text) } == [["step", "regs", ""], ["next"]])
    #expect(transcript.blocks[0].commands.map(\.line) == [16, 19, 21])
    #expect(transcript.blocks[1].state == "aa")
    #expect(transcript.blocks[1].seal == "bb")
  }

  @Test func frontMatterPrintsTheSameAgain() throws {
    let front = FrontMatter(
      machine: [.init("profile", "classic")],
      images: [.init("a \"b\" \\ c.s", "12"), .init("-x", ""), .init("é\n", "1")],
      lesson: "08", final: nil)
    let text = Transcript(frontMatter: front).text
    #expect(
      problem { _ = try Transcript(text) } == nil)
    #expect(try Transcript(text).frontMatter == front)
  }

  @Test(arguments: [
    (
      "---\nringside: 1\n",
      "line 2, column 1: the front matter is cut off: it ends with a second line '---'"
    ),
    ("-", "line 1, column 1: the front matter is cut off: it ends with a second line '---'"),
    ("---\nlesson: 8\n---\n", "line 1, column 1: the front matter has no 'ringside: 1'"),
    (
      "---\nringside: 7\n---\n",
      "line 2, column 11: this is a transcript of version 7; version 1 can be read"
    ),
    (
      "---\nringside: 1\ncolour: red\n---\n",
      "line 3, column 1: 'colour' is not known here; ringside, recorder, machine, images, lesson, lesson-sha256, "
        + "seed, name, nonce, final, seal are"
    ),
    ("---\nringside: 1\nringside: 1\n---\n", "line 3, column 1: 'ringside' stands twice"),
    (
      "---\nringside: 1\nimages:\n  a: 1\n  a: 2\n---\n",
      "line 5, column 3: 'a' stands twice in 'images'"
    ),
    (
      "---\nringside: 1\nmachine: x\n---\n",
      "line 3, column 10: 'machine:' is followed by lines indented by two spaces, not by a value"
    ),
    ("---\nringside: 1\nfinal:\n---\n", "line 3, column 7: 'final:' has no value"),
    ("---\nringside: 1\nwhat\n---\n", "line 3, column 1: expected 'name: value', found 'what'"),
    ("---\nringside: 1\nlesson: \"8\n---\n", "line 3, column 9: the quote is not closed"),
    (
      "---\nringside: 1\nlesson: \"8\" 9\n---\n",
      "line 3, column 13: '9' stands after the closing quote"
    ),
    (
      "---\nringside: 1\nlesson: \"\\x\"\n---\n",
      #"line 3, column 11: within quotes only \\, \", \n and \r are known after a backslash"#
    ),
    ("a\n```console\n(ringside) step\n", "line 2, column 1: this block is never closed"),
    (
      "```console seal=1\n```\n",
      "line 1, column 12: 'seal=1' is not known after console; unseen, state=… and sha256=… are, once each"
    ),
    (
      "```console\nhello\n```\n",
      "line 2, column 1: output before the first command; a command begins with '(ringside) '"
    ),
    (
      "  ```console\n  ```\n",
      "line 1, column 1: a console block begins with backticks at the start of its line"
    ),
  ])
  func saysWhatIsWrongAndWhere(text: String, message: String) {
    #expect(problem { _ = try Transcript(text) } == message)
  }

  @Test func bytesThatAreNoTextAreNamedByLine() {
    #expect(
      problem { _ = try Transcript.parse(Array("a\n".utf8) + [0xFF, 10]) }
        == "line 2, column 1: this line is not text in UTF-8")
  }

  @Test(arguments: [
    "(ringside) fake", "(ringside)", "\\(ringside) x", "\\\\(ringside)", "```", "````console",
    "  ```", "...", "\\...", "\\\\...", "a [..] b", "[\\..]", "[..][\\\\..]", "", "plain",
    "e\u{301}",
    "[..\u{301}]", "a\rb", "~~~", "---",
  ])
  func anyOutputComesBackAsItself(line: String) throws {
    let block = TranscriptBlock(commands: [
      TranscriptCommand("say", output: line + "\nsecond\n"), TranscriptCommand("next", output: ""),
    ])
    var written = block
    written.rewriteFences(state: nil, seal: nil)
    let text = Transcript(withoutFrontMatter: [.block(written), .prose(["after"])]).text
    let read = try Transcript(text)
    #expect(read.blocks.count == 1)
    #expect(read.blocks[0].commands.map(\.text) == ["say", "next"])
    let expected = read.blocks[0].commands[0].expected
    #expect(expected.matches([line, "second"]))
    for other in ["x", "...", "a xx b", "[..]", "[x]"] where other != line {
      #expect(!expected.matches([other, "second"]))
    }
  }

  /// A byte left out or replaced anywhere gives a transcript that prints back, or one message with a line.
  @Test func noSlipIsMoreThanAMessage() {
    let bytes = Array(Self.whole.utf8)
    let lineCount = bytes.count { $0 == 10 } + 1
    for at in bytes.indices {
      for sign in [nil, "`", "\n", "-", "(", "\"", ":", "\\"].map({ $0?.utf8.first }) {
        var changed = bytes
        if let sign { changed[at] = sign } else { changed.remove(at: at) }
        do {
          let (transcript, tail) = try Transcript.parse(changed)
          let length = tail?.validByteCount ?? changed.count
          #expect(Array(transcript.text.utf8) == Array(changed[..<length]))
        } catch {
          #expect((1...lineCount + 1).contains(error.line))
        }
      }
    }
  }
}
