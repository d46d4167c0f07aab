/// An operand's arithmetic as it was written.
indirect enum Expression: Hashable, Sendable {
  case number(Int64)
  case symbol(String, Token)
  case localLabel(Int, forward: Bool, Token)
  case unary(String, Expression, Token)
  case binary(String, Expression, Expression, Token)
  /// `hi(x)` or `lo(x)`.
  case half(high: Bool, Expression)

  /// The names and local labels in it, as they stand.
  var tokens: [Token] {
    switch self {
    case .number: []
    case .symbol(_, let token), .localLabel(_, _, let token): [token]
    case .unary(_, let operand, _), .half(_, let operand): operand.tokens
    case .binary(_, let left, let right, _): left.tokens + right.tokens
    }
  }

  /// Every name in it.
  var names: [String] { tokens.compactMap(\.name) }

  var hasLocalLabel: Bool { tokens.contains { $0.name == nil } }

  /// It uses a local label that comes later, such as `1f`.
  var hasForwardLabel: Bool {
    tokens.contains {
      if case .localLabel(_, true) = $0.kind { true } else { false }
    }
  }

  /// The value, 64-bit signed.
  func value(
    _ symbol: (String, Token) throws(Fault) -> Int64,
    local: (Int, Bool, Token) throws(Fault) -> Int64
  ) throws(Fault) -> Int64 {
    switch self {
    case .number(let value): return value
    case .symbol(let name, let token): return try symbol(name, token)
    case .localLabel(let number, let forward, let token):
      return try local(number, forward, token)
    case .half(let high, let operand):
      let value = try operand.value(symbol, local: local)
      return high ? value >> 16 & 0xFFFF : value & 0xFFFF
    case .unary(let sign, let operand, let token):
      let value = try operand.value(symbol, local: local)
      switch sign {
      case "-":
        let (result, overflow) = Int64(0).subtractingReportingOverflow(value)
        if overflow { throw Self.overflow(token) }
        return result
      case "~": return ~value
      default: return value
      }
    case .binary(let sign, let left, let right, let token):
      let a = try left.value(symbol, local: local)
      let b = try right.value(symbol, local: local)
      return try Self.combine(sign, a, b, token)
    }
  }

  private static func overflow(_ token: Token) -> Fault {
    Fault("the result does not fit 64 bits", at: token)
  }

  private static func combine(
    _ sign: String, _ a: Int64, _ b: Int64, _ token: Token
  ) throws(Fault) -> Int64 {
    let result: (partialValue: Int64, overflow: Bool)
    switch sign {
    case "+": result = a.addingReportingOverflow(b)
    case "-": result = a.subtractingReportingOverflow(b)
    case "*": result = a.multipliedReportingOverflow(by: b)
    case "/", "%":
      guard b != 0 else { throw Fault("division by zero", at: token) }
      result =
        sign == "/"
        ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b)
    case "&": return a & b
    case "|": return a | b
    case "^": return a ^ b
    default:
      guard (0...63).contains(b) else {
        throw Fault("this shifts by \(b); shifts go from 0 to 63", at: token)
      }
      if sign == ">>" { return a >> b }
      let shifted = a << b
      guard shifted >> b == a else { throw overflow(token) }
      return shifted
    }
    if result.overflow { throw overflow(token) }
    return result.partialValue
  }
}
