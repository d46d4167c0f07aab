import OnionISA
import SourceText

/// The labels and `.equ` names of a program.
struct SymbolTable {
  struct Definition {
    var place: SourcePlace
    var kind: Image.Symbol.Kind
    var expression: Expression
    /// The index of the statement that defines it.
    var order: Int
    /// Worked out already.
    var value: Int64?
    /// Known without any label.
    var isAbsolute: Bool
  }

  struct LocalLabel {
    var number: Int
    var address: UInt32
    var order: Int
  }

  private(set) var definitions: [String: Definition] = [:]
  private(set) var names: [String] = []
  private(set) var locals: [LocalLabel] = []

  mutating func define(_ name: String, _ definition: Definition) -> SourcePlace? {
    if let other = definitions[name] { return other.place }
    definitions[name] = definition
    names.append(name)
    return nil
  }

  mutating func add(_ label: LocalLabel) { locals.append(label) }

  /// True if the expression uses nothing but numbers and `.equ` names that were defined before and
  /// rest on no label.
  func isAbsolute(_ expression: Expression) -> Bool {
    !expression.hasLocalLabel
      && expression.names.allSatisfy { definitions[$0]?.isAbsolute == true }
  }

  /// The value of an expression used by the statement of that index.
  func value(of expression: Expression, order: Int) throws(Fault) -> Int64 {
    try value(of: expression, order: order, within: [])
  }

  private func value(
    of expression: Expression, order: Int, within: [String]
  ) throws(Fault) -> Int64 {
    try expression.value { (name: String, token: Token) throws(Fault) -> Int64 in
      guard let definition = definitions[name] else { throw unknown(name, token) }
      if let value = definition.value { return value }
      guard !within.contains(name) else {
        throw Fault("'\(name)' is defined by itself", at: token)
      }
      return try value(
        of: definition.expression, order: definition.order, within: within + [name])
    } local: { (number: Int, forward: Bool, token: Token) throws(Fault) -> Int64 in
      let label =
        forward
        ? locals.first { $0.number == number && $0.order > order }
        : locals.last { $0.number == number && $0.order <= order }
      guard let label else {
        throw Fault(
          "there is no label \(number): \(forward ? "after" : "before") this line", at: token)
      }
      return Int64(label.address)
    }
  }

  private func unknown(_ name: String, _ token: Token) -> Fault {
    if let register = Register(name: name) {
      return Fault("'\(register)' is a register; a value should be here", at: token)
    }
    let guess = Suggestion.nearest(to: name, among: names)
    return Fault(
      "'\(name)' is not defined", at: token, suggestion: guess.map { "did you mean '\($0)'?" })
  }
}
