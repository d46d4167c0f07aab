import Monitor
import Onion
import OnionISA
import TestSupport
import Testing

/// An image may say that it begins at an address that is no multiple of 4: the first fetch faults, on the bare machine
/// and as a guest.
struct MisalignedEntryTests {
  @Test(arguments: [0x1001, 0x1002, 0x1003, 0xFFFF_FFFF, 1] as [UInt32], Profile.allCases)
  func theFirstFetchFaults(entry: UInt32, profile: Profile) throws {
    let (guest, bare) = try Guests.pair(".entry \(entry)\n nop\n", profile: profile)
    #expect(guest.steps == 0 && guest.guestPC == VirtualAddress(entry))
    #expect(bare.run(steps: 10) == guest.run(steps: 10))
    guard case .tripleFault(let fault)? = guest.guest.cpu.stop else {
      Issue.record("it ended by \(String(describing: guest.guest.cpu.stop))")
      return
    }
    #expect(fault.first == Trap(.misaligned, error: entry))
    #expect(bare.stop == .tripleFault(fault))
    #expect(guest.steps == bare.steps && guest.guest.cpu.instret == bare.instructionsRetired)
    #expect(guest.guest.cpu.badaddr == bare.value(of: .badaddr))
    // Looked at, kept and put back, it is what it was.
    let kept = guest.checkpoint(of: 0)
    #expect(!kept.isRunning)
  }

  @Test func itsStepIsRecorded() throws {
    let guest = try Guests.pair(".entry 0x1002\n nop\n").guest
    let start = guest.snapshot()
    for _ in 0..<2 {
      guard case .stopped = guest.step(recording: true) else {
        Issue.record("it did not stop")
        return
      }
      let events = guest.events.map(\.event)
      #expect(events.contains(.refused(.misaligned(VirtualAddress(0x1002), .fetch))))
      // And again, after going back.
      guest.restore(start)
    }
  }

  @Test func whoIsBesideItGoesOn() throws {
    let monitor = try VirtualMachineMonitor(
      name: "a", image: Guests.image(".entry 0x1001\n nop\n"), roomForGuests: 32 << 20)
    let printer = "  li t0, 'x'\n out 0x10, t0\n li t0, 1\n out 0x50, t0\n"
    try monitor.addGuest(name: "b", image: Guests.image(printer), memorySize: 1 << 20)
    try monitor.addGuest(
      name: "c", image: Guests.image(".entry 0x1003\n nop\n"), memorySize: 1 << 20)
    for index in 1...2 { monitor.changeShare(of: index) { $0.isPaused = false } }
    _ = monitor.run(steps: 1000)
    #expect(monitor.guests[1].cpu.stop == .switchedOff)
    #expect(monitor.guests[1].devices.console.output.bytes == [0x78])
    for index in [0, 2] {
      guard case .tripleFault? = monitor.guests[index].cpu.stop else {
        Issue.record("guest \(index) did not stop")
        continue
      }
    }
  }
}
