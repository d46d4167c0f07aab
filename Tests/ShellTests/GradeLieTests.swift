import Foundation
import TestSupport
import Testing

@testable import Shell

/// `ringside grade`: what lies around hand-ins, what is written in them, and what teachers ask.
extension GradeTests {
  func table(_ options: [String] = []) throws -> ProcessResult {
    try ringside(["grade", "1", folder.path(of: "hand")] + options)
  }

  @Test(arguments: ["table", "csv", "json", "junit"])
  func aHandInWritesOnNobodysTerminal(format: String) throws {
    let lie = "\u{1b}[4A\r\u{1b}[2K zz.md  yes yes 5/5 \u{1b}[4B \u{1b}]0;title\u{7} \u{202e}"
    try folder.write(
      "```console\n(ringside) load two-modes.s\n\(lie)\n```\n", to: "hand/z\u{1b}[4A\nz.md")
    let result = try table(["--format", format])
    let all = (result.stdout + result.stderr).unicodeScalars
    #expect(!all.contains { $0.value < 32 && $0 != "\n" || (0x7F..<0xA0).contains($0.value) })
    #expect(!all.contains("\u{202e}"))
    if format == "table" {
      #expect(result.stdout.contains("z^[[4A^Jz.md  no "), "\(result.stdout)")
    }
  }

  @Test(arguments: [
    ("nosuch == 1", 4, "'nosuch' is not known"), ("s1 ==", 9, "is missing"),
    ("cpl == 0 && nosuch == 1", 16, "'nosuch' is not known"),
    ("trapp(page)>0", 4, "'trapp' can't be called"), ("set s1 = 7", 8, "is too much"),
    ("ran(nocommand)", 8, "there is no command 'nocommand'"), ("ran()", 8, "which command?"),
    ("b: s1 == 7", 5, "is too much"), ("at end s1 ==", 16, "is missing"),
  ])
  func aSlipInAGoalIsToldBeforeAnythingIsRun(goal: String, column: Int, message: String) throws {
    try record("ada.md", ["load two-modes.s"])
    let goals = try folder.write("# mine\nx: \(goal)\n", to: "goals.txt")
    let result = try table(["--goals", goals])
    #expect(result.status == .exited(2))
    #expect(result.stdout.isEmpty)
    #expect(result.stderr.contains("goals.txt:2:\(column): error: "), "\(result.stderr)")
    #expect(result.stderr.contains(message) && result.stderr.contains("^"), "\(result.stderr)")
  }

  @Test func aNameOfAHandInsOwnProgramIsNoSlip() throws {
    try folder.write("mine:   nop\nhere:   j here\n", to: "hand/ada/own.s")
    try folder.write(
      "```console\n(ringside) load own.s\n...\n(ringside) step\n...\n```\n", to: "hand/ada/work.md")
    let goals = try folder.write("there: pc == here\nelsewhere: pc == nosuch\n", to: "goals.txt")
    let result = try table(["--goals", goals])
    #expect(result.stdout.contains(" x2  elsewhere (in no hand-in: 'nosuch' is not known"))
    #expect(result.stdout.contains(#/ no +yes +\? /#), "\(result.stdout)")
  }

  @Test func whatMayNeverHappenIsAskedAtTheEnd() throws {
    try record("ada.md", ["load two-modes.s", "step"])
    try record("eve.md", ["load two-modes.s", "set a0 = 5", "step"])
    let goals = try folder.write(
      "used no set: at end !ran(set)\nstepped: at end pc == boot + 4\n", to: "goals.txt")
    let result = try table(["--goals", goals, "--format", "csv"])
    #expect(result.stdout.contains(#/\nada.md,,,2,2,(no,)+yes,yes,/#), "\(result.stdout)")
    #expect(result.stdout.contains(#/\neve.md,,,3,1,(no,)+yes,/#), "\(result.stdout)")
  }

  @Test func oneOddFileDoesNotStopAClass() throws {
    try record("ada.md")
    #expect(mkfifo(folder.path(of: "hand/f.md"), 0o600) == 0)
    #expect(mkfifo(folder.path(of: "hand/f.s"), 0o600) == 0)
    try folder.write("```console\n(ringside) load f.s\n...\n```\n", to: "hand/g.md")
    let grades = try grades(["--time", "60"])
    #expect(grades["f.md"]?.marks["unreadable"] == "it is no ordinary file")
    #expect(grades["g.md"]?.marks["differs"]?.contains("'f.s' is no ordinary file") == true)
    #expect(grades["ada.md"]?.reached == Self.goals)
  }

  @Test func goalsThatWereSetByHandAreTold() throws {
    try record(
      "setter.md",
      [
        "load two-modes.s", "set cpl = 3", "set pc = ask+4", "set pc = on_page",
        "set s1 = 0x5ec2e700",
      ])
    try record("ada.md")
    let grades = try grades()
    #expect(grades["ada.md"]?.marks == [:], "its 'set' is the lesson's own")
    #expect(grades["setter.md"]?.marks["set"]?.contains("reached by 'set cpl = 3'") == true)
    let result = try table()
    #expect(result.status == .exited(1))
    #expect(result.stdout.contains(#/ setter.md .* \?\n/#), "\(result.stdout)")
  }

  @Test func whoseSealWasPastedIsNoCopy() throws {
    let ada = try record("ada.md")
    let seal = try #require(ada.firstMatch(of: #/\nseal: (\w+)/#)).1
    try folder.write(
      "---\nringside: 1\nseal: \(seal)\n---\n```console\n(ringside) load two-modes.s\n...\n```\n",
      to: "hand/zed.md")
    try folder.write(ada.replacing("\nfinal:", with: "\nname: Eve\nfinal:"), to: "hand/eve.md")
    try folder.write(ada.replacing("ring 3", with: "ring 0"), to: "hand/eva.md")
    let grades = try grades()
    #expect(grades["zed.md"]?.marks["copied"] == nil)
    #expect(grades["zed.md"]?.marks["edited"] != nil)
    #expect(
      grades["ada.md"]?.marks["copied"]
        == "it is the same recording as eva.md (edited), eve.md (edited)")
    #expect(grades["ada.md"]?.marks["similar"] == nil, "that is said already")
  }

  @Test func whatWasNotReadIsNamed() throws {
    try record("ada.md")
    for name in ["grace.MD", "heidi.markdown", "ivan", "nofile/work.txt", "two/a.md", "two/b.md"] {
      try folder.write("```console\n(ringside) load two-modes.s\n...\n```\n", to: "hand/\(name)")
    }
    try folder.write("", to: "hand/frank/.keep")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: "hand/judy.md"), withDestinationPath: "ada.md")
    let result = try table(["--width", "200"])
    #expect(result.status == .exited(1))
    #expect(
      result.stdout.contains(
        "Not read: frank/ (no .md in it), grace.MD (.md is read), heidi.markdown (.md is read), "
          + "ivan (.md is read), judy.md (a link), nofile/ (no .md in it)"), "\(result.stdout)")
    #expect(result.stdout.contains("3 hand-ins"))
    let csv = try table(["--format", "csv"])
    #expect(csv.stderr.hasPrefix("ringside: not read: frank/"))
  }

  @Test func shortNamesAndLooksHideNoLikeness() throws {
    try record("ada.md", Self.way + ["print 4"])
    let short = ["break": "b", "continue": "c", "step": "s", "trap": "t", "delete": "d"]
    let lines = Self.way.flatMap { line -> [String] in
      let word = line.prefix { $0 != " " }
      return [(short[String(word)] ?? String(word)) + line.dropFirst(word.count), "print 1"]
    }
    try record("eve.md", lines)
    #expect(try grades()["eve.md"]?.marks["similar"] == "its commands are those of ada.md to 100 %")
  }

  @Test func whyACommandFailedIsSaid() throws {
    try folder.write(
      "```console\n(ringside) load two-modes.s\n...\n(ringside) stpe\n...\n```\n", to: "hand/a.md")
    let mark = try grades()["a.md"]?.marks["differs"]
    #expect(mark?.contains("is not written: there is no command 'stpe'") == true)
  }
}
