/// How a number is read, wherever one is typed: at the prompt, in an expression, as an answer.
public enum NumberSyntax {
  /// Hexadecimal digits of a word, and of the number of a page or frame, as they are shown.
  private static let wordDigits = 8
  private static let pageDigits = 5

  /// What a text of digits may mean, the likeliest first; empty if it is no number, or one of more than 64 bits.
  ///
  /// That is `0x…`, `0b…` and decimal digits, with `_` between digits where one likes. Without `0x` a number is
  /// hexadecimal too where it looks as the machine shows one: eight digits are a word, and five with a 0 in front
  /// the number of a page or frame. Of these only the ones that begin with 0, or have a letter, are
  /// hexadecimal first: `10000000` is ten million.
  public static func values(_ text: String) -> [Int64] {
    let digits = text.lowercased().filter { $0 != "_" }
    if digits.hasPrefix("0x") { return [bits(digits.dropFirst(2), radix: 16)].compactMap(\.self) }
    if digits.hasPrefix("0b"), digits.count != pageDigits, digits.count != wordDigits {
      return [bits(digits.dropFirst(2), radix: 2)].compactMap(\.self)
    }
    if digits.hasPrefix("0b"), let binary = bits(digits.dropFirst(2), radix: 2) { return [binary] }
    guard digits.first?.isHexDigit == true else { return [] }
    let decimal = Int64(digits)
    let isShownAsWord = digits.count == wordDigits
    let isShownAsPage = digits.count == pageDigits && digits.hasPrefix("0")
    let hexadecimal = isShownAsWord || isShownAsPage ? bits(digits, radix: 16) : nil
    let both = digits.hasPrefix("0") ? [hexadecimal, decimal] : [decimal, hexadecimal]
    return both.compactMap(\.self)
  }

  /// A number of up to 64 bits: beyond 63 the one with these bits.
  private static func bits(_ digits: some StringProtocol, radix: Int) -> Int64? {
    guard digits.first?.isHexDigit == true else { return nil }
    return Int64(digits, radix: radix)
      ?? UInt64(digits, radix: radix).map { Int64(bitPattern: $0) }
  }
}
