import Monitor
import OnionISA
import Testing

@testable import Laboratory
@testable import Onion

/// Loading, settings, changes from outside, and looking, which changes nothing.
struct LoadingTests {
  @Test(arguments: Place.allCases) func whatDoesNotFitIsRefused(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    _ = session.run(20)
    session.addBreakpoint(.event(.anyTrap))
    let state = session.whole
    let settings = MachineSettings(guest: place == .guest ? "alpha" : nil)
    let image = Image(entry: 0x1000, pieces: [.init(address: (4 << 20) - 2, bytes: [1, 2, 3, 4])])
    let fault = ImageDoesNotFit(address: (4 << 20) - 2, count: 4, memorySize: 4 << 20)
    #expect(throws: LoadError.doesNotFit(fault)) { try session.load(image, settings: settings) }
    let far = Image(entry: 0, pieces: [.init(address: .max, bytes: [1, 2])])
    #expect(throws: LoadError.self) { try session.load(far, settings: settings) }
    // The program that was there is still there.
    #expect(session.whole == state && session.breakpoints.count == 1)

    var larger = settings
    larger.memorySize = 8 << 20
    try session.load(image, settings: larger)
    #expect(session.settings == larger && session.world.steps == 0)
    #expect(try session.value(of: "phys[0x400000]") == 0x0403)
    #expect(session.world.byte(at: VirtualAddress((4 << 20) - 1)) == 2)
  }

  @Test(arguments: Place.allCases) func memoryEndsWhereItIsSaid(place: Place) throws {
    for size: UInt32 in [1 << 20, 3 << 20] {
      let session = try #require(Session())
      let settings = MachineSettings(memorySize: size, guest: place == .guest ? "g" : nil)
      try session.load(try Bench.image("start: j start\n"), settings: settings)
      #expect(session.world.byte(at: VirtualAddress(size - 1)) == 0)
      #expect(session.world.byte(at: VirtualAddress(size)) == nil)
      #expect(session.run(10).steps == 10)
    }
    // More or less than a machine may have is brought into range.
    for size: UInt32 in [0, .max] {
      let session = try #require(Session())
      let settings = MachineSettings(memorySize: size, guest: place == .guest ? "g" : nil)
      try session.load(try Bench.image("start: j start\n"), settings: settings)
      #expect(session.run(10).steps == 10)
    }
  }

  @Test(arguments: Profile.allCases) func theProfileIsTheMachines(profile: Profile) throws {
    let source = "start: getst s0\n here: nop\n"
    let guest = try Bench.session(source, .guest, profile: profile)
    try guest.reach("here")
    // On the classic profile the guest sees the ring in which it really runs.
    #expect(try guest.value(of: "s0 & 3") == (profile == .classic ? 1 : 0))
    #expect(guest.world.machine.profile == profile)
    let bare = try Bench.session(source, .bare, profile: profile)
    #expect(try bare.value(of: "mode >> 31") == (profile == .strict ? 1 : 0))
  }

  @Test(arguments: Place.allCases) func resetBeginsAgain(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    let start = session.whole
    try session.change(.register(Register(bits: 13), 5))
    try session.change(.cost(0, 9))
    #expect(session.continue().word == "stopped")
    try session.reset()
    #expect(session.whole == start)
    #expect(session.trapLog.isEmpty && session.lastStep == nil && session.undo() == nil)
  }

  @Test func anEmptyMachineDoesNotTrapTheProcess() throws {
    let session = try #require(Session())
    try session.reset()
    #expect(session.world.pc.rawValue == 0 && session.image == nil)
    // Word 0 is undefined, and there is no trap table: a triple fault.
    #expect(session.continue().word == "stopped")
    #expect(session.back(5).word == "beginning")
  }

  @Test func theVMMNoticesPageTablesChangedFromOutside() throws {
    for change in ["word", "byte", "physical"] {
      let session = try Bench.kernel(.guest)
      try session.reach("touch")
      _ = session.next()
      // The heap's page goes: kernel.s has its table at 8000.
      let entry = VirtualAddress(0x8000 + 0x100 * 4)
      #expect(try session.value(of: "mem[0x8400] & 1") == 1)
      let value = try #require(session.world.word(at: entry))
      switch change {
      case "word": try session.change(.word(entry, value & ~1))
      case "byte": try session.change(.byte(entry, UInt8(value & 0xFE)))
      default: try session.change(.physicalWord(entry.rawValue, value & ~1))
      }
      let faults = try session.value(of: "traps(alpha, page)")
      _ = session.step()
      #expect(try session.value(of: "traps(alpha, page)") == faults + 1)
    }
  }

  @Test(arguments: Place.allCases) func lookingChangesNothing(place: Place) throws {
    let session = try Bench.kernel(place)
    _ = session.run(5000)
    let state = session.whole
    let steps = session.world.steps
    let log = session.trapLog
    for name in session.knownNames
    where !["mem", "mem8", "phys", "machine", "traps"].contains(name) {
      #expect(throws: Never.self) { try session.value(of: name) }
    }
    for text in [
      "mem[sp] + mem8[pc]", "traps()", "traps(page)", "phys[0x1000]", "*pc", "mem[0xFFFFF000]",
      "x +",
      "1 / 0",
    ] {
      _ = try? session.value(of: text)
    }
    for address in stride(from: UInt32(0), to: 0x40_0000, by: 0x1234) {
      _ = session.world.word(at: VirtualAddress(address & ~3))
      _ = session.world.byte(at: VirtualAddress(address))
      _ = session.world.machineAddress(ofPhysical: address)
    }
    _ = session.world.context
    #expect(session.whole == state && session.world.steps == steps && session.trapLog == log)
  }
}
