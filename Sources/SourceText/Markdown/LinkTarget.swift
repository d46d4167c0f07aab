/// What stands in parentheses behind a link's words: where it leads, and perhaps a title, which is left out.
struct LinkTarget {
  private let characters: [Character]
  private var at: Int
  /// The place behind it.
  var end: Int { at }

  private static let depthLimit = 32
  /// Characters that an address or a title may have: so little is read in vain.
  private static let lengthLimit = 2000

  init(_ characters: [Character], at: Int) {
    self.characters = characters
    self.at = at
  }

  private var next: Character? { at < characters.count ? characters[at] : nil }

  /// Nil if there is none.
  mutating func read() -> String? {
    guard take("(") else { return nil }
    skipSpace()
    guard let address = next == "<" ? bracketed() : plain() else { return nil }
    let place = at
    skipSpace()
    if at > place, let sign = next, "\"'(".contains(sign) {
      guard skipTitle(sign) else { return nil }
      skipSpace()
    }
    return take(")") ? address : nil
  }

  private mutating func take(_ character: Character) -> Bool {
    guard next == character else { return false }
    at += 1
    return true
  }

  private mutating func skipSpace() { while next?.isWhitespace == true { at += 1 } }

  /// The character here, or the one that a `\` protects.
  private mutating func takeCharacter() -> (Character, isEscaped: Bool)? {
    guard let first = next else { return nil }
    at += 1
    guard first == "\\", let second = next, second.isASCII, second.isPunctuation || second.isSymbol
    else { return (first, false) }
    at += 1
    return (second, true)
  }

  private mutating func bracketed() -> String? {
    at += 1
    var address = ""
    let start = at
    while at - start < Self.lengthLimit, let (character, isEscaped) = takeCharacter() {
      if character == ">", !isEscaped { return address }
      if character == "\n" || character == "<" && !isEscaped { return nil }
      address.append(character)
    }
    return nil
  }

  /// Parentheses in it are those of the address as long as each has its other half.
  private mutating func plain() -> String? {
    var address = ""
    var depth = 0
    let start = at
    while let character = next, !character.isWhitespace {
      guard at - start < Self.lengthLimit else { return nil }
      if character == ")", depth == 0 { break }
      guard let (taken, isEscaped) = takeCharacter() else { break }
      if !isEscaped {
        if taken == "(" { depth += 1 }
        if taken == ")" { depth -= 1 }
        if depth > Self.depthLimit { return nil }
      }
      address.append(taken)
    }
    return depth == 0 ? address : nil
  }

  private mutating func skipTitle(_ sign: Character) -> Bool {
    at += 1
    let end: Character = sign == "(" ? ")" : sign
    let start = at
    while at - start < Self.lengthLimit, let (character, isEscaped) = takeCharacter() {
      if character == end, !isEscaped { return true }
    }
    return false
  }
}
