extension StyledText {
  /// Broken at spaces into lines of at most `width` columns; a word that is longer is cut.
  ///
  /// - Parameters:
  ///   - first: what the first line of each paragraph begins with.
  ///   - hanging: what its other lines begin with.
  public func wrapped(
    to width: Int, first: StyledText = StyledText(), hanging: StyledText = StyledText()
  ) -> StyledText {
    StyledText(
      lines: lines.flatMap { $0.wrapLine(max(width, 4), first: first, hanging: hanging) })
  }

  private func wrapLine(_ width: Int, first: StyledText, hanging: StyledText) -> [StyledText] {
    var result: [StyledText] = []
    var line = first
    var used = first.width
    var isFresh = true
    for word in words {
      let size = word.text.width
      let gap = isFresh ? (result.isEmpty ? word.spaces : 0) : word.spaces
      if used + gap + size <= width || (isFresh && size == 0) {
        // Between words of one style there is no hole in it.
        let style = word.text.runs.first?.style ?? .plain
        line.append(
          String(repeating: " ", count: gap), line.runs.last?.style == style ? style : .plain)
        line.append(word.text)
        used += gap + size
        isFresh = false
        continue
      }
      if !isFresh {
        result.append(line)
        line = hanging
        used = hanging.width
      }
      for piece in word.text.cut(to: max(1, width - hanging.width)) {
        if used + piece.width > width {
          result.append(line)
          line = hanging
          used = hanging.width
        }
        line.append(piece)
        used += piece.width
      }
      isFresh = false
    }
    return result + [line]
  }

  /// The words of one line, each with the spaces before it.
  private var words: [(spaces: Int, text: StyledText)] {
    var result: [(spaces: Int, text: StyledText)] = []
    var spaces = 0
    var word = StyledText()
    var digits = DigitGroups(plain)
    for run in runs {
      for character in run.text {
        let isGap = digits.isGap(before: character)
        if character == " ", !isGap {
          if !word.isEmpty {
            result.append((spaces, word))
            word = StyledText()
            spaces = 0
          }
          spaces += 1
        } else {
          word.append(String(character), run.style)
        }
      }
    }
    if !word.isEmpty { result.append((spaces, word)) }
    return result
  }

  /// Cut into pieces of at most `width` columns.
  private func cut(to width: Int) -> [StyledText] {
    var result = [StyledText()]
    var used = 0
    for run in runs {
      for character in run.text {
        let size = columns(of: character)
        if used + size > width, used > 0 {
          result.append(StyledText())
          used = 0
        }
        result[result.count - 1].append(String(character), run.style)
        used += size
      }
    }
    return result
  }

  /// The first `width` columns; what is cut off is shown by `…` (or `~` in pure ASCII text).
  public func truncated(to width: Int) -> StyledText {
    guard self.width > width else { return self }
    let mark = plain.utf8.allSatisfy { $0 < 0x80 } ? "~" : "…"
    return (cut(to: max(1, width - 1)).first ?? StyledText()) + StyledText(mark, .dim)
  }
}

/// Finds the spaces that only group a number's digits, as in `15 826`: no line ends there.
private struct DigitGroups {
  private let characters: [Character]
  private var index = -1

  init(_ text: String) { characters = Array(text) }

  /// The next character of the text; true if it is such a space.
  mutating func isGap(before character: Character) -> Bool {
    index += 1
    guard character == " ", index > 0, isDigit(index - 1) else { return false }
    return (1...3).allSatisfy { isDigit(index + $0) } && !isDigit(index + 4)
  }

  private func isDigit(_ index: Int) -> Bool {
    characters.indices.contains(index) && characters[index].isASCII && characters[index].isNumber
  }
}
