import OnionISA
import ReferenceOnion
import Testing

/// The CPU manual, section 5: step traps.
@Suite struct StepTrapTests {
  private let tf: UInt32 = 0b1000

  @Test func oneFollowsEveryInstructionThatBeganWithTF() {
    let bench = Bench([op(.addi, d: 4, a: 4, 1)], ring: 3)
    bench.put([op(.iret)], at: Place.handler(1))
    bench.put([op(.addi, d: 4, a: 4, 1)], at: Place.code[3] + 4)
    bench.reference.status = 3 | tf
    bench.step()
    #expect(bench.trap?.vector == 1)
    #expect(bench.trap?.error == 0)
    #expect(bench.trap?.pc == Place.code[3] + 4)
    #expect(bench.trap?.status == 3 | tf)
    #expect(bench.register(4) == 1)
    bench.step()  // iret brings TF back, and began without it
    #expect(bench.pc == Place.code[3] + 4)
    #expect(bench.status == 3 | tf)
    bench.step()
    #expect(bench.trap?.pc == Place.code[3] + 8)
    #expect(bench.register(4) == 2)
  }

  @Test func theFirstComesAfterTheInstructionThatFollowsASetstAndStillAfterTheOneThatClearsTF() {
    let bench = Bench([op(.setst, a: 4), op(.setst, a: 0), op(.addi)])
    bench.put([op(.iret)], at: Place.handler(1))
    bench.set(4, tf)
    bench.step()
    #expect(bench.trap == nil)
    bench.step()
    #expect(bench.trap?.vector == 1)
    #expect(bench.trap?.status == 0)
    bench.step(2)
    #expect(bench.trap == nil)
    #expect(bench.pc == Place.code[0] + 12)
  }

  @Test(
    arguments: [
      (op(.int, 40), 40), (op(.brk), 2), (op(.vmcall, 0), 8), (0 as UInt32, 3), (op(.lw, a: 0), 5),
    ] as [(UInt32, UInt32)])
  func anInstructionThatItselfTrapsHasNone(word: UInt32, vector: UInt32) {
    let bench = Bench([word], ring: 3)
    bench.reference.status = 3 | tf
    bench.step()
    #expect(bench.trap?.vector == vector)
    #expect(bench.trap?.status == 3 | tf)
    bench.step()
    #expect(bench.pc == Place.handler(vector) + 4)
  }

  @Test func anIretThatBeganWithTFIsFollowedByOneInTheNewRing() {
    let bench = Bench([op(.iret)])
    bench.set(2, Place.stacks[0] - 16)
    bench.put([0, Place.code[3], 3, Place.stacks[3]], at: Place.stacks[0] - 16)
    bench.reference.status = tf
    bench.step()
    #expect(bench.trap?.vector == 1)
    #expect(bench.trap?.pc == Place.code[3])
    #expect(bench.trap?.status == 3)
    #expect(bench.trap?.sp == Place.stacks[3])
  }

  @Test func itPrecedesAnInterruptThatWaits() {
    let bench = Bench([op(.sti), op(.addi)])
    bench.gate(1, handler: Place.handler(1), flags: 0b1001)  // leaves IF on
    bench.reference.status = tf
    bench.reference.timerPending = true
    bench.step()
    #expect(bench.trap?.vector == 1)
    // The delay of the sti ends with the first instruction of the step trap's handler.
    bench.step()
    #expect(bench.pc == Place.handler(1) + 4)
    bench.step()
    #expect(bench.trap?.vector == 16)
    #expect(bench.trap?.pc == Place.handler(1) + 4)
  }

  @Test func noneFollowsTheOutThatSwitchesOff() {
    let bench = Bench([op(.out, d: 4, 0x50)])
    bench.set(4, 1)
    bench.reference.status = tf
    bench.step()
    #expect(reason(bench.machine.stop) == .poweredOff)
    #expect(bench.pc == Place.code[0] + 4)
    #expect(bench.machine.instructionsRetired == 1)
  }
}
