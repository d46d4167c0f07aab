import Foundation
import TestSupport
import Testing

@testable import Shell

/// `ringside replay` at the command line.
struct ReplayCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func ringside(_ arguments: [String], environment: [String: String] = [:]) throws -> ProcessResult
  {
    try runProcess(
      builtExecutable("ringside"), arguments,
      environment: childEnvironment(
        ["RINGSIDE_LESSONS": shippedLessons, "XDG_STATE_HOME": folder.path].merging(environment) {
          $1
        }))
  }

  /// A sealed recording of a few commands.
  func recorded(_ name: String = "work.md", _ lines: [String] = ["step", "print 1 + 1"]) throws
    -> String
  {
    let file = folder.path(of: name)
    let commands = (["load two-modes.s"] + lines).flatMap { ["-c", $0] }
    let result = try ringside(["--record", file] + commands)
    #expect(result.status == .exited(0), "\(result.stderr)")
    return file
  }

  @Test func manyFilesAreRunAndToldInTheirOrder() throws {
    let files = try (1...5).map { try recorded("\($0).md") }
    let result = try ringside(["replay"] + files)
    #expect(result.stdout == files.map { "\($0): 3 commands, all as written\n" }.joined())
    let one = try ringside(["replay", "--jobs", "1"] + files)
    #expect(one.stdout == result.stdout)
  }

  @Test func theMachineIsToldBeforeTheText() throws {
    let file = try recorded()
    try folder.write(try folder.read("work.md").replacing("$1 = 2", with: "$1 = 3"), to: "work.md")
    let result = try ringside(["replay", file])
    #expect(result.status == .exited(1))
    let lines = result.stdout.split(separator: "\n").map(String.init)
    #expect(lines[0].hasSuffix("block 3, command 3: print 1 + 1"))
    #expect(lines[1].hasPrefix("  at step 1, pc 00001004 boot+4, ring 0"), "\(lines[1])")
    #expect(lines[2] == "  no trap was taken")
    #expect(lines[3] == "  the machine's state is as it was: only the words differ")
    #expect(lines[4] == "  2 came, 3 is written")
  }

  @Test func aHeaderThatDoesNotFitIsToldFirst() throws {
    let file = try recorded()
    let text = try folder.read("work.md")
    try folder.write(
      text.replacing(#/two-modes.s: \w+/#, with: "two-modes.s: 00").replacing(
        "recorder: \"ringside 0.1\"", with: "recorder: \"ringside 9.9\""), to: "work.md")
    let other = try ringside(["replay", file])
    #expect(other.stderr.contains("two-modes.s is not the program that was recorded"))
    #expect(other.stderr.contains("recorded with ringside 9.9; this is ringside 0.1"))
    try folder.write(text.replacing("profile: strict", with: "profile: lax"), to: "work.md")
    let wrong = try ringside(["replay", file])
    #expect(wrong.status == .exited(2))
    #expect(wrong.stderr.contains("work.md:5:12: machine: "))
    try folder.write(text.replacing("ringside: 1\n", with: "ringside: 2\n"), to: "work.md")
    #expect(
      try ringside(["replay", file]).stderr.contains(
        "work.md:2:11: this is a transcript of version 2; version 1 can be read"))
  }

  @Test func strictnessCountsEdits() throws {
    let file = try recorded()
    try folder.write(
      try folder.read("work.md").replacing("$1 = 2", with: "$1 = [..]"), to: "work.md")
    #expect(try ringside(["replay", file]).status == .exited(0))
    let strict = try ringside(["replay", "--strict", file])
    #expect(strict.status == .exited(1))
    #expect(strict.stdout.contains("leaves output open"))
  }

  @Test func nothingIsWrittenAnewInCI() throws {
    let file = try recorded()
    let result = try ringside(["replay", "--update", file], environment: ["CI": "true"])
    #expect(result.status == .exited(2))
    #expect(result.stderr.contains("with CI set a difference has to show"))
  }

  @Test func budgetsEndWhatNeverEnds() throws {
    try folder.write("spin:   j spin\n", to: "spin.s")
    try folder.write(
      "```console\n(ringside) load spin.s\n...\n(ringside) continue\n...\n```\n", to: "a.md")
    let file = folder.path(of: "a.md")
    let steps = try ringside(["replay", "--instructions", "1000000", file])
    #expect(steps.status == .exited(1))
    #expect(steps.stdout.contains("stopped: it ran more than 1000000 instructions"))
    let time = try ringside(["replay", "--time", "0.2", file])
    #expect(time.stdout.contains("stopped: it took more than 0.2 seconds"))
  }

  @Test func reportsAreReadByPrograms() throws {
    let good = try recorded("good.md")
    let bad = try recorded("bad.md")
    try folder.write(try folder.read("bad.md").replacing("$1 = 2", with: "$1 = <3>"), to: "bad.md")
    let json = try ringside(["replay", "--format", "json", good, bad, "nosuch.md"])
    #expect(json.status == .exited(2))
    let list = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [[String: Any]]
    #expect(list?.map { $0["status"] as? String } == ["same", "differs", "unreadable"])
    #expect(list?[1]["block"] as? Int == 3)
    let junit = try ringside(["replay", "--format", "junit", good, bad])
    #expect(junit.status == .exited(1))
    let parser = XMLCounter(junit.stdout)
    #expect(parser.names == ["testcase": 2, "failure": 1, "testsuite": 1])
  }

  @Test func mistakesAreRecordedWithTheirStatus() throws {
    let file = folder.path(of: "m.md")
    _ = try runProcess(
      builtExecutable("ringside"), [], input: "record \(file)\nstpe\nprint 1\nrecord stop\n",
      environment: childEnvironment(["RINGSIDE_LESSONS": shippedLessons]))
    let text = try folder.read("m.md")
    #expect(text.contains("(ringside) stpe\n"))
    #expect(text.contains("\n(exit 1)\n```"))
    #expect(try ringside(["replay", "--strict", file]).status == .exited(0))
  }
}

/// Counts the elements of an XML document by reading its tags.
struct XMLCounter {
  var names: [String: Int] = [:]

  init(_ text: String) {
    for match in text.matches(of: #/<([a-z]+)[ >\/]/#) { names[String(match.1), default: 0] += 1 }
  }
}
