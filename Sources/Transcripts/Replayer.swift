import Laboratory
import SourceText

/// A machine that can say in its own terms where it stands: at which instruction, in which ring, after
/// which trap.
public protocol MachineTeller: LineRunner {
  /// Short lines, each a phrase.
  func whereItStands() -> [String]
}

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
    /// The first difference; nothing comes after it, unless the replay goes on past differences.
    case diverged(Divergence)
  }

  /// What holds a replay in bounds.
  public struct Limits {
    /// Bytes of output, all commands together.
    public var output: Int
    /// Asked after each command: why it must end here, or nil.
    public var isExhausted: () -> String?

    public init(output: Int = .max, isExhausted: @escaping () -> String? = { nil }) {
      self.output = output
      self.isExhausted = isExhausted
    }
  }

  /// The number of the block that comes or is being run, from 1.
  public var blockNumber: Int { min(block + 1, max(1, transcript.blocks.count)) }
  /// How many commands were run.
  public private(set) var commandCount = 0

  private let transcript: Transcript
  private let isStrict: Bool
  private let limits: Limits
  private let goesOn: Bool
  private var check = CommandCheck()
  private var part = 0
  private var block = 0
  private var command = 0
  private var isOver = false

  /// - Parameters:
  ///   - isStrict: places that are left open count as differences.
  ///   - goesOn: only a limit ends it; every other difference is told, and the commands after it are run.
  public init(
    _ transcript: Transcript, isStrict: Bool = false, limits: Limits = Limits(),
    goesOn: Bool = false
  ) {
    self.transcript = transcript
    self.isStrict = isStrict
    self.limits = limits
    self.goesOn = goesOn
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

  /// A command that was run.
  public struct Ran: Hashable, Sendable {
    public let line: String
    public let succeeded: Bool
    /// It comes from a pause of the recording, and is not to be shown.
    public let isUnseen: Bool
  }

  /// The command that was run last.
  public private(set) var last: Ran?

  private mutating func run(_ current: TranscriptBlock, on runner: any LineRunner) -> Step {
    let item = current.commands[command]
    command += 1
    commandCount += 1
    let result = check.run(item, on: runner)
    last = Ran(
      line: result.line, succeeded: result.outcome.succeeded, isUnseen: current.isUnseen)
    let isLast = command == current.commands.count
    var difference: Divergence.Kind?
    // The digest is dear: it is worked out where it is compared, and once.
    var state: Divergence.State?
    if let reason = limits.isExhausted() {
      difference = .limit(reason)
    } else if check.outputSize > limits.output {
      difference = .limit("more output than \(limits.output) bytes")
    } else if isStrict, !isRecorded(current), let open = item.firstWildcard {
      difference = .open(line: open.line, text: open.text)
    } else if !result.fits || result.outcome.succeeded == item.fails {
      if isLast, let expected = current.state {
        state = Divergence.State(expected: expected, actual: runner.stateDigest())
      }
      difference =
        result.fits
        ? .status(succeeded: result.outcome.succeeded, output: result.lines)
        : .output(DiffLine.lines(of: item, expected: result.pattern, actual: result.lines))
    } else if isLast, let expected = current.state {
      let now = runner.stateDigest()
      if expected != now { difference = .state(expected: expected, actual: now) }
    }
    guard let difference else { return .command(result.line, output: result.outcome.output) }
    if case .limit = difference { isOver = true } else { isOver = !goesOn }
    return .diverged(
      Divergence(
        block: block + 1, commandNumber: commandCount, command: result.line,
        commandLine: item.line, kind: difference, state: state,
        moment: (runner as? any MachineTeller)?.whereItStands() ?? []))
  }

  /// The recorder itself leaves open what was done in a pause.
  private func isRecorded(_ block: TranscriptBlock) -> Bool {
    block.isUnseen && block.seal != nil && !transcript.sealBroken(atBlock: self.block + 1)
  }

  private func finalDifference(on runner: any LineRunner) -> Divergence? {
    guard let final = transcript.frontMatter.final else { return nil }
    let now = runner.stateDigest()
    guard final != now else { return nil }
    let last = transcript.blocks.last?.commands.last
    return Divergence(
      block: transcript.blocks.count, commandNumber: commandCount, command: last?.text ?? "",
      commandLine: last?.line ?? 1, kind: .final(expected: final, actual: now), state: nil,
      moment: (runner as? any MachineTeller)?.whereItStands() ?? [])
  }
}
