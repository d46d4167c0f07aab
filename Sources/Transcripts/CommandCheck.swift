import Laboratory
import SourceText

/// Runs the commands of a transcript one after the other; knows what was captured on the way.
struct CommandCheck: Hashable, Sendable {
  private(set) var captures = Captures()
  /// Bytes of output so far.
  private(set) var outputSize = 0

  /// What came of a command.
  struct Result {
    /// The line that was run, with what it names put in.
    var line: String
    var outcome: LineOutcome
    var lines: [String]
    var pattern: OutputPattern
    var fits: Bool
  }

  /// Keeps what is captured in a command's output as it was written anew.
  mutating func take(_ command: TranscriptCommand, _ actual: [String]) {
    let pattern = command.expected(captures)
    if pattern.matches(actual) { captures.take(command.plainOutput, pattern, actual) }
  }

  mutating func run(_ command: TranscriptCommand, on runner: any LineRunner) -> Result {
    let line = captures.resolved(command.text)
    let outcome = runner.run(line: line)
    outputSize += outcome.output.utf8.count
    let lines = TranscriptCommand.lines(of: outcome.output)
    let pattern = command.expected(captures)
    let fits = pattern.matches(lines)
    if fits { captures.take(command.plainOutput, pattern, lines) }
    return Result(line: line, outcome: outcome, lines: lines, pattern: pattern, fits: fits)
  }
}
