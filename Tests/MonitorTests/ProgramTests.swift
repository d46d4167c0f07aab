import Foundation
import Monitor
import Onion
import OnionAssembler
import OnionISA
import Testing

/// The programs that lessons use: the same image, bare and deprivileged, prints the same.
struct ProgramTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../lessons/programs").standardizedFileURL

  static let programs: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".s") }.sorted()

  static func image(_ name: String) throws -> Image {
    let path = folder.appending(path: name)
    return try Guests.image(try String(contentsOf: path, encoding: .utf8))
  }

  @Test(arguments: programs) func printsTheSameBareAndDeprivileged(_ name: String) throws {
    let image = try Self.image(name)
    let bare = try #require(Machine())
    try bare.load(image)
    let monitor = try VirtualMachineMonitor(image: image)
    #expect(bare.run(steps: 2_000_000) == .stopped(.switchedOff))
    #expect(monitor.run(steps: 2_000_000) == .stopped(.switchedOff))
    #expect(!bare.devices.console.output.isEmpty)
    #expect(bare.devices.console.output == monitor.guest.devices.console.output)
  }

  @Test func theKernelRunsDirectlyAlmostAllTheTime() throws {
    let monitor = try VirtualMachineMonitor(image: Self.image("kernel.s"))
    _ = monitor.run(steps: 2_000_000)
    let guest = monitor.guest
    #expect(guest.cpu.instret > 200_000)
    #expect(Double(guest.counts.direct) > 0.95 * Double(guest.cpu.instret))
    let own = guest.counts.emulated + guest.counts.tracedWrites + guest.counts.softwareTraps
    #expect(guest.counts.direct + own == guest.cpu.instret)
    #expect(guest.deliveries[16] >= 6)
    #expect(guest.counts.trueFaults == 1)
    #expect(guest.counts.tracedWrites >= 1)
  }

  /// Every cycle that the VMM cost has one cause, and every entry too: they add up.
  @Test(arguments: programs) func theAccountAddsUp(_ name: String) throws {
    let monitor = try VirtualMachineMonitor(image: Self.image(name))
    for _ in 0..<40 {
      _ = monitor.run(steps: 997)
      let (counts, account) = (monitor.guest.counts, monitor.guest.account.all)
      #expect(account.reduce(0) { $0 + $1.item.cycles } == counts.cycles)
      // Before the first entry there is the start.
      #expect(account.reduce(0) { $0 + $1.item.entries } == counts.entries + 1)
      let emulated = account.filter { if case .emulated = $0.cause { true } else { false } }
      #expect(emulated.reduce(0) { $0 + $1.item.entries } == counts.emulated)
    }
  }
}
