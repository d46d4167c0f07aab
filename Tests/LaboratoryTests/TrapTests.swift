import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// The next trap, its record, and the log of them all.
struct TrapTests {
  @Test(arguments: Place.allCases) func aTrapHasItsWholeRecord(place: Place) throws {
    let session = try Bench.kernel(place)
    let plain = try Bench.kernel(place)
    var records: [StepRecord] = []
    for _ in 0..<25 {
      let result = session.runToTrap()
      guard case .trap = result.reason, let record = result.record else {
        Issue.record("no trap: \(result.reason)")
        return
      }
      #expect(record.isTrap && record.number == session.world.steps - 1)
      #expect(record.delivery?.request.trap == session.trapLog.last?.trap)
      #expect(record.monitor.isEmpty == (place == .bare))
      if case .guest = place {
        #expect(record.monitor.contains { if case .entered = $0.event { true } else { false } })
        #expect(record.monitor.contains { if case .resumed = $0.event { true } else { false } })
      }
      records.append(record)
      _ = plain.run(result.steps)
      #expect(session.whole == plain.whole)
      #expect(session.lastTrap?.number == record.number)
    }
    #expect(session.trapLog == plain.trapLog)
    #expect(session.trapLog.count == 25)
    #expect(records.map(\.number) == session.trapLog.map(\.step))
  }

  /// A run keeps only a line about each trap; the last one can be told in full all the same.
  @Test(arguments: Place.allCases) func theLastTrapIsTheLastWhateverTheRoad(place: Place) throws {
    let session = try Bench.kernel(place)
    #expect(try session.latestTrap() == nil)
    _ = session.runToTrap()
    let first = try session.latestTrap()
    #expect(first?.number == session.lastTrap?.number)
    _ = session.run(3000)
    let here = session.whole
    let record = try #require(try session.latestTrap())
    let entry = try #require(session.trapLog.last)
    #expect(record.number == entry.step && record.number > first?.number ?? .max)
    #expect(record.delivery?.request.trap == entry.trap)
    #expect(session.whole == here)
  }

  @Test(arguments: Place.allCases) func theLogIsTheSameInEveryGait(place: Place) throws {
    let ran = try Bench.kernel(place)
    _ = ran.run(12_000)
    let mixed = try Bench.kernel(place)
    var numbers = Numbers(seed: 5)
    while mixed.world.steps < 12_000 {
      let left = 12_000 - mixed.world.steps
      switch numbers.below(4) {
      case 0: _ = mixed.step(min(left, 3))
      case 1: _ = mixed.run(min(left, 1 + numbers.below(500)))
      case 2:
        _ = mixed.runToTrap()
        if mixed.world.steps > 12_000 { _ = mixed.goTo(step: 12_000) }
      default: if mixed.world.steps > 200 { _ = mixed.back(numbers.below(200)) }
      }
    }
    #expect(mixed.trapLog == ran.trapLog)
    #expect(mixed.whole == ran.whole)
    #expect(!ran.trapLog.isEmpty)
  }

  @Test func theVMMsWorkIsToldApart() throws {
    let session = try Bench.kernel(.guest)
    guard case .stopped(.switchedOff) = session.continue().reason else {
      Issue.record("kernel.s did not switch itself off")
      return
    }
    let outcomes = Set(session.trapLog.map(\.outcome))
    #expect(outcomes.isSuperset(of: [.emulated, .filledShadow, .reflected, .tracedWrite]))
    #expect(session.trapLog.allSatisfy { $0.toRing == .ring0 && $0.fromRing != .ring0 })
    #expect(try session.value(of: "vmm.entries") == Int64(session.trapLog.count))
    let bare = try Bench.kernel(.bare)
    _ = bare.continue()
    #expect(bare.printed == session.printed && bare.printed.hasSuffix("switching off\n"))
    #expect(bare.trapLog.allSatisfy { $0.outcome == .delivered })
  }

  @Test(arguments: Place.allCases) func aTripleFaultIsRecorded(place: Place) throws {
    // No gate for anything: a division by zero has nowhere to go.
    let session = try Bench.session(
      "start: li a0, 1\nbroken: div a0, a0, zero\n", place)
    let result = session.runToTrap()
    // The way there holds the guest's own set-up instructions, which trap as well.
    var last = result
    while case .trap = last.reason { last = session.runToTrap() }
    guard case .stopped(.tripleFault(let fault)) = last.reason, let record = last.record else {
      Issue.record("it ended in \(last.reason)")
      return
    }
    let broken = try session.address("broken")
    #expect(fault.first.vector == .divide && fault.pc == broken)
    #expect(record.isTrap && session.lastTrap?.number == record.number)
    let failures =
      place == .bare
      ? record.machine.filter { if case .deliveryFailed = $0 { true } else { false } }.count
      : record.monitor.filter { if case .deliveryFailed = $0.event { true } else { false } }.count
    #expect(failures == 2)
    let state = session.whole
    #expect(session.runToTrap().steps == 0)
    _ = session.back()
    #expect(session.world.stop == nil && session.lastTrap == nil)
    #expect(session.step().record?.isTrap == true)
    #expect(session.whole == state)
  }

  @Test func theTrapThatEndsAGuestHasItsRecord() throws {
    let session = try Bench.session("start: j off\n", .guest)
    var result = session.runToTrap()
    while case .trap = result.reason { result = session.runToTrap() }
    #expect(session.world.stop == .switchedOff)
    #expect(result.record?.instruction?.decoded.instruction == .out)
    let waiting = try Bench.session(Bench.echo, .guest)
    result = waiting.runToTrap()
    while case .trap = result.reason { result = waiting.runToTrap() }
    #expect(result.word == "waitingForInput")
    #expect(result.record?.instruction?.decoded.instruction == .hlt)
  }

  @Test func wakingAGuestShowsNoOldTrap() throws {
    let session = try Bench.session(Bench.echo, .guest)
    _ = session.continue()
    _ = session.back()
    #expect(session.step().record?.isTrap == true)
    try session.change(.typed([65]))
    let record = try #require(session.step().record)
    #expect(record.delivery == nil && record.refusal == nil)
    #expect(
      record.monitor.contains {
        if case .delivered(let delivery) = $0.event {
          delivery.request.trap.vector == .console
        } else {
          false
        }
      })
  }
}
