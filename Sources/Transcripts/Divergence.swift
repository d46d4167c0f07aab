import SourceText

/// The first place where a replay was not as written.
public struct Divergence: Error, Hashable, Sendable {
  /// In what it differs.
  public enum Kind: Hashable, Sendable {
    /// The output; all of the command's lines, the differing ones marked.
    case output([DiffLine])
    /// Nothing that was seen, but the digest of the machine's state after the block.
    case state(expected: String, actual: String)
    /// The digest of the state at the end, which the front matter has.
    case final(expected: String, actual: String)
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

  /// The transcript's line to look at, from 1: the first that differs, or the command's.
  public var line: Int {
    guard case .output(let lines) = kind else { return commandLine }
    var last = commandLine
    for diff in lines {
      if diff.side != .both { return diff.line ?? last }
      last = diff.line ?? last
    }
    return commandLine
  }

  /// The report: where, the command, and the difference around its first line.
  ///
  ///     work.md:42: block 3, command 7: step
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
    switch kind {
    case .output(let lines):
      let first = lines.firstIndex { $0.side != .both } ?? 0
      let from = max(0, first - context)
      let shown = lines[from...].prefix(first - from + limit)
      text += shown.map { $0.text + "\n" }.joined()
      let left = lines.count - from - shown.count
      if left > 0 { text += "       … \(left) more lines\n" }
      text += "(- is written in the transcript, + came now)\n"
    case .state(let expected, let actual):
      text += "the output is the same, but the machine's state after this block is not\n"
      text += "       - state \(expected)\n       + state \(actual)\n"
    case .final(let expected, let actual):
      text += "every command went as written, but the final state is another\n"
      text += "       - final \(expected)\n       + final \(actual)\n"
    }
    return text
  }
}

/// A line of the difference between written and actual output.
public struct DiffLine: Hashable, Sendable {
  public enum Side: Hashable, Sendable {
    case both
    case expected
    case actual
  }

  public let side: Side
  /// The line in the transcript, from 1; nil for one that is not written there.
  public let line: Int?
  /// The line as written, or as it came, without marks.
  public let content: String

  /// The line with its number and sign.
  public var text: String {
    let sign =
      switch side {
      case .both: " "
      case .expected: "-"
      case .actual: "+"
      }
    let number = line.map(String.init) ?? ""
    let padding = String(repeating: " ", count: max(0, 6 - number.count))
    return "\(padding)\(number) \(sign) \(content)"
  }

  /// The whole difference; `firstLine` is where the written output begins in the transcript.
  static func lines(expected: OutputPattern, firstLine: Int, actual: [String]) -> [DiffLine] {
    func written(_ index: Int, _ side: Side) -> DiffLine {
      DiffLine(side: side, line: firstLine + index, content: expected.source[index])
    }
    func came(_ index: Int) -> DiffLine {
      DiffLine(side: .actual, line: nil, content: actual[index])
    }
    return expected.aligned(with: actual).steps.flatMap { step in
      switch step {
      case .same(let index, _), .open(let index, _): [written(index, .both)]
      case .changed(let index, let other): [written(index, .expected), came(other)]
      case .missing(let index): [written(index, .expected)]
      case .extra(let index): [came(index)]
      }
    }
  }
}
