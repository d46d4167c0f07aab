/// A text in Markdown, read as CommonMark has it, with the tables and bare addresses of the forges.
///
/// Raw HTML is text like any other, but for comments, which are nothing. There are no link references.
public struct Markdown: Hashable, Sendable {
  public var blocks: [Block]

  public init(_ text: String) {
    self.init(
      lines: text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(
        String.init))
  }

  public init(lines: [String]) { blocks = MarkdownBlocks.blocks(lines, depth: 0) }

  public struct Block: Hashable, Sendable {
    public var content: Content
    /// A blank line stands before it.
    public var isSetOff: Bool
  }

  public indirect enum Content: Hashable, Sendable {
    /// The level is 1 to 6.
    case heading(level: Int, [Inline])
    case paragraph([Inline])
    /// Lines that stay as they are.
    case code([String])
    case quote([Block])
    case list(List)
    case table(Table)
    /// A line between parts.
    case rule
  }

  public struct List: Hashable, Sendable {
    /// The number of its first item; nil if its items have none.
    public var start: Int?
    /// No blank line stands between its items and inside them.
    public var isTight: Bool
    public var items: [[Block]]
  }

  public struct Table: Hashable, Sendable {
    public var header: [[Inline]]
    /// For each column, whether its cells stand on the right.
    public var isRight: [Bool]
    /// Each has as many cells as the header.
    public var rows: [[[Inline]]]
  }

  public indirect enum Inline: Hashable, Sendable {
    case text(String)
    case code(String)
    case emphasis([Inline])
    case strong([Inline])
    /// What stands in place of an image is a link too.
    case link([Inline], target: String)
    /// A line ends here.
    case lineBreak
  }

  /// So deep things may stand in one another; what is deeper is text.
  static let depthLimit = 16

  /// One piece of text without blocks.
  public static func inlines(_ text: String) -> [Inline] {
    var parser = MarkdownInlines(text)
    return parser.parse()
  }

  /// Where a link leads, and the column, from 1, of the `[` or `<` that it begins with.
  public struct Link: Hashable, Sendable {
    public var target: String
    public var column: Int
  }

  /// The links of a line, those that lead nowhere (`[a]()`) too.
  public static func links(in line: String) -> [Link] {
    var parser = MarkdownInlines(line)
    _ = parser.parse()
    return parser.links
  }

  /// Level and words of a heading.
  public static func heading(_ line: String) -> (level: Int, title: String)? {
    let level = line.utf8.prefix { $0 == UInt8(ascii: "#") }.count
    guard (1...6).contains(level) else { return nil }
    let rest = line.dropFirst(level)
    guard rest.isEmpty || rest.first == " " else { return nil }
    var words = rest.drop { $0 == " " }
    while words.last == " " { words.removeLast() }
    // Signs at its end close it, unless they are part of a word.
    let end = words.reversed().drop { $0 == "#" }
    if end.isEmpty || end.first == " " { words = words.prefix(end.count) }
    while words.last == " " { words.removeLast() }
    return (level, String(words))
  }
}

extension [Markdown.Inline] {
  /// The words alone.
  public var plain: String {
    map { inline in
      switch inline {
      case .text(let text), .code(let text): text
      case .emphasis(let inner), .strong(let inner), .link(let inner, _): inner.plain
      case .lineBreak: " "
      }
    }.joined()
  }
}
