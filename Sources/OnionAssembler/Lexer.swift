import OnionISA
import SourceText

/// Cuts a source line into tokens; comments are dropped.
struct Lexer {
  private let characters: [Character]
  private var index = 0

  private init(_ line: String) { characters = Array(line) }

  /// The tokens of a line, an `end` last. Where it stops making sense stands an `invalid` before it.
  static func tokens(of line: String) -> [Token] {
    var lexer = Lexer(line)
    var result: [Token] = []
    while true {
      do {
        var token = try lexer.next()
        if token.kind == .end {
          // What is missing is missing behind the last word, not behind the comment's spaces.
          if let last = result.last { token.column = last.column + last.length }
          return result + [token]
        }
        result.append(token)
      } catch {
        let kind = Token.Kind.invalid(error)
        let column = error.column + error.length
        return result + [
          Token(kind: kind, column: error.column, length: error.length),
          Token(kind: .end, column: column, length: 1),
        ]
      }
    }
  }

  private var current: Character? { index < characters.count ? characters[index] : nil }

  private mutating func next() throws(Fault) -> Token {
    // Some editors begin a file with a byte order mark.
    while let character = current, character.isWhitespace || index == 0 && character == "\u{FEFF}" {
      index += 1
    }
    let start = index
    guard let character = current, character != ";", character != "#" else {
      return Token(kind: .end, column: start + 1, length: 1)
    }
    let kind: Token.Kind
    if character.isASCII, character.isNumber {
      kind = try number()
    } else if character == "\"" {
      kind = .text(try quoted("\""))
    } else if character == "'" {
      kind = try characterLiteral()
    } else if Self.isNameStart(character) || character == "." {
      kind = .name(name())
    } else {
      kind = try symbol(character)
    }
    return Token(kind: kind, column: start + 1, length: max(1, index - start))
  }

  static func isNameStart(_ character: Character) -> Bool {
    character == "_" || character.isASCII && character.isLetter
  }

  static func isNamePart(_ character: Character) -> Bool {
    isNameStart(character) || character.isASCII && character.isNumber
  }

  private mutating func name() -> String {
    let start = index
    index += 1
    while let character = current, Self.isNamePart(character) { index += 1 }
    return String(characters[start..<index])
  }

  /// 0x, 0b, decimal, `_` inside; or a local label's `1b`, `1f`.
  private mutating func number() throws(Fault) -> Token.Kind {
    let start = index
    while let character = current, Self.isNamePart(character) { index += 1 }
    let text = String(characters[start..<index])
    let length = index - start
    func fault(_ message: String) -> Fault {
      Fault(message, column: start + 1, length: length)
    }
    if let last = text.last, last == "b" || last == "f", text != "0b", !text.hasPrefix("0x"),
      let label = Int(text.dropLast()), text.dropLast().allSatisfy(\.isNumber)
    {
      guard (1...99).contains(label) else { throw fault("local labels go from 1 to 99") }
      return .localLabel(label, forward: last == "f")
    }
    let lower = text.lowercased()
    let (digits, radix): (Substring, Int) =
      lower.hasPrefix("0x")
      ? (lower.dropFirst(2), 16)
      : lower.hasPrefix("0b") ? (lower.dropFirst(2), 2) : (lower[...], 10)
    guard let first = digits.first, let last = digits.last, first != "_", last != "_" else {
      throw Fault(
        "'\(text)' is not a number", column: start + 1, length: length,
        suggestion: digits.isEmpty ? "digits follow \(text)" : "a _ stands between digits")
    }
    let plain = digits.filter { $0 != "_" }
    guard plain.allSatisfy({ $0.hexDigitValue.map { $0 < radix } ?? false }) else {
      throw Fault(
        "'\(text)' is not a number", column: start + 1, length: length,
        suggestion: radix == 10
          ? "hexadecimal numbers begin with 0x, names with a letter or _"
          : "its digits are \(radix == 2 ? "0 and 1" : "0 to 9 and a to f")")
    }
    guard let value = Int64(plain, radix: radix) else {
      throw fault("\(text) does not fit 64 bits with a sign")
    }
    return .number(value)
  }

  private mutating func characterLiteral() throws(Fault) -> Token.Kind {
    let start = index
    let bytes = try quoted("'")
    guard let character = String(validating: bytes, as: UTF8.self),
      character.unicodeScalars.count == 1,
      let scalar = character.unicodeScalars.first
    else {
      guard bytes.count == 1 else {
        throw Fault(
          "between '' stands one character", column: start + 1, length: index - start,
          suggestion: bytes.isEmpty ? nil : "texts stand in \"\"")
      }
      return .number(Int64(bytes[0]))
    }
    return .number(Int64(scalar.value))
  }

  private mutating func quoted(_ quote: Character) throws(Fault) -> [UInt8] {
    let start = index
    index += 1
    var bytes: [UInt8] = []
    while let character = current, character != quote {
      index += 1
      if character == "\\" {
        bytes.append(try escape())
      } else {
        bytes += Array(String(character).utf8)
      }
    }
    guard current == quote else {
      throw Fault(
        "this \(quote == "'" ? "character" : "text") has no end", column: start + 1,
        length: index - start, suggestion: "close it with \(quote)")
    }
    index += 1
    return bytes
  }

  private mutating func escape() throws(Fault) -> UInt8 {
    let start = index
    guard let character = current else {
      throw Fault("nothing stands behind this \\", column: start)
    }
    index += 1
    switch character {
    case "n": return 10
    case "t": return 9
    case "r": return 13
    case "0": return 0
    case "\\": return 92
    case "'": return 39
    case "\"": return 34
    case "x":
      let digits = characters[index..<min(index + 2, characters.count)]
      guard digits.count == 2, let value = UInt8(String(digits), radix: 16) else {
        throw Fault("\\x is followed by two hexadecimal digits", column: start, length: 2)
      }
      index += 2
      return value
    default:
      throw Fault(
        "'\\\(Self.shown(character))' is no escape", column: start, length: 2,
        suggestion: #"there are \n \t \r \0 \\ \' \" \xHH"#)
    }
  }

  private mutating func symbol(_ character: Character) throws(Fault) -> Token.Kind {
    index += 1
    if character == "<" || character == ">", current == character {
      index += 1
      return .symbol("\(character)\(character)")
    }
    guard "+-*/%&|^~(),:=".contains(character) else {
      throw Fault(
        "'\(Self.shown(character))' has no meaning here", column: index,
        suggestion: Self.advice(character))
    }
    return .symbol(String(character))
  }

  /// A character for a message: those that don't print by number.
  private static func shown(_ character: Character) -> String {
    guard let scalar = character.unicodeScalars.first, columns(of: character) == 0 else {
      return String(character)
    }
    return "U+" + hexadecimal(scalar.value, digits: 4).uppercased()
  }

  private static func advice(_ character: Character) -> String? {
    switch character {
    case "\u{2018}", "\u{2019}": "the straight sign is '"
    case "\u{201C}", "\u{201D}": "the straight sign is \""
    case "\u{2013}", "\u{2014}", "\u{2212}": "the minus sign is -"
    case "[", "]": "a memory operand is imm(register)"
    case "$", "@": "numbers and registers are written without it"
    default: nil
    }
  }
}
