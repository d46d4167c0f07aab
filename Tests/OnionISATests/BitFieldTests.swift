import OnionISA
import Testing

/// The CPU manual, sections 1, 4, 5 and 6: the bits of status, entries, error words, gates, registers.
@Suite struct BitFieldTests {
  @Test func statusHasSixBits() {
    #expect(Status(rawValue: 0xFFFF_FFFF).rawValue == 0x3F)
    var status = Status(rawValue: 0)
    status.cpl = .ring2
    #expect(status.rawValue == 0b00_0010)
    status.interruptsEnabled = true
    #expect(status.rawValue == 0b00_0110)
    status.stepTrap = true
    #expect(status.rawValue == 0b00_1110)
    status.iopl = .ring3
    #expect(status.rawValue == 0b11_1110)
    status.cpl = .ring1
    status.interruptsEnabled = false
    status.stepTrap = false
    status.iopl = .ring1
    #expect(status.rawValue == 0b01_0001)
    #expect(status.cpl == .ring1 && status.iopl == .ring1)
    #expect(!status.interruptsEnabled && !status.stepTrap)
  }

  @Test func pageTableEntriesHaveTheirBitsWhereTheManualHasThem() {
    let entry = PageTableEntry(
      frameNumber: 0xABCDE, writable: true, ring: .ring2, accessed: true, dirty: true)
    #expect(entry.rawValue == 0xABCD_E03B)
    #expect(entry.isPresent && entry.isWritable && entry.isAccessed && entry.isDirty)
    #expect(entry.ring == .ring2)
    #expect(entry.frameNumber == 0xABCDE)
    #expect(PageTableEntry(frameNumber: 1, writable: false, ring: .ring0).rawValue == 0x1001)
    #expect(PageTableEntry(tableFrameNumber: 0x11).rawValue == 0x11001)
  }

  @Test func reservedBitsAreThoseThatMustBe0() {
    // Directory: W, RING, D, 8:6. Table: 8:6.
    #expect(PageTableEntry.reservedMask(.directory) == 0b1_1110_1110)
    #expect(PageTableEntry.reservedMask(.table) == 0b1_1100_0000)
  }

  @Test func pageFaultErrorWords() {
    let error = PageFaultError(
      present: true, write: false, fetch: true, reserved: true, cpl: .ring3)
    #expect(error.rawValue == 0b11_1101)
    #expect(error.isPresent && !error.isWrite && error.isFetch && error.isReserved)
    #expect(error.cpl == .ring3)
    let plain = PageFaultError(
      present: false, write: true, fetch: false, reserved: false, cpl: .ring1)
    #expect(plain.rawValue == 0b01_0010)
  }

  @Test func gates() {
    let gate = Gate(handler: VirtualAddress(0x4000), flags: 0b1101)
    #expect(gate.isPresent && gate.keepsInterruptFlag)
    #expect(gate.admittedRing == .ring2)
    let made = Gate(handler: VirtualAddress(0), admits: .ring3, keepsInterruptFlag: false)
    #expect(made.flags == 0b0111)
    #expect(Gate.size * UInt32(Gate.count) == 512)
  }

  @Test func controlRegisters() {
    let names = [
      "mode", "ptbr", "tvec", "ksp0", "ksp1", "ksp2", "badaddr", "cycle", "cycleh", "instret",
      "instreth", "cpuid",
    ]
    #expect(ControlRegister.allCases.map(\.name) == names)
    #expect(ControlRegister.allCases.map(\.rawValue) == Array(1...12))
    #expect(ControlRegister.allCases.filter(\.isWritable).map(\.rawValue) == Array(1...7))
    for register in ControlRegister.allCases {
      #expect(ControlRegister(name: register.name) == register)
    }
    #expect(ControlRegister(name: "cr0") == nil)
    #expect(ControlRegister.mode.writeMask == 1)
    #expect(ControlRegister.ptbr.writeMask == 0xFFFF_F000)
    #expect(ControlRegister.tvec.writeMask == 0xFFFF_FFF8)
    #expect(ControlRegister.ksp1.writeMask == 0xFFFF_FFFC)
  }

  @Test func registersHaveTwoNames() {
    let names = [
      "zero", "ra", "sp", "fp", "a0", "a1", "a2", "a3", "a4", "a5", "t0", "t1", "t2", "s0", "s1",
      "s2",
    ]
    for (number, name) in names.enumerated() {
      #expect(Register(name: name)?.number == UInt8(number))
      #expect(Register(name: "r\(number)")?.number == UInt8(number))
      #expect(Register(bits: UInt32(number)).name == name)
    }
    for wrong in ["r16", "r01", "R1", "r", "", "a6", "SP", "r-1", "r+1"] {
      #expect(Register(name: wrong) == nil)
    }
  }

  @Test func vectors() {
    let kinds: [(UInt8, Vector.Kind)] = [
      (0, .fault), (1, .trap), (2, .trap), (3, .fault), (4, .fault), (5, .fault), (6, .fault),
      (7, .abort), (8, .trap), (9, .unused), (15, .unused), (16, .interrupt), (19, .interrupt),
      (20, .unused), (31, .unused), (32, .trap), (63, .trap),
    ]
    for (number, kind) in kinds { #expect(Vector(rawValue: number).kind == kind) }
    #expect(Vector.timer.rawValue == 16 && Vector.console.rawValue == 17)
    #expect(Vector.disk.rawValue == 18 && Vector.network.rawValue == 19)
  }

  @Test func ringsInwardAndOutward() {
    #expect(Ring.ring0.isInward(of: .ring1) && !Ring.ring1.isInward(of: .ring1))
    #expect(Ring.ring3.isOutward(of: .ring2) && !Ring.ring2.isOutward(of: .ring2))
    #expect(Ring.allCases.map(\.code) == ["00", "01", "10", "11"])
    #expect(Ring(bits: 0xFFFF_FFFE) == .ring2)
  }

  @Test func addressesWrapAndSplit() {
    let address = VirtualAddress(0xFFFF_FFFC)
    #expect((address + 8).rawValue == 4)
    #expect((VirtualAddress(4) - 8) == address)
    #expect(address.directoryIndex == 1023 && address.tableIndex == 1023 && address.offset == 0xFFC)
    #expect(address.frame.number == 0xFFFFF)
    #expect(address.isAligned(to: 4) && !VirtualAddress(2).isAligned(to: 4))
    #expect(address.description == "fffffffc")
  }
}
