import Onion
import OnionISA
import ReferenceOnion
import Testing

/// The CPU manual, section 7: console, timer, power.
@Suite struct DeviceTests {
  @Test func theConsolePrintsTheLowByte() {
    let bench = Bench([op(.out, d: 4, 0x10)])
    bench.set(4, 0xABCD_EF41)
    bench.step()
    #expect(bench.machine.devices.console.output == [0x41])
  }

  @Test func theConsoleReadsByteByByteThenMinusOne() {
    let bench = Bench([op(.in, d: 4, 0x10), op(.in, d: 0, 0x10), op(.in, d: 5, 0x10)])
    bench.reference.consoleInput = [200, 66]
    bench.step(3)
    #expect(bench.register(4) == 200)
    #expect(bench.register(5) == 0xFFFF_FFFF)
  }

  @Test func consoleInterruptsNeedBit0AndInput() {
    for (control, input, comes) in [
      (0, [65], false), (1, [], false), (1, [65], true), (0xFFFF_FFFE, [65], false),
    ] as [(UInt32, [UInt8], Bool)] {
      let bench = Bench([op(.addi)])
      bench.reference.status = 4
      bench.reference.consoleControl = control
      bench.reference.consoleInput = input
      bench.step()
      #expect((bench.trap?.vector == 17) == comes)
    }
  }

  @Test func controlAndIntervalReadBackWhatWasWritten() {
    let bench = Bench([
      op(.out, d: 4, 0x11), op(.out, d: 5, 0x20), op(.in, d: 6, 0x11), op(.in, d: 7, 0x20),
    ])
    bench.set(4, 0xFFFF_FFFE)
    bench.set(5, 0x8000_0001)
    bench.step(4)
    #expect(bench.register(6) == 0xFFFF_FFFE)
    #expect(bench.register(7) == 0x8000_0001)
  }

  @Test(arguments: [0x00, 0x12, 0x22, 0x30, 0x41, 0x50, 0xFFFF] as [Int32])
  func otherPortsReadMinusOneAndIgnoreWrites(port: Int32) {
    let bench = Bench([op(.out, d: 4, port), op(.in, d: 5, port)])
    bench.set(4, 2)
    bench.step(2)
    #expect(bench.register(5) == 0xFFFF_FFFF)
    #expect(bench.machine.stop == nil)
  }

  @Test(arguments: [0, 1, 2, 0x101, 0xFFFF_FFFF] as [UInt32])
  func onlyExactlyOneSwitchesOff(value: UInt32) {
    let bench = Bench([op(.out, d: 4, 0x50)])
    bench.set(4, value)
    bench.step()
    #expect((reason(bench.machine.stop) == .poweredOff) == (value == 1))
  }

  // MARK: Timer

  @Test func thePeriodBeginsAtTheEndOfTheOutAndRepeats() {
    let bench = Bench([op(.out, d: 4, 0x20)] + [UInt32](repeating: op(.addi), count: 60))
    bench.set(4, 20)
    bench.step()
    let start = bench.cycles
    #expect(start == 4 + 10)  // the miss of the fetch, and the out
    bench.step(20)
    #expect(bench.machine.devices.timer.ticks == 0)
    bench.step()  // the first instruction that begins at the tick
    #expect(bench.machine.devices.timer.ticks == 1)
    #expect(bench.machine.devices.timer.nextTick == start + 40)
    bench.step(20)
    #expect(bench.machine.devices.timer.ticks == 2)
  }

  @Test func aNewIntervalRestartsThePeriod() {
    let bench = Bench([op(.out, d: 4, 0x20), op(.addi), op(.out, d: 4, 0x20)])
    bench.set(4, 100)
    bench.step(3)
    #expect(bench.machine.devices.timer.nextTick == bench.cycles + 100)
  }

  @Test func unacknowledgedTicksMergeAndAreAllCounted() {
    let bench = Bench([op(.out, d: 4, 0x20), op(.div, d: 5, a: 5, b: 6), op(.in, d: 7, 0x21)])
    bench.set(4, 3)
    bench.set(6, 1)
    bench.step(3)
    // 20 cycles of division: ticks at 3, 6, 9, 12, 15, 18.
    #expect(bench.register(7) == 6)
    #expect(bench.machine.devices.timer.isInterruptPending)
  }

  @Test func acknowledgingClearsThePendingInterruptOnly() {
    let bench = Bench([op(.out, d: 4, 0x21), op(.in, d: 5, 0x21), op(.addi)])
    bench.set(4, 0)
    bench.reference.timerPending = true
    bench.reference.ticks = 0
    bench.step()
    #expect(!bench.machine.devices.timer.isInterruptPending)
  }

  @Test func interval0IsOffAndLeavesWhatIsPending() {
    let bench = Bench([op(.out, d: 0, 0x20), op(.addi), op(.addi)])
    bench.reference.timerInterval = 1000
    bench.reference.nextTick = 1000
    bench.reference.timerPending = true
    bench.step(3)
    #expect(bench.machine.devices.timer.isInterruptPending)
    #expect(bench.machine.devices.timer.nextTick == .max)
  }

  @Test func aShortIntervalDoesNotHangTheMachine() {
    let bench = Bench([op(.out, d: 4, 0x20), op(.div, d: 5, a: 5, b: 6), op(.addi)])
    bench.set(4, 1)
    bench.set(6, 1)
    bench.step(3)
    #expect(bench.machine.devices.timer.ticks == 20)
  }
}
