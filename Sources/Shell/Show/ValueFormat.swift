import OnionISA

/// How a value is written: gdb's letters after the slash.
enum ValueFormat: Character, CaseIterable {
  case hexadecimal = "x"
  case signed = "d"
  case unsigned = "u"
  case binary = "t"
  case octal = "o"
  case character = "c"
  /// Decimal, and hexadecimal beside it.
  case both = "b"

  func text(_ value: Int64, size: Int = 8) -> String {
    let word = UInt64(bitPattern: value)
    let fits = size >= 8 ? word : word & (1 << UInt64(size * 8) - 1)
    switch self {
    case .hexadecimal: return "0x" + String(fits, radix: 16)
    case .signed: return "\(value)"
    case .unsigned: return "\(fits)"
    case .binary: return "0b" + String(fits, radix: 2)
    case .octal: return "0" + String(fits, radix: 8)
    case .character:
      guard (0x20...0x7E).contains(fits) else { return "\(value)" }
      return "\(value) '\(Character(Unicode.Scalar(UInt8(fits))))'"
    case .both:
      guard value > 9 || value < 0 else { return "\(value)" }
      // What was a register is 32 bits wide; a negative value needs all 64.
      let digits = String(word, radix: 16)
      return "\(value)  (0x\(digits))"
    }
  }
}
