import SourceText

/// Text for a voice: the same words, with signs said or left out and long numbers in groups.
enum Speech {
  static func text(_ text: StyledText, width: Int) -> StyledText {
    let lines = text.lines.filter { !$0.isEmpty }.map { line in
      line.rewritten(spoken).wrapped(to: width, first: StyledText(), hanging: "  ")
    }
    return StyledText(lines: lines)
  }

  private static func spoken(_ text: String) -> String {
    var words: [String] = []
    for piece in text.split(separator: " ", omittingEmptySubsequences: false) {
      words.append(word(String(piece)))
    }
    return words.joined(separator: " ")
  }

  private static let signs = [
    "→": "to", "->": "to", "=>": "here:", "<-": "becomes", "←": "becomes", "·": "and", "|": "says:",
    "*": "changed",
  ]

  private static func word(_ word: String) -> String {
    if let said = signs[word] { return said }
    if word.hasPrefix("=>") { return "here: " + groupedDigits(String(word.dropFirst(2))) }
    // `<kputs>` is the name of a place; a bracket says nothing.
    var text = word.replacing("<", with: "").replacing(">", with: "")
    if text.isEmpty { text = word }
    return groupedDigits(text)
  }

  /// Eight hexadecimal digits as two groups of four: a voice reads more as a number in the millions.
  private static func groupedDigits(_ text: String) -> String {
    var result = ""
    var digits = ""
    func flush() {
      let isAddress = digits.count == 8
      result += isAddress ? digits.prefix(4) + " " + digits.suffix(4) : digits[...]
      digits = ""
    }
    for character in text {
      if character.isASCII, character.isHexDigit, !character.isUppercase {
        digits.append(character)
      } else {
        flush()
        result.append(character)
      }
    }
    flush()
    return result
  }
}
