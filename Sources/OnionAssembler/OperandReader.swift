import OnionISA

/// Reads operands from a line's tokens.
struct OperandReader {
  let tokens: [Token]
  /// What the whole statement would be, for messages.
  var form = ""
  private(set) var index = 0
  /// Operators in the expression that is being read.
  private var operators = 0

  init(tokens: [Token]) { self.tokens = tokens }

  var current: Token { tokens[min(index, tokens.count - 1)] }
  var following: Token { tokens[min(index + 1, tokens.count - 1)] }
  var isAtEnd: Bool { current.kind == .end }

  mutating func advance() { if index < tokens.count - 1 { index += 1 } }

  mutating func takes(_ symbol: String) -> Bool {
    guard current.isSymbol(symbol) else { return false }
    advance()
    return true
  }

  /// Names the form, where the fault is that something else stands there.
  var advice: String { "the form is '\(form)'" }

  mutating func expect(_ symbol: String) throws(Fault) {
    guard takes(symbol) else {
      throw Fault(
        isAtEnd ? "the line ends where '\(symbol)' should be" : "'\(symbol)' should be here",
        at: current, suggestion: advice)
    }
  }

  // MARK: Expressions

  // C's precedence, from the weakest.
  private static let levels: [[String]] = [
    ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"],
  ]
  // Expressions are read and computed by recursion, so their size has bounds that no person meets.
  private static let depthLimit = 40
  private static let operatorLimit = 200

  /// An expression; faults about its value mark all of it.
  mutating func value() throws(Fault) -> Value {
    let first = current
    operators = 0
    let expression = try level(0, depth: 0)
    let last = tokens[max(0, index - 1)]
    return Value(
      expression: expression, column: first.column,
      length: max(1, last.column + last.length - first.column))
  }

  private mutating func level(_ level: Int, depth: Int) throws(Fault) -> Expression {
    guard level < Self.levels.count else { return try primary(depth: depth) }
    var left = try self.level(level + 1, depth: depth)
    while case .symbol(let sign) = current.kind, Self.levels[level].contains(sign) {
      let token = current
      try count(token)
      advance()
      let right = try self.level(level + 1, depth: depth)
      left = .binary(sign, left, right, token)
    }
    return left
  }

  private mutating func count(_ token: Token) throws(Fault) {
    operators += 1
    guard operators <= Self.operatorLimit else {
      throw Fault(
        "an expression has at most \(Self.operatorLimit) operators", at: token,
        suggestion: "name a part of it with .equ")
    }
  }

  private mutating func primary(depth: Int) throws(Fault) -> Expression {
    let token = current
    guard depth < Self.depthLimit else {
      throw Fault(
        "parentheses and signs nest more than \(Self.depthLimit) deep", at: token,
        suggestion: "name a part of it with .equ")
    }
    switch token.kind {
    case .number(let value):
      advance()
      return .number(value)
    case .localLabel(let number, let forward):
      advance()
      return .localLabel(number, forward: forward, token)
    case .name(let name): return try named(name, token, depth: depth)
    case .symbol("("):
      advance()
      let operand = try level(0, depth: depth + 1)
      guard takes(")") else {
        throw Fault("this '(' has no ')'", at: token)
      }
      return operand
    case .symbol(let sign) where ["-", "+", "~"].contains(sign):
      advance()
      return .unary(sign, try primary(depth: depth + 1), token)
    case .end: throw Fault("a value is missing", at: token, suggestion: advice)
    case .text:
      throw Fault(
        "a value should be here, not a text", at: token,
        suggestion: "texts are for .ascii and .asciz, one character is written 'a'")
    default: throw Fault("a value should be here", at: token, suggestion: advice)
    }
  }

  private mutating func named(
    _ name: String, _ token: Token, depth: Int
  ) throws(Fault) -> Expression {
    if name.hasPrefix(".") { throw Fault("'\(name)' is no value", at: token) }
    if Register(name: name) != nil {
      throw Fault("'\(name)' is a register; a value should be here", at: token, suggestion: advice)
    }
    advance()
    guard name == "hi" || name == "lo", current.isSymbol("(") else { return .symbol(name, token) }
    advance()
    let operand = try level(0, depth: depth + 1)
    guard takes(")") else { throw Fault("this '\(name)(' has no ')'", at: token) }
    return .half(high: name == "hi", operand)
  }
}
