import OnionISA
import ReferenceOnion
import Testing

/// The CPU manual, sections 6 and 8: what things cost, and what the counters say.
@Suite struct CycleTests {
  /// With paging off there are no misses.
  @Test(
    arguments: [
      (op(.addi), 1), (op(.mul), 3), (op(.mulhu), 3),
      (op(.div, b: 4), 20), (op(.rem, b: 4), 20), (op(.divu, b: 4), 20), (op(.remu, b: 4), 20),
      (op(.lw, a: 13), 1), (op(.swap, a: 13), 1), (op(.jal, 1), 1), (op(.setst), 1), (op(.sti), 1),
      (op(.in, 0x10), 10), (op(.out, 0x10), 10), (op(.getcr, d: 5, 2), 1), (op(.invlpg), 1),
      (op(.int, 40), 41), (op(.brk), 41), (op(.vmcall, 1), 41), (op(.hlt), 1), (op(.iret), 20),
    ] as [(UInt32, UInt64)])
  func completedInstructionsCostTheirEntry(word: UInt32, cost: UInt64) {
    let bench = Bench([word], paging: false)
    bench.set(4, 1)
    bench.set(13, Place.data)
    bench.step()
    #expect(bench.cycles == cost)
    #expect(bench.machine.instructionsRetired == 1)
  }

  @Test(arguments: [0 as UInt32, op(.div), op(.lw, d: 4, a: 0, 1), op(.int, 41)])
  func faultingInstructionsCostNothingButTheirDelivery(word: UInt32) {
    let bench = Bench([word], paging: false)
    bench.gate(41, handler: 0, flags: 0)
    bench.step()
    #expect(bench.cycles == 40)
    #expect(bench.machine.instructionsRetired == 0)
  }

  @Test func aDoubleFaultIsChargedOnceAndATripleFaultNever() {
    let double = Bench([0], paging: false)
    double.gate(3, handler: 0, flags: 0)
    double.step()
    #expect(double.cycles == 40)

    let triple = Bench([0], paging: false)
    triple.gate(3, handler: 0, flags: 0)
    triple.gate(7, handler: 0, flags: 0)
    triple.step()
    #expect(triple.cycles == 0)
  }

  @Test func aMissCostsTwoForEachTableWordAlsoInWalksThatFault() {
    let bench = Bench([op(.lw, d: 4, a: 13), op(.lw, d: 4, a: 13), op(.lw, d: 4, a: 14)], ring: 3)
    bench.set(13, Place.data)
    bench.set(14, 0x40_0000)  // no directory entry: one word
    bench.step()
    #expect(bench.cycles == 4 + 4 + 1)
    bench.step()
    #expect(bench.cycles == 4 + 4 + 1 + 1)
    bench.step()
    // The walk that faults; then the delivery: gate, handler and stack miss.
    #expect(bench.cycles == 4 + 4 + 1 + 1 + 2 + 40 + 3 * 4)
  }

  @Test func countersReadTheCountBeforeTheInstruction() {
    let bench = Bench([op(.getcr, d: 4, 8), op(.rdcycle, d: 5), op(.getcr, d: 6, 10)])
    bench.step(3)
    #expect(bench.register(4) == 4)  // the misses of its own fetch
    #expect(bench.register(5) == 5)
    #expect(bench.register(6) == 2)
  }

  @Test func theUpperHalvesOfTheCounters() {
    let bench = Bench([op(.getcr, d: 4, 9), op(.getcr, d: 5, 11), op(.rdcycle, d: 6)])
    bench.reference.cycles = 0x5_FFFF_FFF0
    bench.reference.instret = 0x7_0000_0000
    bench.step(3)
    #expect(bench.register(4) == 5)
    #expect(bench.register(5) == 7)
    #expect(bench.register(6) == 0xFFFF_FFF6)
  }

  @Test(arguments: ReferenceProfile.allCases)
  func controlRegistersKeepTheBitsThatTheyHave(profile: ReferenceProfile) {
    let strict: UInt32 = profile == .strict ? 0x8000_0000 : 0
    for (number, value) in [
      (1, strict), (2, 0xFFFF_F000), (3, 0xFFFF_FFF8), (4, 0xFFFF_FFFC), (5, 0xFFFF_FFFC),
      (6, 0xFFFF_FFFC), (7, 0xFFFF_FFFF),
    ] as [(Int32, UInt32)] {
      let bench = Bench(
        [op(.setcr, a: 4, number), op(.getcr, d: 5, number)], profile: profile, paging: false)
      bench.set(4, number == 1 ? 0xFFFF_FFFE : 0xFFFF_FFFF)
      bench.step(2)
      #expect(bench.register(5) == value)
    }
    let cpuid = Bench([op(.getcr, d: 5, 12)], profile: profile)
    cpuid.set(5, 99)
    cpuid.step()
    #expect(cpuid.register(5) == 0)
  }
}
