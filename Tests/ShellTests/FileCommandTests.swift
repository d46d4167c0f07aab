import Foundation
import TestSupport
import Testing

@testable import Shell

/// Files that commands and calls name: where they are looked for, how large they may be, what is written over.
struct FileCommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(tidyProgram, to: "p.s")
    try folder.write(tidyProgram, to: "home/tilde.s")
  }

  private func ringside(_ arguments: [String], input: String = "") throws -> ProcessResult {
    try runProcess(
      builtExecutable("ringside"), arguments, input: input,
      environment: childEnvironment([
        "HOME": folder.path(of: "home"), "XDG_STATE_HOME": folder.path(of: "state"),
        "RINGSIDE_LESSONS": shippedLessons,
      ]), folder: folder.path, seconds: 60)
  }

  // MARK: Writing

  @Test func asmNeverWritesOverWhatItRead() throws {
    try folder.write(".include \"p.s\"\n", to: "includes.s")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: "link.s"), withDestinationPath: "p.s")
    for (source, output) in [
      ("p.s", "p.s"), ("p.s", "link.s"), ("link.s", "p.s"), ("includes.s", "p.s"),
    ] {
      let result = try ringside(["asm", source, "-o", output])
      #expect(result.status == .exited(2))
      #expect(result.stderr.contains("cannot write to \(output): it is "), "\(result.stderr)")
      #expect(try folder.read("p.s") == tidyProgram)
    }
    #expect(try ringside(["asm", "p.s", "-o", "p.image"]).status == .exited(0))
    // An image is an input like a source.
    #expect(try ringside(["asm", "p.image", "-o", "p.image"]).status == .exited(2))
  }

  @Test func aDashIsStandardOutput() throws {
    let image = try ringside(["asm", "p.s", "-o", "-"])
    #expect(image.stdout.hasPrefix("onion image 1\nentry 00001000\n") && image.stderr == "")
    #expect(try ringside(["asm", "p.s", "--listing", "-o", "-"]).status == .exited(2))
    try folder.write("```console\n(ringside) print 1\n$1 = 1\n```\n", to: "t.md")
    let page = try ringside(["replay", "--export", "html", "t.md", "-o", "-"])
    #expect(page.stdout.hasPrefix("<!doctype html>"))
    let progress = try ringside(["lessons", "export", "-"])
    #expect(progress.status == .exited(0) && !progress.stdout.contains("lessons"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).contains("-") == false)
  }

  @Test func progressIsNotExportedOverItself() throws {
    try folder.write("ringside progress 1\n", to: "state/ringside/progress")
    let result = try ringside(["lessons", "export", "state/ringside/progress"])
    #expect(result.status == .exited(2) && result.stderr.contains("the output is made from"))
  }

  @Test func aRecordingThroughALinkThatLeadsNowhereYetMakesTheFile() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: "link.md"), withDestinationPath: "work.md")
    let result = try ringside(["--plain"], input: "record link.md\nprint 1\nrecord stop\n")
    #expect(result.stderr == "")
    #expect(try folder.read("work.md").contains("(ringside) print 1\n$1 = 1\n"))
  }

  // MARK: Reading

  @Test(arguments: [
    ["asm", "zero.s"], ["run", "p.s", "--input", "/dev/zero"], ["-x", "/dev/zero"],
    ["disas", "/dev/zero"], ["run", "/dev/zero"], ["-c", "load /dev/zero"],
    ["-c", "source /dev/zero"], ["replay", "/dev/zero"], ["lessons", "import", "/dev/zero"],
    ["grade", "1", ".", "--goals", "/dev/zero"], ["-c", "replay /dev/zero"],
  ])
  func anEndlessFileCostsOneLine(arguments: [String]) throws {
    try folder.write(".include \"/dev/zero\"\n", to: "zero.s")
    try folder.write("```console\n(ringside) print 1\n$1 = 1\n```\n", to: "t.md")
    let result = try ringside(arguments)
    #expect(result.status != .exited(0))
    #expect(result.stderr.contains("cannot read /dev/zero: "), "\(result.stderr)")
    #expect(result.stderr.contains(" MiB"))
  }

  @Test func endlessInputCostsOneLine() throws {
    let yes = String(repeating: "y\n", count: 9 << 20)
    let result = try ringside(["run", "p.s", "--input", "-"], input: yes)
    #expect(
      result.stderr == "ringside: cannot read standard input: what is typed has at most 16 MiB\n")
  }

  @Test func includesAreBoundedTogether() throws {
    try folder.write(String(repeating: "; a comment\n", count: 100_000), to: "large.s")
    try folder.write(String(repeating: ".include \"large.s\"\n", count: 5), to: "many.s")
    let result = try ringside(["asm", "many.s"])
    #expect(
      result.stderr.contains("a source with all that it includes has at most 4 MiB"),
      "\(result.stderr)")
  }

  @Test func aPipeThatNobodyWritesToIsGivenUp() throws {
    let path = folder.path(of: "pipe.s")
    #expect(mkfifo(path, 0o600) == 0)
    let result = try ringside(["asm", "pipe.s"])
    #expect(result.stderr == "ringside: cannot read pipe.s: nobody writes to this pipe\n")
  }

  // MARK: Names

  @Test func homeIsMeantTheSameEverywhere() throws {
    try folder.write("print 7\n", to: "home/s")
    try folder.write("```console\n(ringside) print 1\n$1 = 1\n```\n", to: "home/t.md")
    let lines = [
      "load ~/tilde.s", "source ~/s", "load --guest ~/tilde.s", "vm new b ~/tilde.s",
      "record ~/r.md", "record stop", "replay ~/t.md",
    ]
    let result = try ringside(["--plain"], input: lines.joined(separator: "\n") + "\n")
    #expect(result.stderr == "")
    #expect(
      result.stdout.contains("$1 = 7\n") && result.stdout.contains("1 command, all as written"))
    #expect(try folder.read("home/r.md").contains("load ~/tilde.s"))
    for arguments in [
      ["asm", "~/tilde.s", "-o", "~/t.image"], ["disas", "~/t.image"], ["-x", "~/s"],
      ["run", "~/tilde.s", "--input", "~/s"], ["~/tilde.s", "-c", "regs"], ["replay", "~/t.md"],
    ] {
      #expect(try ringside(arguments).stderr == "", "\(arguments)")
    }
  }

  @Test func ofManyProgramsTheNearestAreNamed() throws {
    for number in 1...400 { try folder.write("", to: "a-\(number)-student.s") }
    for command in ["load zzz.s", "load", "vm new b zzz.s"] {
      let result = try ringside(["--plain", "p.s", "-c", "load --guest p.s", "-c", command])
      #expect(result.stderr.split(separator: "\n").count <= 3, "\(result.stderr)")
      #expect(result.stderr.contains(" more"))
    }
  }

  // MARK: Strange ones

  /// The first fetch faults, wherever the program is put.
  @Test func anEntryThatIsNoMultipleOfFourCrashesNobodyElse() throws {
    try folder.write(".entry 0x1001\n nop\n", to: "odd.s")
    #expect(try ringside(["asm", "odd.s", "-o", "odd.image"]).status == .exited(0))
    for file in ["odd.s", "odd.image"] {
      for mode in [[], ["--guest"], ["--guest", "--profile", "classic"]] {
        let result = try ringside(["run", file] + mode)
        #expect(result.status == .exited(1))
        #expect(result.stderr.contains("triple fault: trap 6 misaligned"), "\(result.stderr)")
      }
    }
    let lines = [
      "load --guest odd.s", "step", "why", "trap", "back", "cost", "compare", "regs", "vcpu",
      "walk pc", "reset",
      "continue", "load --guest p.s", "vm new b odd.image", "vm start b", "continue", "vm list",
      "load odd.s", "step",
      "compare",
    ]
    let result = try ringside(["--plain"], input: lines.joined(separator: "\n") + "\nprint 7\n")
    #expect(result.status == .exited(0) && result.stdout.hasSuffix("$1 = 7\n"), "\(result)")
  }

  @Test func aliasesInALessonAreRefusedAtOnce() throws {
    var front = "---\nid: 20-strange\ntitle: 'Strange'\na0: &a0 {x: 1, y: 2}\n"
    for number in 1..<40 {
      front += "a\(number): &a\(number) {p: *a\(number - 1), q: *a\(number - 1)}\n"
    }
    try folder.write(front + "? *a39\n: 1\n---\n\n# Strange\n", to: "l/20-strange/lesson.md")
    let list = try ringside(["lessons", "--lessons", "l"])
    #expect(list.status == .exited(0))
    let check = try ringside(["lessons", "check", "l"])
    #expect(
      check.stdout.contains("lesson.md:4:5: error: the front matter is not taken: there are no"),
      "\(check.stdout)")
  }
}
