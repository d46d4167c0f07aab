import SourceText

/// The Markdown that lessons and transcripts are written in, as HTML.
///
/// Whatever is written comes out as text: no tag and no script of a transcript's reaches the page.
struct ProseHTML {
  /// The name of the page's next chapter.
  private(set) var chapters: [(id: String, title: [Markdown.Inline])] = []

  mutating func render(_ lines: [String], skippingTitle title: String?) -> String {
    let title = title.map { Markdown.inlines($0) }
    return Markdown(lines: lines).blocks.map { block in
      guard case .heading(let level, let words) = block.content else { return Self.html(block) }
      if level == 1, words == title { return "" }
      let id = "chapter-\(chapters.count + 1)"
      chapters.append((id, words))
      return Self.heading(words, level, " id=\"\(id)\"")
    }.joined()
  }

  private static func html(_ block: Markdown.Block) -> String {
    switch block.content {
    case .heading(let level, let words): heading(words, level)
    case .paragraph(let words): "<p>\(inline(words))</p>\n"
    case .code(let lines):
      "<pre class=\"code\" tabindex=\"0\"><code>"
        + lines.map(escaped).joined(separator: "\n") + "</code></pre>\n"
    case .quote(let blocks): "<blockquote>\n\(html(blocks))</blockquote>\n"
    case .list(let list): html(list)
    case .table(let table): html(table)
    case .rule: "<hr>\n"
    }
  }

  private static func html(_ blocks: [Markdown.Block]) -> String { blocks.map(html).joined() }

  /// The page has one heading of the first level, its title.
  private static func heading(
    _ words: [Markdown.Inline], _ level: Int, _ attributes: String = ""
  ) -> String {
    let tag = "h\(min(6, max(2, level)))"
    return "<\(tag)\(attributes)>\(inline(words))</\(tag)>\n"
  }

  private static func html(_ list: Markdown.List) -> String {
    let tag = list.start == nil ? "ul" : "ol"
    let start = list.start.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
    let items = list.items.map { "<li>\(item($0, isTight: list.isTight))</li>\n" }.joined()
    return "<\(tag)\(start)>\n\(items)</\(tag)>\n"
  }

  /// In a list without blank lines a paragraph is words alone.
  private static func item(_ blocks: [Markdown.Block], isTight: Bool) -> String {
    var html = ""
    for (index, block) in blocks.enumerated() {
      if isTight, case .paragraph(let words) = block.content {
        html += inline(words)
        if index + 1 < blocks.count { html += "\n" }
      } else {
        html += self.html(block)
      }
    }
    return html
  }

  private static func html(_ table: Markdown.Table) -> String {
    func row(_ cells: [[Markdown.Inline]], _ tag: String, _ attributes: String = "") -> String {
      let shown = cells.enumerated().map { index, cell in
        let side = table.isRight[index] ? " class=\"right\"" : ""
        return "<\(tag)\(attributes)\(side)>\(inline(cell))</\(tag)>"
      }
      return "<tr>" + shown.joined() + "</tr>\n"
    }
    return "<table>\n" + row(table.header, "th", " scope=\"col\"")
      + table.rows.map { row($0, "td") }.joined() + "</table>\n"
  }

  /// Words with their emphasis, code and links.
  static func inline(_ words: [Markdown.Inline]) -> String {
    words.map { word in
      switch word {
      case .text(let text): escaped(text)
      case .code(let code): "<code>\(escaped(code))</code>"
      case .emphasis(let inner): "<em>\(inline(inner))</em>"
      case .strong(let inner): "<strong>\(inline(inner))</strong>"
      case .lineBreak: "<br>\n"
      // The page stands alone: only what lies on the web can be gone to from it.
      case .link(let inner, let target):
        ["https://", "http://"].contains { target.hasPrefix($0) }
          ? "<a href=\"\(escaped(target))\">\(inline(inner))</a>" : inline(inner)
      }
    }.joined()
  }

  static func inline(_ source: String) -> String { inline(Markdown.inlines(source)) }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\0"..<"\t", "\u{b}"..<" ", "\u{7f}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
