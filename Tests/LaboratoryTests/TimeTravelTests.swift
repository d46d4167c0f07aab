import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// Going back, and forward again: the state is the same, byte for byte.
struct TimeTravelTests {
  enum Program: String, CaseIterable { case kernel, echo, calls }

  static let histories: [(Place, Program, UInt64)] =
    Place.allCases.flatMap { place in
      Program.allCases.flatMap { program in
        (1...3).map { (place, program, UInt64($0)) }
      }
    }

  private func session(_ program: Program, _ place: Place) throws -> Session {
    let session =
      switch program {
      case .kernel: try Bench.kernel(place)
      case .echo: try Bench.session(Bench.echo, place)
      case .calls: try Bench.session(Bench.calls, place)
      }
    let spacing: UInt64 = program == .kernel ? 900 : 17
    session.checkpoints.spacing = .init(least: spacing, most: spacing, perFrame: 0)
    return session
  }

  /// One thing that a person may do.
  private func act(_ session: Session, _ program: Program, _ numbers: inout Numbers) throws {
    let longest: UInt64 = program == .kernel ? 2500 : 40
    switch numbers.below(10) {
    case 0, 1: _ = session.step(1 + numbers.below(4))
    case 2, 3: _ = session.run(1 + numbers.below(longest))
    case 4: _ = session.runToTrap()
    case 5: _ = session.next()
    case 6:
      try session.change(.register(numbers.pick(Register.all), UInt32(numbers.below(1 << 20))))
    case 7:
      let address = VirtualAddress(0x3_1000 + UInt32(numbers.below(64)) * 4)
      if session.world.word(at: address) != nil {
        try session.change(.word(address, UInt32(numbers.below(3))))
        try session.change(.byte(address + 1, UInt8(numbers.below(200))))
      }
    case 8:
      // Any entry of the cost table, so that a change of time is repeated as well.
      try session.change(.cost(Int(numbers.below(10)), numbers.below(5)))
    default: try session.change(.typed(Array("ab".utf8)))
    }
  }

  @Test(arguments: histories)
  func everyStepCanBeReachedAgain(place: Place, program: Program, seed: UInt64) throws {
    var numbers = Numbers(seed: seed)
    let session = try session(program, place)
    var states: [UInt64: [UInt8]] = [0: session.whole]
    // Kernels are most themselves when their programs run and the timer ticks.
    if program == .kernel { _ = session.run(9000 + seed * 4000) }
    for _ in 0..<25 {
      try act(session, program, &numbers)
      states[session.world.steps] = session.whole
    }
    let end = session.world.steps
    let log = session.trapLog
    let steps = states.keys.sorted()

    for _ in 0..<8 {
      let step = numbers.pick(steps)
      session.goTo(step: step)
      #expect(session.whole == states[step], "at step \(step) of \(end)")
      // And on from there, in another gait.
      if let later = steps.first(where: { $0 > step }) {
        _ =
          later - step < 50 && numbers.below(2) == 0
          ? session.step(later - step) : session.run(later - step)
        #expect(session.whole == states[later], "from step \(step) to \(later)")
      }
    }
    session.goTo(step: 0)
    #expect(session.whole == states[0])
    for step in steps {
      session.goTo(step: step)
      #expect(session.whole == states[step], "on the second way, at step \(step)")
    }
    #expect(session.trapLog == log)
  }

  @Test(arguments: Place.allCases) func backIsCountedAndEndsAtTheBeginning(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    let start = session.whole
    _ = session.run(30)
    let far = session.whole
    _ = session.step(3)
    var result = session.back(3)
    #expect(result.word == "done" && result.steps == 3)
    #expect(session.whole == far)
    result = session.back(1000)
    #expect(result.word == "beginning" && result.steps == 30)
    #expect(session.whole == start)
    #expect(session.back().word == "beginning")
    #expect(session.trapLog.isEmpty && session.lastStep == nil && session.lastTrap == nil)
  }

  @Test(arguments: Place.allCases) func aChangeInThePastBeginsAnotherFuture(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    try session.reach("called")
    let here = session.world.steps
    #expect(try session.change(.register(Register(bits: 4), 3)).isFuture == false)
    try session.reach("summed")
    #expect(try session.value(of: "a0") == 6)
    let there = session.world.steps

    session.goTo(step: here)
    #expect(try session.value(of: "a0") == 3)
    #expect(try session.change(.register(Register(bits: 4), 5)).isFuture == true)
    try session.reach("summed")
    #expect(try session.value(of: "a0") == 15)
    #expect(session.world.steps > there)

    // Both changes were made at one step, so both are made again.
    session.goTo(step: here)
    #expect(try session.value(of: "a0") == 5)
    session.goTo(step: here - 1)
    _ = session.step()
    #expect(try session.value(of: "a0") == 5)

    // The old future is gone: nothing that was made later comes back.
    session.goTo(step: here - 1)
    #expect(try session.change(.register(Register(bits: 13), 7)).isFuture == true)
    _ = session.step()
    #expect(try session.value(of: "a0") == 4)
    #expect(try session.change(.register(Register(bits: 13), 8)).isFuture == false)
  }

  @Test(arguments: Place.allCases) func undoTakesBackWhatWasChangedHere(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    _ = session.run(10)
    let before = session.whole
    #expect(session.undo() == nil)
    let first = Change.register(Register(bits: 13), 99)
    let second = Change.word(VirtualAddress(0x6000), 0x1234_5678)
    try session.change(first)
    let between = session.whole
    try session.change(second)
    #expect(session.undo()?.change == second)
    #expect(session.whole == between)
    #expect(session.undo()?.change == first)
    #expect(session.whole == before)
    #expect(session.undo() == nil)
    try session.change(first)
    _ = session.step()
    #expect(session.undo() == nil)
    // Back at the step of the change it can still be taken back; its future goes with it.
    _ = session.back()
    #expect(session.undo()?.change == first)
    #expect(session.whole == before)
    _ = session.step(3)
    #expect(try session.value(of: "s0") == 0)
  }

  @Test(arguments: Place.allCases) func aChangeThatCannotBeMadeForgetsNothing(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    _ = session.run(40)
    let end = session.whole
    _ = session.back(20)
    let middle = session.whole
    #expect(throws: ChangeError.noMemory(VirtualAddress(0xF000_0000))) {
      try session.change(.word(VirtualAddress(0xF000_0000), 1))
    }
    #expect(throws: ChangeError.noMemory(VirtualAddress(0xF000_0003))) {
      try session.change(.byte(VirtualAddress(0xF000_0003), 1))
    }
    let other: Change = place == .bare ? .compressedTable(true) : .control(.tvec, 8)
    #expect(throws: ChangeError.self) { try session.change(other) }
    #expect(session.whole == middle)
    session.goTo(step: 40)
    #expect(session.whole == end)
  }

  @Test func costsAreWhatTheyWere() throws {
    let session = try Bench.session(Bench.endless, .bare)
    _ = session.run(50)
    let cycles = session.world.machine.cycles
    try session.change(.cost(0, 7))
    _ = session.run(10)
    let later = session.world.machine.cycles
    #expect(later == cycles + 70)
    session.goTo(step: 20)
    #expect(session.world.machine.cycleTable.plain == 1)
    session.goTo(step: 50)
    #expect(session.world.machine.cycles == cycles)
    session.goTo(step: 60)
    #expect(session.world.machine.cycles == later)
  }

  @Test(arguments: Place.allCases) func aPlaceBehindAWaitForInputCanBeReached(place: Place) throws {
    let session = try Bench.session(Bench.echo, place)
    #expect(session.continue().word == "waitingForInput")
    try session.change(.typed(Array("hi".utf8)))
    #expect(session.continue().word == "waitingForInput")
    try session.change(.typed(Array("xq".utf8)))
    #expect(session.continue().word == "stopped")
    #expect(session.printed == "hixq")
    let end = session.world.steps
    let state = session.whole
    for step in 1...end {
      _ = session.back(step)
      #expect(session.world.steps == end - step)
      session.goTo(step: end)
      #expect(session.whole == state)
    }
    session.goTo(step: 0)
    #expect(session.continue().word == "stopped")
    #expect(session.whole == state)
  }

  @Test(arguments: Place.allCases) func aHaltThatNothingEndsIsFoundAgain(place: Place) throws {
    let session = try Bench.session("start: sti\nhere: hlt\n", place, acceptsInput: false)
    let result = session.continue()
    #expect(result.word == "stopped" && session.world.stop == .haltedNothingCanCome)
    let state = session.whole
    _ = session.back(2)
    #expect(session.world.stop == nil)
    #expect(session.step(2).word == "stopped")
    #expect(session.whole == state)
    _ = session.back()
    let last = session.step()
    #expect(last.word == "stopped" && last.steps == 1)
    #expect(last.record?.instruction?.decoded.instruction == .hlt)
    #expect(session.whole == state)
    #expect(session.step().steps == 0)
  }
}
