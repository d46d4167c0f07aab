/// A vector and its error word.
struct Trap: Error, Equatable {
  var vector: UInt32
  var error: UInt32
}

/// Section 5.
extension ReferenceMachine {
  /// Delivers a trap that is not an `int`: what goes wrong is a double, then a triple fault.
  func raise(_ trap: Trap, savedPC: UInt32) {
    do throws(Trap) {
      try deliver(trap, savedPC: savedPC, byInt: false)
    } catch {
      do throws(Trap) {
        try deliver(Trap(vector: 7, error: trap.vector), savedPC: savedPC, byInt: false)
      } catch {
        stop = .tripleFault
      }
    }
  }

  /// The eight steps of a delivery. If one is refused, only what earlier ones were granted
  /// (A, D, TLB entries) and `badaddr` have changed.
  func deliver(_ trap: Trap, savedPC: UInt32, byInt: Bool) throws(Trap) {
    raised.append(trap.vector)

    // (1)
    let gate = tvec &+ 8 &* trap.vector
    let handler = try load(gate, bytes: 4, ring: 0)
    let flags = try load(gate &+ 4, bytes: 4, ring: 0)
    // (2)
    if flags & 1 == 0 { throw Trap(vector: 4, error: 3) }
    // (3)
    let leastPrivileged = flags >> 1 & 3
    if byInt && cpl > leastPrivileged { throw Trap(vector: 4, error: 2) }
    // (4)
    if handler % 4 != 0 { throw Trap(vector: 4, error: 3) }
    // (5)
    let newRing = try translate(handler, .handler, ring: cpl).ring
    // (6)
    let oldSP = registers[2]
    let stackTop = newRing < cpl ? ksp[Int(newRing)] : oldSP
    // (7)
    let place1 = try placeOfStore(stackTop &- 4, bytes: 4, ring: newRing)
    let place2 = try placeOfStore(stackTop &- 8, bytes: 4, ring: newRing)
    let place3 = try placeOfStore(stackTop &- 12, bytes: 4, ring: newRing)
    let place4 = try placeOfStore(stackTop &- 16, bytes: 4, ring: newRing)
    writeWord(physical: place1, oldSP)
    writeWord(physical: place2, status)
    writeWord(physical: place3, savedPC)
    writeWord(physical: place4, trap.error)
    // (8)
    registers[2] = stackTop &- 16
    let leaveIF = flags & 0b1000 != 0
    status = status & ~0b11 | newRing
    status &= ~0b1000
    if !leaveIF { status &= ~0b100 }
    pc = handler

    cycles &+= 40
  }

  /// `iret`. What it does on the classic profile outside ring 0 stands in section 2.
  func returnFromTrap() throws(Trap) {
    let sp = registers[2]
    let newPC = try load(sp &+ 4, bytes: 4, ring: cpl)
    let newStatus = try load(sp &+ 8, bytes: 4, ring: cpl)
    let newSP = try load(sp &+ 12, bytes: 4, ring: cpl)
    if newStatus & 3 < cpl { throw Trap(vector: 4, error: 5) }
    if newPC % 4 != 0 { throw Trap(vector: 6, error: newPC) }
    // CPL and TF always; IF and IOPL only in ring 0.
    let changed: UInt32 = cpl == 0 ? 0b11_1111 : 0b00_1011
    status = status & ~changed | newStatus & changed
    pc = newPC
    set(2, newSP)
  }
}
