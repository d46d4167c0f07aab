import SourceText

// The Markdown that lessons and transcripts are written in, as text for a terminal.
extension Markdown {
  /// Paragraphs are filled, lists hang, tables are aligned, code keeps its lines where they fit.
  ///
  /// - Parameter isSpaced: an empty line stands before each item of a list.
  static func text(_ source: String, width: Int, isSpaced: Bool = false) -> StyledText {
    let lines = Markdown(source).blocks.reduce(into: [StyledText]()) { lines, block in
      let list: List? = if case .list(let list) = block.content { list } else { nil }
      if block.isSetOff || isSpaced && list != nil, !lines.isEmpty { lines.append(StyledText()) }
      if let list {
        lines += self.lines(list, width: width, isNested: false, isSpaced: isSpaced)
      } else {
        lines += self.lines(block.content, width: width, isNested: false)
      }
    }
    return StyledText(lines: lines)
  }

  /// One piece of text with its emphasis.
  static func inline(_ source: String) -> StyledText { text(inlines(source)) }

  static func text(_ words: [Inline]) -> StyledText {
    words.reduce(into: StyledText()) { text, word in
      switch word {
      case .text(let words): text.append(words)
      // The quotes stay: without colour nothing else says that these are words to type.
      case .code(let code): text.append("'\(code)'", .strong)
      case .emphasis(let inner), .strong(let inner):
        text += self.text(inner).restyled { $0 == .plain ? .strong : $0 }
      case .lineBreak: text.append("\n")
      case .link(let inner, let target):
        let words = self.text(inner)
        text += words
        if target.hasPrefix("https://"), words.plain != target {
          text.append(" (\(target))", .dim)
        }
      }
    }
  }

  private static func lines(_ blocks: [Block], width: Int, isNested: Bool) -> [StyledText] {
    var lines: [StyledText] = []
    for block in blocks {
      if block.isSetOff, !lines.isEmpty { lines.append(StyledText()) }
      lines += self.lines(block.content, width: width, isNested: isNested)
    }
    return lines
  }

  private static func lines(_ content: Content, width: Int, isNested: Bool) -> [StyledText] {
    switch content {
    case .heading(_, let words):
      text(words).restyled { _ in .heading }.wrapped(to: width).lines
    case .paragraph(let words): text(words).wrapped(to: width).lines
    case .code(let lines): code(lines, width: width)
    case .quote(let blocks):
      hung(self.lines(blocks, width: max(10, width - 2), isNested: true), "> ", hanging: "> ")
    case .list(let list): lines(list, width: width, isNested: isNested)
    case .table(let table): table.text(width: width).lines
    case .rule: [StyledText("---", .dim)]
    }
  }

  /// A list in another has no margin of its own.
  private static func lines(
    _ list: List, width: Int, isNested: Bool, isSpaced: Bool = false
  ) -> [StyledText] {
    var lines: [StyledText] = []
    for (index, item) in list.items.enumerated() {
      let mark = list.start.map { "\($0 + index)." } ?? "-"
      let lead = (isNested ? "" : " ") + mark + " "
      let inner = self.lines(item, width: max(10, width - lead.count), isNested: true)
      if isSpaced || item.first?.isSetOff == true, !lines.isEmpty { lines.append(StyledText()) }
      lines += hung(
        inner.isEmpty ? [StyledText()] : inner, lead,
        hanging: String(repeating: " ", count: lead.count))
    }
    return lines
  }

  private static func hung(
    _ lines: [StyledText], _ first: String, hanging: String
  ) -> [StyledText] {
    lines.enumerated().map { index, line in
      let lead = index == 0 ? first : hanging
      return line.isEmpty
        ? StyledText(index == 0 || lead == "> " ? lead.trimmedEnd : "")
        : StyledText(lead) + line
    }
  }

  /// Where the terminal is narrow the figure moves to the left; a line that is still too long goes on below.
  private static func code(_ lines: [String], width: Int) -> [StyledText] {
    let widest = lines.map { StyledText($0).width }.max() ?? 0
    let indent = StyledText(String(repeating: " ", count: max(0, min(4, width - widest))))
    return lines.flatMap { line in
      line.isEmpty
        ? [StyledText()]
        : StyledText(line, .code).wrapped(
          to: width, first: indent, hanging: indent + StyledText("  ")
        ).lines
    }
  }
}

extension Markdown.Table {
  fileprivate func text(width: Int) -> StyledText {
    var table = TextTable(
      zip(header, isRight).map { (Markdown.text($0).plain, $1 ? .right : .left) })
    for row in rows { table.add(row.map(Markdown.text)) }
    return table.rendered(width: width)
  }
}

extension String {
  fileprivate var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
