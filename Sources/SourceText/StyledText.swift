/// What a piece of text is, for the eye; how it looks is decided when it is rendered.
public enum Style: Hashable, Sendable, CaseIterable {
  case plain
  case heading
  case strong
  case dim
  case address
  case code
  case comment
  case good
  case bad
  case changed
  case ring0
  case ring1
  case ring2
  case ring3
  case prompt
}

/// Text with styles, as a value. Without colour it reads as well: no meaning is in the style alone.
public struct StyledText: Hashable, Sendable {
  public struct Run: Hashable, Sendable {
    public var text: String
    public var style: Style
  }

  public private(set) var runs: [Run]

  public init() { runs = [] }

  public init(_ text: String, _ style: Style = .plain) {
    runs = text.isEmpty ? [] : [Run(text: text, style: style)]
  }

  public var isEmpty: Bool { runs.isEmpty }

  /// The text alone.
  public var plain: String { runs.map(\.text).joined() }

  /// Terminal columns that the text takes; for several lines, of the widest.
  public var width: Int {
    lines.map { $0.runs.reduce(0) { $0 + columns(of: $1.text) } }.max() ?? 0
  }

  public mutating func append(_ text: String, _ style: Style = .plain) {
    guard !text.isEmpty else { return }
    if let last = runs.indices.last, runs[last].style == style {
      runs[last].text += text
    } else {
      runs.append(Run(text: text, style: style))
    }
  }

  public mutating func append(_ other: StyledText) {
    for run in other.runs { append(run.text, run.style) }
  }

  /// Adds `other` on a line of its own.
  public mutating func appendLine(_ other: StyledText = StyledText()) {
    if !isEmpty { append("\n") }
    append(other)
  }

  public static func + (left: StyledText, right: StyledText) -> StyledText {
    var sum = left
    sum.append(right)
    return sum
  }

  public static func += (left: inout StyledText, right: StyledText) { left.append(right) }

  /// The lines, without their ends.
  public var lines: [StyledText] {
    var result = [StyledText()]
    for run in runs {
      for (index, piece) in run.text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        if index > 0 { result.append(StyledText()) }
        result[result.count - 1].append(String(piece), run.style)
      }
    }
    return result
  }

  public init(lines: [StyledText]) {
    self.init()
    for (index, line) in lines.enumerated() {
      if index > 0 { append("\n") }
      append(line)
    }
  }

  /// The same text, each style replaced by what it is mapped to.
  public func restyled(_ map: (Style) -> Style) -> StyledText {
    runs.reduce(into: StyledText()) { $0.append($1.text, map($1.style)) }
  }

  /// Without anything that a terminal would obey: control characters as `^[`, and those past ASCII as `?`.
  public var visible: StyledText {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value < 0x20 && scalar != "\n" && scalar != "\t"
        || (0x7F..<0xA0).contains(scalar.value)
    }
    guard runs.contains(where: { $0.text.unicodeScalars.contains(where: isControl) }) else {
      return self
    }
    return rewritten { text in
      var shown = ""
      for scalar in text.unicodeScalars {
        if !isControl(scalar) {
          shown.unicodeScalars.append(scalar)
        } else if let letter = UInt8(exactly: scalar.value ^ 0x40), letter < 0x80 {
          shown += "^" + String(Unicode.Scalar(letter))
        } else {
          shown += "?"
        }
      }
      return shown
    }
  }

  /// `text` as one line that no terminal obeys and that can't be taken for another: what would break the line,
  /// move what stands in it or turn its direction is shown as a sign.
  public static func visibleLine(_ text: String) -> String {
    var line = ""
    for scalar in StyledText(text).visible.plain.unicodeScalars {
      switch scalar {
      case "\n": line += "^J"
      case "\t": line += "^I"
      case "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{2069}": line += "?"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// The same styles on text that is rewritten piece by piece.
  public func rewritten(_ map: (String) -> String) -> StyledText {
    runs.reduce(into: StyledText()) { $0.append(map($1.text), $1.style) }
  }

  /// Padded with spaces on the right to at least `width` columns.
  public func padded(to width: Int) -> StyledText {
    self + StyledText(String(repeating: " ", count: max(0, width - self.width)))
  }

  /// Padded with spaces on the left to at least `width` columns.
  public func padded(left width: Int) -> StyledText {
    StyledText(String(repeating: " ", count: max(0, width - self.width))) + self
  }
}

extension StyledText: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) { self.init(value) }
}

// MARK: - Rendering

/// Whether styles become escape sequences.
public enum ColorMode: Hashable, Sendable {
  case plain
  case ansi(Theme)
}

extension StyledText {
  public func rendered(_ mode: ColorMode) -> String {
    guard case .ansi(let theme) = mode else { return plain }
    return runs.map { run in
      guard let sgr = theme.sgr(run.style) else { return run.text }
      // A style ends with its line, so that a cut line leaves nothing behind.
      return run.text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "" : "\u{1B}[\(sgr)m\($0)\u{1B}[0m" }.joined(separator: "\n")
    }.joined()
  }
}
