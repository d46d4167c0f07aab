import SourceText

/// A recorded or written session: Markdown whose `console` fences are commands and their output.
///
///     ---
///     ringside: 1
///     ---
///
///     The kernel tries to switch interrupts off.
///
///     ```console
///     (ringside) step
///     trap 12: cli
///     ```
///
/// A line of such a fence that begins with the prompt `(ringside) ` is a command, the lines below it are its
/// output; `OutputPattern` says how places are left open. Everything else is prose. Front matter may be left out.
///
/// Every line is kept as it was written, so printing a parsed transcript gives its text byte for byte.
public struct Transcript: Hashable, Sendable {
  /// A piece of the document.
  public enum Part: Hashable, Sendable {
    /// Lines that nobody runs, fences of other kinds included.
    case prose([String])
    case block(TranscriptBlock)
  }

  /// What the document says about itself; empty if it has no front matter.
  public internal(set) var frontMatter: FrontMatter
  /// The lines of the front matter with both `---`, as written; empty without.
  var frontMatterLines: [String]
  public var parts: [Part]
  /// True if every line ends in CR LF, as after a visit to Windows.
  var endsLinesInCRLF = false
  /// True if the file begins with a byte-order mark, as some editors write it.
  var hasByteOrderMark = false
  /// False if the last line has no line end.
  var endsInNewline = true

  public init(frontMatter: FrontMatter, parts: [Part] = []) {
    self.frontMatter = frontMatter
    frontMatterLines = frontMatter.lines
    self.parts = parts
  }

  init(withoutFrontMatter parts: [Part]) {
    frontMatter = FrontMatter()
    frontMatterLines = []
    self.parts = parts
  }

  /// The blocks in order; a block's number, as people see it, is its index here plus 1.
  public var blocks: [TranscriptBlock] {
    parts.compactMap { if case .block(let block) = $0 { block } else { nil } }
  }

  /// Replaces the front matter, the lines included.
  public mutating func setFrontMatter(_ frontMatter: FrontMatter) {
    self.frontMatter = frontMatter
    frontMatterLines = frontMatter.lines
  }

  /// All lines as written.
  var lines: [String] {
    frontMatterLines
      + parts.flatMap { part in
        switch part {
        case .prose(let lines): lines
        case .block(let block): block.allLines
        }
      }
  }

  /// The text of the file.
  public var text: String {
    let end = endsLinesInCRLF ? "\r\n" : "\n"
    let lines = lines
    return (hasByteOrderMark ? "\u{FEFF}" : "") + lines.joined(separator: end)
      + (endsInNewline && !lines.isEmpty ? end : "")
  }
}

/// One `console` fence.
public struct TranscriptBlock: Hashable, Sendable {
  /// The line of the opening fence in the file, from 1; 0 if the block comes from no file.
  public internal(set) var line: Int
  /// The opening fence as written, such as "```console".
  var opening: String
  public internal(set) var commands: [TranscriptCommand]
  /// The closing fence as written.
  var closing: String
  /// The digest of the machine's state after the block, if it was recorded.
  public internal(set) var state: String?
  /// The block's link in the chain of seals, if it was recorded.
  public internal(set) var seal: String?

  /// What was done while the recording was paused: it is run but never shown.
  public internal(set) var isUnseen = false

  /// A block without seal that holds `commands`, its fence as long as they need.
  public init(commands: [TranscriptCommand]) {
    line = 0
    self.commands = commands
    let content = commands.flatMap { $0.allLines }
    closing = String(repeating: "`", count: Self.fenceLength(around: content))
    opening = closing + "console"
  }

  /// The lines between the fences.
  var content: [String] { commands.flatMap { $0.allLines } }
  var allLines: [String] { [opening] + content + [closing] }

  /// Sets the fences and what stands after the name anew.
  mutating func rewriteFences(state: String?, seal: String?) {
    self.state = state
    self.seal = seal
    closing = String(repeating: "`", count: Self.fenceLength(around: content))
    opening = closing + "console" + (isUnseen ? " unseen" : "")
    if let state { opening += " state=\(state)" }
    if let seal { opening += " sha256=\(seal)" }
  }

  /// Three backticks, or one more than the longest run of them that begins a line of `content`.
  private static func fenceLength(around content: [String]) -> Int {
    content.reduce(3) { length, line in
      let text = line.utf8.drop { $0 == UInt8(ascii: " ") }
      return max(length, text.prefix { $0 == UInt8(ascii: "`") }.count + 1)
    }
  }
}
