import OnionISA

/// After which steps a value may have changed. Any trap is always one.
struct Triggers {
  /// A step that changed one of these.
  var registers: Set<Register> = []
  /// A system instruction.
  var atSystem = false
  /// Any step at all.
  var atEachStep = false

  mutating func formUnion(_ other: Triggers) {
    registers.formUnion(other.registers)
    atSystem = atSystem || other.atSystem
    atEachStep = atEachStep || other.atEachStep
  }

  func union(_ other: Triggers) -> Triggers {
    var result = self
    result.formUnion(other)
    return result
  }
}

extension Query {
  /// What its value depends on.
  var triggers: Triggers {
    switch self {
    case .number, .variable, .label: Triggers()
    case .ofGuest(_, let inner, _): inner.triggers
    case .name(let name, _): Self.triggers(of: name)
    // `traps(…)` counts real traps, and each pauses the engine.
    case .call: Triggers()
    case .memory: Triggers(atEachStep: true)
    case .unary(_, let operand): operand.triggers
    case .binary(_, let left, let right, _): left.triggers.union(right.triggers)
    }
  }

  /// Names that count or follow every instruction.
  private static let restless: Set<String> = [
    "pc", "steps", "cycles", "instructions", "cycle", "cycleh", "instret", "instreth",
    "direct", "idle", "used",
  ]

  private static func triggers(of name: String) -> Triggers {
    let field = name.split(separator: ".").last.map(String.init) ?? name
    if let register = Register(name: field) {
      return Triggers(registers: register == .zero ? [] : [register])
    }
    return restless.contains(field) ? Triggers(atEachStep: true) : Triggers(atSystem: true)
  }
}
