import SourceText

/// The little CommonMark that lessons and transcripts are written in, as text for a terminal.
enum Markdown {
  /// Paragraphs are filled, lists hang, tables are aligned, code keeps its lines where they fit.
  ///
  /// - Parameter isSpaced: an empty line stands before each item of a list.
  static func text(_ source: String, width: Int, isSpaced: Bool = false) -> StyledText {
    var lines: [StyledText] = []
    var paragraph: [String] = []
    var table: [String] = []
    var code: [String] = []
    var fence: String?
    func flush() {
      if !paragraph.isEmpty { lines += filled(paragraph, width: width) }
      if !table.isEmpty { lines += MarkdownTable(table).text(width: width).lines }
      if !code.isEmpty { lines += Self.code(code, width: width) }
      (paragraph, table, code) = ([], [], [])
    }
    for raw in source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let line = String(raw)
      let trimmed = line.trimmed
      if let open = fence {
        if trimmed.hasPrefix(open) {
          fence = nil
          flush()
        } else {
          code.append(line)
        }
      } else if trimmed.hasPrefix("```") {
        flush()
        fence = String(trimmed.prefix { $0 == "`" })
      } else if trimmed.isEmpty {
        flush()
        if lines.last?.isEmpty == false { lines.append(StyledText()) }
      } else if line.hasPrefix("#") {
        flush()
        lines.append(StyledText(trimmed.drop { $0 == "#" }.trimmed, .heading))
      } else if isItem(trimmed), beginsItem(trimmed, after: paragraph) {
        flush()
        if isSpaced, lines.last?.isEmpty == false { lines.append(StyledText()) }
        paragraph = [line]
      } else if line.hasPrefix("|") {
        if table.isEmpty { flush() }
        table.append(line)
      } else {
        if !table.isEmpty { flush() }
        paragraph.append(line)
      }
    }
    flush()
    while lines.last?.isEmpty == true { lines.removeLast() }
    return StyledText(lines: lines)
  }

  /// One line of text with its emphasis.
  static func inline(_ source: String) -> StyledText {
    var text = StyledText()
    var rest = source[...]
    while let character = rest.first {
      if character == "\\", let next = rest.dropFirst().first, next.isPunctuation || next.isSymbol {
        text.append(String(next))
        rest = rest.dropFirst(2)
      } else if character == "`", let (inner, after) = span(rest, "`") {
        // The quotes stay: without colour nothing else says that these are words to type.
        text.append("'\(inner)'", .strong)
        rest = after
      } else if let (inner, target, after) = link(rest) {
        text += inline(inner)
        if target.hasPrefix("https://") { text.append(" (\(target))", .dim) }
        rest = after
      } else if rest.hasPrefix("**"), let (inner, after) = span(rest, "**") {
        text.append(inner, .strong)
        rest = after
      } else if character == "*", let (inner, after) = span(rest, "*"), inner.first != " " {
        text.append(inner, .strong)
        rest = after
      } else {
        text.append(String(character))
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// `[text](target)` or `![text](target)`, and what comes after.
  private static func link(_ text: Substring) -> (String, Substring, Substring)? {
    let start = text.first == "!" ? text.dropFirst() : text
    guard start.first == "[", let middle = start.firstRange(of: "]("),
      let end = start[middle.upperBound...].firstIndex(of: ")")
    else { return nil }
    let inner = start[..<middle.lowerBound].dropFirst()
    let target = start[middle.upperBound..<end]
    guard !inner.contains("["), !target.isEmpty, !target.contains(" ") else { return nil }
    return (String(inner), target, start[end...].dropFirst())
  }

  /// What stands between two marks, and what comes after.
  private static func span(_ text: Substring, _ mark: String) -> (String, Substring)? {
    let inner = text.dropFirst(mark.count)
    guard let end = inner.firstRange(of: mark), end.lowerBound > inner.startIndex else {
      return nil
    }
    return (String(inner[..<end.lowerBound]), inner[end.upperBound...])
  }

  private static func isItem(_ line: String) -> Bool {
    if line.hasPrefix("- ") || line.hasPrefix("* ") { return true }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    return (1...2).contains(digits.count) && line.dropFirst(digits.count).hasPrefix(". ")
  }

  /// As in CommonMark: a number at the beginning of a line breaks a paragraph only where it begins a list.
  private static func beginsItem(_ line: String, after paragraph: [String]) -> Bool {
    guard let first = paragraph.first, line.first?.isNumber == true else { return true }
    return isItem(first.trimmed) || line.hasPrefix("1. ")
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

  /// A paragraph or an item of a list.
  private static func filled(_ lines: [String], width: Int) -> [StyledText] {
    let first = lines[0]
    let indent = first.prefix { $0 == " " }.count
    var words = lines.map(\.trimmed).joined(separator: " ")
    var lead = ""
    if isItem(words) {
      let mark = words.prefix { $0 != " " }
      words = words.dropFirst(mark.count).trimmed
      lead = String(repeating: " ", count: indent + 1) + (mark == "*" ? "-" : mark) + " "
    }
    let hanging = StyledText(String(repeating: " ", count: lead.count))
    return inline(words).wrapped(to: width, first: StyledText(lead), hanging: hanging).lines
  }
}
