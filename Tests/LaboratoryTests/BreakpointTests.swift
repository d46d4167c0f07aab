import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// Breakpoints, Ctrl-C, and programs that wait for what is typed.
struct BreakpointTests {
  @Test(arguments: Place.allCases) func aBreakpointStopsBeforeItsInstruction(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    let sum = try session.address("sum")
    let added = session.addBreakpoint(.address(sum))
    #expect(added.id == 1 && added.hits == 0)
    for round in 1...5 {
      guard case .breakpoint(let hits) = session.continue().reason, hits.count == 1 else {
        Issue.record("no stop in round \(round)")
        return
      }
      let hit = hits[0].breakpoint
      #expect(hit.id == 1 && hit.hits == UInt64(round))
      #expect(session.world.pc == sum && session.breakpoints[0].hits == hit.hits)
      #expect(try session.value(of: "a0") == Int64(5 - round))
    }
    #expect(session.continue().word == "stopped")
    #expect(session.breakpoints[0].hits == 5)
  }

  @Test(arguments: Place.allCases) func theOneThatIsStoodOnDoesNotStopAtOnce(place: Place) throws {
    let session = try Bench.session(Bench.endless, place)
    let start = try session.address("start")
    session.addBreakpoint(.address(start))
    #expect(session.continue().word == "breakpoint")
    for round in 1...4 {
      let result = session.continue()
      #expect(result.word == "breakpoint" && result.steps == 2)
      #expect(try session.value(of: "s0") == Int64(round))
    }
    #expect(session.run(until: start).steps == 2)
    #expect(session.run(7).steps == 7)
  }

  @Test func whatTheVMMHidesIsNoSecondArrival() throws {
    let session = try Bench.session(
      """
      start:  li    t0, 0x20000
              j     far
              .org  0x5000
      far:    sw    t0, 0(t0)
              j     off
      """, .guest)
    session.addBreakpoint(.address(try session.address("far")))
    #expect(session.continue().word == "breakpoint")
    let hidden = try session.value(of: "vmm.hidden")
    #expect(session.continue().word == "stopped")
    // Its fetch and its store both filled a shadow entry meanwhile.
    #expect(try session.value(of: "vmm.hidden") - hidden >= 2)
    #expect(session.breakpoints[0].hits == 1)
  }

  @Test(arguments: Place.allCases) func conditionsAreAskedEachTime(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    let sum = try session.address("sum")
    session.addBreakpoint(.address(sum), condition: "a0 == 1")
    #expect(session.continue().word == "breakpoint")
    #expect(try session.value(of: "a0") == 1)
    #expect(session.breakpoints[0].hits == 1)
    #expect(session.continue().word == "stopped")

    // One that has no value stops, so that the learner sees it.
    try session.reset()
    session.deleteAllBreakpoints()
    session.addBreakpoint(.address(sum), condition: "nonsense")
    #expect(session.continue().word == "breakpoint")
    #expect(try session.value(of: "a0") == 4)
  }

  @Test(arguments: Place.allCases) func temporaryOnesGoAndNumbersAreNotUsedAgain(place: Place)
    throws
  {
    let session = try Bench.session(Bench.calls, place)
    session.addBreakpoint(.address(try session.address("more")), isTemporary: true)
    #expect(session.continue().word == "breakpoint")
    #expect(session.breakpoints.isEmpty)
    #expect(session.continue().word == "stopped")
    #expect(session.addBreakpoint(.event(.anyTrap)).id == 2)
    #expect(session.deleteBreakpoint(2) && !session.deleteBreakpoint(2))
    #expect(session.addBreakpoint(.event(.anyTrap)).id == 3)
    try session.reset()
    #expect(session.breakpoints.count == 1)
    try session.load(try Bench.image("nop\n"), settings: MachineSettings())
    #expect(session.breakpoints.isEmpty)
    #expect(session.addBreakpoint(.event(.anyTrap)).id == 4)
  }

  @Test(arguments: Place.allCases) func trapsAreCaughtByVector(place: Place) throws {
    let session = try Bench.kernel(place)
    session.addBreakpoint(.event(.vector(Vector(rawValue: 32))))
    for _ in 0..<3 {
      #expect(session.continue().word == "breakpoint")
      #expect(session.trapLog.last?.trap.vector.rawValue == 32)
    }
    #expect(session.breakpoints[0].hits == 3)
    #expect(session.trapLog.filter { $0.trap.vector.rawValue == 32 }.count == 3)

    session.deleteAllBreakpoints()
    session.addBreakpoint(.event(.anyTrap))
    let logged = session.trapLog.count
    for more in 1...10 {
      #expect(session.continue().word == "breakpoint")
      #expect(session.trapLog.count == logged + more)
    }
    // `run` and `trap` go their own way.
    #expect(session.run(500).word == "done")
    #expect(session.runToTrap().word == "trap")
  }

  @Test(arguments: Place.allCases, [false, true])
  func controlCEndsAnEndlessLoop(place: Place, isWatched: Bool) throws {
    let session = try Bench.session(Bench.endless, place)
    if isWatched { session.addBreakpoint(.address(VirtualAddress(0xFFF0))) }
    var asked = 0
    let result = session.continue {
      asked += 1
      return asked == 2
    }
    #expect(result.word == "interrupted")
    #expect(result.steps <= 2 * Session.pollInterval + 2)
    #expect(result.steps == session.world.steps)
    let state = session.whole
    _ = session.step(3)
    _ = session.back(3)
    #expect(session.whole == state)
    let plain = try Bench.session(Bench.endless, place)
    _ = plain.run(result.steps)
    #expect(plain.whole == state)
  }

  @Test(arguments: Place.allCases) func aProgramThatWaitsGoesOnWithWhatIsTyped(place: Place) throws
  {
    let session = try Bench.session(Bench.echo, place)
    session.addBreakpoint(.address(try session.address("woken")))
    #expect(session.continue().word == "waitingForInput")
    let here = session.world.steps
    #expect(session.continue().steps == 0)
    #expect(session.step().word == "waitingForInput")
    #expect(session.world.steps == here && session.world.stop == nil)
    try session.change(.typed(Array("A".utf8)))
    #expect(session.continue().word == "breakpoint")
    #expect(session.printed == "A")
    let traps = place == .bare ? "traps(console)" : "traps(alpha, console)"
    #expect(try session.value(of: traps) == 1)
    #expect(session.continue().word == "waitingForInput")
    try session.change(.typed(Array("q".utf8)))
    #expect(session.runToTrap().word == "trap")
    #expect(session.continue().word == "stopped")
    #expect(session.printed == "Aq")
  }

  @Test(arguments: Place.allCases) func withNobodyAtTheKeyboardTheWaitIsTheEnd(place: Place) throws
  {
    let session = try Bench.session(Bench.echo, place, acceptsInput: false)
    try session.change(.typed(Array("xy".utf8)))
    #expect(session.continue().word == "stopped")
    #expect(session.world.stop == .haltedNothingCanCome)
    #expect(session.printed == "xy")
  }
}
