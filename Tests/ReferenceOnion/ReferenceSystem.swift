/// What the system instructions do (section 2), and the control registers (section 6).
extension ReferenceMachine {
  /// Opcodes 80 and up. Privilege has been checked.
  func executeSystem(_ word: UInt32) throws(Trap) -> Completion {
    let d = Int(word >> 20 & 0xF)
    let a = Int(word >> 16 & 0xF)
    let number = word & 0xFFFF
    let next = pc &+ 4

    switch word >> 24 {
    case 0x80:  // int: the delivery is part of the instruction, which changes pc itself
      try deliver(Trap(vector: number, error: 0), savedPC: next, byInt: true)
      return .nothing
    case 0x81:
      pc = next
      return .trap(Trap(vector: 2, error: 0))
    case 0x82: set(d, UInt32(truncatingIfNeeded: cycles))
    case 0x88: set(d, status)
    case 0x89:  // setst: TF (bit 3) always; IF (2) and IOPL (5:4) only in ring 0
      let changed: UInt32 = cpl == 0 ? 0b11_1100 : 0b00_1000
      status = status & ~changed | registers[a] & changed
    case 0x8A: set(d, tvec)
    case 0x8B:
      try returnFromTrap()
      return .ordinary
    case 0x90: halt()
    case 0x91: status &= ~0b100
    case 0x92:
      if !interruptsOn { stiDelay = true }
      status |= 0b100
    case 0x93: set(d, readControl(number))
    case 0x94: writeControl(number, registers[a])
    case 0x95: dropFromTLBs(page: registers[a] >> 12)
    case 0xA0: set(d, readPort(number))
    case 0xA1:
      writePort(number, registers[d])
      pc = next
      return stop == nil ? .ordinary : .nothing
    default:  // B0 vmcall
      pc = next
      return .trap(Trap(vector: 8, error: number))
    }
    pc = next
    return .ordinary
  }

  /// TF is looked at first: with it set `hlt` never waits or stops. Then IF.
  private func halt() {
    if stepTrapOn { return }
    if interruptsOn { waiting = true } else { stop = .haltedWithInterruptsOff }
  }

  /// The value that `getcr` reads.
  public func readControl(_ number: UInt32) -> UInt32 {
    switch number {
    case 1: mode | (profile == .strict ? 0x8000_0000 : 0)
    case 2: ptbr
    case 3: tvec
    case 4, 5, 6: ksp[Int(number) - 4]
    case 7: badaddr
    case 8: UInt32(truncatingIfNeeded: cycles)
    case 9: UInt32(truncatingIfNeeded: cycles >> 32)
    case 10: UInt32(truncatingIfNeeded: instret)
    case 11: UInt32(truncatingIfNeeded: instret >> 32)
    default: 0  // 12 cpuid: there is one CPU
    }
  }

  /// What `setcr` does, the emptying of the TLBs included.
  public func writeControl(_ number: UInt32, _ value: UInt32) {
    switch number {
    case 1:
      mode = value & 1
      emptyTLBs()
    case 2:
      ptbr = value & ~0xFFF
      emptyTLBs()
    case 3: tvec = value & ~0b111
    case 4, 5, 6: ksp[Int(number) - 4] = value & ~0b11
    default: badaddr = value  // 7
    }
  }
}
