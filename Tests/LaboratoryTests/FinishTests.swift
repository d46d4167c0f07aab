import Monitor
import Onion
import OnionISA
import TestSupport
import Testing

@testable import Laboratory

/// `finish` leaves the function or handler that the history says it is in, not the one that `ra` names.
struct FinishTests {
  /// A function that calls another, a handler that does, and the outermost code.
  static let nested = """
    start:  li    a0, 32
            la    a1, served
            li    a2, 7
            call  gate
            li    s0, 0
    one:    call  outer
    mid:    addi  s1, zero, 1
    asked:  int   32
    after:  j     off
    outer:  push  ra
            call  leaf
    inside: addi  s0, s0, 10
            pop   ra
            ret
    leaf:   addi  s0, s0, 1
            ret
    served: push  ra
            call  leaf
    handled: pop  ra
            iret
    """

  @Test(arguments: Place.allCases, [Profile.strict, .classic])
  func aFunctionThatHasCalledAnother(place: Place, profile: Profile) throws {
    let session = try Bench.session(Self.nested, place, profile: profile)
    try session.reach("inside")
    #expect(session.finish().word == "arrived")
    #expect(try session.isAt("mid") && session.value(of: "s0") == 11)
  }

  @Test(arguments: Place.allCases) func aHandlerThatHasCalledAFunction(place: Place) throws {
    let session = try Bench.session(Self.nested, place)
    try session.reach("handled")
    #expect(session.finish().word == "arrived")
    #expect(try session.isAt("after"))
  }

  @Test(arguments: Place.allCases) func theOutermostHasNothingToFinish(place: Place) throws {
    let session = try Bench.session(Self.nested, place)
    for symbol in ["one", "mid", "after"] {
      try session.reach(symbol)
      let (state, told) = (session.whole, session.told?.keys)
      let result = session.finish()
      #expect(result.word == "outermost" && result.steps == 0)
      #expect(session.whole == state && session.told?.keys == told)
      #expect(session.finishBack().word == "beginning")
      try session.reach(symbol)
    }
  }

  @Test(arguments: Place.allCases) func aBreakpointOnTheWayStopsIt(place: Place) throws {
    let session = try Bench.session(Self.nested, place)
    try session.reach("outer")
    session.addBreakpoint(.address(try session.address("leaf")))
    #expect(session.finish().word == "breakpoint")
    #expect(try session.isAt("leaf"))
    #expect(session.finish().word == "arrived")
    #expect(try session.isAt("inside"))
  }

  /// Wherever a kernel with two programs stands, it ends behind the call that `rfinish` finds, in the same program,
  /// or where the interrupted code goes on.
  @Test(arguments: Place.allCases, 0..<(isSoak ? 20 : 2) as Range<UInt64>)
  func itIsTheWayBackOfRfinish(place: Place, seed: UInt64) throws {
    var numbers = Numbers(seed: seed)
    let session = try Bench.kernel(place)
    session.budget = 40_000
    var arrived = 0
    for _ in 0..<5 {
      // Somewhere in a function of the kernel, or in what interrupted it.
      _ = session.run(until: try session.address(numbers.pick(["kputs", "on_timer", "touch"])))
      _ = session.step(1 + numbers.below(40))
      let here = session.world.steps
      let entry = try session.frameEntry(poll: { false })
      #expect(session.world.steps == here)
      let back = session.finishBack()
      #expect((back.word == "done") == (entry != nil))
      let (ring, sp) = (session.world.ring, session.world.machine.stackPointer)
      let table = try session.value(of: place == .bare ? "ptbr" : "alpha.virtual.ptbr")
      let pc = session.world.pc
      session.goTo(step: here)
      let result = session.finish()
      guard let entry else {
        #expect(result.word == "outermost" && session.world.steps == here)
        continue
      }
      guard case .arrived = result.reason else {
        session.goTo(step: here)
        continue
      }
      arrived += 1
      #expect(session.world.ring == ring && session.world.machine.stackPointer == sp)
      if entry.isCall { #expect(session.world.pc == pc + 4) }
      if ring != .ring0 {
        #expect(try session.value(of: place == .bare ? "ptbr" : "alpha.virtual.ptbr") == table)
      }
    }
    #expect(arrived > 1)
  }
}
