import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// step, next, finish, until, run, trap.
struct SteppingTests {
  @Test(arguments: Place.allCases) func aStepIsRecorded(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    try session.reach("called")
    let before = session.world.context
    let result = session.step()
    let record = try #require(result.record)
    #expect(result.word == "done" && result.steps == 1)
    #expect(record.before == before && record.after == session.world.context)
    #expect(record.number == session.world.steps - 1)
    #expect(record.instruction?.decoded.instruction == .jal)
    #expect(!record.isTrap && record.guest == (place == .guest ? "alpha" : nil))
    #expect(session.step(0).steps == 0)
    let five = session.step(5)
    #expect(five.steps == 5 && five.record?.number == session.world.steps - 1)
  }

  @Test(arguments: Place.allCases) func stepsAndRunsComeToTheSame(place: Place) throws {
    let stepped = try Bench.kernel(place)
    let ran = try Bench.kernel(place)
    let crawled = try Bench.kernel(place)
    crawled.addBreakpoint(.address(VirtualAddress(0xFFF0_0000)))
    for part: UInt64 in [1, 1500, 20, 700] {
      _ = ran.run(part)
      for _ in 0..<part { _ = stepped.step() }
      _ = crawled.run(part, ignoringBreakpoints: false)
      #expect(stepped.whole == ran.whole)
      #expect(crawled.whole == ran.whole)
    }
    #expect(stepped.trapLog == ran.trapLog)
    #expect(crawled.trapLog == ran.trapLog)
  }

  @Test(arguments: Place.allCases, [Profile.strict, .classic])
  func nextStepsOverACall(place: Place, profile: Profile) throws {
    let session = try Bench.session(Bench.calls, place, profile: profile)
    try session.reach("called")
    #expect(session.next().word == "done")
    #expect(try session.isAt("summed"))
    #expect(try session.value(of: "a0") == 10)
  }

  @Test(arguments: Place.allCases) func nextInsideARecursionStaysInItsFrame(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    try session.reach("deeper")
    let sp = session.world.machine.stackPointer
    #expect(session.next().word == "done")
    #expect(try session.isAt("inside"))
    #expect(session.world.machine.stackPointer == sp)
    #expect(try session.value(of: "a0") == 6)
  }

  @Test(arguments: Place.allCases) func nextStepsOverHandlers(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    try session.reach("asked")
    #expect(session.next().word == "done")
    #expect(try session.isAt("served_up") && session.value(of: "s2") == 1)
    _ = session.next()
    #expect(try session.isAt("broken"))
    #expect(session.next().word == "done")
    #expect(try session.isAt("mended"))
    _ = session.next()
    // The guest's `cli` is carried out by the VMM.
    #expect(session.next().word == "done")
    #expect(try session.isAt("closed"))
    _ = session.next()
    #expect(try session.isAt("calm"))
    #expect(session.next().steps == 1)
    #expect(try session.isAt("off"))
  }

  @Test(arguments: Place.allCases) func nextStopsAtABreakpointOnTheWay(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    try session.reach("called")
    let here = session.world.steps
    for symbol in ["sum", "more", "inside"] {
      session.goTo(step: here)
      session.deleteAllBreakpoints()
      session.addBreakpoint(.address(try session.address(symbol)))
      #expect(session.next().word == "breakpoint")
      #expect(try session.isAt(symbol))
    }
    session.deleteAllBreakpoints()
    try session.reach("asked")
    session.addBreakpoint(.address(try session.address("served")))
    #expect(session.next().word == "breakpoint")
    #expect(try session.isAt("served"))
  }

  @Test func nextStepsOverHiddenFaults() throws {
    // Each page is touched for the first time: the VMM fills its shadow behind the guest's back.
    let session = try Bench.session(
      """
      start:  li    t0, 0x20000
      one:    sw    t0, 0(t0)
      two:    lw    t1, 0x1000(t0)
      three:  j     far
              .org  0x5000
      far:    nop
      done:   j     off
      """, .guest)
    try session.reach("one")
    let hidden = try session.value(of: "vmm.hidden")
    for symbol in ["two", "three", "far", "done"] {
      let result = session.next()
      #expect(result.word == "done")
      #expect(try session.isAt(symbol))
    }
    #expect(try session.value(of: "vmm.hidden") - hidden >= 3)
    #expect(try session.value(of: "t1") == 0)
  }

  @Test(arguments: Place.allCases) func nextStepsOverSystemCallsOfPrograms(place: Place) throws {
    let session = try Bench.kernel(place)
    try session.reach("ask")
    #expect(session.world.ring == .ring3)
    let next = session.world.pc + 4
    #expect(session.next().word == "done")
    #expect(session.world.pc == next && session.world.ring == .ring3)

    // The first touch of the heap: the kernel maps it and the store is made.
    try session.reach("touch")
    let after = session.world.pc + 4
    #expect(session.next().word == "done")
    #expect(session.world.pc == after)
    #expect(try session.value(of: "mem8[0x100000]") == 1)
  }

  @Test(arguments: Place.allCases) func nextStepsOverATickOfTheTimer(place: Place) throws {
    let session = try Bench.session(
      """
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
              iret
      """, place)
    try session.reach("loop")
    let start = session.world.pc
    var ticks: Int64 = 0
    for turn in 0..<120 {
      #expect(session.world.pc == start + UInt32(turn % 3) * 4)
      #expect(session.next().word == "done")
      ticks = try session.value(of: "s1")
    }
    #expect(ticks > 3)
    #expect(try session.value(of: "s0") == 80)
  }

  @Test(arguments: Place.allCases) func nextOnAJumpToItselfIsOneStep(place: Place) throws {
    let session = try Bench.session("start: j start\n", place)
    try session.reach("start")
    // Under the VMM the page's first fetch in this view has happened by now.
    #expect(session.next().steps == 1)
    #expect(try session.isAt("start"))
  }

  @Test(arguments: Place.allCases) func nextCanBeInterrupted(place: Place) throws {
    let session = try Bench.session(
      "start: call stuck\n back: j off\nstuck: j stuck\n", place)
    try session.reach("start")
    #expect(session.next(poll: { true }).word == "interrupted")
    #expect(try session.isAt("stuck"))
    // A handler that mends nothing and only counts: the fault comes again and again.
    let again = try Bench.session(
      """
      start:  li    a0, 0
              la    a1, useless
              li    a2, 1
              call  gate
      broken: div   a0, a0, zero
      useless: addi s0, s0, 1
              iret
      """, place)
    try again.reach("broken")
    #expect(again.next(poll: { true }).word == "interrupted")
    _ = again.step()
  }

  @Test(arguments: Place.allCases) func finishReturnsToTheCaller(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    try session.reach("sum")
    #expect(session.finish().word == "arrived")
    #expect(try session.isAt("summed") && session.value(of: "a0") == 10)
    _ = session.back(1000)
    try session.reach("deeper")
    _ = session.step()
    #expect(try session.isAt("sum") && session.value(of: "a0") == 3)
    #expect(session.finish().word == "arrived")
    #expect(try session.isAt("inside") && session.value(of: "a0") == 6)
  }

  /// In a handler `ra` is still what the program left there.
  @Test(arguments: Place.allCases) func finishLeavesAHandler(place: Place) throws {
    let session = try Bench.kernel(place)
    try session.reach("on_page")
    let fault = try #require(session.trapLog.last).pc
    #expect(session.finish().word == "arrived")
    #expect(session.world.pc == fault && session.world.ring == .ring3)
  }

  @Test(arguments: Place.allCases) func untilEndsWithTheProgramIfItMust(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    let result = session.run(until: VirtualAddress(0x9000))
    #expect(result.word == "stopped" && session.world.stop == .switchedOff)
    #expect(session.step().steps == 0 && session.next().steps == 0)
    #expect(session.runToTrap().steps == 0 && session.continue().word == "stopped")
    let short = try Bench.session(Bench.endless, place)
    #expect(short.run(100).steps == 100)
    #expect(short.run(.max, cycleLimit: short.world.machine.cycles + 50).word == "done")
  }
}
