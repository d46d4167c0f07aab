import Onion
import OnionISA
import Testing

@testable import Laboratory

/// What looks at other moments does so in a copy: the session doesn't move, not even there and back.
struct LookingInACopyTests {
  @Test(arguments: Place.allCases) func nothingOfTheSessionChanges(place: Place) throws {
    let session = try Bench.kernel(place)
    _ = session.run(2500)
    let trap = try #require(session.runToTrap(1).record)
    let machine = session.world.machine
    let digest = Digest(session)
    let events = machine.events.count
    #expect(events > 0, "a step that was recorded left them")
    let looks: [(String, () throws -> Void)] = [
      ("remedy", { _ = session.remedy(for: trap) }),
      ("rehearsal", { _ = session.rehearsal() }),
      ("trace", { _ = try session.trace(5) }),
      ("difference", { _ = try session.difference(from: 10, to: 700) }),
      ("timeline", { _ = try session.timeline(from: 0, to: 2000, parts: 10) }),
      ("latest", { _ = try session.latestTrap() }),
    ]
    for (name, look) in looks {
      try look()
      #expect(Digest(session) == digest, "\(name)")
      // Moving there and back would have forgotten them.
      #expect(machine.events.count == events, "\(name)")
      #expect(session.world.machine === machine, "\(name)")
    }
  }

  /// A copy is the same machine: it runs on alike, and the original stays where it is.
  @Test(arguments: Place.allCases, [Profile.strict, .classic])
  func aCopyRunsAlike(place: Place, profile: Profile) throws {
    let session = try Bench.session(
      """
      start:  li   a0, 32
              la   a1, back
              li   a2, 7
              call gate
              li   a0, 0
      loop:   addi a0, a0, 1
              sw   a0, 0x600(zero)
              getcr a1, cycle
              int  32
              j    loop
      back:   iret
      """, place, profile: profile)
    for steps in [0, 3, 17, 200] as [UInt64] {
      _ = session.run(steps)
      session.world.machine.cycleTable.plain = 3
      let before = Digest(session)
      let copy = try #require(Session(copying: session))
      #expect(Digest(copy) == before)
      _ = copy.run(97)
      #expect(Digest(session) == before, "the original didn't move")
      _ = session.run(97)
      #expect(Digest(copy) == Digest(session))
    }
  }

  private struct Digest: Equatable {
    var bytes: [UInt8] = []
    var steps: UInt64
    var cycles: UInt64
    var traps: Int
    var last: UInt64?
    var checkpoints: Int

    init(_ session: Session) {
      steps = session.world.steps
      cycles = session.world.machine.cycles
      traps = session.trapLog.count
      last = session.lastTrap?.number
      checkpoints = 0
      var bytes: [UInt8] = []
      session.world.describeState { bytes += $0 }
      self.bytes = bytes
    }
  }
}
