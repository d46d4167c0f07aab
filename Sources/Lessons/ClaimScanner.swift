import SourceText

/// Takes the HTML comments out of a text: a forge doesn't show them either. Those that begin with `=` say
/// how the machine has the number before them.
struct ClaimScanner {
  /// The text without comments.
  private(set) var text = ""
  private(set) var claims: [LessonClaim] = []

  /// - Parameters:
  ///   - line: where `source` begins in the file; from there on lines are counted.
  ///   - isExact: the text stands in the file as it is, so that columns can be counted too.
  init(
    _ source: String, line: Int, column: Int = 1, isExact: Bool = true,
    report: inout DiagnosticList
  ) {
    guard source.contains("<!--") else {
      text = source
      return
    }
    var rest = source[...]
    var fence: LessonFence?
    var place = (line: line, column: column)
    func advance(over part: Substring) {
      guard isExact else { return }
      for character in part {
        place = character == "\n" ? (place.line + 1, 1) : (place.line, place.column + 1)
      }
    }
    while !rest.isEmpty {
      if text.isEmpty || text.last == "\n" {
        let first = String(rest.prefix { $0 != "\n" })
        if let open = fence {
          if open.isClosed(by: first) { fence = nil }
        } else {
          fence = LessonFence(first)
        }
        if fence != nil {
          let whole = rest.prefix(first.count + 1)
          text += whole
          advance(over: whole)
          rest = rest.dropFirst(whole.count)
          continue
        }
      }
      let ahead = rest.firstRange(of: "<!--")?.lowerBound ?? rest.endIndex
      let lineEnd = rest.firstIndex(of: "\n").map { rest.index(after: $0) } ?? rest.endIndex
      if ahead > rest.startIndex {
        let part = rest[..<min(ahead, lineEnd)]
        text += part
        advance(over: part)
        rest = rest[part.endIndex...]
        continue
      }
      guard let end = rest.firstRange(of: "-->") else {
        report.error(place.line, place.column, "this '<!--' is never closed with '-->'")
        text += rest
        return
      }
      let comment = rest[..<end.upperBound]
      take(comment.dropFirst(4).dropLast(3).trimmingSpace, place, isExact, &report)
      advance(over: comment)
      rest = rest[end.upperBound...]
      // A comment that has its lines to itself leaves none behind.
      if text.isEmpty || text.last == "\n", rest.first == "\n" {
        advance(over: rest.prefix(1))
        rest = rest.dropFirst()
      }
    }
  }

  private mutating func take(
    _ body: String, _ place: (line: Int, column: Int), _ isExact: Bool,
    _ report: inout DiagnosticList
  ) {
    guard body.hasPrefix("=") else { return }
    while text.last == " " { text.removeLast() }
    guard let number = WrittenNumber(endOf: text) else {
      report.error(
        place.line, place.column,
        "'<!-- = … -->' stands directly after a number: digits, 0x…, or one to twelve")
      return
    }
    var expression = body.dropFirst().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    var tolerance: Double?
    if expression.hasSuffix("%"), let mark = expression.lastIndex(of: "~") {
      let percent = expression[expression.index(after: mark)...].dropLast().trimmingSpace
      guard let value = Double(percent), (0...100).contains(value) else {
        report.error(place.line, place.column, "'\(percent)%' is no tolerance; '~ 2%' is one")
        return
      }
      tolerance = value
      expression = expression[..<mark].trimmingSpace
    }
    let parts = expression.split(separator: ":", omittingEmptySubsequences: false)
      .map(\.trimmingSpace)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else {
      report.error(
        place.line, place.column,
        "a claim is '= EXPRESSION' or '= DIVIDEND : DIVISOR', and perhaps '~ PERCENT%'")
      return
    }
    guard parts.count == 2 || number.lastDigit == 1 else {
      report.error(
        place.line, place.column,
        "\(number.text) is not whole; say of what it is the quotient: '= DIVIDEND : DIVISOR'")
      return
    }
    let column = isExact ? max(1, place.column - number.text.count) : place.column
    claims.append(
      LessonClaim(
        written: LocatedText(number.text, line: place.line, column: column), value: number.value,
        lastDigit: number.lastDigit,
        expression: LocatedText(parts[0], line: place.line, column: place.column),
        divisor: parts.count == 2 ? parts[1] : nil, tolerance: tolerance))
  }
}
