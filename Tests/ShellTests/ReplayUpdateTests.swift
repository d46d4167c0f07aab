import Foundation
import TestSupport
import Testing

@testable import Shell

/// `ringside replay --update`, and what it leaves alone.
extension ReplayCommandTests {
  @Test func whereAProgramIsMissingTheFileStaysAsItWas() throws {
    try folder.write("        nop\n        nop\n", to: "here/own.s")
    let file = folder.path(of: "here/work.md")
    _ = try ringside(["--record", file, "-c", "load \(folder.path)/here/own.s", "-c", "step"])
    let text = try folder.read("here/work.md").replacing("\(folder.path)/here/", with: "")
    try folder.write(text, to: "here/work.md")
    #expect(try ringside(["replay", "--update", file]).status == .exited(0))
    let good = try folder.read("here/work.md")
    // A copy in another folder, where the program is not.
    let copy = try folder.write(good, to: "there/work.md")
    let result = try ringside(["replay", "--update", copy])
    #expect(result.status == .exited(2))
    #expect(result.stderr.contains("the file stays as it was"), "\(result.stderr)")
    #expect(try folder.read("there/work.md") == good)
    // Also where the front matter is all that tells of the program.
    let bare = good.replacing("(ringside) load own.s\n", with: "(ringside) print 1\n")
    try folder.write(bare, to: "there/work.md")
    let named = try ringside(["replay", "--update", copy])
    #expect(named.stderr.contains("its program own.s is not here; the file stays as it was"))
    #expect(try folder.read("there/work.md") == bare)
    // Without front matter a load that fails says so.
    let written = "```console\n(ringside) load own.s\n...\n```\n"
    try folder.write(written, to: "there/work.md")
    let failed = try ringside(["replay", "--update", copy])
    #expect(failed.stderr.contains("work.md:2: load own.s: there is no file 'own.s'"))
    #expect(try folder.read("there/work.md") == written)
    // A load that is meant to fail is written so.
    let failing = try folder.write(
      "```console\n(ringside) load nosuch.s\n...\n(exit 1)\n```\n", to: "there/fails.md")
    #expect(try ringside(["replay", "--update", failing]).status == .exited(0))
  }

  @Test func aWalkThroughThatBrokeIsNotBlessed() throws {
    let file = try recorded(
      "work.md", ["break ask", "continue", "print $pc", "delete", "continue"])
    let good = try folder.read("work.md")
    #expect(good.contains("the machine is switched off"))
    func update(_ text: String, _ options: [String] = []) throws -> ProcessResult {
      try folder.write(text, to: "work.md")
      return try ringside(["replay", "--update", file] + options)
    }
    for (old, new, words) in [
      ("print $pc", "prin $pcc", "fails now: '$pcc' is not set"),
      ("break ask", "step", "ended otherwise: a breakpoint before"),
      (
        "the machine is switched off", "a b c", "ended otherwise: nothing was told of an end before"
      ),
    ] {
      let broken = good.replacing(old, with: new)
      #expect(broken != good, "\(old)")
      let result = try update(broken)
      #expect(result.status == .exited(1), "\(old): \(result.stdout)")
      #expect(result.stdout.contains(words), "\(result.stdout)")
      #expect(result.stdout.contains("--accept-failures"))
      #expect(try folder.read("work.md") == broken)
      #expect(try update(broken, ["--accept-failures"]).status == .exited(0))
      #expect(try folder.read("work.md") != broken)
      #expect(try ringside(["replay", file]).status == .exited(0))
    }
    let lost = "```console\n(ringside) echo a\nb [n=..]\n(ringside) echo x\nx[=n]\n```\n"
    let named = try update(lost)
    #expect(named.status == .exited(1))
    #expect(
      named.stdout.contains(
        "work.md:2: echo a: nothing is captured as [n=..] any more, and [=n] is used further down"))
    // Where it is used nobody could read the file.
    let accepted = try update(lost, ["--accept-failures"])
    #expect(accepted.status == .exited(2))
    #expect(accepted.stderr.contains("written anew nobody could read it"), "\(accepted.stderr)")
    #expect(try folder.read("work.md") == lost)
    let json = try update(lost, ["--format", "json"])
    #expect(json.stdout.contains("\"status\": \"broken\"") || json.stdout.contains("\"broken\""))
    #expect(try ringside(["replay", "--accept-failures", file]).status == .exited(2))
  }

  @Test func whatIsNotReadIsNotCutOff() throws {
    let file = try recorded()
    let whole = try folder.read("work.md")
    let torn = String(whole.prefix(whole.count - 6))
    try folder.write(torn, to: "work.md")
    let result = try ringside(["replay", "--update", file])
    #expect(result.status == .exited(2))
    #expect(result.stderr.contains("opens a block that nothing closes; the file stays as it was"))
    #expect(try folder.read("work.md") == torn)
  }

  @Test func whatWasWrittenIsSaid() throws {
    let file = try recorded()
    let text = try folder.read("work.md")
    #expect(try ringside(["replay", "--update", file]).stdout.hasSuffix(": nothing changed\n"))
    try folder.write(text.replacing(#/\nseal: .*/#, with: "\nseal: 00"), to: "work.md")
    let seals = try ringside(["replay", "--update", file])
    #expect(seals.stdout.hasSuffix("only the seals and the final state were written anew\n"))
    #expect(try folder.read("work.md") == text)
    try folder.write(
      text.replacing(#/two-modes.s: \w{64}/#, with: "two-modes.s: 00"), to: "work.md")
    let image = try ringside(["replay", "--update", file])
    #expect(image.stdout.hasSuffix("wrote the SHA-256 of two-modes.s anew\n"), "\(image.stdout)")
    #expect(try folder.read("work.md") == text)
    try folder.write(text.replacing("$1 = 2", with: "$1 = 3"), to: "work.md")
    #expect(try ringside(["replay", "--update", file]).stdout.hasSuffix("wrote block 3 anew\n"))
  }

  @Test(arguments: ["", "# Only words\n", "---\nringside: 1\n---\n", "```console\n```\n"])
  func whatHoldsNoCommandProvesNothing(text: String) throws {
    let file = try folder.write(text, to: "empty.md")
    for options in [[], ["--play"], ["--update"], ["--export", "md"]] {
      let result = try ringside(["replay", file] + options)
      #expect(result.status == .exited(2))
      #expect(result.stderr.contains("there are no commands in it"), "\(result.stderr)")
    }
  }

  @Test func strictnessWantsTheEnd() throws {
    let file = try recorded()
    let text = try folder.read("work.md")
    // The last block, and all that tells of it.
    let parts = text.components(separatedBy: "\n\n").dropLast()
    try folder.write(
      (parts.joined(separator: "\n\n") + "\n").replacing(#/\n(final|seal): .*/#, with: ""),
      to: "work.md")
    #expect(try ringside(["replay", file]).status == .exited(0))
    let strict = try ringside(["replay", "--strict", file])
    #expect(strict.status == .exited(1))
    #expect(strict.stdout.contains("but its recording was never ended"))
  }

  @Test(arguments: [
    ("profile: strict", "profile: lax", 5, 12, "strict or classic"),
    ("memory: 4M", "memory: huge", 6, 11, "1M to 1024M"),
    ("width: 80", "width: wide", 7, 10, "'wide' is none"),
    ("width: 80", "width: -5", 7, 10, "'-5' is none"),
    ("width: 80", "layout: biggest", 7, 11, "there is no layout 'biggest'; there is normal"),
    ("width: 80", "verbosity: loud", 7, 14, "there is no verbosity 'loud'; there is terse"),
    ("width: 80", "colour: red", 7, 11, "'colour' is not a setting"),
  ])
  func aSettingThatNoneCanBeIsToldWithItsPlace(
    old: String, new: String, line: Int, column: Int, message: String
  ) throws {
    let file = try recorded()
    try folder.write(try folder.read("work.md").replacing(old, with: new), to: "work.md")
    let result = try ringside(["replay", file])
    #expect(result.status == .exited(2))
    #expect(
      result.stderr.contains("work.md:\(line):\(column): machine: "), "\(result.stderr)")
    #expect(result.stderr.contains(message), "\(result.stderr)")
  }

  @Test func aLessonThatIsNotHereIsTold() throws {
    let file = try folder.write(
      "---\nringside: 1\nlesson: 99-nope\n---\n```console\n(ringside) print 1\n$1 = 1\n```\n",
      to: "a.md")
    #expect(try ringside(["replay", file]).stderr.contains("there is no lesson 99-nope here"))
  }

  @Test func nothingInAFileIsObeyedByTheTerminal() throws {
    let file = try folder.write(
      "```console\n(ringside) print 1\n\u{1b}[4A\r\u{9b}2K all is well\n```\n", to: "a.md")
    let result = try ringside(["replay", file])
    #expect(result.status == .exited(1))
    #expect(result.stdout.contains("^[[4A^M?2K all is well"), "\(result.stdout)")
    let all = result.stdout + result.stderr
    #expect(!all.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0 == "\u{9b}" })
  }

  @Test func noLineIsWiderThanTheTerminal() throws {
    let file = try recorded()
    let text = try folder.read("work.md")
    try folder.write(text.replacing("$1 = 2", with: "$1 = [\\..] and more"), to: "work.md")
    let terminal = try Terminal(
      builtExecutable("ringside"), ["replay", file],
      environment: childEnvironment([
        "RINGSIDE_LESSONS": shippedLessons, "XDG_STATE_HOME": folder.path,
      ]), columns: 40)
    #expect(try terminal.waitForExit() == .exited(1))
    let lines = terminal.output.split(whereSeparator: \.isNewline)
    #expect(lines.allSatisfy { $0.count <= 40 }, "\(terminal.output)")
    #expect(lines.contains("(- is written in the transcript, + came"))
  }

  @Test func whatCannotBeReadIsAnErrorToTestRunners() throws {
    let good = try recorded("good.md")
    let junit = try ringside(["replay", "--format", "junit", good, "nosuch.md"])
    #expect(XMLCounter(junit.stdout).names == ["testsuite": 1, "testcase": 2, "error": 1])
    #expect(junit.stdout.contains("failures=\"0\" errors=\"1\""))
    let odd = try ringside(["replay", "--format", "json", "--export", "md", good])
    #expect(odd.status == .exited(2))
  }
}
