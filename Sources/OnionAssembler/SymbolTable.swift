import OnionISA
import SourceText

/// The labels and `.equ` names of a program.
struct SymbolTable {
  enum State {
    case known(Int64)
    /// An `.equ` that rests on something that comes later.
    case pending
    /// Its definition is wrong, which is reported there and not where it is used.
    case broken
  }

  struct Definition {
    var place: SourcePlace
    var kind: Image.Symbol.Kind
    var expression: Expression
    /// The index of the statement that defines it; local labels in the expression count from there.
    var order: Int
    var state: State
    /// Known without any label.
    var isAbsolute: Bool

    var isBroken: Bool {
      if case .broken = state { true } else { false }
    }
  }

  struct LocalLabel {
    var order: Int
    var address: Int64
  }

  /// What an evaluation can rest on.
  enum Phase {
    /// Only what was defined before: addresses are being decided.
    case layout
    /// Everything.
    case emission
  }

  var definitions: [String: Definition] = [:]
  private(set) var names: [String] = []
  /// By number, in order of the source.
  private var locals: [Int: [LocalLabel]] = [:]
  /// Every name that the program defines anywhere.
  var laterNames: Set<String> = []
  /// A file could not be included, so names that seem unknown may be defined in it.
  var isIncomplete = false

  /// `.equ` names that rest on one another, each on one that comes later.
  static let chainLimit = 64

  /// The definition of the same name that was there before, if there was one; a broken one gives way.
  mutating func define(_ name: String, _ definition: Definition) -> Definition? {
    if let other = definitions[name], !other.isBroken { return other }
    if definitions.updateValue(definition, forKey: name) == nil { names.append(name) }
    return nil
  }

  mutating func addLocal(_ number: Int, _ label: LocalLabel) {
    locals[number, default: []].append(label)
  }

  /// True if the expression uses nothing but numbers and `.equ` names that were defined before and
  /// rest on no label.
  func isAbsolute(_ expression: Expression) -> Bool {
    !expression.hasLocalLabel
      && expression.names.allSatisfy { definitions[$0]?.isAbsolute == true }
  }

  /// True if the expression rests on nothing that comes later.
  func isKnown(_ expression: Expression) -> Bool {
    !expression.hasForwardLabel
      && expression.names.allSatisfy { name in
        switch definitions[name]?.state {
        case .known, .broken: true
        case .pending, nil: false
        }
      }
  }

  /// The value of an expression used by the statement of that index.
  func value(
    of expression: Expression, order: Int, phase: Phase = .emission
  ) throws(Fault) -> Int64 {
    try expression.value { (name: String, token: Token) throws(Fault) -> Int64 in
      guard let definition = definitions[name] else { throw unknown(name, token, phase) }
      switch definition.state {
      case .known(let value): return value
      case .broken: throw .followUp(token)
      case .pending: throw tooEarly(name, token)
      }
    } local: { (number: Int, forward: Bool, token: Token) throws(Fault) -> Int64 in
      let labels = locals[number] ?? []
      // The first that comes after the statement.
      var (low, high) = (0, labels.count)
      while low < high {
        let middle = (low + high) / 2
        if labels[middle].order <= order { low = middle + 1 } else { high = middle }
      }
      let index = forward ? low : low - 1
      if labels.indices.contains(index) { return labels[index].address }
      if forward, phase == .layout { throw tooEarly("\(number)f", token) }
      throw Fault(
        "there is no label '\(number):' \(forward ? "after" : "before") this line", at: token)
    }
  }

  private func tooEarly(_ name: String, _ token: Token) -> Fault {
    Fault(
      "the value of '\(name)' must be known here already", at: token,
      suggestion: "define it above this line")
  }

  private func unknown(_ name: String, _ token: Token, _ phase: Phase) -> Fault {
    if phase == .layout, laterNames.contains(name) { return tooEarly(name, token) }
    if isIncomplete { return .followUp(token) }
    let guess = Suggestion.nearest(to: name, among: names)
    return Fault(
      "'\(name)' is not defined", at: token, suggestion: guess.map { "did you mean '\($0)'?" })
  }
}

// MARK: - Names that rest on later ones

extension SymbolTable {
  /// Works out the `.equ` names that could not be known while the addresses were decided.
  ///
  /// Each that can't be is reported once, at its definition.
  mutating func settle(_ faults: inout FaultList) {
    // First those that rest on no other such name; then last first, so that each finds those that
    // come later settled already. Only what is written in no order at all is left to recursion.
    for name in names where definitions[name].map({ isReady($0.expression) }) ?? false {
      settle(name, [], &faults)
    }
    for name in names.reversed() { settle(name, [], &faults) }
  }

  private func isReady(_ expression: Expression) -> Bool {
    expression.names.allSatisfy { name in
      if case .pending = definitions[name]?.state { false } else { true }
    }
  }

  private mutating func settle(_ name: String, _ within: [String], _ faults: inout FaultList) {
    guard let definition = definitions[name], case .pending = definition.state else { return }
    for inner in definition.expression.names {
      guard let other = definitions[inner], case .pending = other.state else { continue }
      guard inner != name, !within.contains(inner), within.count < Self.chainLimit else {
        let reason =
          within.count < Self.chainLimit
          ? "the value of '\(name)' rests on itself"
          : "'\(name)' rests on more than \(Self.chainLimit) names that rest on one another"
        faults.add(Fault(reason, at: definition.token(of: inner)), definition.place)
        definitions[name]?.state = .broken
        return
      }
      settle(inner, within + [name], &faults)
    }
    do throws(Fault) {
      let value = try value(of: definition.expression, order: definition.order)
      definitions[name]?.state = .known(value)
    } catch {
      faults.add(error, definition.place)
      definitions[name]?.state = .broken
    }
  }
}

extension SymbolTable.Definition {
  /// Where the name is used in the expression.
  fileprivate func token(of name: String) -> Token {
    expression.tokens.first { $0.name == name } ?? Token(kind: .end, column: 1, length: 1)
  }
}
