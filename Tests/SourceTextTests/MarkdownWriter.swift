import ReferenceOnion

@testable import SourceText

/// Random Markdown, and how a person writes it.
enum MarkdownWriter {
  static func blocks(depth: Int, _ random: inout SplitMix64) -> [Markdown.Block] {
    var blocks: [Markdown.Block] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let content = content(depth: depth, &random)
      // Two lists, one behind the other, would be one.
      if case .list = content, case .list? = blocks.last?.content { continue }
      blocks.append(.init(content: content, isSetOff: !blocks.isEmpty))
    }
    return blocks
  }

  private static func content(depth: Int, _ random: inout SplitMix64) -> Markdown.Content {
    switch Int.random(in: 0...(depth > 0 ? 8 : 3), using: &random) {
    case 0: .code(["x  y", "", "  - z"])
    case 1: .heading(level: Int.random(in: 1...6, using: &random), words(depth: 1, &random))
    case 2, 3: .paragraph(words(depth: 2, &random))
    case 4, 5: .quote(blocks(depth: depth - 1, &random))
    default: .list(list(depth: depth - 1, &random))
    }
  }

  private static func list(depth: Int, _ random: inout SplitMix64) -> Markdown.List {
    let isTight = Bool.random(using: &random)
    let count = Int.random(in: isTight ? 1...3 : 2...3, using: &random)
    return Markdown.List(
      start: Bool.random(using: &random) ? nil : 1, isTight: isTight,
      items: (0..<count).map { _ in
        guard isTight else { return blocks(depth: depth, &random) }
        var item = [Markdown.Block(content: .paragraph(words(depth: 1, &random)), isSetOff: false)]
        if depth > 0, Bool.random(using: &random) {
          var inner = list(depth: depth - 1, &random)
          while !inner.isTight { inner = list(depth: depth - 1, &random) }
          item.append(.init(content: .list(inner), isSetOff: false))
        }
        return item
      })
  }

  private static func words(depth: Int, _ random: inout SplitMix64) -> [Markdown.Inline] {
    var words: [Markdown.Inline] = [.text("word")]
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      words.append(.text(" "))
      let inner = depth > 0 ? self.words(depth: depth - 1, &random) : [.text("in")]
      switch Int.random(in: 0...4, using: &random) {
      case 0: words.append(.code("a*b"))
      case 1: words.append(.emphasis(inner))
      case 2: words.append(.strong(inner))
      case 3: words.append(.link([.text("to")], target: "https://x.org/a_(b)"))
      default: words.append(.text("more"))
      }
    }
    return words
  }

  // MARK: Writing

  static func lines(_ blocks: [Markdown.Block]) -> [String] {
    var lines: [String] = []
    for block in blocks {
      if block.isSetOff { lines.append("") }
      lines += self.lines(block.content)
    }
    return lines
  }

  private static func lines(_ content: Markdown.Content) -> [String] {
    switch content {
    case .heading(let level, let words): [String(repeating: "#", count: level) + " " + text(words)]
    case .paragraph(let words): [text(words)]
    case .code(let lines): ["```"] + lines + ["```"]
    case .quote(let blocks): lines(blocks).map { $0.isEmpty ? ">" : "> " + $0 }
    case .list(let list):
      list.items.enumerated().flatMap { index, item in
        let mark = list.start.map { "\($0 + index). " } ?? "- "
        let inner = lines(item).enumerated().map { line, text in
          line == 0
            ? mark + text : text.isEmpty ? "" : String(repeating: " ", count: mark.count) + text
        }
        return (index > 0 && !list.isTight ? [""] : []) + inner
      }
    case .table, .rule: []
    }
  }

  private static func text(_ words: [Markdown.Inline]) -> String {
    words.map { word in
      switch word {
      case .text(let text): text
      case .code(let code): "`\(code)`"
      case .emphasis(let inner): "_\(text(inner))_"
      case .strong(let inner): "**\(text(inner))**"
      case .link(let inner, let target): "[\(text(inner))](\(target))"
      case .lineBreak: "\\\n"
      }
    }.joined()
  }
}
