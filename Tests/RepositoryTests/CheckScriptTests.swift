import Foundation
import TestSupport
import Testing

/// `.ci/run`, with stand-ins for what it calls: its last line counts, however the tests ended.
struct CheckScriptTests {
  /// Runs the script where `make test` prints `output` and ends with `status`.
  static func lastLine(
    tests output: String, status: Int = 0, lint: Int = 0, ringside: String = "exit 0"
  ) throws -> (line: String, isSuccess: Bool) {
    let folder = try TemporaryFolder()
    try folder.write(Repository.text(of: ".ci/run"), to: ".ci/run")
    try folder.write("", to: "transcripts/first.md")
    try folder.write(output, to: "output")
    try folder.writeScript(
      """
      case $1 in
        lint) exit \(lint) ;;
        test) cat output; exit \(status) ;;
      esac
      """, to: "tools/make")
    let tools = folder.path(of: "tools")
    try folder.writeScript("echo '\(tools)'", to: "tools/swift")
    try folder.writeScript(ringside, to: "tools/ringside")
    let path = childEnvironment()["PATH"] ?? ""
    let run = try call(
      "bash", [".ci/run"], in: folder.path, environment: ["PATH": "\(tools):\(path)"])
    return (String(run.stdout.split(separator: "\n").last ?? ""), run.status == .exited(0))
  }

  @Test func whereAllIsWellItCountsTestsLayoutLessonsAndTranscripts() throws {
    let run = try Self.lastLine(
      tests: "✔ Test a() passed after 0.1 seconds.\n"
        + "✔ Test run with 41 tests in 4 suites passed after 1.2 seconds.\n")
    #expect(run.line == "44 passed, 0 failed")
    #expect(run.isSuccess)
  }

  @Test func failedTestsAreCountedAndSuitesAreNot() throws {
    let run = try Self.lastLine(
      tests: """
        ✘ Test a() recorded an issue at A.swift:1:2: Expectation failed
        ✘ Test a() failed after 0.1 seconds with 2 issues.
        ✘ Test "b c" failed after 0.1 seconds with 1 issue.
        ✘ Suite Tests failed after 0.1 seconds with 3 issues.
        ✘ Test run with 41 tests in 4 suites failed after 1.2 seconds with 3 issues.

        """, status: 2)
    #expect(run.line == "42 passed, 2 failed")
    #expect(!run.isSuccess)
  }

  @Test func aRunThatEndedWithoutAWordIsAFailure() throws {
    let run = try Self.lastLine(tests: "error: cannot find 'x' in scope\n", status: 1)
    #expect(run.line == "3 passed, 1 failed")
    #expect(!run.isSuccess)
  }

  @Test func badLayoutLessonsAndTranscriptsFailToo() throws {
    let tests = "✔ Test run with 1 test in 1 suite passed after 1.2 seconds.\n"
    let layout = try Self.lastLine(tests: tests, lint: 1)
    #expect(layout.line == "3 passed, 1 failed")
    #expect(!layout.isSuccess)
    let documents = try Self.lastLine(tests: tests, ringside: "exit 1")
    #expect(documents.line == "2 passed, 2 failed")
    #expect(!documents.isSuccess)
  }

  @Test func itCallsMakeTestAndMayBeRun() throws {
    #expect(try Repository.text(of: ".ci/run").contains("make test"))
    #expect(
      FileManager.default.isExecutableFile(
        atPath: Repository.path(of: ".ci/run")))
  }
}
