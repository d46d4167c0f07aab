import Onion
import OnionISA
import ReferenceOnion
import Testing

/// A snapshot brought back and run on gives the same run again.
@Suite struct SnapshotTests {
  private func state(_ machine: Machine) -> [UInt8] {
    var bytes: [UInt8] = []
    machine.describeState { bytes += $0 }
    return bytes
  }

  @Test(arguments: 1...24 as ClosedRange<UInt64>)
  func restoringAndRunningOnIsTheSameRun(seed: UInt64) throws {
    let program = RandomProgram(seed: seed)
    let machine = try #require(
      makeMachine(like: program.makeReference(), words: program.words))
    _ = machine.run(steps: seed * 5)
    let early = machine.snapshot()
    let earlyState = state(machine)
    _ = machine.run(steps: 40)
    let late = machine.snapshot()
    let lateState = state(machine)
    _ = machine.run(steps: 100)
    let endState = state(machine)

    machine.restore(early)
    #expect(state(machine) == earlyState)
    for _ in 0..<40 { machine.step(recording: true) }
    #expect(state(machine) == lateState)
    _ = machine.run(steps: 100)
    #expect(state(machine) == endState)
    machine.restore(late)
    #expect(state(machine) == lateState)
  }

  @Test func lookingChangesNothing() throws {
    let program = RandomProgram(seed: 5)
    let machine = try #require(
      makeMachine(like: program.makeReference(), words: program.words))
    _ = machine.run(steps: 50)
    let before = state(machine)
    for page in 0..<128 as Range<UInt32> {
      _ = machine.walk(VirtualAddress(page << 12))
      _ = machine.machineAddress(of: VirtualAddress(page << 12))
    }
    #expect(state(machine) == before)
  }
}
