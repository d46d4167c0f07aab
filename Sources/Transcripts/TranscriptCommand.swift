import SourceText

/// A command of a block with the output that belongs to it.
public struct TranscriptCommand: Hashable, Sendable {
  /// What begins a command's line.
  public static let prompt = "(ringside)"
  /// What stands below the output of a command that was refused or failed.
  public static let failureMark = "(exit 1)"

  /// The command's line in the file, from 1; 0 if it comes from no file.
  public internal(set) var line: Int
  /// The line as written, with the prompt.
  var source: String
  /// The lines of output as written in the document, the mark of a failure with them.
  var outputSource: [String]

  /// A command as it was run, `output` being plain text; what looks like a prompt, a mark or a wildcard is
  /// escaped.
  public init(_ command: String, output: String, succeeded: Bool = true) {
    line = 0
    // A newline would end the command in the file; nothing that was typed on one line has one.
    let flat = String(
      decoding: command.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 },
      as: UTF8.self)
    source = flat.isEmpty ? Self.prompt : "\(Self.prompt) \(flat)"
    outputSource = Self.lines(of: output).map(Self.escaped) + (succeeded ? [] : [Self.failureMark])
  }

  init(line: Int, source: String, outputSource: [String] = []) {
    self.line = line
    self.source = source
    self.outputSource = outputSource
  }

  /// The command without the prompt; empty if only Enter was pressed.
  public var text: String {
    String(decoding: source.utf8.dropFirst(Self.prompt.utf8.count + 1), as: UTF8.self)
  }

  /// Whether the command is to be refused or to fail.
  public var fails: Bool { outputSource.last == Self.failureMark }

  /// The lines of output as written, without the mark of a failure.
  public var writtenOutput: [String] { fails ? outputSource.dropLast() : outputSource }

  /// The output that is expected where nothing was captured before.
  public var expected: OutputPattern { expected(Captures()) }

  func expected(_ captures: Captures) -> OutputPattern { captures.pattern(plainOutput) }

  /// The output as people are to see it: escapes taken away, wildcards as they are written.
  public var shownOutput: [String] {
    plainOutput.map { line in
      // Only what has signs of its own needs to be read as a pattern.
      guard line.utf8.contains(UInt8(ascii: "\\")) else { return line }
      let pattern = Captures().pattern([line])
      return pattern.openCount(ofLine: 0) == 0 ? pattern.exactLine(0) ?? line : line
    }
  }

  /// Lines of output without the backslash before what looks like a prompt or a mark.
  var plainOutput: [String] {
    writtenOutput.map { Self.looksSpecial($0) ? String($0.dropFirst()) : $0 }
  }

  var allLines: [String] { [source] + outputSource }

  /// The first place that is left open, with its line in the file: `...`, `[..]` or a capture.
  var firstWildcard: (line: Int, text: String)? {
    for (offset, text) in outputSource.enumerated() {
      let pattern = expected
      guard offset < pattern.source.count else { break }
      let isOpen = pattern.openCount(ofLine: offset) != 0 || !CaptureSyntax.names(in: text).isEmpty
      if isOpen { return (line + 1 + offset, text) }
    }
    return nil
  }

  /// Plain text in lines, each without its newline.
  static func lines(of output: String) -> [String] {
    var lines = output.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// Whether a line of a block is a command.
  static func isCommand(_ line: String) -> Bool {
    line.utf8.starts(with: prompt.utf8)
      && [nil, UInt8(ascii: " ")].contains(line.utf8.dropFirst(prompt.utf8.count).first)
  }

  /// Whether a line is an escaped prompt or mark: backslashes, then what would be one.
  static func looksSpecial(_ line: String) -> Bool {
    guard line.utf8.first == UInt8(ascii: "\\") else { return false }
    return isSpecial(
      String(decoding: line.utf8.drop { $0 == UInt8(ascii: "\\") }, as: UTF8.self))
  }

  private static func isSpecial(_ line: String) -> Bool {
    isCommand(line) || line.utf8.elementsEqual(failureMark.utf8)
  }

  static func escaped(_ line: String) -> String {
    let pattern = CaptureSyntax.escaped(OutputPattern.escaped(line))
    return isSpecial(pattern) || looksSpecial(pattern) ? "\\" + pattern : pattern
  }
}
