/// An answer as people write it: "(c)", "it is c", "option c.", "40 %", "I don't know".
struct TypedAnswer {
  /// What is left without the words around it, in lower case.
  let core: String
  /// The learner says that they have no answer.
  let isUnknowing: Bool

  /// How an answer may begin; longer ones first.
  private static let openings = [
    "the answer is", "i think it is", "i think it's", "i think", "i guess", "it would be",
    "it will be", "it must be", "it is", "it's", "its", "that is", "option", "choice", "answer",
    "maybe", "is",
  ]
  private static let unknowing = [
    "i don't know", "i dont know", "i do not know", "don't know", "dont know", "dunno", "idk",
    "no idea", "i have no idea", "not sure", "i am not sure", "i'm not sure", "no clue", "?", "??",
    "???",
  ]

  init(_ text: String) {
    var rest = text.lowercased().replacing("\u{2019}", with: "'").trimmingSpace
    isUnknowing = Self.unknowing.contains(rest.trimming(in: ".! "))
    var found = true
    while found {
      found = false
      for opening in Self.openings
      where rest.hasPrefix(opening + " ") || rest.hasPrefix(opening + ":") {
        rest = rest.dropFirst(opening.count + 1).trimmingSpace
        found = true
        break
      }
    }
    rest = rest.trimming(in: ".!?,;: ")
    // "(c)", "c)", "[c]".
    if rest.filter({ !"()[]'\"`".contains($0) }).count == 1 {
      rest = rest.filter { !"()[]'\"`".contains($0) }
    }
    core = rest
  }

  /// The number that was meant; nil if it is none.
  var number: TypedNumber? {
    TypedNumber(core) ?? Self.word(core).map { .values([$0]) } ?? Self.calculated(core)
      ?? Self.withUnit(core)
  }

  /// "200/5": one operation on two numbers; a division only where it comes out even.
  private static func calculated(_ text: String) -> TypedNumber? {
    for sign in ["/", "*", "+", "-"] as [Character] {
      guard let place = text.dropFirst().firstIndex(of: sign),
        case .values(let left)? = TypedNumber(text[..<place].trimmingSpace),
        case .values(let right)? = TypedNumber(text[text.index(after: place)...].trimmingSpace),
        let a = left.first, let b = right.first
      else { continue }
      let (value, overflows): (Int64, Bool)
      switch sign {
      case "/":
        guard b != 0, a != .min, a % b == 0 else { return nil }
        (value, overflows) = (a / b, false)
      case "*": (value, overflows) = a.multipliedReportingOverflow(by: b)
      case "+": (value, overflows) = a.addingReportingOverflow(b)
      default: (value, overflows) = a.subtractingReportingOverflow(b)
      }
      return overflows ? nil : .values([value])
    }
    return nil
  }

  /// "40%", "2000 GB", "7 cycles": what is counted stands behind the number, in one word.
  private static func withUnit(_ text: String) -> TypedNumber? {
    let unit = text.reversed().prefix { $0.isLetter || $0 == "%" }.count
    guard unit > 0, unit < text.count else { return nil }
    let digits = text.dropLast(unit)
    // "0x1g" is no number with a unit, nor is "12ab".
    guard digits.last == " " || text.hasSuffix("%") || !text.suffix(unit).allSatisfy(\.isHexDigit),
      !digits.hasPrefix("0x")
    else { return nil }
    return TypedNumber(digits.trimmingSpace) ?? word(digits.trimmingSpace).map { .values([$0]) }
  }

  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
  ]
  private static let tens = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
  ]

  /// "seven", "forty-two", "none".
  private static func word(_ text: String) -> Int64? {
    if let index = small.firstIndex(of: text) { return Int64(index) }
    if text == "none" || text == "never" { return 0 }
    let parts = text.split { $0 == "-" || $0 == " " }.map(String.init)
    guard let first = parts.first, let ten = tens.firstIndex(of: first), parts.count <= 2 else {
      return nil
    }
    let value = Int64(20 + 10 * ten)
    guard parts.count == 2 else { return value }
    return small.firstIndex(of: parts[1]).flatMap { (1...9).contains($0) ? value + Int64($0) : nil }
  }
}

extension String {
  fileprivate func trimming(in characters: String) -> String {
    var rest = Substring(self)
    while let last = rest.last, characters.contains(last), rest.count > 1 { rest.removeLast() }
    while let first = rest.first, characters.contains(first), rest.count > 1 { rest.removeFirst() }
    return String(rest)
  }
}
