/// Reads lines of Markdown into blocks.
struct MarkdownBlocks {
  private let lines: [String]
  private let depth: Int
  private var at = 0
  private var blocks: [Markdown.Block] = []
  private var isSetOff = false

  static func blocks(_ lines: [String], depth: Int) -> [Markdown.Block] {
    var parser = MarkdownBlocks(lines: lines.map(Self.untabbed), depth: depth)
    while parser.at < parser.lines.count { parser.readBlock() }
    return parser.blocks
  }

  private init(lines: [String], depth: Int) {
    self.lines = lines
    self.depth = depth
  }

  private mutating func add(_ content: Markdown.Content) {
    blocks.append(.init(content: content, isSetOff: isSetOff))
    isSetOff = false
  }

  private mutating func readBlock() {
    let line = lines[at]
    if Self.isBlank(line) {
      isSetOff = true
      at += 1
    } else if Self.indent(line) >= 4 {
      readIndentedCode()
    } else if let fence = Fence(line) {
      readCode(fence)
    } else if let (level, words) = Markdown.heading(line) {
      add(.heading(level: level, Markdown.inlines(words)))
      at += 1
    } else if Self.isRule(line) {
      add(.rule)
      at += 1
    } else if depth < Markdown.depthLimit, Self.quoted(line) != nil {
      readQuote()
    } else if depth < Markdown.depthLimit, let marker = MarkdownItem(line) {
      readList(marker)
    } else if let table = MarkdownTableReader(lines, at: at) {
      add(.table(table.table))
      at = table.end
    } else {
      readParagraph()
    }
  }

  private mutating func readIndentedCode() {
    var code: [String] = []
    while at < lines.count, Self.isBlank(lines[at]) || Self.indent(lines[at]) >= 4 {
      code.append(String(lines[at].dropFirst(4)))
      at += 1
    }
    let blanks = code.reversed().prefix(while: Self.isBlank).count
    add(.code(code.dropLast(blanks)))
    isSetOff = blanks > 0
  }

  private mutating func readCode(_ fence: Fence) {
    at += 1
    var code: [String] = []
    while at < lines.count, !fence.isClosed(by: lines[at]) {
      code.append(String(lines[at].dropFirst(min(fence.indent, Self.indent(lines[at])))))
      at += 1
    }
    at += 1
    add(.code(code))
  }

  private mutating func readParagraph() {
    var words = [lines[at]]
    at += 1
    while at < lines.count, !Self.isBlank(lines[at]) {
      let line = lines[at]
      if let level = Self.underline(line) {
        at += 1
        return add(.heading(level: level, Markdown.inlines(Self.joined(words))))
      }
      if Self.interrupts(line) || MarkdownTableReader(lines, at: at) != nil { break }
      words.append(line)
      at += 1
    }
    add(.paragraph(Markdown.inlines(Self.joined(words))))
  }

  private mutating func readQuote() {
    var inner: [String] = []
    var state = OpenParagraph()
    while at < lines.count {
      if let line = Self.quoted(lines[at]) {
        inner.append(line)
      } else if state.isOpen, !Self.isBlank(lines[at]), !Self.interrupts(lines[at]),
        MarkdownItem(lines[at]) == nil
      {
        inner.append(lines[at])
      } else {
        break
      }
      state.take(inner[inner.count - 1])
      at += 1
    }
    add(.quote(Self.blocks(inner, depth: depth + 1)))
  }

  private mutating func readList(_ first: MarkdownItem) {
    let isListSetOff = isSetOff
    var list = Markdown.List(start: first.number, isTight: true, items: [])
    var hasBlank = false
    while at < lines.count, let marker = MarkdownItem(lines[at]), marker.kind == first.kind,
      !Self.isRule(lines[at])
    {
      var (item, blanks) = readItem(marker)
      if hasBlank, !item.isEmpty { item[0].isSetOff = true }
      if hasBlank || item.dropFirst().contains(where: \.isSetOff) { list.isTight = false }
      list.items.append(item)
      hasBlank = blanks > 0
    }
    isSetOff = isListSetOff
    add(.list(list))
    isSetOff = hasBlank
  }

  /// - Returns: the blocks of an item, and how many blank lines follow it.
  private mutating func readItem(_ marker: MarkdownItem) -> ([Markdown.Block], blanks: Int) {
    var inner = [marker.rest]
    var state = OpenParagraph()
    state.take(marker.rest)
    at += 1
    while at < lines.count {
      let line = lines[at]
      if Self.isBlank(line) {
        // What has nothing in its first line may begin in the next, and not later.
        if inner.count == 1, Self.isBlank(inner[0]) { break }
        inner.append("")
      } else if Self.indent(line) >= marker.offset {
        inner.append(String(line.dropFirst(marker.offset)))
      } else if state.isOpen, !Self.interrupts(line), MarkdownItem(line) == nil {
        inner.append(line)
      } else {
        break
      }
      state.take(inner[inner.count - 1])
      at += 1
    }
    var blanks = inner.dropFirst().reversed().prefix(while: Self.isBlank).count
    let item = Self.blocks(inner.dropLast(blanks), depth: depth + 1)
    while at < lines.count, Self.isBlank(lines[at]) {
      blanks += 1
      at += 1
    }
    return (item, blanks)
  }
}

// MARK: What a line is

extension MarkdownBlocks {
  static func isBlank(_ line: some StringProtocol) -> Bool { line.allSatisfy { $0 == " " } }

  static func indent(_ line: some StringProtocol) -> Int { line.prefix { $0 == " " }.count }

  /// With spaces for tabs, up to each fourth column, as far as they say where the text begins.
  private static func untabbed(_ line: String) -> String {
    guard line.utf8.contains(9) else { return line }
    var lead = ""
    var columns = 0
    let rest = line.drop { character in
      guard " \t>-*+.)0123456789".contains(character) else { return false }
      let spaces = character == "\t" ? 4 - columns % 4 : 1
      lead += character == "\t" ? String(repeating: " ", count: spaces) : String(character)
      columns += spaces
      return true
    }
    return lead + rest
  }

  /// Lines of a paragraph, each without the spaces before it.
  private static func joined(_ lines: [String]) -> String {
    lines.map { $0.drop { $0 == " " } }.joined(separator: "\n")
  }

  /// What stands behind a `>`.
  static func quoted(_ line: some StringProtocol) -> String? {
    let text = line.drop { $0 == " " }
    guard line.count - text.count < 4, text.first == ">" else { return nil }
    let rest = text.dropFirst()
    return String(rest.first == " " ? rest.dropFirst() : rest)
  }

  /// Three or more of `*`, `-` or `_` alone.
  static func isRule(_ line: some StringProtocol) -> Bool {
    guard indent(line) < 4 else { return false }
    let marks = line.filter { $0 != " " }
    guard let mark = marks.first, "*-_".contains(mark) else { return false }
    return marks.count >= 3 && marks.allSatisfy { $0 == mark }
  }

  /// The level of a heading whose words stand above.
  private static func underline(_ line: String) -> Int? {
    guard indent(line) < 4 else { return nil }
    var marks = line.drop { $0 == " " }
    while marks.last == " " { marks.removeLast() }
    guard let mark = marks.first, mark == "=" || mark == "-", marks.allSatisfy({ $0 == mark })
    else { return nil }
    return mark == "=" ? 1 : 2
  }

  /// Whether a line begins something else in the middle of a paragraph.
  static func interrupts(_ line: String) -> Bool {
    if indent(line) >= 4 { return false }
    if Fence(line) != nil || Markdown.heading(line) != nil || isRule(line) { return true }
    if quoted(line) != nil { return true }
    guard let marker = MarkdownItem(line) else { return false }
    // A number there is a number, unless a list begins with it.
    return !isBlank(marker.rest) && (marker.number ?? 1) == 1
  }
}

/// The beginning of an item of a list.
struct MarkdownItem {
  /// The mark, or what stands behind the number: items of another kind begin another list.
  let kind: Character
  let number: Int?
  /// Where the item's text begins: what stands that far to the right belongs to it.
  let offset: Int
  let rest: String

  init?(_ line: String) {
    let text = line.drop { $0 == " " }
    let indent = line.count - text.count
    guard indent < 4 else { return nil }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let behind = text.dropFirst(digits.count)
    guard let mark = behind.first, digits.count <= 9,
      (digits.isEmpty ? "-*+" : ".)").contains(mark)
    else { return nil }
    let after = behind.dropFirst()
    let spaces = after.prefix { $0 == " " }.count
    guard after.isEmpty || spaces > 0 else { return nil }
    kind = mark
    number = Int(digits)
    let isBare = spaces == after.count
    // More than four begin indented code.
    let gap = isBare || spaces > 4 ? 1 : spaces
    offset = indent + digits.count + 1 + gap
    rest = isBare ? "" : String(after.dropFirst(gap))
  }
}

/// Whether lines end in the middle of a paragraph, so that the next one may belong to it though it doesn't stand
/// where it should.
private struct OpenParagraph {
  private(set) var isOpen = false
  private var fence: Fence?

  mutating func take(_ line: String) {
    var text = line
    var depth = 0
    while depth <= Markdown.depthLimit {
      guard let inner = MarkdownBlocks.quoted(text) ?? MarkdownItem(text)?.rest,
        !MarkdownBlocks.isRule(text)
      else { break }
      text = inner
      depth += 1
    }
    if let open = fence {
      if open.isClosed(by: text.trimmingLeadingSpace) { fence = nil }
      isOpen = false
      return
    }
    fence = Fence(isOpen ? text : text.trimmingLeadingSpace)
    let continues = isOpen
    isOpen =
      fence == nil && !MarkdownBlocks.isBlank(text) && !MarkdownBlocks.isRule(text)
      && Markdown.heading(text) == nil && (continues || MarkdownBlocks.indent(text) < 4)
  }
}

extension String {
  fileprivate var trimmingLeadingSpace: String { String(drop { $0 == " " }) }
}
