import Laboratory
import Testing

@testable import Transcripts

/// Says what it was told, each `/` a new line; refuses what begins with `f`.
final class Parrot: LineRunner {
  var count = 0

  func run(line: String) -> LineOutcome {
    count += 1
    let words = line.split(separator: "/", omittingEmptySubsequences: false)
    let text = line.isEmpty ? "" : words.map { $0 + "\n" }.joined()
    return LineOutcome(output: text, succeeded: !line.hasPrefix("f"))
  }

  func stateDigest() -> String { "state-\(count)" }
}

@Suite struct CaptureTests {
  func difference(_ text: String, isStrict: Bool = false) throws -> Divergence? {
    var replayer = Replayer(try Transcript(text), isStrict: isStrict)
    return replayer.run(on: Parrot())
  }

  @Test func whatIsCapturedStandsForItselfFurtherDown() throws {
    let text = """
      ```console
      (ringside) sp = 1234 here
      sp = [stack=..] here
      (ringside) x [=stack]
      x [=stack]
      ```
      ```console
      (ringside) x 1234/again 1234
      x [=stack]
      [..] [=stack]
      ```

      """
    #expect(try difference(text) == nil)
    let other = try difference(text.replacing("x 1234/again", with: "x 1235/again"))
    #expect(other?.line == 9)
  }

  /// What broke in a walk-through is named as it is written anew, and what is only another number isn't.
  @Test(arguments: [
    ("(ringside) fail\nfail\n", ["2 failsNow"]),
    ("(ringside) go\ngo\n(exit 1)\n", ["2 succeedsNow"]),
    ("(ringside) fail\nfail so\n(exit 1)\n", []),
    ("(ringside) sp 5\nsp 4\n", []),
    ("(ringside) sp = 5\nsp: [stack=..]\n", ["2 lost stack"]),
    (
      "(ringside) sp = 5\nsp: [stack=..]\n(ringside) x [=stack]\n...\n",
      ["2 lost stack, used"]
    ),
    ("(ringside) a = 5/more\na = [n=..]\nless\n(ringside) b [=n]\nb 5\n", []),
    ("(ringside) end: off\nend: fault\n", ["2 fault → off"]),
    ("(ringside) still going\nend: off\n", ["2 off → nil"]),
    ("(ringside) end: off\nstill going\n", ["2 nil → off"]),
    ("(ringside) end: off\n...\nmore\n", []),
    ("(ringside) end: off/5\nend: off\n6\n", []),
  ])
  func whatBrokeIsNamed(body: String, wanted: [String]) throws {
    var transcript = try Transcript("```console\n\(body)```\n")
    let renewal = transcript.update(
      on: Parrot(),
      ending: { $0.hasPrefix("end: ") ? String($0.dropFirst(5)) : nil })
    let found = renewal.breaks.map { item in
      let what: String =
        switch item.kind {
        case .failsNow: "failsNow"
        case .succeedsNow: "succeedsNow"
        case .captureLost(let name, let isUsed): "lost \(name)" + (isUsed ? ", used" : "")
        case .endsOtherwise(let was, let now): "\(was ?? "nil") → \(now ?? "nil")"
        }
      return "\(item.line) \(what)"
    }
    #expect(found == wanted)
    #expect(renewal.breaks.allSatisfy { !$0.words.isEmpty })
  }

  /// A line that captures may change beside: what it captures now holds for what follows.
  @Test func whatIsCapturedInALineWrittenAnewIsUsed() throws {
    var transcript = try Transcript(
      "```console\n(ringside) a = 5/more\na = [n=..]\nless\n(ringside) b [=n]\nb [=n]\n```\n")
    #expect(transcript.update(on: Parrot()).breaks.isEmpty)
    #expect(
      transcript.text
        == "```console\n(ringside) a = 5/more\na = [n=..]\nmore\n(ringside) b [=n]\nb [=n]\n```\n")
  }

  @Test func whatNothingCapturedIsNamedWithItsPlace() {
    #expect(
      problem { _ = try Transcript("```console\n(ringside) a\nb [=sp]\n```\n") }
        == "line 3, column 3: nothing above is captured as 'sp'; '[sp=..]' captures it")
  }

  @Test func aFailureIsWrittenAndExpected() throws {
    let good = "```console\n(ringside) fail\nfail\n(exit 1)\n(ringside) go\ngo\n```\n"
    #expect(try difference(good) == nil)
    let silent = try #require(try difference(good.replacing("(exit 1)\n", with: "")))
    #expect(silent.report(file: "a").contains("it failed, but (exit 1) is not written"))
    let wrong = try #require(try difference("```console\n(ringside) go\ngo\n(exit 1)\n```\n"))
    #expect(wrong.summary == "it went well, but (exit 1) is written")
    var updated = try Transcript(good.replacing("(exit 1)\n", with: ""))
    _ = updated.update(on: Parrot())
    #expect(updated.text == good)
  }

  @Test(arguments: ["...", "a[..]", "a[x=..]"])
  func strictnessAllowsNothingOpen(line: String) throws {
    let text = "```console\n(ringside) ab\n\(line)\n```\n"
    #expect(try difference(text) == nil)
    let strict = try #require(try difference(text, isStrict: true))
    #expect(strict.line == 3)
    #expect(strict.summary == "'\(line)' leaves output open, which --strict does not allow")
  }

  @Test func limitsEndAReplay() throws {
    let text = "```console\n(ringside) abcdef\nabcdef\n(ringside) x\nx\n```\n"
    var capped = Replayer(try Transcript(text), limits: .init(output: 7))
    #expect(capped.run(on: Parrot())?.kind == .limit("more output than 7 bytes"))
    var timed = Replayer(try Transcript(text), limits: .init { "it took too long" })
    #expect(timed.run(on: Parrot())?.summary == "stopped: it took too long")
  }

  @Test func outputIsShownWithoutItsEscapes() throws {
    let command = TranscriptCommand("x", output: "(ringside) y\n...\n[=a]\n(exit 1)\nplain\n")
    #expect(command.shownOutput == ["(ringside) y", "...", "[=a]", "(exit 1)", "plain"])
  }
}

@Suite struct ChapterTests {
  @Test func headingsAreChapters() throws {
    let transcript = try Transcript(
      """
      # The whole #

      ```text
      # none
      ```
      ```console
      (ringside) a
      # none
      ```
      ## A part
      #none
      ####### none

      """)
    #expect(transcript.chapters.map(\.title) == ["The whole", "A part"])
    #expect(transcript.chapters.map(\.level) == [1, 2])
    #expect(transcript.chapters.map(\.part) == [0, 2])
    #expect(transcript.title == "The whole")
  }

  @Test func notesAreSetApart() {
    let pieces = ProsePiece.pieces(of: [
      "a", "```note", "ask", "```", "```c", "x", "```", "```note",
    ])
    #expect(pieces == [.text(["a"]), .note(["ask"]), .text(["```c", "x", "```", "```note"])])
  }
}
