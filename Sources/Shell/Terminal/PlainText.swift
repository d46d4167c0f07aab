/// Text for terminals and readers that have ASCII only.
enum PlainText {
  /// Signs that mean the same as others, or only draw. Each becomes one that is as wide.
  private static let drawn: [Unicode.Scalar: String] = [
    "▁": ".", "▂": ":", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "%", "█": "#",
    "━": "=", "─": "-", "│": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┌": "+", "┐": "+",
    "└": "+", "┘": "+", "├": "+", "┤": "+",
    "┬": "+", "┴": "+", "┼": "+", "◀": "<", "▶": ">", "·": ".",
    "•": "*", "—": "-", "–": "-", "−": "-", "“": "\"", "”": "\"", "‘": "'", "’": "'",
    "×": "x", "÷": "/", "✓": "+", "✗": "x", "\u{a0}": " ", "\u{202f}": " ",
  ]
  /// Signs that would say something else if they were cut down to one letter.
  private static let meant: [Unicode.Scalar: String] = [
    "≥": ">=", "≤": "<=", "≠": "!=", "≈": "~=", "±": "+-", "↔": "<->",
  ]
  /// Arrows and what is left out: wide where the line has room for it.
  private static let wide: [Unicode.Scalar: String] = ["→": "->", "←": "<-", "…": "..."]
  private static let narrow: [Unicode.Scalar: String] = ["→": ">", "←": "<", "…": "~"]
  /// Digits of an exponent, by value.
  private static let raised = Array("⁰¹²³⁴⁵⁶⁷⁸⁹".unicodeScalars)

  /// Whether a sign has an ASCII form of its own; one that hasn't is shown as `?`.
  static func knows(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII || drawn[scalar] != nil || meant[scalar] != nil || wide[scalar] != nil
      || raised.contains(scalar)
  }

  /// The text in ASCII, with nothing that means something else. Where that makes a line wider than `width`, it goes
  /// on in the next.
  static func ascii(_ text: String, width: Int) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let wide = ascii(line, arrows: wide)
      if wide.count <= width { return wide }
      let narrow = ascii(line, arrows: narrow)
      return narrow.count <= max(width, line.count) ? narrow : broken(narrow, width)
    }.joined(separator: "\n")
  }

  private static func ascii(_ line: Substring, arrows: [Unicode.Scalar: String]) -> String {
    var result = ""
    var isRaised = false
    for scalar in line.unicodeScalars {
      if let digit = raised.firstIndex(of: scalar) {
        // 2³² is 2^32.
        result += isRaised ? "\(digit)" : "^\(digit)"
        isRaised = true
        continue
      }
      isRaised = false
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else {
        result += arrows[scalar] ?? meant[scalar] ?? drawn[scalar] ?? "?"
      }
    }
    return result
  }

  /// The line in two or more, broken at spaces, each but the first two columns further in.
  private static func broken(_ line: String, _ width: Int) -> String {
    let indent = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(indent)
    guard width > indent + 12, let end = rest.prefix(width - indent + 1).lastIndex(of: " ") else {
      return line
    }
    let head = String(repeating: " ", count: indent) + rest[..<end]
    let tail = String(repeating: " ", count: indent + 2) + rest[rest.index(after: end)...]
    return head + "\n" + (tail.count <= width ? tail : broken(tail, width))
  }
}
