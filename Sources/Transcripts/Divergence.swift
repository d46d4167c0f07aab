import SourceText

/// The first place where a replay was not as written.
public struct Divergence: Error, Hashable, Sendable {
  /// In what it differs.
  public enum Kind: Hashable, Sendable {
    /// The output; all of the command's lines, the differing ones marked.
    case output([DiffLine])
    /// It went well and should have failed, or the other way round.
    case status(succeeded: Bool, output: [String])
    /// Nothing that was seen, but the digest of the machine's state after the block.
    case state(expected: String, actual: String)
    /// The digest of the state at the end, which the front matter has.
    case final(expected: String, actual: String)
    /// A line that leaves something open, where that is not wanted.
    case open(line: Int, text: String)
    /// It may not go on: too long, too many instructions, too much output.
    case limit(String)
  }

  /// Digests of the machine's state.
  public struct State: Hashable, Sendable {
    public let expected: String
    public let actual: String
  }

  /// The number of the block, from 1; 0 if the transcript has none.
  public let block: Int
  /// The number of the command among all of the transcript, from 1.
  public let commandNumber: Int
  /// The command without the prompt.
  public let command: String
  /// The command's line in the transcript, from 1.
  public let commandLine: Int
  public let kind: Kind
  /// Where the output differs: whether the machine's state does, if that is known.
  public let state: State?
  /// Where the machine stood after the command, in its own terms.
  public let moment: [String]

  /// The transcript's line to look at, from 1: the first that differs, or the command's.
  public var line: Int {
    if case .open(let line, _) = kind { return line }
    guard case .output(let lines) = kind else { return commandLine }
    var last = commandLine
    for diff in lines {
      if diff.side != .both { return diff.line ?? last }
      last = diff.line ?? last
    }
    return commandLine
  }

  /// What differs, in one line.
  public var summary: String {
    switch kind {
    case .output(let lines):
      let differing = lines.drop { $0.side == .both }.prefix(2)
      if differing.map(\.side) == [.expected, .actual],
        Set(differing.map(\.trimmedEnd)).count == 1
      {
        return "only blanks at the line's end differ"
      }
      if let word = DiffWord(lines) { return word.text }
      let first = differing.first
      let content = first?.content ?? ""
      return first?.side == .actual
        ? "came and is not written: \(content)" : "did not come: \(content)"
    case .status(let succeeded, _):
      return succeeded
        ? "it went well, but \(TranscriptCommand.failureMark) is written"
        : "it failed, but \(TranscriptCommand.failureMark) is not written"
    case .state: return "the output is the same, but the machine's state after this block is not"
    case .final: return "every command went as written, but the final state is another"
    case .open(_, let text): return "'\(text)' leaves output open, which --strict does not allow"
    case .limit(let reason): return "stopped: \(reason)"
    }
  }

  /// The summary only repeats the first line that differs.
  private var isSummaryALine: Bool {
    guard case .output(let lines) = kind, let first = lines.first(where: { $0.side != .both })
    else { return false }
    return summary.hasSuffix(": \(first.content)")
  }

  /// The summary, and where the command failed or did not: what it said.
  public var summaryWithReason: String {
    guard case .status(_, let output) = kind, let first = output.first else { return summary }
    return "\(summary): \(first)"
  }

  /// The report: where, the command, the machine, and the difference around its first line.
  ///
  ///     work.md:42: block 3, command 7: step
  ///       at step 551, pc 00001304, ring 1 of alpha
  ///       the machine's state differs too
  ///       r2 is 00000006, written is 00000005
  ///        41   r1 = 00000001
  ///        42 - r2 = 00000005
  ///           + r2 = 00000006
  ///     (- is written in the transcript, + came now)
  ///
  /// - Parameters:
  ///   - file: the transcript's name as the user gave it.
  ///   - context: how many lines that are alike are shown before the first difference.
  ///   - limit: how many differing lines are shown.
  public func report(file: String, context: Int = 3, limit: Int = 20) -> String {
    let command = command.isEmpty ? "(Enter alone)" : command
    var text = "\(file):\(line): block \(block), command \(commandNumber): \(command)\n"
    text += moment.map { "  \($0)\n" }.joined()
    if let state {
      text +=
        state.expected == state.actual
        ? "  the machine's state is as it was: only the words differ\n"
        : "  the machine's state differs too\n"
    }
    if !isSummaryALine { text += "  \(summary)\n" }
    switch kind {
    case .output(let lines):
      let first = lines.firstIndex { $0.side != .both } ?? 0
      let from = max(0, first - context)
      let shown = lines[from...].prefix(first - from + limit)
      text += shown.map { $0.text + "\n" }.joined()
      let left = lines.count - from - shown.count
      if left > 0 { text += "       … \(left) more lines\n" }
      text += "(- is written in the transcript, + came now)\n"
    case .status(_, let output):
      text += output.prefix(limit).map { "         \($0)\n" }.joined()
    case .state(let expected, let actual):
      text += "       - state \(expected)\n       + state \(actual)\n"
    case .final(let expected, let actual):
      text += "       - final \(expected)\n       + final \(actual)\n"
    case .open, .limit: break
    }
    return text
  }
}
