import Laboratory
import SourceText

/// Runs a transcript's commands again and compares what comes with what is written.
///
/// It goes command by command, so that a caller can pause at the prose, show what it likes, and run other
/// lines in between. The runner must be a fresh one, made as the front matter says.
///
///     var replayer = Replayer(transcript)
///     while let step = replayer.next(on: runner) { … }
public struct Replayer {
  /// What happened, in the order of the document.
  public enum Step: Hashable, Sendable {
    /// A stretch of prose, line by line.
    case prose([String])
    /// A command was run and everything was as written.
    case command(String, output: String)
    /// The first difference; nothing comes after it.
    case diverged(Divergence)
  }

  /// The number of the block that comes or is being run, from 1.
  public var blockNumber: Int { min(block + 1, max(1, transcript.blocks.count)) }
  /// How many commands were run.
  public private(set) var commandCount = 0

  private let transcript: Transcript
  private var part = 0
  private var block = 0
  private var command = 0
  private var isOver = false

  public init(_ transcript: Transcript) {
    self.transcript = transcript
  }

  /// Shows the next stretch of prose or runs the next command; nil at the end and after a difference.
  public mutating func next(on runner: any LineRunner) -> Step? {
    while !isOver, part < transcript.parts.count {
      switch transcript.parts[part] {
      case .prose(let lines):
        part += 1
        return .prose(lines)
      case .block(let current):
        if command < current.commands.count { return run(current, on: runner) }
        part += 1
        block += 1
        command = 0
      }
    }
    guard !isOver else { return nil }
    isOver = true
    return finalDifference(on: runner).map { .diverged($0) }
  }

  /// Runs everything that is left.
  ///
  /// - Returns: the first difference, or nil if all was as written.
  public mutating func run(on runner: any LineRunner) -> Divergence? {
    while let step = next(on: runner) {
      if case .diverged(let divergence) = step { return divergence }
    }
    return nil
  }

  private mutating func run(_ current: TranscriptBlock, on runner: any LineRunner) -> Step {
    let item = current.commands[command]
    command += 1
    commandCount += 1
    let outcome = runner.run(line: item.text)
    let actual = TranscriptCommand.lines(of: outcome.output)
    let expected = item.expected
    var difference: Divergence.Kind?
    if !expected.matches(actual) {
      difference = .output(
        DiffLine.lines(expected: expected, firstLine: item.line + 1, actual: actual))
    } else if command == current.commands.count, let state = current.state {
      let now = runner.stateDigest()
      if state != now { difference = .state(expected: state, actual: now) }
    }
    guard let difference else { return .command(item.text, output: outcome.output) }
    isOver = true
    return .diverged(
      Divergence(
        block: block + 1, commandNumber: commandCount, command: item.text, commandLine: item.line,
        kind: difference))
  }

  private func finalDifference(on runner: any LineRunner) -> Divergence? {
    guard let final = transcript.frontMatter.final else { return nil }
    let now = runner.stateDigest()
    guard final != now else { return nil }
    let last = transcript.blocks.last?.commands.last
    return Divergence(
      block: transcript.blocks.count, commandNumber: commandCount, command: last?.text ?? "",
      commandLine: last?.line ?? 1, kind: .final(expected: final, actual: now))
  }
}
