import Laboratory

/// A number as a learner types it.
enum TypedNumber: Equatable {
  /// What it may mean; more than one where people write numbers in two ways.
  case values([Int64])
  /// Hexadecimal digits without `0x`.
  case bareHexadecimal

  /// Reads what ``NumberSyntax`` does, and decimal in groups, `2,000` or `2 000`; nil if `text` is no number at
  /// all.
  init?(_ text: String) {
    let isNegative = text.hasPrefix("-")
    let digits = Self.ungrouped(text.dropFirst(isNegative ? 1 : 0)).lowercased().filter {
      $0 != "_"
    }
    guard digits.first?.isHexDigit == true else { return nil }
    let found = NumberSyntax.values(digits).map { isNegative ? 0 &- $0 : $0 }
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
