import Foundation
import Testing

/// `.ci/run`, with stand-ins for what it calls: its last line counts, however the tests ended.
struct CheckScriptTests {
  /// Runs the script where `make test` prints `output` and ends with `status`.
  static func lastLine(
    tests output: String, status: Int = 0, lint: Int = 0, ringside: String = "exit 0"
  ) async throws -> (line: String, isSuccess: Bool) {
    var result = (line: "", isSuccess: false)
    try await withTemporaryFolder { folder in
      let script = folder.appendingPathComponent(".ci/run")
      try write(Repository.text(of: ".ci/run"), to: script, executable: true)
      try write("", to: folder.appendingPathComponent("transcripts/first.md"))
      try write(output, to: folder.appendingPathComponent("output"))
      let tools = folder.appendingPathComponent("tools")
      try write(
        """
        #!/bin/sh
        case $1 in
          lint) exit \(lint) ;;
          test) cat output; exit \(status) ;;
        esac
        """, to: tools.appendingPathComponent("make"), executable: true)
      try write(
        "#!/bin/sh\necho '\(tools.path)'\n", to: tools.appendingPathComponent("swift"),
        executable: true)
      try write(
        "#!/bin/sh\n\(ringside)\n", to: tools.appendingPathComponent("ringside"), executable: true)
      let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
      let run = try await outcome(
        of: "bash", [".ci/run"], in: folder, environment: ["PATH": "\(tools.path):\(path)"])
      result.line = String(run.output.split(separator: "\n").last ?? "")
      result.isSuccess = run.isSuccess
    }
    return result
  }

  @Test func whereAllIsWellItCountsTestsLayoutLessonsAndTranscripts() async throws {
    let run = try await Self.lastLine(
      tests: "✔ Test a() passed after 0.1 seconds.\n"
        + "✔ Test run with 41 tests in 4 suites passed after 1.2 seconds.\n")
    #expect(run.line == "44 passed, 0 failed")
    #expect(run.isSuccess)
  }

  @Test func failedTestsAreCountedAndSuitesAreNot() async throws {
    let run = try await Self.lastLine(
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

  @Test func aRunThatEndedWithoutAWordIsAFailure() async throws {
    let run = try await Self.lastLine(tests: "error: cannot find 'x' in scope\n", status: 1)
    #expect(run.line == "3 passed, 1 failed")
    #expect(!run.isSuccess)
  }

  @Test func badLayoutLessonsAndTranscriptsFailToo() async throws {
    let tests = "✔ Test run with 1 test in 1 suite passed after 1.2 seconds.\n"
    let layout = try await Self.lastLine(tests: tests, lint: 1)
    #expect(layout.line == "3 passed, 1 failed")
    #expect(!layout.isSuccess)
    let documents = try await Self.lastLine(tests: tests, ringside: "exit 1")
    #expect(documents.line == "2 passed, 2 failed")
    #expect(!documents.isSuccess)
  }

  @Test func itCallsMakeTestAndMayBeRun() throws {
    #expect(try Repository.text(of: ".ci/run").contains("make test"))
    #expect(
      FileManager.default.isExecutableFile(
        atPath: Repository.root.appendingPathComponent(".ci/run").path))
  }
}
