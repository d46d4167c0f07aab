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
  public var words: [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
        word = word ?? ""
      } else if character.isWhitespace, !isQuoted {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if let whole = word { words.append(whole) }
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
