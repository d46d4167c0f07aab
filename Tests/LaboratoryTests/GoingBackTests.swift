import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// back, rnext, rfinish, rcontinue, rtrap: all the way that the machine went, the other way round.
struct GoingBackTests {
  /// The timer ticks into a loop.
  static let ticking = """
    start:  li    a0, 16
            la    a1, tick
            li    a2, 1
            call  gate
            li    t0, 37
            out   0x20, t0
            sti
    loop:   addi  s0, s0, 1
            addi  s0, s0, 1
            j     loop
    tick:   out   0x21, zero
            addi  s1, s1, 1
    back:   iret
    """

  /// A function that is jumped to through a register, and returns.
  static let jumping = """
    start:  la    t0, there
            addi  a0, zero, 1
    jump:   jr    t0
            addi  a0, zero, 9
    there:  addi  a0, a0, 1
            j     off
    """

  @Test(arguments: Place.allCases) func eachStepIsUndoneExactly(place: Place) throws {
    // Jumps through registers, trap entries, irets and a device's interrupts are among them.
    for source in [Bench.calls, Self.ticking, Self.jumping] {
      let session = try Bench.session(source, place)
      var states = [session.whole]
      while states.count < 250, session.world.stop == nil {
        _ = session.step()
        states.append(session.whole)
      }
      while states.count > 1 {
        states.removeLast()
        #expect(session.back().steps == 1)
        #expect(session.whole == states.last, "at step \(states.count - 1)")
      }
    }
  }

  @Test(arguments: Place.allCases) func backOverAJumpThroughARegister(place: Place) throws {
    let session = try Bench.session(Self.jumping, place)
    try session.reach("there")
    #expect(session.back().word == "done")
    #expect(try session.isAt("jump") && session.value(of: "a0") == 1)
  }

  @Test(arguments: Place.allCases) func backOverATrapsEntryAndItsIret(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    try session.reach("served")
    _ = session.back()
    #expect(try session.isAt("asked") && session.value(of: "s2") == 0)
    try session.reach("served_up")
    let iret = try session.address("divided") - 4
    _ = session.back()
    #expect(session.world.pc == iret)
    _ = session.nextBack()
    #expect(session.world.pc == iret - 4)
  }

  @Test(arguments: Place.allCases) func backOverADevicesInterrupt(place: Place) throws {
    let session = try Bench.session(Self.ticking, place)
    let vector = try #require(Vector.all(named: "timer")?.first)
    session.addBreakpoint(.event(place == .bare ? .vector(vector) : .interrupt))
    #expect(session.continue().word == "breakpoint")
    #expect(try session.isAt("tick"))
    let count = try session.value(of: "s0")
    _ = session.back()
    #expect(!(try session.isAt("tick")))
    #expect(try session.value(of: "s0") == count)
    _ = session.step()
    #expect(try session.isAt("tick"))
  }

  @Test(arguments: Place.allCases) func aBreakpointIsNotTrippedOnTheWayFromIt(place: Place) throws {
    let session = try Bench.session(Bench.endless, place)
    let again = try session.address("again")
    session.addBreakpoint(.address(again))
    for _ in 0..<3 { #expect(session.continue().word == "breakpoint") }
    #expect(try session.value(of: "s0") == 3)
    #expect(session.nextBack().word == "done")
    #expect(try session.isAt("start"))
    #expect(session.nextBack().word == "done")
    #expect(try session.isAt("again") && session.value(of: "s0") == 2)
    #expect(session.continueBack().word == "breakpoint")
    #expect(try session.value(of: "s0") == 1)
    #expect(session.breakpoints[0].hits == 4)
    #expect(session.continueBack().word == "beginning")
    #expect(session.world.steps == 0)
    #expect(session.continueBack().word == "beginning")
  }

  @Test(arguments: Place.allCases) func aWatchpointIsReachedBeforeTheStore(place: Place) throws {
    let session = try Bench.session(WatchTests.counting, place)
    let count = try session.address("count")
    session.addBreakpoint(
      .memory(WatchedMemory(.virtual, count.rawValue, size: 4, access: .change)), label: "count")
    _ = session.run(.max)
    #expect(session.world.stop == .switchedOff)
    let expected: [(String, Int64, Int64)] = [
      ("swapped", 0x705, 9), ("byte", 5, 0x705), ("first", 0, 5),
    ]
    for (symbol, old, new) in expected {
      guard case .breakpoint(let hits) = session.continueBack().reason else {
        Issue.record("\(symbol) isn't found")
        return
      }
      #expect(hits[0].value == WatchedValue(old: old, new: new))
      #expect(hits[0].instruction?.pc == (try session.address(symbol)))
      // The store is still to be made.
      #expect(try session.isAt(symbol))
      #expect(try session.value(of: "mem[count]") == old)
    }
    #expect(session.continueBack().word == "beginning")
  }

  @Test(arguments: Place.allCases) func aHitIsToldOnceInEachDirection(place: Place) throws {
    let session = try Bench.session(WatchTests.counting, place)
    session.addBreakpoint(.value(try Query.parse("t0")), label: "t0")
    // Forwards to the third change, back to the second, forwards to the fourth.
    func value() throws -> Int64 { try session.value(of: "t0") }
    for _ in 0..<4 { #expect(session.continue().word == "breakpoint") }
    let third = session.world.steps
    #expect(session.continueBack().word == "breakpoint")
    #expect(session.world.steps < third - 1)
    let landed = session.world.steps
    #expect(session.continue().word == "breakpoint")
    #expect(session.world.steps == third)
    #expect(session.continueBack().word == "breakpoint")
    #expect(session.world.steps == landed)
    // A step makes it happen, and then it lies behind.
    _ = session.step()
    #expect(session.continueBack().word == "breakpoint")
    #expect(session.world.steps == landed)
  }

  @Test(arguments: Place.allCases) func whoComesByAnotherRoadIsToldAgain(place: Place) throws {
    let session = try Bench.session(WatchTests.counting, place)
    let count = try session.address("count")
    session.addBreakpoint(
      .memory(WatchedMemory(.virtual, count.rawValue, size: 4, access: .change)), label: "count")
    #expect(session.continue().word == "breakpoint")
    let stop = session.world.steps
    // Gone away and come back: "who wrote this last?" is answered.
    session.goTo(step: 0)
    session.goTo(step: stop)
    #expect(session.continueBack().word == "breakpoint")
    #expect(session.world.steps == stop - 1)
    // Going on at once it isn't told again, after another road it is.
    session.goTo(step: 2)
    session.goTo(step: stop - 1)
    #expect(session.continue().steps == 1)
    // Where nothing moves nothing is forgotten.
    session.goTo(step: stop)
    #expect(session.trapBack().word != "done")
    session.goTo(step: stop)
    #expect(session.step().word == "done")
    #expect(session.back().word == "done")
    #expect(session.continueBack().steps == 1)
  }

  @Test(arguments: Place.allCases, [1, 2, 3] as [UInt64])
  func theWayBackMeetsWhatTheWayForthMet(place: Place, seed: UInt64) throws {
    var numbers = Numbers(seed: seed)
    let session = try Bench.kernel(place)
    let image = try #require(session.image)
    let labels = image.symbols.filter { $0.kind == .label && $0.value % 4 == 0 }
    for _ in 0..<6 {
      session.addBreakpoint(.address(VirtualAddress(numbers.pick(labels).value)))
    }
    for _ in 0..<2 {
      let word = VirtualAddress(numbers.pick(labels).value).rawValue
      session.addBreakpoint(.memory(WatchedMemory(.physical, word, size: 4, access: .change)))
    }
    session.addBreakpoint(.event(.vector(.protection)))
    session.addBreakpoint(.event(.vector(Vector(rawValue: 32))), condition: "a0 & 1")
    session.addBreakpoint(.value(try Query.parse("s1")), label: "s1")
    let end: UInt64 = 12_000 + numbers.below(2000)
    var met: [[UInt64]] = []
    while session.world.steps < end {
      let left = end - session.world.steps
      guard case .breakpoint(let hits) = session.run(left, ignoringBreakpoints: false).reason
      else { break }
      for step in Set(hits.map(\.step)).sorted() where step < end {
        let ids = hits.filter { $0.step == step }.map { UInt64($0.breakpoint.id) }
        met.append([step] + ids.sorted())
      }
    }
    // What happens in a step and what is arrived at by the one before are told together going back.
    var expected: [[UInt64]] = []
    for entry in met {
      if let last = expected.last, last[0] == entry[0] {
        expected[expected.count - 1] = [entry[0]] + (last[1...] + entry[1...]).sorted()
      } else {
        expected.append(entry)
      }
    }
    session.goTo(step: end)
    session.told = nil
    var back: [[UInt64]] = []
    while case .breakpoint(let hits) = session.continueBack().reason {
      #expect(hits.allSatisfy { $0.step == session.world.steps })
      back.append([session.world.steps] + hits.map { UInt64($0.breakpoint.id) }.sorted())
    }
    #expect(back == expected.filter { $0[0] < end }.reversed())
  }

  @Test(arguments: Place.allCases) func ignoredHitsAreCountedGoingBack(place: Place) throws {
    let session = try Bench.session(Bench.endless, place)
    session.addBreakpoint(.address(try session.address("again")))
    _ = session.run(21)
    session.updateBreakpoint(1) { $0.ignoreCount = 2 }
    let now = try session.value(of: "s0")
    #expect(session.continueBack().word == "breakpoint")
    #expect(session.breakpoints[0].hits == 3 && session.breakpoints[0].ignoreCount == 0)
    #expect(try session.value(of: "s0") >= now - 3)
    let here = session.world.steps
    session.updateBreakpoint(1) { $0.isTemporary = true }
    #expect(session.continueBack().word == "breakpoint")
    #expect(session.breakpoints.isEmpty && session.world.steps == here - 2)
  }

  @Test(arguments: Place.allCases) func rnextGoesOverCallsAndHandlers(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    var places: [UInt64] = []
    try session.reach("called")
    while !(try session.isAt("off")) {
      places.append(session.world.steps)
      _ = session.next()
    }
    let pcs = places.map { step in
      let now = session.world.steps
      session.goTo(step: step)
      defer { session.goTo(step: now) }
      return session.world.pc
    }
    let end = session.world.steps
    var back: [VirtualAddress] = []
    while session.world.steps > places[0] {
      #expect(session.nextBack().word == "done")
      if back.last != session.world.pc { back.append(session.world.pc) }
    }
    #expect(back == pcs.reversed())
    // So many at once come to the same.
    session.goTo(step: end)
    for _ in 0..<3 { _ = session.nextBack() }
    let third = session.world.steps
    session.goTo(step: end)
    #expect(session.nextBack(3).word == "done" && session.world.steps == third)
  }

  @Test(arguments: Place.allCases) func rnextStopsAtABreakpointInside(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    session.addBreakpoint(.address(try session.address("sum")), condition: "a0 == 2")
    try session.reach("called")
    _ = session.next()
    #expect(session.breakpoints[0].hits == 1)
    session.deleteAllBreakpoints()
    try session.reach("summed")
    session.addBreakpoint(.address(try session.address("sum")), condition: "a0 == 2")
    #expect(session.nextBack().word == "breakpoint")
    #expect(try session.isAt("sum") && session.value(of: "a0") == 2)
  }

  @Test(arguments: Place.allCases) func rfinishGoesToTheCall(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    try session.reach("inside")
    // This is in the innermost but one call: its own calls have come back.
    #expect(try session.value(of: "a0") == 0)
    #expect(session.finishBack().word == "done")
    #expect(try session.isAt("deeper") && session.value(of: "a0") == 1)
    #expect(session.finishBack().word == "done")
    #expect(try session.isAt("deeper") && session.value(of: "a0") == 2)
    try session.reach("served")
    _ = session.step()
    #expect(session.finishBack().word == "done")
    #expect(try session.isAt("asked"))
    #expect(session.finishBack().word == "beginning")
  }

  @Test(arguments: Place.allCases) func rtrapGoesFromTrapToTrap(place: Place) throws {
    let session = try Bench.kernel(place)
    _ = session.run(6000)
    let log = session.trapLog
    for entry in log.suffix(8).reversed() {
      let result = session.trapBack()
      #expect(result.word == "trap" && result.record?.number == entry.step)
      #expect(session.world.steps == entry.step + 1)
    }
    session.goTo(step: log[0].step + 1)
    let here = session.world.steps
    #expect(session.trapBack().word == "notFound")
    #expect(session.world.steps == here)
  }

  @Test(arguments: Place.allCases) func goingBackCanBeInterrupted(place: Place) throws {
    let session = try Bench.session(Bench.endless, place)
    _ = session.run(4_000_000)
    let end = session.whole
    let next = { (session: Session) in { (poll: Poll) in session.nextBack(2_000_000, poll: poll) } }
    for way in [Session.continueBack, next, Session.finishBack, Session.trapBack] {
      session.goTo(step: 4_000_000)
      var asked = 0
      let poll: Poll = {
        asked += 1
        return asked == 3
      }
      let result = way(session)(poll)
      guard asked >= 3 else { continue }
      #expect(result.word == "interrupted" && asked == 3)
      #expect(session.world.steps > 0 && session.world.steps < 4_000_000)
    }
    var asked = 0
    let result = session.back(1) {
      asked += 1
      return asked == 1
    }
    #expect(result.word == "interrupted")
    session.goTo(step: 4_000_000)
    #expect(session.whole == end)
  }

  @Test func marksNameMoments() throws {
    let session = try Bench.session(Bench.calls, .bare)
    _ = session.run(10)
    session.mark("ten")
    _ = session.run(10)
    session.mark("twenty")
    session.goTo(step: 5)
    session.mark("five")
    #expect(session.marks.map(\.name) == ["five", "ten", "twenty"])
    session.mark("ten")
    #expect(session.marks.map(\.step) == [5, 5, 20])
    #expect(session.deleteMark("five") && !session.deleteMark("five"))
    try session.change(.register(Register(bits: 13), 7))
    #expect(session.marks == [Mark(name: "ten", step: 5)])
    try session.reset()
    #expect(session.marks.isEmpty)
  }
}
