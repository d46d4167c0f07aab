/// A number as a learner types it.
enum TypedNumber: Equatable {
  /// What it may mean; more than one where people write numbers in two ways.
  case values([Int64])
  /// Hexadecimal digits without `0x`.
  case bareHexadecimal

  /// Reads decimal, `0x…` and `0b…`, with `_` between digits, and decimal in groups, `2,000` or
  /// `2 000`; nil if `text` is no number at all.
  ///
  /// Eight bare digits are also read as hexadecimal, since so the machine's words are shown.
  init?(_ text: String) {
    let isNegative = text.hasPrefix("-")
    let digits = Self.ungrouped(text.dropFirst(isNegative ? 1 : 0)).lowercased().filter {
      $0 != "_"
    }
    guard digits.first?.isHexDigit == true else { return nil }
    func number(_ digits: some StringProtocol, radix: Int) -> Int64? {
      guard digits.first?.isHexDigit == true, let value = Int64(digits, radix: radix) else {
        return nil
      }
      return isNegative ? -value : value
    }
    let values: [Int64?] =
      if digits.hasPrefix("0x") {
        [number(digits.dropFirst(2), radix: 16)]
      } else if digits.hasPrefix("0b") {
        [number(digits.dropFirst(2), radix: 2)]
      } else {
        [number(digits, radix: 10), digits.count == 8 ? number(digits, radix: 16) : nil]
      }
    let found = values.compactMap { $0 }
    if !found.isEmpty {
      self = .values(found)
    } else if digits.contains(where: \.isNumber), digits.allSatisfy(\.isHexDigit) {
      self = .bareHexadecimal
    } else {
      return nil
    }
  }

  /// The digits without the marks between groups of three; the text itself if it is not grouped so.
  private static func ungrouped(_ text: Substring) -> String {
    for mark in [",", " "] as [Character] {
      let groups = text.split(separator: mark, omittingEmptySubsequences: false)
      guard groups.count > 1, (1...3).contains(groups[0].count),
        groups.dropFirst().allSatisfy({ $0.count == 3 }),
        groups.joined().allSatisfy({ $0.isASCII && $0.isNumber })
      else { continue }
      return groups.joined()
    }
    return String(text)
  }

  /// Whether two numbers are the same word of 32 bits, so that −1 is also 0xFFFFFFFF.
  static func same(_ a: Int64, _ b: Int64) -> Bool {
    let words = Int64(Int32.min)...Int64(UInt32.max)
    guard words.contains(a), words.contains(b) else { return a == b }
    return UInt32(truncatingIfNeeded: a) == UInt32(truncatingIfNeeded: b)
  }

  /// "12 (0xc)".
  static func shown(_ value: Int64) -> String {
    if (0..<10).contains(value) { return "\(value)" }
    return "\(value) (0x\(String(UInt32(truncatingIfNeeded: value), radix: 16)))"
  }
}
