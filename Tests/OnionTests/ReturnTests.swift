import OnionISA
import ReferenceOnion
import Testing

/// The CPU manual, section 5: `iret`.
@Suite struct ReturnTests {
  private func bench(
    ring: UInt32 = 0, profile: ReferenceProfile = .strict, pc: UInt32, status: UInt32,
    sp: UInt32
  ) -> Bench {
    let bench = Bench([op(.iret)], ring: ring, profile: profile)
    let frame = Place.stacks[Int(ring)] - 16
    bench.set(2, frame)
    bench.put([0xEE, pc, status, sp], at: frame)
    return bench
  }

  @Test func itGoesOutward() {
    let bench = bench(pc: Place.code[2], status: 0x3E, sp: 0x1234)
    bench.step()
    #expect(bench.pc == Place.code[2])
    #expect(bench.status == 0x3E)
    #expect(bench.register(2) == 0x1234)
  }

  @Test func theFirstFetchHappensInTheNewRing() {
    let bench = bench(pc: Place.code[0], status: 2, sp: Place.stacks[2])
    bench.step(2)
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == 0b10_0101)
    #expect(bench.trap?.status == 2)
  }

  @Test func alsoInThePageThatRuns() {
    let bench = bench(pc: Place.code[0], status: 3, sp: Place.stacks[3])
    bench.step(2)
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == 0b11_0101)
    #expect(bench.trap?.pc == Place.code[0])
  }

  @Test func aMisalignedPCIsAFaultOfTheIretWhichHasChangedNothing() {
    let bench = bench(pc: Place.code[2] + 2, status: 2, sp: 0)
    bench.step()
    #expect(bench.trap?.vector == 6)
    #expect(bench.trap?.error == Place.code[2] + 2)
    #expect(bench.trap?.pc == Place.code[0])
    #expect(bench.trap?.status == 0)
    #expect(bench.trap?.sp == Place.stacks[0] - 16)
  }

  @Test func pcStatusAndSPAreReadInThisOrder() {
    // pc lies on the last word of a page that is there, status on the next, which isn't.
    let bench = Bench([op(.iret)], ring: 1, profile: .classic)
    bench.put([3], at: Place.absent - 4)  // a misaligned pc comes later
    bench.set(2, Place.absent - 8)
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == 0b01_0000)
    #expect(bench.machine.value(of: .badaddr) == Place.absent)
    #expect(bench.trap?.sp == Place.absent - 8)
  }

  @Test func onClassicAnOuterRingMayReturnButNotInward() {
    let inward = bench(ring: 1, profile: .classic, pc: 3, status: 0, sp: 0)
    inward.step()  // the ring is looked at before pc
    #expect(inward.trap?.vector == 4)
    #expect(inward.trap?.error == 5)
    #expect(inward.trap?.pc == Place.code[1])

    let outward = bench(
      ring: 1, profile: .classic, pc: Place.code[3], status: 0b11_1111, sp: Place.stacks[3])
    outward.step()  // TF and CPL are taken, IF and IOPL are not; no step trap: TF was off
    #expect(outward.pc == Place.code[3])
    #expect(outward.status == 0b1011)
  }

  @Test func aHandlerInRing1CannotReturnByItselfOnStrict() {
    let bench = bench(ring: 1, pc: Place.code[3], status: 3, sp: 0)
    bench.step()
    #expect(bench.trap?.vector == 4)
    #expect(bench.trap?.error == 1)
  }

  @Test func aRoundTripThroughAnInterrupt() {
    let bench = Bench([op(.addi, d: 4, a: 4, 1), op(.addi, d: 4, a: 4, 1)], ring: 3)
    bench.put([op(.out, d: 0, 0x21), op(.iret)], at: Place.handler(16))
    bench.reference.status = 3 | 4
    bench.reference.timerPending = true
    bench.step()
    #expect(bench.trap?.vector == 16)
    #expect(bench.trap?.pc == Place.code[3])
    bench.step(2)
    #expect(bench.pc == Place.code[3])
    #expect(bench.status == 3 | 4)
    #expect(bench.register(2) == Place.stacks[3])
    bench.step(2)
    #expect(bench.register(4) == 2)
  }
}
