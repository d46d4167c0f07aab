/// The CommonMark that lessons and transcripts are written in, as HTML.
///
/// Whatever is written comes out as text: no tag and no script of a transcript's reaches the page.
struct ProseHTML {
  /// The name of the page's next chapter.
  private(set) var chapters: [(id: String, title: String)] = []
  private var html = ""
  private var paragraph: [String] = []
  private var listTag: String?
  private var item: [String]?

  mutating func render(_ lines: [String], skippingTitle title: String?) -> String {
    html = ""
    var at = 0
    while at < lines.count {
      let line = lines[at]
      if let fence = Fence(line) {
        let close =
          lines[(at + 1)...].firstIndex { fence.isClosed(by: Array($0.utf8)[...]) } ?? lines.count
        endBlocks()
        let code = lines[(at + 1)..<close].map(Self.escaped).joined(separator: "\n")
        html += "<pre class=\"code\" tabindex=\"0\"><code>\(code)</code></pre>\n"
        at = close + 1
        continue
      }
      at += 1
      if let (level, words) = Transcript.heading(line) {
        endBlocks()
        if level != 1 || words != title { add(heading: words, level: level) }
      } else if Self.words(line).isEmpty {
        endParagraph()
      } else if line.hasPrefix("|"), at < lines.count, Self.isTableRule(lines[at]) {
        endBlocks()
        var rows = [line]
        at += 1
        while at < lines.count, lines[at].hasPrefix("|") {
          rows.append(lines[at])
          at += 1
        }
        add(table: rows)
      } else if let (tag, words) = Self.listItem(line) {
        endParagraph()
        endItem()
        if listTag != tag {
          endList()
          html += "<\(tag)>\n"
          listTag = tag
        }
        item = [words]
      } else if item != nil, line.hasPrefix(" ") {
        item?.append(Self.words(line))
      } else {
        endList()
        paragraph.append(Self.words(line))
      }
    }
    endBlocks()
    return html
  }

  private mutating func add(heading words: String, level: Int) {
    let id = "chapter-\(chapters.count + 1)"
    chapters.append((id, words))
    // The page has one heading of the first level, its title.
    let tag = "h\(min(6, max(2, level)))"
    html += "<\(tag) id=\"\(id)\">\(Self.inline(words))</\(tag)>\n"
  }

  private mutating func add(table rows: [String]) {
    html += "<table>\n"
    for (index, row) in rows.enumerated() {
      let tag = index == 0 ? "th scope=\"col\"" : "td"
      let cells = row.split(separator: "|", omittingEmptySubsequences: false)
        .dropFirst().map { Self.words(String($0)) }
      let shown = cells.last?.isEmpty == true ? cells.dropLast() : cells[...]
      let end = index == 0 ? "th" : "td"
      html += "<tr>" + shown.map { "<\(tag)>\(Self.inline($0))</\(end)>" }.joined() + "</tr>\n"
    }
    html += "</table>\n"
  }

  private mutating func endParagraph() {
    if !paragraph.isEmpty {
      html += "<p>\(Self.inline(paragraph.joined(separator: " ")))</p>\n"
      paragraph = []
    }
  }

  private mutating func endItem() {
    if let item { html += "<li>\(Self.inline(item.joined(separator: " ")))</li>\n" }
    item = nil
  }

  private mutating func endList() {
    endItem()
    if let listTag { html += "</\(listTag)>\n" }
    listTag = nil
  }

  private mutating func endBlocks() {
    endParagraph()
    endList()
  }

  private static func words(_ line: String) -> String {
    let text = line.drop { $0 == " " || $0 == "\t" }
    return String(text.reversed().drop { $0 == " " || $0 == "\t" || $0 == "\r" }.reversed())
  }

  private static func isTableRule(_ line: String) -> Bool {
    line.hasPrefix("|") && line.contains("-") && line.allSatisfy { "|-: ".contains($0) }
  }

  private static func listItem(_ line: String) -> (tag: String, words: String)? {
    let text = words(line)
    if text.hasPrefix("- ") || text.hasPrefix("* ") {
      return ("ul", words(String(text.dropFirst(2))))
    }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard (1...3).contains(digits.count), text.dropFirst(digits.count).hasPrefix(". ") else {
      return nil
    }
    return ("ol", words(String(text.dropFirst(digits.count + 2))))
  }

  /// A line of text with its emphasis, code and links.
  static func inline(_ source: String) -> String {
    var html = ""
    var rest = source[...]
    while let character = rest.first {
      if character == "\\", let next = rest.dropFirst().first, next.isPunctuation || next.isSymbol {
        html += escaped(String(next))
        rest = rest.dropFirst(2)
      } else if character == "`", let (inner, after) = span(rest, "`") {
        html += "<code>\(escaped(String(inner)))</code>"
        rest = after
      } else if rest.hasPrefix("**"), let (inner, after) = span(rest, "**") {
        html += "<strong>\(inline(String(inner)))</strong>"
        rest = after
      } else if character == "*", let (inner, after) = span(rest, "*"), inner.first != " " {
        html += "<em>\(inline(String(inner)))</em>"
        rest = after
      } else if character == "[", let link = link(rest) {
        html += "<a href=\"\(escaped(link.address))\">\(escaped(link.words))</a>"
        rest = link.after
      } else {
        html += escaped(String(character))
        rest = rest.dropFirst()
      }
    }
    return html
  }

  private static func span(_ text: Substring, _ mark: String) -> (Substring, Substring)? {
    let inner = text.dropFirst(mark.count)
    guard let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex else {
      return nil
    }
    return (inner[..<end.lowerBound], inner[end.upperBound...])
  }

  /// `[words](address)`, where the address is of the web.
  private static func link(_ text: Substring) -> (words: String, address: String, after: Substring)?
  {
    guard let (words, middle) = span(text.dropFirst(0), "]").map({ ($0.0, $0.1) }),
      middle.first == "(", let close = middle.firstIndex(of: ")")
    else { return nil }
    let address = String(middle[middle.index(after: middle.startIndex)..<close])
    guard address.hasPrefix("https://") || address.hasPrefix("http://"), !address.contains(" ")
    else { return nil }
    return (String(words), address, middle[middle.index(after: close)...])
  }

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
