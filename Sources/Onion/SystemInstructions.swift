import OnionISA

// The system instructions: rarer, so kept out of the hot switch. Still the one definition of each.
extension Machine {
  @inline(never)
  func system<Mode: EventMode>(
    _ operation: Operation, _ mode: Mode.Type
  ) throws(Refusal) -> Completion {
    guard let instruction = privileges.instruction(operation.b) else { return .next }
    let a = registers[Int(operation.a)]
    let old = cpu.pointee.status
    if old.cpl != .ring0 { try checkPrivilege(instruction, operation) }
    let out = operation.d == 0 ? 16 : Int(operation.d)
    var cost = costs.pointee.plain

    switch instruction {
    case .int: return try trap(Trap(DecodedInstruction.vector(operation)), isSoftware: true)
    case .brk: return try trap(Trap(.breakpoint), isSoftware: false)
    case .vmcall:
      let number = UInt32(bitPattern: operation.immediate)
      return try trap(Trap(.hypercall, error: number), isSoftware: false)

    case .rdcycle: registers[out] = UInt32(truncatingIfNeeded: cpu.pointee.cycles)
    case .getst: registers[out] = old.rawValue
    case .gettv: registers[out] = cpu.pointee.tvec
    case .setst:
      // On the classic profile a ring outside 0 changes TF only, and isn't told.
      let writable: UInt32 = old.cpl == .ring0 ? 0x3C : Status.stepBit
      write(Status(rawValue: old.rawValue & ~writable | a & writable), mode)
    case .cli: write(Status(rawValue: old.rawValue & ~Status.interruptBit), mode)
    case .sti:
      if !old.interruptsEnabled { cpu.pointee.holdsInterrupts = true }
      write(Status(rawValue: old.rawValue | Status.interruptBit), mode)
    case .iret:
      let frame = try trapFrame(outerKeeps: Status.keptByOuterReturn)
      if Mode.records { events.append(.returned(frame)) }
      enter(pc: frame.pc, status: frame.status, stackPointer: frame.stackPointer)
      cpu.pointee.cycles += costs.pointee.trapReturn
      return .jumped
    case .hlt: halt()

    case .getcr:
      if let control = control(of: operation) { registers[out] = value(of: control) }
    case .setcr:
      if let control = control(of: operation) {
        let before = value(of: control)
        set(control, a)
        if Mode.records {
          events.append(.controlWritten(control, old: before, new: value(of: control)))
        }
      }
    case .invlpg: dropFromTLBs(VirtualAddress(a))

    case .in:
      cost = costs.pointee.port
      let port = UInt16(truncatingIfNeeded: operation.immediate)
      registers[out] = devicesPointer.pointee.read(port)
      if Mode.records { events.append(.portRead(port, value: registers[out])) }
    case .out:
      cost = costs.pointee.port
      let port = UInt16(truncatingIfNeeded: operation.immediate)
      let value = registers[Int(operation.d)]
      devicesPointer.pointee.write(
        value, to: port, at: cpu.pointee.cycles + cost, costs: costs.pointee)
      if Mode.records { events.append(.portWritten(port, value: value)) }
      if devicesPointer.pointee.isSwitchedOff { cpu.pointee.stop = .switchedOff }

    default: break
    }
    cpu.pointee.cycles += cost
    return .next
  }

  /// Privilege and port right, which come after decoding and before everything else.
  private func checkPrivilege(
    _ instruction: Instruction, _ operation: Operation
  ) throws(Refusal) {
    let status = cpu.pointee.status
    let ring = status.cpl
    switch privileges[instruction] {
    case .none: return
    case .ring0: throw .privileged(instruction, ring: ring)
    case .port:
      guard ring.isOutward(of: status.iopl) else { return }
      throw .port(
        instruction, port: UInt16(truncatingIfNeeded: operation.immediate), ring: ring,
        iopl: status.iopl)
    }
  }

  private func control(of operation: Operation) -> ControlRegister? {
    ControlRegister(rawValue: UInt16(truncatingIfNeeded: operation.immediate))
  }

  private func write<Mode: EventMode>(_ new: Status, _ mode: Mode.Type) {
    if Mode.records { events.append(.statusWritten(old: cpu.pointee.status, new: new)) }
    cpu.pointee.status = new
  }

  /// `int`, `brk` and `vmcall`: the delivery is part of an `int`, so what goes wrong is the `int`'s
  /// own fault; for the other two it is a double fault.
  private func trap(_ trap: Trap, isSoftware: Bool) throws(Refusal) -> Completion {
    let next = cpu.pointee.pc &+ 4
    if isSoftware {
      cpu.pointee.deliveryStart = cpu.pointee.cycles
      delivered(
        try deliver(DeliveryRequest(trap, pc: VirtualAddress(next), isSoftware: true)))
      cpu.pointee.cycles += costs.pointee.plain
      cpu.pointee.instret += 1
    } else {
      cpu.pointee.cycles += costs.pointee.plain
      cpu.pointee.instret += 1
      // The instruction is complete, whatever becomes of the delivery.
      cpu.pointee.pc = next
      raise(trap, pc: next)
    }
    return .trapped
  }

  private func halt() {
    let status = cpu.pointee.status
    // TF first: a step trap follows at once. Then IF: off means for good.
    if status.stepTrap { return }
    if status.interruptsEnabled {
      cpu.pointee.isWaiting = true
    } else {
      cpu.pointee.stop = .haltedForGood
    }
  }
}

extension DecodedInstruction {
  fileprivate static func vector(_ operation: Operation) -> Vector {
    Vector(rawValue: UInt8(truncatingIfNeeded: operation.immediate))
  }
}
