import OnionISA
import SourceText

/// Turns operands into instruction words, and says what doesn't fit.
struct Encoder {
  let layout: Layout
  let order: Int

  private func value(_ operands: Operands) throws(Fault) -> Int64 {
    guard let expression = operands.value else { return 0 }
    return try layout.symbols.value(of: expression, order: order)
  }

  func encode(
    _ instruction: Instruction, _ operands: Operands, at pc: UInt32
  ) throws(Fault) -> DecodedInstruction {
    var result = DecodedInstruction(
      instruction, d: operands.d, a: operands.a, b: operands.b)
    switch instruction.form {
    case .register, .bare, .destination, .source: break
    case .branch:
      result.immediate = try distance(operands, from: pc, limit: 1 << 15, reach: "±128 KiB")
    case .jump:
      result.immediate = try distance(operands, from: pc, limit: 1 << 19, reach: "±2 MiB")
    case .immediate, .memory, .upper, .number, .port:
      result.immediate = try immediate(instruction, operands)
    case .readControl, .writeControl:
      result.immediate = Int32(try control(instruction, operands).rawValue)
    }
    return result
  }

  private func immediate(
    _ instruction: Instruction, _ operands: Operands
  ) throws(Fault) -> Int32 {
    let value = try value(operands)
    let isSigned = instruction.info.immediate == .signed
    let range: ClosedRange<Int64> = isSigned ? -32768...32767 : 0...65535
    guard range.contains(value) else {
      let usesLi = [.immediate, .upper, .memory].contains(instruction.form)
      throw Fault(
        "\(value) does not fit: \(instruction) takes \(range.lowerBound) to \(range.upperBound)",
        at: operands.token,
        suggestion: usesLi ? "put it into a register with 'li' first" : nil)
    }
    if instruction == .int, !(32...63).contains(value) {
      throw Fault("\(value) is no software vector: int takes 32 to 63", at: operands.token)
    }
    return Int32(value)
  }

  private func distance(
    _ operands: Operands, from pc: UInt32, limit: Int64, reach: String
  ) throws(Fault) -> Int32 {
    let target = try value(operands)
    guard (0...0xFFFF_FFFF).contains(target) else {
      throw Fault("\(target) is no address", at: operands.token)
    }
    // Address arithmetic is modulo 2³²: the nearer way round counts.
    let bytes = Int64(Int32(truncatingIfNeeded: target - Int64(pc)))
    guard bytes % 4 == 0 else {
      throw Fault(
        "\(hexadecimal(UInt32(target))) is not a multiple of 4", at: operands.token)
    }
    guard (-limit..<limit).contains(bytes / 4) else {
      throw Fault(
        "\(hexadecimal(UInt32(target))) is \(abs(bytes)) bytes away: this reaches \(reach)",
        at: operands.token, suggestion: "use 'la' and 'jr'")
    }
    return Int32(bytes / 4)
  }

  private func control(
    _ instruction: Instruction, _ operands: Operands
  ) throws(Fault) -> ControlRegister {
    let control: ControlRegister
    if let named = operands.control {
      control = named
    } else {
      let value = try value(operands)
      guard let number = UInt16(exactly: value), let found = ControlRegister(rawValue: number)
      else {
        throw Fault("there is no control register \(value): they are 1 to 12", at: operands.token)
      }
      control = found
    }
    guard instruction == .getcr || control.isWritable else {
      throw Fault("'\(control.name)' can only be read", at: operands.token)
    }
    return control
  }

  /// - Parameter words: what the layout made room for.
  func encode(
    _ pseudo: PseudoInstruction, _ operands: Operands, at pc: UInt32, words: UInt32
  ) throws(Fault) -> [DecodedInstruction] {
    let (d, a) = (operands.d, operands.a)
    switch pseudo {
    case .nop: return [DecodedInstruction(.addi)]
    case .mv: return [DecodedInstruction(.addi, d: d, a: a)]
    case .not:
      return [
        DecodedInstruction(.sub, d: d, b: a), DecodedInstruction(.addi, d: d, a: d, immediate: -1),
      ]
    case .neg: return [DecodedInstruction(.sub, d: d, b: a)]
    case .seqz: return [DecodedInstruction(.sltiu, d: d, a: a, immediate: 1)]
    case .snez: return [DecodedInstruction(.sltu, d: d, b: a)]
    case .la: return PseudoInstruction.loadInTwo(try word(operands), into: d)
    case .li:
      if words == 1, let one = PseudoInstruction.load(try value(operands), into: d) { return one }
      return PseudoInstruction.loadInTwo(try word(operands), into: d)
    case .push:
      return [
        DecodedInstruction(.addi, d: .sp, a: .sp, immediate: -4),
        DecodedInstruction(.sw, d: d, a: .sp),
      ]
    case .pop:
      return [
        DecodedInstruction(.lw, d: d, a: .sp),
        DecodedInstruction(.addi, d: .sp, a: .sp, immediate: 4),
      ]
    case .beqz, .bnez, .bltz, .bgez, .bgt, .ble, .bgtu, .bleu:
      guard let branch = pseudo.branch else { return [] }
      return [try encode(branch, operands, at: pc)]
    case .j: return [try encode(.jal, operands, at: pc)]
    case .jr: return [DecodedInstruction(.jalr, a: a)]
    case .call:
      var linked = operands
      linked.d = .ra
      return [try encode(.jal, linked, at: pc)]
    case .ret: return [DecodedInstruction(.jalr, a: .ra)]
    }
  }

  private func word(_ operands: Operands) throws(Fault) -> UInt32 {
    let value = try value(operands)
    guard (-0x8000_0000...0xFFFF_FFFF).contains(value) else {
      throw Fault("\(value) does not fit 32 bits", at: operands.token)
    }
    return UInt32(truncatingIfNeeded: value)
  }
}
