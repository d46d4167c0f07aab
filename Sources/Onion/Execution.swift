import OnionISA

// What each instruction does: the one definition, specialised by the mode (the CPU manual, section 2).
//
// This file is the sealed hot path. The pointers it uses are `Machine`'s; register numbers come from
// the decoder, so they are 0 to 15, and every address used with memory came out of `translate`, which
// grants addresses below the memory's size only.
extension Machine {
  /// Carries out the operation at `pc`; what is refused has changed nothing.
  @inline(__always)
  func execute<Mode: ExecutionMode>(
    _ operation: Operation, _ mode: Mode.Type
  ) throws(Refusal) -> Completion {
    let r = registers
    let cpu = cpu
    let d = Int(operation.d)
    // Register 0 reads 0, so what is written to it goes to slot 16.
    let out = d == 0 ? 16 : d
    let a = r[Int(operation.a)]
    let b = r[Int(operation.b)]
    let immediate = UInt32(bitPattern: operation.immediate)

    // System instructions are checked before anything is changed: nothing here returns early but by
    // throwing, so the cost is paid once, at the end of the plain cases.
    guard let instruction = operation.instruction else {
      throw .undefined(word: memory.loadWord(physicalPC))
    }
    switch instruction {
    case .add: r[out] = a &+ b
    case .sub: r[out] = a &- b
    case .and: r[out] = a & b
    case .or: r[out] = a | b
    case .xor: r[out] = a ^ b
    case .sll: r[out] = a &<< b
    case .srl: r[out] = a &>> b
    case .sra: r[out] = UInt32(bitPattern: Int32(bitPattern: a) &>> Int32(bitPattern: b))
    case .slt: r[out] = Int32(bitPattern: a) < Int32(bitPattern: b) ? 1 : 0
    case .sltu: r[out] = a < b ? 1 : 0

    case .mul:
      r[out] = a &* b
      return finish(costs.pointee.multiply)
    case .mulhu:
      r[out] = UInt32(truncatingIfNeeded: (UInt64(a) * UInt64(b)) >> 32)
      return finish(costs.pointee.multiply)
    case .div, .rem, .divu, .remu:
      guard b != 0 else { throw .divisionByZero(instruction) }
      r[out] = divide(instruction, a, b)
      return finish(costs.pointee.divide)

    case .addi: r[out] = a &+ immediate
    case .andi: r[out] = a & immediate
    case .ori: r[out] = a | immediate
    case .xori: r[out] = a ^ immediate
    case .slli: r[out] = a &<< immediate
    case .srli: r[out] = a &>> immediate
    case .srai: r[out] = UInt32(bitPattern: Int32(bitPattern: a) &>> Int32(bitPattern: immediate))
    case .slti: r[out] = Int32(bitPattern: a) < operation.immediate ? 1 : 0
    case .sltiu: r[out] = a < immediate ? 1 : 0
    case .lui: r[out] = immediate &<< 16

    case .lw: r[out] = try load(a &+ immediate, 4, mode)
    case .lh:
      let half = Int16(truncatingIfNeeded: try load(a &+ immediate, 2, mode))
      r[out] = UInt32(bitPattern: Int32(half))
    case .lhu: r[out] = try load(a &+ immediate, 2, mode)
    case .lb:
      let byte = Int8(truncatingIfNeeded: try load(a &+ immediate, 1, mode))
      r[out] = UInt32(bitPattern: Int32(byte))
    case .lbu: r[out] = try load(a &+ immediate, 1, mode)
    case .sw: try store(r[d], a &+ immediate, 4, mode)
    case .sh: try store(r[d], a &+ immediate, 2, mode)
    case .sb: try store(r[d], a &+ immediate, 1, mode)
    case .swap: r[out] = try swap(r[d], a &+ immediate, mode)

    case .beq: return branch(a == b, immediate)
    case .bne: return branch(a != b, immediate)
    case .blt: return branch(Int32(bitPattern: a) < Int32(bitPattern: b), immediate)
    case .bge: return branch(Int32(bitPattern: a) >= Int32(bitPattern: b), immediate)
    case .bltu: return branch(a < b, immediate)
    case .bgeu: return branch(a >= b, immediate)
    case .jal:
      r[out] = cpu.pointee.pc &+ 4
      return branch(true, immediate)
    case .jalr:
      let target = a &+ immediate
      guard target & 3 == 0 else { throw .misaligned(VirtualAddress(target), .fetch) }
      r[out] = cpu.pointee.pc &+ 4
      cpu.pointee.pc = target
      cpu.pointee.cycles += costs.pointee.plain
      return .jumped

    case .int, .brk, .rdcycle, .getst, .setst, .gettv, .iret, .hlt, .cli, .sti, .getcr, .setcr,
      .invlpg, .in, .out, .vmcall:
      return try system(instruction, operation, a, mode)
    }
    return finish(costs.pointee.plain)
  }

  @inline(__always) private func finish(_ cost: UInt64) -> Completion {
    cpu.pointee.cycles += cost
    return .next
  }

  @inline(__always) private func branch(_ taken: Bool, _ words: UInt32) -> Completion {
    cpu.pointee.cycles += costs.pointee.plain
    guard taken else { return .next }
    cpu.pointee.pc = cpu.pointee.pc &+ words &* 4
    return .jumped
  }

  /// The physical address of the word being executed.
  private var physicalPC: UInt32 { fetched.pointee.frame | cpu.pointee.pc & 0xFFF }

  /// A division by anything but 0; the most negative number by −1 gives itself, remainder 0.
  @inline(never)
  private func divide(_ instruction: Instruction, _ a: UInt32, _ b: UInt32) -> UInt32 {
    let (x, y) = (Int32(bitPattern: a), Int32(bitPattern: b))
    return switch instruction {
    case .div: UInt32(bitPattern: x.dividedReportingOverflow(by: y).partialValue)
    case .rem:
      UInt32(bitPattern: y == -1 ? 0 : x.remainderReportingOverflow(dividingBy: y).partialValue)
    case .divu: a / b
    default: a % b
    }
  }

  // MARK: Loads and stores

  @inline(__always)
  func load<Mode: ExecutionMode>(
    _ address: UInt32, _ size: UInt32, _ mode: Mode.Type
  ) throws(Refusal) -> UInt32 {
    guard address & (size &- 1) == 0 else { throw .misaligned(VirtualAddress(address), .load) }
    let physical = try translate(address, store: false, as: cpu.pointee.status.cpl, mode)
    let value: UInt32 =
      switch size {
      case 4: memory.loadWord(physical)
      case 2: UInt32(memory.loadHalf(physical))
      default: UInt32(memory.loadByte(physical))
      }
    if Mode.records { events.append(.loaded(MachineAddress(physical), size: size, value: value)) }
    if !watches.isEmpty { noteAccess(address, physical, size, stored: nil) }
    return value
  }

  @inline(__always)
  func store<Mode: ExecutionMode>(
    _ value: UInt32, _ address: UInt32, _ size: UInt32, _ mode: Mode.Type
  ) throws(Refusal) {
    guard address & (size &- 1) == 0 else { throw .misaligned(VirtualAddress(address), .store) }
    let physical = try translate(address, store: true, as: cpu.pointee.status.cpl, mode)
    put(value, physical, size, mode, at: address)
  }

  /// Writes to memory and lets decoded code follow.
  @inline(__always)
  func put<Mode: ExecutionMode>(
    _ value: UInt32, _ physical: UInt32, _ size: UInt32, _ mode: Mode.Type, at virtual: UInt32
  ) {
    if !watches.isEmpty { noteAccess(virtual, physical, size, stored: value) }
    if Mode.records { recordStore(value, physical, size) }
    switch size {
    case 4: memory.storeWord(value, physical)
    case 2: memory.storeHalf(UInt16(truncatingIfNeeded: value), physical)
    default: memory.storeByte(UInt8(truncatingIfNeeded: value), physical)
    }
    decoded.reset(physical)
  }

  private func recordStore(_ value: UInt32, _ physical: UInt32, _ size: UInt32) {
    let word = memory.loadWord(physical & ~3) >> (8 * (physical & 3))
    let mask: UInt32 = size == 4 ? .max : (1 << (8 * size)) - 1
    events.append(
      .stored(MachineAddress(physical), size: size, old: word & mask, new: value & mask))
  }

  /// Exchanges a word with memory; checked as a store.
  @inline(never)
  private func swap<Mode: ExecutionMode>(
    _ value: UInt32, _ address: UInt32, _ mode: Mode.Type
  ) throws(Refusal) -> UInt32 {
    guard address & 3 == 0 else { throw .misaligned(VirtualAddress(address), .store) }
    let physical = try translate(address, store: true, as: cpu.pointee.status.cpl, mode)
    let old = memory.loadWord(physical)
    if Mode.records { events.append(.loaded(MachineAddress(physical), size: 4, value: old)) }
    put(value, physical, 4, mode, at: address)
    return old
  }
}
