import OnionISA
import Testing

@testable import Laboratory

/// Loops of traps that never end, and those that do.
struct EndlessTrapTests {
  /// A program with handlers for a division by zero and `int 32` and 33.
  private static func program(_ code: String) -> String {
    """
    start:  li    a0, 0
            la    a1, divided
            li    a2, 1
            call  gate
            li    a0, 32
            la    a1, first
            li    a2, 7
            call  gate
            li    a0, 33
            la    a1, second
            li    a2, 7
            call  gate
            li    a0, 16
            la    a1, ticked
            li    a2, 1
            call  gate
            li    a0, 0
            li    a1, 0
            li    t0, 0

    """ + code
  }

  private static let rest = """

    divided: iret
    first:  iret
    second: iret
    ticked: iret
    """

  private static let useless = program("broken: div a0, a0, zero\n j off" + rest)

  private func session(_ code: String, _ place: Place) throws -> Session {
    let session = try Bench.session(Self.program(code), place)
    session.budget = 400_000
    return session
  }

  private func loop(_ result: RunResult) throws -> EndlessTrap {
    var found: EndlessTrap?
    if case .endlessTrap(let loop) = result.reason { found = loop }
    return try #require(found, "it ended in \(result.reason)")
  }

  @Test(arguments: Place.allCases) func aFaultWithoutCureIsNamed(place: Place) throws {
    let session = try Bench.session(Self.useless, place)
    let found = try loop(session.continue())
    #expect(found.trap.trap.vector == .divide && found.trapsInRound == 1)
    #expect(found.trap.pc == (try session.address("broken")))
    #expect((10...200).contains(found.count) && found.steps == 2 && !found.canInputEnd)
    #expect(session.trapLog.count { $0.trap.vector == .divide } == found.count)
    // It stands where a run that looked for nothing stands, too.
    let plain = try Bench.session(Self.useless, place)
    _ = plain.run(session.world.steps)
    #expect(plain.whole == session.whole && plain.trapLog == session.trapLog)
    #expect(plain.furthestStep == session.furthestStep && session.lastTrap == nil)
  }

  @Test(arguments: Place.allCases) func itIsToldOnceInEachHistory(place: Place) throws {
    let session = try Bench.session(Self.useless, place)
    let found = try loop(session.continue())
    let step = session.world.steps
    session.budget = 5000
    #expect(session.continue().word == "budget" && session.continue().word == "budget")
    _ = session.step(3)
    #expect(session.continue().word == "budget")
    session.goTo(step: 0)
    session.budget = nil
    #expect(try loop(session.continue()) == found && session.world.steps == step)
    try session.reset()
    #expect(try loop(session.continue()) == found && session.world.steps == step)
    // Another future may have other loops.
    try session.change(.register(.zero, 0))
    _ = try loop(session.continue())
  }

  @Test(arguments: Place.allCases) func runsWithAnEndOfTheirOwnMakeTheirSteps(
    place: Place
  ) throws {
    let session = try Bench.session(Self.useless, place)
    #expect(session.run(5000).steps == 5000)
    session.goTo(step: 7000)
    #expect(session.world.steps == 7000)
    session.goTo(step: 0)
    #expect(try loop(session.run(until: try session.address("off"))).trap.trap.vector == .divide)
  }

  @Test(arguments: Place.allCases) func nextComesToAnEnd(place: Place) throws {
    let session = try Bench.session(Self.useless, place)
    try session.reach("broken")
    #expect(try loop(session.next()).trap.trap.vector == .divide)
  }

  @Test(arguments: Place.allCases) func aRoundMayHoldSeveralTraps(place: Place) throws {
    let session = try session(
      "again: int 32\n addi t0, t0, 1\n int 33\n addi t0, t0, -1\n j again" + Self.rest, place)
    let found = try loop(session.continue())
    #expect(found.trapsInRound == 2 && found.trap.trap.vector.rawValue >= 32)
    #expect(found.steps == 7)
  }

  @Test(arguments: Place.allCases) func aCounterInMemoryIsProgress(place: Place) throws {
    let session = try session(
      """
      broken: div a0, a0, zero
              j   off
      count:  .word 0
      first: second: ticked: iret
      divided: push t0
              push t1
              la   t0, count
              lw   t1, 0(t0)
              addi t1, t1, 1
              sw   t1, 0(t0)
              addi t1, t1, -4000
              bnez t1, back
              lw   t0, 12(sp)
              addi t0, t0, 4
              sw   t0, 12(sp)
      back:   pop  t1
              pop  t0
              iret
      """, place)
    #expect(session.continue().word == "stopped")
    #expect(try session.value(of: "mem[count]") == 4000)
  }

  @Test(arguments: Place.allCases) func aClockIsProgress(place: Place) throws {
    let session = try session(
      """
      again:  int  32
              j    again
      divided: second: ticked: iret
      first:  getcr t0, cycle
              li   t1, 60000
              bgeu t0, t1, off
              li   t0, 0
              li   t1, 0
              iret
      """, place)
    #expect(session.continue().word == "stopped")
  }

  @Test(arguments: Place.allCases) func aTimerMayEndIt(place: Place) throws {
    let code = """
      li t0, 60000
              out  0x20, t0
              li   t0, 0
      let_in: nop
      again:  int  32
              j    again
      divided: first: second: iret
      ticked: j    off
      """
    let open = try session(code.replacing("nop", with: "sti"), place)
    #expect(open.continue().word == "stopped")
    // Nothing lets the tick in.
    let closed = try session(code, place)
    #expect(try loop(closed.continue()).trap.trap.vector.rawValue == 32)
  }

  @Test(arguments: Place.allCases) func whatIsTypedMayEndIt(place: Place) throws {
    let session = try session(
      """
      again:  int  32
              li   t1, 'q'
              beq  a0, t1, off
              li   a0, 0
              j    again
      divided: second: ticked: iret
      first:  in   a0, 0x10
              iret
      """, place)
    #expect(try loop(session.continue()).canInputEnd)
    try session.change(.typed(Array("xq".utf8)))
    #expect(session.continue().word == "stopped")
    session.goTo(step: 0)
    // What was typed is to come: the loop has an end.
    #expect(session.continue().word == "stopped")
  }

  @Test(arguments: Place.allCases) func aHandlerThatFaultsItselfEndsByItself(place: Place) throws {
    let session = try session(
      "broken: div a0, a0, zero\n first: second: ticked: iret\n divided: div a0, a0, zero", place)
    let word = session.continue().word
    #expect(word != "endlessTrap", "its stack goes down each time")
  }
}
