import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// A stop belongs to a guest, and each guest has its own names.
struct GuestStopTests {
  private static let beta = """
    first:  nop
    """ + "\n"
    + StopPropertyTests.resting.replacing("work:", with: "labour:")
    .replacing("call  work", with: "call  labour")

  private func session() throws -> Session {
    let session = try Bench.session(StopPropertyTests.resting, .guest)
    try session.change(
      .addGuest(name: "beta", image: try Bench.programImage(Self.beta), memorySize: 1 << 20))
    try session.change(.share(1, .paused(false)))
    session.budget = 20_000
    return session
  }

  @Test func aPlaceIsOneGuests() throws {
    let session = try session()
    let labour = try #require(session.label(named: "beta.labour"))
    #expect(labour.guest == 1 && session.label(named: "labour") == nil)
    session.addBreakpoint(.address(try session.address("work")))
    session.addBreakpoint(.address(VirtualAddress(labour.address)), guest: 1)
    #expect(session.breakpoints.map(\.guest) == ["alpha", "beta"])
    var seen: Set<Int> = []
    for _ in 0..<40 {
      guard case .breakpoint(let hits) = session.continue().reason else {
        Issue.record("no stop")
        return
      }
      let current = session.world.monitor?.currentIndex
      #expect(hits.allSatisfy { $0.breakpoint.id - 1 == current })
      seen.formUnion(hits.map(\.breakpoint.id))
    }
    #expect(seen == [1, 2])
  }

  @Test func memoryAndValuesAreOneGuests() throws {
    let session = try session()
    let count = try session.address("count").rawValue
    session.addBreakpoint(.memory(WatchedMemory(.virtual, count, size: 4, access: .change)))
    session.addBreakpoint(.value(try Query.parse("s1")))
    session.addBreakpoint(.value(try Query.parse("beta.s1")))
    #expect(session.breakpoints.map(\.guest) == ["alpha", "alpha", nil])
    var last: [Int: Int64?] = [:]
    for _ in 0..<60 {
      guard case .breakpoint(let hits) = session.continue().reason else {
        Issue.record("no stop")
        return
      }
      for hit in hits {
        // Another guest that gets the CPU changes none of them: each goes on from where it was.
        if let old = last[hit.breakpoint.id] { #expect(hit.value?.old == old) }
        last[hit.breakpoint.id] = hit.value?.new
        #expect((hit.instruction?.guestIndex == 1) == (hit.breakpoint.id == 3))
      }
    }
    #expect(last.count == 3)
  }

  @Test func namesOfAnotherGuest() throws {
    let session = try session()
    let here = try session.value(of: "beta.first")
    #expect(try session.value(of: "&beta.first") == here)
    #expect(try session.value(of: "beta.mem[first]") == session.value(of: "beta.phys[first]"))
    #expect(throws: ConditionError.self) { try session.value(of: "first") }
    do throws(ConditionError) {
      _ = try session.value(of: "labour")
      Issue.record("alpha has no labour")
    } catch {
      #expect(error.message == "'labour' is not known in alpha; beta's is 'beta.labour'")
    }
    for _ in 0..<30 {
      _ = session.step(7)
      let current = try #require(session.world.monitor?.currentIndex)
      let name = ["alpha", "beta"][current]
      #expect(try session.value(of: "\(name).s0") == session.value(of: "s0"))
      #expect(try session.value(of: "\(name).mem[sp]") == session.value(of: "mem[sp]"))
    }
    #expect(throws: ConditionError.self) { try session.value(of: "gamma.mem[0]") }
  }

  @Test func aGuestThatIsNotThereStopsNothing() throws {
    let session = try session()
    let count = session.world.steps
    let labour = try #require(session.label(named: "beta.labour"))
    session.addBreakpoint(.address(VirtualAddress(labour.address)), guest: 1)
    try session.reset()
    #expect(session.run(2000, ignoringBreakpoints: false).word == "done")
    #expect(session.breakpoints[0].hits == 0 && count <= 2000)
  }
}
