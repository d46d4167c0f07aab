import Foundation
import Onion
import OnionISA
import Testing

@testable import Monitor

/// Programs under which a guest once differed from the bare machine: a file each, in Found.
struct FoundTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Found")
  static let programs: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".s") }.sorted()
  /// Those that never end: they must still be stopped at a limit of cycles.
  private static let endless: Set = ["nest.s"]

  @Test(arguments: programs) func isTheSameBareAndDeprivileged(_ name: String) throws {
    let source = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    let profile: Profile = name.hasSuffix("-classic.s") ? .classic : .strict
    let (monitor, bare) = try Guests.pair(source, profile: profile)
    let isEndless = Self.endless.contains(name)
    let end = bare.run(steps: .max, cycleLimit: isEndless ? 200_000 : 1_000_000)
    let guestEnd = monitor.run(steps: .max, cycleLimit: isEndless ? 600_000 : 3_000_000)
    #expect(guestEnd == end)
    if isEndless {
      #expect(end == .limit)
    } else {
      #expect(end == .stopped(.switchedOff))
    }
    #expect(monitor.guest.devices.console.output == bare.devices.console.output)
  }

  /// An interrupt that comes again and again before its handler's first instruction keeps nobody else from the CPU.
  @Test func endlessDeliveriesAreTheirGuestsOwnTime() throws {
    let nest = try String(contentsOf: Self.folder.appending(path: "nest.s"), encoding: .utf8)
    let monitor = try VirtualMachineMonitor(
      image: ProgramTests.image("kernel.s"), roomForGuests: 16 << 20)
    try monitor.addGuest(name: "rogue", image: Guests.image(nest), memorySize: 4 << 20)
    monitor.changeShare(of: 1) { $0.isPaused = false }
    for limit in 1...50 where monitor.guests[0].cpu.stop == nil {
      _ = monitor.run(steps: .max, cycleLimit: UInt64(limit) * 50_000)
    }
    #expect(monitor.guests[0].cpu.stop == .switchedOff)
  }
}
