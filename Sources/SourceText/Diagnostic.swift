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
    _ severity: Severity = .error, _ message: String, file: String, line: Int, column: Int,
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
    var text = StyledText("\(file):\(line):\(column): ", .strong)
    text.append("\(severity.rawValue): ", severity == .error ? .bad : .changed)
    text.append(message)
    if let suggestion { text.append("; \(suggestion)") }
    text = width == .max ? text : text.wrapped(to: width, hanging: "  ")
    guard !source.isEmpty else { return text }
    let (shown, caret) = excerpt(width: min(width, 1000))
    text.appendLine(StyledText("  \(shown)", .code))
    text.appendLine(StyledText("  \(caret)", .bad))
    return text
  }

  /// The part of the line that fits and the caret line below it; tabs become one space.
  private func excerpt(width: Int) -> (String, String) {
    let characters = source.map { $0 == "\t" ? " " : $0 }
    let room = max(10, width - 2)
    let fault = min(column - 1, characters.count)
    var start = 0
    if columns(of: String(characters)) > room, fault > room / 2 {
      start = min(fault - room / 2, characters.count)
    }
    var shown = ""
    var used = 0
    for character in characters[start...] {
      used += columns(of: character)
      if used > room { break }
      shown.append(character)
    }
    let before = columns(of: String(characters[start..<fault]))
    let end = min(fault + length, characters.count)
    let marked = max(1, columns(of: String(characters[fault..<max(fault, end)])))
    let tail = min(marked, max(1, room - before))
    return (
      shown,
      String(repeating: " ", count: before) + "^" + String(repeating: "~", count: tail - 1)
    )
  }
}
