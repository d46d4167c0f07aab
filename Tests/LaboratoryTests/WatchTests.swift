import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// Watched memory, registers and values, and caught events.
struct WatchTests {
  /// Stores to `count`, some of which change it, and a load.
  static let counting = """
    start:  la    s0, count
            li    t0, 5
    first:  sw    t0, 0(s0)
    same:   sw    t0, 0(s0)
            li    t1, 7
    byte:   sb    t1, 1(s0)
    load:   lw    t2, 0(s0)
            li    t0, 9
    swapped: swap t0, 0(s0)
            cli
            j     off
    count:  .word 0
    """

  private func hit(_ result: RunResult) throws -> StopHit {
    guard case .breakpoint(let hits) = result.reason else {
      throw WatchFailure(text: "\(result.reason)")
    }
    return try #require(hits.first)
  }

  private func watch(
    _ session: Session, _ symbol: String, _ access: WatchedMemory.Access, size: UInt32 = 4
  ) throws {
    let address = try session.address(symbol).rawValue
    session.addBreakpoint(
      .memory(WatchedMemory(.virtual, address, size: size, access: access)), label: symbol)
  }

  @Test(arguments: Place.allCases) func aStoreThatChangesTheValueStops(place: Place) throws {
    let session = try Bench.session(Self.counting, place)
    try watch(session, "count", .change)
    let expected: [(String, Int64, Int64)] = [
      ("first", 0, 5), ("byte", 5, 0x705), ("swapped", 0x705, 9),
    ]
    for (symbol, old, new) in expected {
      let hit = try hit(session.continue())
      #expect(hit.value == WatchedValue(old: old, new: new))
      #expect(hit.instruction?.pc == (try session.address(symbol)))
      #expect(session.world.steps == hit.step + 1)
    }
    #expect(session.continue().word == "stopped")
    #expect(session.breakpoints[0].hits == 3)
  }

  @Test(arguments: Place.allCases) func stepsAreStoppedToo(place: Place) throws {
    let session = try Bench.session(Self.counting, place)
    try watch(session, "count", .change)
    let byte = try session.address("byte")
    #expect(try hit(session.step(100)).instruction?.pc == (try session.address("first")))
    #expect(session.step(2).word == "done")
    session.addBreakpoint(.address(byte))
    #expect(session.step(0).word == "done")
    session.goTo(step: session.world.steps - 1)
    let arrival = try hit(session.step())
    #expect(arrival.step == session.world.steps && session.world.pc == byte)
    // It is told once, and stepping on makes the store.
    let store = session.step()
    #expect(try hit(store).value == WatchedValue(old: 5, new: 0x705))
    #expect(store.record != nil)
    session.goTo(step: session.world.steps - 1)
    #expect(try hit(session.next()).value == WatchedValue(old: 5, new: 0x705))
    #expect(session.step(2).word == "done")
  }

  @Test(arguments: Place.allCases) func loadsAndAllAccessesCanBeWatched(place: Place) throws {
    let session = try Bench.session(Self.counting, place)
    try watch(session, "count", .read)
    var hit = try hit(session.continue())
    #expect(hit.instruction?.pc == (try session.address("load")))
    #expect(hit.value == WatchedValue(old: 0x705, new: 0x705, isRead: true))
    hit = try self.hit(session.continue())
    #expect(hit.instruction?.pc == (try session.address("swapped")))
    #expect(hit.value?.isRead == false)
    #expect(session.continue().word == "stopped")

    try session.reset()
    session.deleteAllBreakpoints()
    try watch(session, "count", .any)
    var places: [VirtualAddress] = []
    while case .breakpoint(let hits) = session.continue().reason {
      places.append(try #require(hits.first?.instruction?.pc))
    }
    let symbols = ["first", "same", "byte", "load", "swapped"]
    #expect(try places == symbols.map { try session.address($0) })
  }

  @Test(arguments: Place.allCases) func aBytesNeighboursAreNotWatched(place: Place) throws {
    let session = try Bench.session(Self.counting, place)
    let address = try session.address("count").rawValue + 1
    session.addBreakpoint(
      .memory(WatchedMemory(.virtual, address, size: 1, access: .change)), label: "mem8[count + 1]")
    #expect(try hit(session.continue()).value == WatchedValue(old: 0, new: 7))
    #expect(try hit(session.continue()).value == WatchedValue(old: 7, new: 0))
    #expect(session.continue().word == "stopped")
  }

  @Test func guestPhysicalAndMachineMemoryAreWatchedUnderTheVMM() throws {
    for space in [MemorySpace.physical, .machine] {
      let session = try Bench.session(Self.counting, .guest)
      let start =
        session.world.monitor?.guest.machineAddress(of: GuestPhysicalAddress(0))?.rawValue ?? 0
      let address = try session.address("count").rawValue + (space == .machine ? start : 0)
      session.addBreakpoint(.memory(WatchedMemory(space, address, size: 4, access: .change)))
      #expect(try hit(session.continue()).value == WatchedValue(old: 0, new: 5))
    }
  }

  @Test func whatTheVMMStoresForItsGuestIsSeen() throws {
    // The frame of an `int` is pushed by the VMM.
    let session = try Bench.session(Bench.calls, .guest)
    try session.reach("asked")
    let top = session.world.machine.stackPointer
    session.addBreakpoint(
      .memory(WatchedMemory(.virtual, top - 12, size: 4, access: .change)), label: "saved pc")
    let hit = try hit(session.continue())
    #expect(hit.instruction?.pc == (try session.address("asked")))
    #expect(hit.value?.new == Int64(try session.address("asked").rawValue + 4))
  }

  @Test(arguments: Place.allCases) func registersAndValuesAreWatched(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    func add(_ text: String) throws {
      session.addBreakpoint(.value(try Query.parse(text)), label: text)
    }
    try add("s1")
    var hit = try hit(session.continue())
    #expect(hit.value == WatchedValue(old: 0, new: 1))
    #expect(hit.instruction?.pc == (try session.address("served_up")))
    hit = try self.hit(session.continue())
    #expect(hit.value == WatchedValue(old: 1, new: 2))

    try session.reset()
    session.deleteAllBreakpoints()
    try add(place == .bare ? "tvec" : "alpha.virtual.tvec")
    hit = try self.hit(session.continue())
    #expect(hit.value == WatchedValue(old: 0, new: 0x1000))

    try session.reset()
    session.deleteAllBreakpoints()
    try add("mem[sp] & 0xFF")
    let slow = try self.hit(session.continue())
    #expect(slow.value?.old != slow.value?.new)
  }

  @Test func theVirtualCPUIsWatched() throws {
    let session = try Bench.session("start: sti\n nop\nclose: cli\n j off\n", .guest)
    session.addBreakpoint(
      .value(try Query.parse("alpha.virtual.IF")), label: "alpha.virtual.IF")
    #expect(try hit(session.continue()).value == WatchedValue(old: 0, new: 1))
    let hit = try hit(session.continue())
    #expect(hit.value == WatchedValue(old: 1, new: 0))
    #expect(hit.instruction?.pc == (try session.address("close")))
  }

  @Test(arguments: Place.allCases) func whatIsChangedFromOutsideIsNoHit(place: Place) throws {
    let session = try Bench.session(Bench.endless, place)
    session.addBreakpoint(.value(try Query.parse("s1")), label: "s1")
    _ = session.run(5)
    try session.change(.register(Register(bits: 14), 3))
    _ = session.run(5)
    session.goTo(step: 2)
    #expect(session.run(20, ignoringBreakpoints: false).word == "done")
    #expect(try session.value(of: "s1") == 3)
    // Nor where a step comes to the moment of the change.
    session.goTo(step: 4)
    #expect(session.step().word == "done")
    #expect(try session.value(of: "s1") == 3)
    session.goTo(step: 4)
    #expect(session.next().word == "done")
  }

  @Test(arguments: Place.allCases) func changesOfRingAreCaught(place: Place) throws {
    let session = try Bench.kernel(place)
    session.addBreakpoint(.event(.ringChange))
    var ring = session.world.ring
    for _ in 0..<6 {
      _ = try hit(session.continue())
      #expect(session.world.ring != ring)
      ring = session.world.ring
    }
  }

  @Test(arguments: Place.allCases) func interruptsAndSwitchesAreCaught(place: Place) throws {
    let session = try Bench.kernel(place)
    session.addBreakpoint(.event(.interrupt))
    let name = place == .bare ? "traps(timer)" : "vmm.interrupts"
    let before = try session.value(of: name)
    let hit = try hit(session.continue())
    #expect(place == .guest || hit.trap?.trap.vector == .timer)
    #expect(try session.value(of: name) == before + 1)

    try session.reset()
    session.deleteAllBreakpoints()
    session.addBreakpoint(.event(.tableSwitch))
    let tables = place == .bare ? "ptbr" : "vmm.switches"
    let old = try session.value(of: tables)
    _ = try self.hit(session.continue())
    #expect(try session.value(of: tables) != old)
  }

  @Test func pageFaultsAreToldApart() throws {
    let session = try Bench.kernel(.guest)
    for event in [CaughtEvent.hiddenPageFault, .truePageFault, .monitorEntry] {
      session.deleteAllBreakpoints()
      session.addBreakpoint(.event(event))
      let counts = try #require(session.world.monitor?.guest.counts)
      _ = try hit(session.continue())
      let now = try #require(session.world.monitor?.guest.counts)
      switch event {
      case .hiddenPageFault: #expect(now.hiddenFaults == counts.hiddenFaults + 1)
      case .truePageFault: #expect(now.trueFaults == counts.trueFaults + 1)
      default: #expect(now.entries == counts.entries + 1)
      }
    }
  }

  @Test(arguments: Place.allCases) func allAtOnePlaceCount(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    let sum = try session.address("sum")
    session.addBreakpoint(.address(sum))
    session.addBreakpoint(.address(sum), condition: "a0 == 3")
    session.addBreakpoint(.address(sum))
    session.updateBreakpoint(3) { $0.ignoreCount = 2 }
    session.addBreakpoint(.address(sum))
    session.updateBreakpoint(4) { $0.isEnabled = false }
    var stops: [[Int]] = []
    while case .breakpoint(let hits) = session.continue().reason {
      stops.append(hits.map(\.breakpoint.id))
    }
    #expect(stops == [[1], [1, 2], [1, 3], [1, 3], [1, 3]])
    #expect(session.breakpoints.map(\.hits) == [5, 1, 5, 0])
  }

  @Test(arguments: Place.allCases) func theBudgetEndsARun(place: Place) throws {
    let session = try Bench.session(Bench.endless, place)
    session.budget = 1000
    let result = session.continue()
    #expect(result.word == "budget" && result.steps == 1000)
    #expect(session.run(100).word == "done")
    #expect(session.run(until: VirtualAddress(0x9000)).steps == 1000)
    session.goTo(step: 5000)
    #expect(session.world.steps == 5000)
  }
}

struct WatchFailure: Error, CustomStringConvertible {
  var text: String
  var description: String { "no hit but \(text)" }
}
