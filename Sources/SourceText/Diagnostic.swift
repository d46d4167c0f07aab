/// Something wrong in a text: what, where, and what would be right.
public struct Diagnostic: Hashable, Sendable, Error {
  public enum Severity: String, Hashable, Sendable {
    case error
    case warning
  }

  public var severity: Severity
  /// What is wrong, in one line without a full stop.
  public var message: String
  /// The file as it was named.
  public var file: String
  /// From 1.
  public var line: Int
  /// In characters, from 1.
  public var column: Int
  /// Characters at fault, at least 1.
  public var length: Int
  /// The text of the line.
  public var source: String
  /// What would be right, if it can be told.
  public var suggestion: String?

  public init(
    _ severity: Severity, _ message: String, file: String, line: Int, column: Int,
    length: Int = 1, source: String = "", suggestion: String? = nil
  ) {
    self.severity = severity
    self.message = message
    self.file = file
    self.line = line
    self.column = column
    self.length = max(1, length)
    self.source = source
    self.suggestion = suggestion
  }

  /// `file:line:column: error: message`, the line, and a caret under the fault.
  public func rendered(width: Int = .max) -> StyledText {
    var text = StyledText("\(printable(file)):\(line):\(column): ", .strong)
    text.append("\(severity.rawValue): ", severity == .error ? .bad : .changed)
    text.append(printable(message))
    if let suggestion { text.append("; " + printable(suggestion)) }
    text = width == .max ? text : text.wrapped(to: width, hanging: "  ")
    guard !source.isEmpty else { return text }
    let (shown, caret) = excerpt(width: min(width, 1000))
    text.appendLine(StyledText("  \(shown)", .code))
    text.appendLine(StyledText("  \(caret)", .bad))
    return text
  }

  /// The part of the line that fits and the caret line below it.
  private func excerpt(width: Int) -> (String, String) {
    let characters = source.map { $0.isNewline ? " " : printable($0) }
    let room = max(10, width - 2)
    let fault = min(max(1, column) - 1, characters.count)
    let end = fault + min(length, characters.count - fault)
    var start = 0
    // One more than the line: what is missing is missing behind it.
    if columns(of: String(characters)) >= room, columns(of: String(characters[..<fault])) > room / 2
    {
      // The fault stands in the middle, or the line's end at the right edge.
      start = fault
      var before = 0
      let after = max(1, columns(of: String(characters[fault...])))
      while start > 0, before < room / 2 || before + after < room {
        let size = columns(of: characters[start - 1])
        guard before + size < room else { break }
        before += size
        start -= 1
      }
    }
    var shown = ""
    var used = 0
    for character in characters[start...] {
      used += columns(of: character)
      if used > room { break }
      shown.append(character)
    }
    let before = columns(of: String(characters[start..<fault]))
    let marked = max(1, columns(of: String(characters[fault..<end])))
    let tail = max(1, min(marked, room - before))
    return (
      shown,
      String(repeating: " ", count: before) + "^" + String(repeating: "~", count: tail - 1)
    )
  }
}

/// Without anything that orders a terminal about; line ends stay.
private func printable(_ text: String) -> String {
  String(text.map { $0 == "\n" ? $0 : printable($0) })
}

/// A tab becomes a space, and every other character that doesn't print a question mark.
private func printable(_ character: Character) -> Character {
  guard character != "\t", let scalar = character.unicodeScalars.first else { return " " }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return "?"
  // A mark with nothing to stand on would join the character before it.
  case .nonspacingMark, .enclosingMark, .spacingMark: return "?"
  default: return character
  }
}
