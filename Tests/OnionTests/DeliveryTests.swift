import OnionISA
import ReferenceOnion
import Testing

/// The CPU manual, section 5: delivery through a gate, double and triple faults.
@Suite struct DeliveryTests {
  @Test(arguments: 0..<4 as Range<UInt32>, 0..<3 as Range<UInt32>)
  func inwardDeliverySwitchesTheStackAndTheRing(from ring: UInt32, to newRing: UInt32) {
    guard newRing <= ring else { return }
    let bench = Bench([op(.int, 40)], ring: ring)
    bench.gate(40, handler: Place.code[Int(newRing)] + 0x80, flags: 0b111)
    bench.reference.status = ring | 0b111100
    bench.set(2, Place.stacks[Int(ring)] - 0x100)
    bench.step()
    let top = newRing < ring ? Place.stacks[Int(newRing)] : Place.stacks[Int(ring)] - 0x100
    #expect(bench.pc == Place.code[Int(newRing)] + 0x80)
    #expect(bench.register(2) == top - 16)
    // IF and TF off, IOPL stays.
    #expect(bench.status == newRing | 0b110000)
    #expect(bench.word(top - 4) == Place.stacks[Int(ring)] - 0x100)
    #expect(bench.word(top - 8) == ring | 0b111100)
    #expect(bench.word(top - 12) == Place.code[Int(ring)] + 4)
    #expect(bench.word(top - 16) == 0)
  }

  @Test func gateBit3LeavesIFAsItIs() {
    for (flags, status) in [(0b1111, 0b100), (0b0111, 0)] as [(UInt32, UInt32)] {
      let bench = Bench([op(.int, 40)])
      bench.gate(40, handler: Place.handler(40), flags: flags)
      bench.reference.status = 0b1100
      bench.step()
      #expect(bench.status == status)
    }
  }

  // MARK: What goes wrong with an int is a fault of the int

  @Test func anAbsentGateIsRefusedBeforeTheRing() {
    let bench = Bench([op(.int, 40)], ring: 3)
    bench.gate(40, handler: Place.handler(40), flags: 0)
    bench.step()
    #expect(bench.trap?.vector == 4)
    #expect(bench.trap?.error == 3)
    #expect(bench.trap?.pc == Place.code[3])
    #expect(bench.machine.instructionsRetired == 0)
  }

  @Test func theRingIsRefusedBeforeTheHandler() {
    let bench = Bench([op(.int, 40)], ring: 3)
    bench.gate(40, handler: 3, flags: 0b101)
    bench.step()
    #expect(bench.trap?.error == 2)
  }

  @Test func aMisalignedHandlerIsABadGate() {
    let bench = Bench([op(.int, 40)], ring: 3)
    bench.gate(40, handler: Place.handlers + 2, flags: 0b111)
    bench.step()
    #expect(bench.trap?.vector == 4)
    #expect(bench.trap?.error == 3)
  }

  @Test func anOutwardHandlerIsABadGateAndLeavesNoTrace() {
    let bench = Bench([op(.int, 40)], ring: 1)
    bench.gate(40, handler: Place.code[2], flags: 0b111)
    bench.reference.badaddr = 0x5A
    bench.step()
    #expect(bench.trap?.vector == 4)
    #expect(bench.trap?.error == 3)
    #expect(bench.word(Place.entry(of: Place.code[2]))! & 0x10 == 0)
    #expect(!bench.machine.fetchTLBEntries[10].isValid)
    #expect(bench.machine.value(of: .badaddr) == 0x5A)
  }

  @Test func anUnmappedHandlerIsAPageFaultOfTheInt() {
    let bench = Bench([op(.int, 40)], ring: 3)
    bench.gate(40, handler: Place.absent, flags: 0b111)
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == 0b11_0100)
    #expect(bench.machine.value(of: .badaddr) == Place.absent)
  }

  @Test func anUnmappedGateIsAPageFaultWithTheRunningRing() {
    let bench = Bench([op(.setcr, a: 4, 3), op(.iret)])
    bench.set(4, Place.data - 8 * 40)  // gates 40 and up lie in the data page
    bench.put([0], at: Place.entry(of: Place.data))
    bench.set(2, Place.stacks[0] - 16)
    bench.put([0, Place.code[3], 3, Place.stacks[3]], at: Place.stacks[0] - 16)
    bench.put([op(.int, 40)], at: Place.code[3])
    // The page fault's own gate, in the page before: 00 there, W.
    bench.map(Place.code[3], ring: 3)
    bench.put([Place.handler(5), 1], at: Place.data - 8 * 40 + 8 * 5)
    bench.step(3)
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == 0b11_0000)  // not present, a load, CPL 3
    #expect(bench.machine.value(of: .badaddr) == Place.data)
  }

  @Test func anUnmappedStackIsAPageFaultOfTheIntAtTheFirstWordPushed() {
    let bench = Bench([op(.int, 40)], ring: 1)
    bench.gate(40, handler: Place.code[1] + 0x80, flags: 0b111)
    bench.set(2, Place.absent + 0x100)
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == 0b01_0010)
    #expect(bench.machine.value(of: .badaddr) == Place.absent + 0xFC)
    #expect(bench.trap?.sp == Place.absent + 0x100)
  }

  @Test func aMisalignedStackIsAFaultWithTheFirstAddress() {
    let bench = Bench([op(.int, 40)], ring: 3)
    bench.gate(40, handler: Place.code[3] + 0x80, flags: 0b111)
    bench.set(2, 0x6F02)
    bench.step()
    #expect(bench.trap?.vector == 6)
    #expect(bench.trap?.error == 0x6EFE)
  }

  @Test func allFourStoresAreCheckedBeforeTheFirstIsMade() {
    // Two words fit on the stack's page, the page below isn't there.
    let bench = Bench([op(.int, 40)], ring: 3)
    bench.gate(40, handler: Place.code[3] + 0x80, flags: 0b111)
    bench.map(Place.absent + 0x10000, to: Place.data, ring: 3)
    bench.set(2, Place.absent + 0x10008)
    bench.put([1, 2], at: Place.data)
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.machine.value(of: .badaddr) == Place.absent + 0xFFFC)
    #expect(bench.word(Place.data) == 1)
    #expect(bench.word(Place.data + 4) == 2)
    // What was granted keeps its A and D.
    #expect(bench.word(Place.entry(of: Place.absent + 0x10000))! & 0x30 == 0x30)
  }

  // MARK: Elsewhere it is a double fault

  @Test(
    arguments: [
      (op(.brk), 2, 4), (op(.vmcall, 9), 8, 4), (0 as UInt32, 3, 0), (op(.lw, a: 0), 5, 0),
    ] as [(UInt32, UInt32, UInt32)])
  func aTrapThatCannotBeDeliveredIsADoubleFault(word: UInt32, vector: UInt32, after: UInt32) {
    let bench = Bench([word], ring: 3)
    bench.gate(vector, handler: 0, flags: 0)
    bench.step()
    #expect(bench.trap?.vector == 7)
    #expect(bench.trap?.error == vector)
    #expect(bench.trap?.pc == Place.code[3] + after)
    #expect(bench.trap?.status == 3)
    #expect(bench.trap?.sp == Place.stacks[3])
  }

  @Test func aFaultOfAnIntMayEndAsADoubleFault() {
    let bench = Bench([op(.int, 40)], ring: 3)
    bench.gate(40, handler: 0, flags: 0)
    bench.gate(4, handler: 0, flags: 0)
    bench.step()
    #expect(bench.trap?.vector == 7)
    #expect(bench.trap?.error == 4)
    #expect(bench.trap?.pc == Place.code[3])
  }

  @Test func badaddrIsWrittenAlsoByAPageFaultThatEndsAsADoubleFault() {
    let bench = Bench([0], ring: 3)
    bench.gate(3, handler: Place.absent, flags: 1)
    bench.step()
    #expect(bench.trap?.vector == 7)
    #expect(bench.machine.value(of: .badaddr) == Place.absent)
  }

  @Test func anInterruptWhoseHandlerIsOutwardIsADoubleFault() {
    let bench = Bench([op(.addi)], ring: 0)
    bench.gate(16, handler: Place.code[1], flags: 1)
    bench.reference.status = 4
    bench.reference.timerPending = true
    bench.step()
    #expect(bench.trap?.vector == 7)
    #expect(bench.trap?.error == 16)
    #expect(bench.machine.devices.timer.isInterruptPending)
  }

  @Test func ifTheDoubleFaultFailsTheMachineStops() {
    let bench = Bench([op(.addi), 0], ring: 3)
    bench.gate(3, handler: 0, flags: 0)
    bench.gate(7, handler: 0, flags: 0)
    bench.step(2)
    #expect(reason(bench.machine.stop) == .tripleFault)
    #expect(bench.pc == Place.code[3] + 4)
    #expect(bench.register(2) == Place.stacks[3])
    let cycles = bench.cycles
    bench.step(3)  // it stays as it is
    #expect(bench.cycles == cycles)
  }

  @Test func aMachineFreshFromResetHasNoTrapTable() {
    let bench = Bench([0], paging: false)
    bench.reference.tvec = 0
    bench.step()
    #expect(reason(bench.machine.stop) == .tripleFault)
  }

  @Test func orderOfFaultsWithinOneInstruction() {
    // Privilege before the division, the port or the address; decoding before privilege.
    let privileged = Bench([op(.setcr, a: 4, 8) ^ 8 ^ 13], ring: 3)
    privileged.step()
    #expect(privileged.trap?.vector == 3)
    // The alignment of pc before its translation.
    let misaligned = Bench([], ring: 3)
    misaligned.reference.pc = Place.absent + 2
    misaligned.step()
    #expect(misaligned.trap?.vector == 6)
    #expect(misaligned.trap?.error == Place.absent + 2)
  }
}
