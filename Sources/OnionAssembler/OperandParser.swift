import OnionISA
import SourceText

// The operands of each form, as ONION.md writes them.
extension OperandReader {
  mutating func operands(of instruction: Instruction) throws(Fault) -> Operands {
    let usage = "\(instruction) \(instruction.info.operands)"
    var result = Operands()
    switch instruction.form {
    case .register:
      result.d = try register(usage)
      try expect(",", usage)
      result.a = try register(usage)
      try expect(",", usage)
      result.b = try register(usage)
    case .immediate:
      result.d = try register(usage)
      try expect(",", usage)
      result.a = try register(usage)
      try expect(",", usage)
      try value(&result)
    case .upper:
      result.d = try register(usage)
      try expect(",", usage)
      try value(&result)
    case .memory:
      result.d = try register(usage)
      try expect(",", usage)
      try memory(&result, usage)
    case .branch:
      result.a = try register(usage)
      try expect(",", usage)
      result.b = try register(usage)
      try expect(",", usage)
      try value(&result)
    case .jump:
      result.d = try register(usage)
      try expect(",", usage)
      try value(&result)
    case .bare: break
    case .number: try value(&result)
    case .destination: result.d = try register(usage)
    case .source: result.a = try register(usage)
    case .readControl:
      result.d = try register(usage)
      try expect(",", usage)
      try control(&result)
    case .writeControl:
      try control(&result)
      try expect(",", usage)
      result.a = try register(usage)
    case .port where instruction == .in:
      result.d = try register(usage)
      try expect(",", usage)
      try value(&result)
    case .port:
      try value(&result)
      try expect(",", usage)
      result.d = try register(usage)
    }
    return result
  }

  mutating func operands(of pseudo: PseudoInstruction) throws(Fault) -> Operands {
    let usage = "\(pseudo.rawValue) \(pseudo.operands)"
    var result = Operands()
    switch pseudo {
    case .nop, .ret: break
    case .mv, .not, .neg, .seqz, .snez:
      result.d = try register(usage)
      try expect(",", usage)
      result.a = try register(usage)
    case .la, .li:
      result.d = try register(usage)
      try expect(",", usage)
      try value(&result)
    case .push, .pop:
      let token = current
      result.d = try register(usage)
      if pseudo == .pop, result.d == .sp {
        throw Fault(
          "'pop sp' would lose the stack", at: token,
          suggestion: "use 'lw sp, 0(sp)' if you mean it")
      }
    case .beqz, .bnez, .bltz, .bgez:
      result.a = try register(usage)
      try expect(",", usage)
      try value(&result)
    case .bgt, .ble, .bgtu, .bleu:
      // The comparison is turned round: the second register comes first.
      result.b = try register(usage)
      try expect(",", usage)
      result.a = try register(usage)
      try expect(",", usage)
      try value(&result)
    case .j, .call: try value(&result)
    case .jr: result.a = try register(usage)
    }
    return result
  }

  private mutating func value(_ operands: inout Operands) throws(Fault) {
    operands.token = current
    operands.value = try expression()
    // Messages about the value mark all of it.
    let last = tokens[max(0, index - 1)]
    operands.token.length = max(1, last.column + last.length - operands.token.column)
  }

  private mutating func register(_ usage: String) throws(Fault) -> Register {
    let token = current
    guard case .name(let name) = token.kind else {
      throw Fault(
        isAtEnd ? "a register is missing" : "a register should be here", at: token,
        suggestion: "it is '\(usage)'")
    }
    guard let register = Register(name: name) else {
      let known = Register.names + (0..<16).map { "r\($0)" }
      let guess = Suggestion.nearest(to: name.lowercased(), among: known)
      let exact = known.contains(name.lowercased()) ? name.lowercased() : guess
      throw Fault(
        "'\(name)' is no register", at: token, suggestion: exact.map { "did you mean '\($0)'?" })
    }
    advance()
    return register
  }

  /// `imm(reg)`, or `(reg)` for 0.
  private mutating func memory(_ operands: inout Operands, _ usage: String) throws(Fault) {
    operands.token = current
    if current.isSymbol("("), case .name(let name) = following.kind, Register(name: name) != nil {
      operands.value = .number(0)
    } else {
      try value(&operands)
    }
    guard takes("(") else {
      throw Fault(
        "'(' and a register should be here", at: current,
        suggestion: "it is '\(usage)'; for an absolute address write (zero)")
    }
    operands.a = try register(usage)
    try expect(")", usage)
  }

  private mutating func control(_ operands: inout Operands) throws(Fault) {
    let token = current
    operands.token = token
    if case .name(let name) = token.kind {
      if let control = ControlRegister(name: name) {
        advance()
        operands.control = control
        return
      }
      let names = ControlRegister.allCases.map(\.name)
      if let guess = Suggestion.nearest(to: name, among: names) {
        throw Fault(
          "'\(name)' is no control register", at: token, suggestion: "did you mean '\(guess)'?")
      }
    }
    try value(&operands)
  }
}
