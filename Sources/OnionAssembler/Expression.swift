import SourceText

/// An operand's arithmetic as it was written.
indirect enum Expression: Hashable, Sendable {
  case number(Int64)
  case symbol(String, Token)
  case localLabel(Int, forward: Bool, Token)
  case unary(String, Expression, Token)
  case binary(String, Expression, Expression, Token)
  /// `hi(x)` or `lo(x)`.
  case half(high: Bool, Expression)

  /// Every name in it.
  var names: [String] {
    switch self {
    case .number, .localLabel: []
    case .symbol(let name, _): [name]
    case .unary(_, let operand, _), .half(_, let operand): operand.names
    case .binary(_, let left, let right, _): left.names + right.names
    }
  }

  var hasLocalLabel: Bool {
    switch self {
    case .number, .symbol: false
    case .localLabel: true
    case .unary(_, let operand, _), .half(_, let operand): operand.hasLocalLabel
    case .binary(_, let left, let right, _): left.hasLocalLabel || right.hasLocalLabel
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
        throw Fault("a shift by \(b): shifts go from 0 to 63", at: token)
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

/// Reads operands from a line's tokens.
struct OperandReader {
  let tokens: [Token]
  var index = 0

  var current: Token { tokens[min(index, tokens.count - 1)] }
  var following: Token { tokens[min(index + 1, tokens.count - 1)] }
  var isAtEnd: Bool { current.kind == .end }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  mutating func takes(_ symbol: String) -> Bool {
    guard current.isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String, _ usage: String) throws(Fault) {
    guard takes(symbol) else {
      throw Fault(
        isAtEnd ? "the line ends where '\(symbol)' should be" : "'\(symbol)' should be here",
        at: current, suggestion: usage)
    }
  }

  // C's precedence, from the weakest.
  private static let levels: [[String]] = [
    ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"],
  ]
  private static let depthLimit = 100

  mutating func expression() throws(Fault) -> Expression { try level(0, depth: 0) }

  private mutating func level(_ level: Int, depth: Int) throws(Fault) -> Expression {
    guard level < Self.levels.count else { return try primary(depth: depth) }
    var left = try self.level(level + 1, depth: depth)
    while case .symbol(let sign) = current.kind, Self.levels[level].contains(sign) {
      let token = current
      advance()
      let right = try self.level(level + 1, depth: depth)
      left = .binary(sign, left, right, token)
    }
    return left
  }

  private mutating func primary(depth: Int) throws(Fault) -> Expression {
    let token = current
    guard depth < Self.depthLimit else {
      throw Fault("parentheses and signs nest too deep", at: token)
    }
    switch token.kind {
    case .number(let value):
      advance()
      return .number(value)
    case .localLabel(let number, let forward):
      advance()
      return .localLabel(number, forward: forward, token)
    case .name(let name):
      advance()
      if name == "hi" || name == "lo", current.isSymbol("(") {
        advance()
        let operand = try level(0, depth: depth + 1)
        try expect(")", "\(name)(x)")
        return .half(high: name == "hi", operand)
      }
      if name.hasPrefix(".") { throw Fault("'\(name)' is a directive, not a value", at: token) }
      return .symbol(name, token)
    case .symbol("("):
      advance()
      let operand = try level(0, depth: depth + 1)
      try expect(")", "each ( needs its )")
      return operand
    case .symbol(let sign) where ["-", "+", "~"].contains(sign):
      advance()
      return .unary(sign, try primary(depth: depth + 1), token)
    case .end: throw Fault("a value is missing", at: token)
    default: throw Fault("a value should be here", at: token)
    }
  }
}
