import Onion
import OnionISA
import Testing

@testable import Laboratory

/// What changed between two moments.
struct DifferenceTests {
  private static let counting = """
    start:  la    s0, count
            li    t1, 3
    again:  lw    t0, 0(s0)
            addi  t0, t0, 1
    put:    sw    t0, 0(s0)
    print:  li    t2, 'x'
            out   0x10, t2
    said:   addi  t1, t1, -1
            bnez  t1, again
            j     off
    count:  .word 0
    """

  @Test(arguments: Place.allCases) func itNamesWhatChangedAndNothingElse(place: Place) throws {
    let session = try Bench.session(Self.counting, place)
    try session.reach("put")
    let put = session.world.steps
    try session.reach("said")
    let difference = try session.difference(from: put, to: session.world.steps)
    let address = try session.address("count")
    let word = try #require(session.world.machineAddress(of: address))
    let own = difference.memory.filter { $0.owner == .program }
    #expect(own.map(\.words) == [[ChangedWord(word, old: 0, new: 1)]])
    #expect(difference.printed == [UInt8(ascii: "x")])
    let registers = difference.values.compactMap { value -> String? in
      guard case .register(let register) = value.field else { return nil }
      return "\(register.name) \(value.old) \(value.new)"
    }
    #expect(registers == ["t2 0 120"])
    let pc = try #require(difference.values.first { $0.field == .pc })
    #expect(pc.old == UInt64(try session.address("put").rawValue))
    #expect(pc.new == UInt64(session.world.pc.rawValue))
    let isVirtual = place == .guest
    #expect(difference.values.contains { $0.field == .instructions && $0.isVirtual == isVirtual })
    // The other way round old and new change places.
    let back = try session.difference(from: session.world.steps, to: put)
    #expect(
      back.memory.first?.words == [ChangedWord(word, old: 1, new: 0)]
        && back.printed == difference.printed)
  }

  @Test(arguments: Place.allCases) func lookingLeavesTheSessionAsItWas(place: Place) throws {
    let session = try Bench.kernel(place)
    session.addBreakpoint(.event(.vector(.page)))
    _ = session.continue()
    let first = session.world.steps
    _ = session.run(3000)
    session.mark("late")
    _ = session.runToTrap()
    session.goTo(step: first + 2000)
    _ = session.runToTrap()
    _ = session.continue()
    let here = session.world.steps
    let (whole, told, log, trap) = (
      session.whole, session.told?.keys, session.trapLog, session.lastTrap?.number
    )
    let (furthest, hits) = (session.furthestStep, session.breakpoints.map(\.hits))
    for (from, to) in [(0, here), (here, first), (first, furthest), (furthest, furthest)] {
      _ = try session.difference(from: from, to: to)
      #expect(session.world.steps == here && session.whole == whole)
      #expect(session.told?.keys == told && session.lastTrap?.number == trap)
      #expect(session.trapLog == log && session.furthestStep == furthest)
      #expect(session.breakpoints.map(\.hits) == hits && session.marks.map(\.name) == ["late"])
    }
    #expect(try session.difference(from: first, to: first).isEmpty)
  }

  @Test(arguments: Place.allCases) func beliefsAndTimersAndTLBsAreCompared(place: Place) throws {
    let session = try Bench.kernel(place)
    _ = session.run(3000)
    let difference = try session.difference(from: 0, to: 3000)
    func value(_ field: Difference.Field) -> Difference.Value? {
      difference.values.first { $0.field == field && $0.isVirtual == (place == .guest) }
    }
    #expect(value(.ring)?.new == 3)
    #expect(value(.control(.ptbr))?.new == 0x7000)
    #expect(value(.interruptFlag)?.new == 1)
    #expect(difference.values.first { $0.field == .timerInterval }?.new == 10_000)
    #expect(difference.buffered.contains { $0.access == .fetch && $0.new?.ring == .ring3 })
    #expect(difference.memory.contains { $0.owner == .monitor } == (place == .guest))
    let program = difference.memory.prefix { $0.owner == .program }
    #expect(program.count == difference.memory.filter { $0.owner == .program }.count)
  }

  @Test func whatIsStillToComeIsRefused() throws {
    let session = try Bench.session(Bench.endless, .bare)
    _ = session.run(100)
    session.goTo(step: 50)
    #expect(try session.difference(from: 50, to: 100).steps == (50, 100))
    #expect(throws: ComparisonFailure.notReached(furthest: 100)) {
      try session.difference(from: 50, to: 101)
    }
  }

  @Test func itCanBeInterrupted() throws {
    let session = try Bench.session(Bench.endless, .bare)
    _ = session.run(400_000)
    let whole = session.whole
    #expect(throws: ComparisonFailure.interrupted) {
      try session.difference(from: 70_000, to: 390_000) { true }
    }
    #expect(session.whole == whole)
  }
}
