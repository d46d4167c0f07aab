import OnionISA
import SourceText

// The operands of each form, as the CPU manual writes them.
extension OperandReader {
  mutating func operands(of instruction: Instruction) throws(Fault) -> Operands {
    var result = Operands()
    switch instruction.form {
    case .register:
      result.d = try register()
      try expect(",")
      result.a = try register()
      try expect(",")
      result.b = try lastRegister(of: instruction)
    case .immediate:
      result.d = try register()
      try expect(",")
      result.a = try register()
      try expect(",")
      result.value = try lastValue(of: instruction)
    case .upper:
      result.d = try register()
      try expect(",")
      result.value = try value()
    case .memory:
      result.d = try register()
      try expect(",")
      try memory(&result)
    case .branch:
      result.a = try register()
      try expect(",")
      result.b = try register()
      try expect(",")
      result.value = try value()
    case .jump:
      result.d = try register()
      try expect(",")
      result.value = try value()
    case .bare: break
    case .number: result.value = try value()
    case .destination: result.d = try register()
    case .source: result.a = try register()
    case .readControl:
      result.d = try register()
      try expect(",")
      try control(&result)
    case .writeControl:
      try control(&result)
      try expect(",")
      result.a = try register()
    case .port where instruction == .in:
      result.d = try register()
      try expect(",")
      result.value = try value()
    case .port:
      result.value = try value()
      try expect(",")
      result.d = try register()
    }
    return result
  }

  mutating func operands(of pseudo: PseudoInstruction) throws(Fault) -> Operands {
    var result = Operands()
    switch pseudo {
    case .nop, .ret: break
    case .mv, .not, .neg, .seqz, .snez:
      result.d = try register()
      try expect(",")
      result.a = try register()
    case .la, .li:
      result.d = try register()
      try expect(",")
      result.value = try value()
    case .push, .pop:
      let token = current
      result.d = try register()
      if pseudo == .pop, result.d == .sp {
        throw Fault(
          "'pop sp' would lose the stack", at: token,
          suggestion: "'lw sp, 0(sp)' takes sp from the stack")
      }
    case .beqz, .bnez, .bltz, .bgez:
      result.a = try register()
      try expect(",")
      result.value = try value()
    case .bgt, .ble, .bgtu, .bleu:
      // The comparison is turned round: the second register comes first.
      result.b = try register()
      try expect(",")
      result.a = try register()
      try expect(",")
      result.value = try value()
    case .j, .call: result.value = try value()
    case .jr: result.a = try register()
    }
    return result
  }

  /// The last register of an R form; for a number there the I form is suggested.
  private mutating func lastRegister(of instruction: Instruction) throws(Fault) -> Register {
    let token = current
    do {
      return try register()
    } catch {
      let twin = instruction.info.mnemonic + "i"
      guard case .number = token.kind, InstructionTable.instruction(mnemonic: twin) != nil else {
        throw error
      }
      throw Fault(error.message, at: token, suggestion: "with a number it is '\(twin)'")
    }
  }

  /// The immediate of an I form; for a register there the R form is suggested.
  private mutating func lastValue(of instruction: Instruction) throws(Fault) -> Value {
    let token = current
    do {
      return try value()
    } catch {
      let twin = String(instruction.info.mnemonic.dropLast())
      guard let name = token.name, Register(name: name) != nil, following.kind == .end,
        InstructionTable.instruction(mnemonic: twin) != nil
      else { throw error }
      throw Fault(error.message, at: token, suggestion: "with a register it is '\(twin)'")
    }
  }

  private mutating func register() throws(Fault) -> Register {
    let token = current
    guard let name = token.name else {
      throw Fault(
        isAtEnd ? "a register is missing" : "a register should be here", at: token,
        suggestion: advice)
    }
    guard let register = Register(name: name) else {
      let known = Register.names + (0..<16).map { "r\($0)" }
      let lower = name.lowercased()
      let guess = known.contains(lower) ? lower : Suggestion.nearest(to: lower, among: known)
      throw Fault(
        "'\(name)' is no register", at: token,
        suggestion: guess.map { "did you mean '\($0)'?" } ?? advice)
    }
    advance()
    return register
  }

  /// `imm(reg)`, or `(reg)` for 0.
  private mutating func memory(_ operands: inout Operands) throws(Fault) {
    if current.isSymbol("("), let name = following.name, Register(name: name) != nil {
      operands.value = Value(expression: .number(0), column: current.column, length: 1)
    } else if let name = current.name, Register(name: name) != nil {
      throw Fault(
        "'\(name)' is a register; imm(register) should be here", at: current,
        suggestion: "the word that it points to is 0(\(name))")
    } else {
      operands.value = try value()
    }
    guard takes("(") else {
      throw Fault(
        isAtEnd ? "a register in () is missing" : "a register in () should be here", at: current,
        suggestion: advice + ", with (zero) for an absolute address")
    }
    operands.a = try register()
    try expect(")")
  }

  /// A control register's name, or a number.
  private mutating func control(_ operands: inout Operands) throws(Fault) {
    let token = current
    if let name = token.name, let control = ControlRegister(name: name) {
      advance()
      operands.control = control
      operands.value = Value(
        expression: .number(Int64(control.rawValue)), column: token.column, length: token.length)
      return
    }
    operands.value = try value()
  }
}
