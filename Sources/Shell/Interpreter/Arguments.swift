import SourceText

/// What stands after a command's name.
public struct Arguments: Hashable, Sendable {
  /// What follows a `/` at the name: the `8xw` of `x/8xw`. Empty if nothing does.
  public var format: String
  /// Everything else, without spaces at its ends.
  public var text: String

  public init(_ text: String, format: String = "") {
    self.text = text
    self.format = format
  }

  public var isEmpty: Bool { text.isEmpty }

  /// The words; one in double quotes may hold spaces.
  public var words: [String] { Self.words(of: text).map(\.text) }

  /// The word that a text ends in, which may be empty, without its quotes; and where it begins, quotes included.
  static func lastWord(of text: String) -> (start: String.Index, text: String) {
    guard let last = words(of: text).last, last.range.upperBound == text.endIndex else {
      return (text.endIndex, "")
    }
    return (last.range.lowerBound, last.text)
  }

  private static func words(
    of text: String
  ) -> [(range: Range<String.Index>, text: String)] {
    var words: [(range: Range<String.Index>, text: String)] = []
    var word: (start: String.Index, text: String)?
    var isQuoted = false
    for index in text.indices {
      let character = text[index]
      if character.isWhitespace, !isQuoted {
        if let whole = word { words.append((whole.start..<index, whole.text)) }
        word = nil
        continue
      }
      if word == nil { word = (index, "") }
      if character == "\"" { isQuoted.toggle() } else { word?.text.append(character) }
    }
    if let whole = word { words.append((whole.start..<text.endIndex, whole.text)) }
    return words
  }
}

/// A line as it was typed, taken apart: the command's name and the rest.
struct TypedLine: Hashable {
  var name: String
  var arguments: Arguments

  /// Nil if there is nothing but space or a comment.
  init?(_ line: String) {
    let text = line.trimmed
    guard !text.isEmpty, text.first != "#" else { return nil }
    let name = text.prefix { !$0.isWhitespace && $0 != "/" }
    var rest = text[name.endIndex...]
    var format = ""
    if rest.first == "/" {
      let end = rest.firstIndex { $0.isWhitespace } ?? rest.endIndex
      format = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[end...]
    }
    self.name = String(name)
    arguments = Arguments(String(rest).trimmed, format: format)
  }
}

extension StringProtocol {
  /// Without white space at its ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
