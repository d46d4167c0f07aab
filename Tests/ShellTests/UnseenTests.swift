import Foundation
import TestSupport
import Testing

@testable import Shell

/// What was done while a recording was paused: it is run, and nobody sees it.
struct UnseenTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func ringside(_ arguments: [String] = [], input: String = "") throws -> ProcessResult {
    try CommandLineTests.ringside(arguments, input: input, state: folder.path)
  }

  func recorded() throws -> String {
    let file = folder.path(of: "a.md")
    _ = try ringside(
      input: """
        load two-modes.s
        record \(file)
        step
        record pause
        set a0 = 99
        print 2 + 3
        record resume
        print a0 + $1
        record stop
        """)
    return file
  }

  @Test func aPauseIsReplayedAlsoStrictly() throws {
    let file = try recorded()
    let text = try folder.read("a.md")
    #expect(text.contains("```console unseen state="))
    let strict = try ringside(["replay", "--strict", file])
    #expect(strict.status == .exited(0), "\(strict.stdout)\(strict.stderr)")
    // Somebody's own "..." stays one, and so does a pause that was written in.
    try folder.write(text.replacing("set a0 = 99", with: "set a0 = 0x63"), to: "a.md")
    #expect(try ringside(["replay", "--strict", file]).status == .exited(1))
    try folder.write(text.replacing("console unseen", with: "console"), to: "a.md")
    #expect(try ringside(["replay", file]).stderr.contains("was changed after it was recorded"))
  }

  @Test(arguments: ["html", "md", "lesson", "cast"])
  func noExportShowsIt(format: String) throws {
    let made = try ringside(["replay", try recorded(), "--export", format])
    #expect(made.status == .exited(0))
    #expect(made.stdout.contains("104"), "\(made.stdout)")
    #expect(!made.stdout.contains("2 + 3") && !made.stdout.contains("$1 = 5"))
    #expect(!made.stdout.contains("= 99"))
  }

  @Test func noPerformanceShowsIt() throws {
    let file = try recorded()
    let played = try ringside(["replay", file, "--play"], input: "\n\n\nb\n\nq\n")
    #expect(played.stdout.contains("$2 = 104"), "\(played.stdout)")
    #expect(!played.stdout.contains("$1 = 5") && !played.stdout.contains("set a0"))
    let back = try ringside(["replay", file, "--play", "--restart"], input: "\n\nb\nq\n")
    #expect(!back.stdout.contains("$1 = 5") && !back.stdout.contains("set a0"))
    let here = try ringside(input: "replay \(file)\n")
    #expect(here.stdout.contains("$2 = 104") && !here.stdout.contains("$1 = 5"))
  }
}
