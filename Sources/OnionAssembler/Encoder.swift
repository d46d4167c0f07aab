import OnionISA
import SourceText

/// Turns operands into instruction words, and says what doesn't fit.
struct Encoder {
  let layout: Layout
  let order: Int

  func encode(
    _ instruction: Instruction, _ operands: Operands, at pc: UInt32
  ) throws(Fault) -> DecodedInstruction {
    var result = DecodedInstruction(
      instruction, d: operands.d, a: operands.a, b: operands.b)
    guard let value = operands.value else { return result }
    switch instruction.form {
    case .register, .bare, .destination, .source: break
    case .branch:
      result.immediate = try distance(to: value, from: pc, limit: 1 << 15, reach: "128 KiB")
    case .jump:
      result.immediate = try distance(to: value, from: pc, limit: 1 << 19, reach: "2 MiB")
    case .immediate, .memory, .upper, .number, .port:
      result.immediate = try immediate(instruction, value)
    case .readControl, .writeControl:
      result.immediate = Int32(try control(instruction, value).rawValue)
    }
    return result
  }

  private func number(_ value: Value) throws(Fault) -> Int64 {
    try layout.symbols.value(of: value.expression, order: order)
  }

  private func immediate(_ instruction: Instruction, _ value: Value) throws(Fault) -> Int32 {
    let number = try number(value)
    let range: ClosedRange<Int64> =
      instruction == .int
      ? 32...63 : instruction.info.immediate == .signed ? -32768...32767 : 0...65535
    guard range.contains(number) else {
      throw Fault(
        "\(number) does not fit: \(instruction.info.mnemonic) takes \(range.lowerBound) to "
          + "\(range.upperBound)",
        at: value, suggestion: Self.advice(instruction))
    }
    return Int32(number)
  }

  /// What to do with a number that an instruction can't hold.
  private static func advice(_ instruction: Instruction) -> String? {
    switch instruction.form {
    case .memory: "put the address into a register with 'li' first"
    case .upper: "'li' loads any 32 bits"
    case .immediate: "put it into a register with 'li' first"
    default: nil
    }
  }

  private func distance(
    to value: Value, from pc: UInt32, limit: Int64, reach: String
  ) throws(Fault) -> Int32 {
    let target = try number(value)
    guard let address = UInt32(exactly: target) else { throw .noAddress(target, at: value) }
    // Address arithmetic is modulo 2³²: the nearer way round counts.
    let bytes = Int64(Int32(truncatingIfNeeded: target - Int64(pc)))
    guard bytes % 4 == 0 else {
      guard layout.isCertain, !layout.isRealigned else { return 0 }
      throw Fault("\(hexadecimal(address)) is not a multiple of 4", at: value)
    }
    guard (-limit..<limit).contains(bytes / 4) else {
      guard layout.isCertain else { return 0 }
      throw Fault(
        "\(hexadecimal(address)) is \(abs(bytes)) bytes away; this reaches \(reach)",
        at: value, suggestion: "use 'la' and 'jr'")
    }
    return Int32(bytes / 4)
  }

  private func control(
    _ instruction: Instruction, _ value: Value
  ) throws(Fault) -> ControlRegister {
    if case .symbol(let name, let token) = value.expression,
      layout.symbols.definitions[name] == nil
    {
      let names = ControlRegister.allCases.map(\.name)
      let guess =
        names.first { $0 == name.lowercased() } ?? Suggestion.nearest(to: name, among: names)
      throw Fault(
        "'\(name)' is no control register", at: token,
        suggestion: guess.map { "did you mean '\($0)'?" }
          ?? "they are \(names.joined(separator: ", "))")
    }
    let number = try number(value)
    guard let narrow = UInt16(exactly: number), let found = ControlRegister(rawValue: narrow)
    else { throw Fault("there is no control register \(number); they are 1 to 12", at: value) }
    guard instruction == .getcr || found.isWritable else {
      throw Fault("'\(found.name)' can only be read", at: value)
    }
    return found
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
      if words == 1, let value = operands.value,
        let one = PseudoInstruction.load(try number(value), into: d)
      {
        return one
      }
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
    guard let value = operands.value else { return 0 }
    let number = try number(value)
    guard (-0x8000_0000...0xFFFF_FFFF).contains(number) else {
      throw Fault(
        "\(number) does not fit 32 bits", at: value,
        suggestion: "it should be -0x80000000 to 0xffffffff")
    }
    return UInt32(truncatingIfNeeded: number)
  }
}
