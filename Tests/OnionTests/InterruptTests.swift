import Onion
import OnionISA
import ReferenceOnion
import Testing

/// The CPU manual, sections 2, 5 and 7: interrupts, `sti`, `hlt`.
@Suite struct InterruptTests {
  private let on: UInt32 = 0b100

  @Test func ifHoldsThemBackInEveryRing() {
    for ring in 0..<4 as Range<UInt32> {
      let bench = Bench([op(.addi), op(.addi)], ring: ring)
      bench.reference.status = ring
      bench.reference.timerPending = true
      bench.step(2)
      #expect(bench.pc == Place.code[Int(ring)] + 8)
    }
  }

  @Test func theyArePendingUntilTheDeviceIsAcknowledged() {
    let bench = Bench([op(.addi)])
    bench.put([op(.iret)], at: Place.handler(16))
    bench.reference.status = on
    bench.reference.timerPending = true
    bench.step()
    #expect(bench.trap?.vector == 16)
    #expect(bench.status & on == 0)
    bench.step()
    #expect(bench.pc == Place.code[0])
    bench.step()  // again: nobody acknowledged
    #expect(bench.trap?.vector == 16)
  }

  @Test func theLowestVectorComesFirst() {
    let bench = Bench([op(.addi)])
    bench.reference.status = on
    bench.reference.timerPending = true
    bench.reference.consoleControl = 1
    bench.reference.consoleInput = [65]
    bench.put([op(.out, d: 0, 0x21), op(.sti), op(.addi)], at: Place.handler(16))
    bench.step()
    #expect(bench.trap?.vector == 16)
    bench.step(3)
    bench.step()
    #expect(bench.trap?.vector == 17)
  }

  @Test func noneComesBetweenAnStiAndTheNextInstruction() {
    let bench = Bench([op(.sti), op(.addi), op(.addi)])
    bench.reference.timerPending = true
    bench.step(2)
    #expect(bench.pc == Place.code[0] + 8)
    bench.step()
    #expect(bench.trap?.vector == 16)
    #expect(bench.trap?.pc == Place.code[0] + 8)
  }

  @Test func anStiThatChangesNothingDelaysNothing() {
    // The console's interrupt becomes pending by the first instruction.
    let bench = Bench([op(.sti), op(.addi)])
    bench.reference.status = on
    bench.reference.timerInterval = 1
    bench.reference.nextTick = 4  // noticed after the sti, with the miss of its fetch
    bench.step()
    #expect(bench.pc == Place.code[0] + 4)
    bench.step()
    #expect(bench.trap?.vector == 16)
    #expect(bench.trap?.pc == Place.code[0] + 4)
  }

  @Test func setstHasNoSuchDelay() {
    let bench = Bench([op(.setst, a: 4), op(.addi)])
    bench.set(4, on)
    bench.reference.timerPending = true
    bench.step(2)
    #expect(bench.trap?.vector == 16)
    #expect(bench.trap?.pc == Place.code[0] + 4)
  }

  @Test func theDelayEndsAlsoIfTheNextInstructionFaults() {
    let bench = Bench([op(.sti), 0])
    bench.gate(3, handler: Place.handler(3), flags: 0b1001)  // leaves IF on
    bench.reference.timerPending = true
    bench.step(2)
    #expect(bench.trap?.vector == 3)
    bench.step()
    #expect(bench.trap?.vector == 16)
    #expect(bench.trap?.pc == Place.handler(3))
  }

  // MARK: hlt

  @Test func hltWaitsForTheNextTick() {
    let bench = Bench([op(.hlt)])
    bench.reference.status = on
    bench.reference.timerInterval = 1000
    bench.reference.nextTick = 1000
    bench.step()
    #expect(bench.machine.isWaiting)
    #expect(bench.pc == Place.code[0] + 4)
    #expect(bench.machine.instructionsRetired == 1)
    bench.step()
    #expect(bench.trap?.vector == 16)
    #expect(bench.trap?.pc == Place.code[0] + 4)
    // Up to the tick, then the delivery with its misses: gate, stack; the handler's page too.
    #expect(bench.cycles == 1000 + 40 + 3 * 4)
  }

  @Test func hltEndsAtOnceIfAnInterruptIsPending() {
    let bench = Bench([op(.sti), op(.hlt)])
    bench.reference.timerPending = true
    bench.step(2)
    let cycles = bench.cycles
    bench.step()
    #expect(bench.trap?.vector == 16)
    #expect(bench.trap?.pc == Place.code[0] + 8)
    #expect(bench.cycles == cycles + 40 + 3 * 4)
  }

  @Test func hltWithIFOffStopsForGoodEvenIfOneIsPending() {
    let bench = Bench([op(.hlt)])
    bench.reference.timerPending = true
    #expect(bench.step() == .stopped(.haltedForGood))
    #expect(bench.machine.instructionsRetired == 1)
    #expect(bench.pc == Place.code[0] + 4)
  }

  @Test func hltStopsForGoodIfNothingCanCome() {
    let bench = Bench([op(.hlt)])
    bench.reference.status = on
    bench.reference.consoleControl = 1
    bench.step()
    #expect(bench.step() == .stopped(.haltedNothingCanCome))
  }

  @Test func hltWaitsForWhoeverMayType() {
    let bench = Bench([op(.hlt)])
    bench.reference.status = on
    bench.reference.consoleControl = 1
    bench.acceptInput()
    bench.step()
    #expect(bench.machine.step() == .waitingForInput)
    #expect(bench.machine.stop == nil)
    bench.type([66])
    bench.step()
    #expect(bench.trap?.vector == 17)

    // Without the console's interrupt typing can't help.
    let deaf = Bench([op(.hlt)])
    deaf.reference.status = on
    deaf.acceptInput()
    deaf.step()
    #expect(deaf.step() == .stopped(.haltedNothingCanCome))
  }

  @Test func withTFHltNeverWaitsOrStops() {
    for status in [0b1000, 0b1100] as [UInt32] {
      let bench = Bench([op(.hlt)])
      bench.reference.status = status
      bench.step()
      #expect(bench.trap?.vector == 1)
      #expect(bench.trap?.pc == Place.code[0] + 4)
      #expect(!bench.machine.isWaiting)
    }
  }
}
