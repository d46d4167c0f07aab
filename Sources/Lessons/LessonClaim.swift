import Laboratory

/// A number in a text, and how the machine has it: `320 000<!-- = instret ~ 2% -->`.
public struct LessonClaim: Hashable, Sendable {
  /// The number as it stands in the text, and where.
  public var written: LocatedText
  var value: Double
  /// What one more in its last digit is worth.
  var lastDigit: Double
  /// An expression over the machine; with `divisor` a quotient that need not be whole.
  var expression: LocatedText
  var divisor: String?
  /// How far the number may be off, in percent of the machine's.
  var tolerance: Double?

  /// What is wrong with the number on that machine; nil if it is right.
  func problem(on session: any LessonSession) throws(ConditionError) -> String? {
    let dividend = try session.value(of: expression.text)
    guard let divisor else {
      let isRight =
        tolerance.map { isNear(Double(dividend), $0) }
        ?? TypedNumber.same(Int64(exactly: value) ?? .max, dividend)
      return isRight ? nil : difference("\(dividend)")
    }
    let count = try session.value(of: divisor)
    guard count != 0 else { return "'\(divisor)' is 0: there is no quotient" }
    let actual = Double(dividend) / Double(count)
    let isRight =
      tolerance.map { isNear(actual, $0) } ?? (abs(actual - value) <= lastDigit * 0.500_001)
    return isRight ? nil : difference(Self.shown(actual))
  }

  private func isNear(_ actual: Double, _ percent: Double) -> Bool {
    abs(actual - value) <= abs(actual) * percent / 100
  }

  private func difference(_ actual: String) -> String {
    let whole = divisor.map { "\(expression.text) : \($0)" } ?? expression.text
    return "the text says \(written.text), but on the machine '\(whole)' is \(actual)"
  }

  /// With three digits behind the point.
  private static func shown(_ value: Double) -> String {
    guard abs(value) < 1e15 else { return "\(value)" }
    let thousandths = Int64((abs(value) * 1000).rounded())
    let rest = "\(thousandths % 1000)"
    return (value < 0 ? "-" : "") + "\(thousandths / 1000)."
      + String(repeating: "0", count: 3 - rest.count) + rest
  }
}

/// A number as a text has it.
struct WrittenNumber: Equatable {
  var text: String
  var value: Double
  var lastDigit = 1.0

  private static let words = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
  ]

  /// Reads the number at the end of `text`: decimal, with spaces or commas between groups of three digits
  /// and perhaps a point; hexadecimal with `0x`; a word from one to twelve. A `%` may follow.
  init?(endOf text: some StringProtocol) {
    let all = Array(text.split(separator: "\n", omittingEmptySubsequences: false).last ?? "")
    var end = all.count
    while end > 0, "*_`".contains(all[end - 1]) { end -= 1 }
    let last = end
    if end > 0, all[end - 1] == "%" {
      end -= 1
      while end > 0, all[end - 1].isWhitespace { end -= 1 }
    }
    var start = end
    while start > 0, all[start - 1].isLetter || all[start - 1].isNumber || all[start - 1] == "_" {
      start -= 1
    }
    let word = String(all[start..<end])
    if let index = Self.words.firstIndex(of: word.lowercased()) {
      value = Double(index + 1)
    } else if word.hasPrefix("0x") {
      guard let number = UInt64(word.dropFirst(2).filter { $0 != "_" }, radix: 16) else {
        return nil
      }
      value = Double(number)
    } else {
      guard let decimal = Self.decimal(all, end) else { return nil }
      (start, value, lastDigit) = decimal
    }
    self.text = String(all[start..<last])
  }

  /// Where the decimal number before `end` begins, what it is, and what its last digit is worth.
  private static func decimal(
    _ all: [Character], _ end: Int
  ) -> (start: Int, value: Double, lastDigit: Double)? {
    func isDigit(_ index: Int) -> Bool { all[index].isASCII && all[index].isNumber }
    func digits(before end: Int) -> Int {
      var start = end
      while start > 0, isDigit(start - 1) { start -= 1 }
      return start
    }
    var start = digits(before: end)
    guard start < end else { return nil }
    var lastDigit = 1.0
    var groupEnd = end
    if start > 1, all[start - 1] == ".", isDigit(start - 2) {
      for _ in start..<end { lastDigit /= 10 }
      groupEnd = start - 1
      start = digits(before: groupEnd)
    }
    while groupEnd - start == 3, start > 1, ", \u{A0}\u{202F}".contains(all[start - 1]) {
      let before = digits(before: start - 1)
      guard (1...3).contains(start - 1 - before) else { break }
      groupEnd = start - 1
      start = before
    }
    if start > 0, all[start - 1].isLetter || all[start - 1] == "_" { return nil }
    let plain = String(all[start..<end].filter { isDigitOrPoint($0) })
    return Double(plain).map { (start, $0, lastDigit) }
  }

  private static func isDigitOrPoint(_ character: Character) -> Bool {
    character == "." || character.isASCII && character.isNumber
  }
}
