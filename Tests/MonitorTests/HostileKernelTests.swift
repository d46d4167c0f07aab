import Foundation
import Onion
import OnionISA
import ReferenceOnion
import TestSupport
import Testing

@testable import Monitor

/// Popek and Goldberg's second duty: whatever a guest's kernel does, it reaches nothing that isn't its own.
struct HostileKernelTests {
  /// Instructions of hostile kernels in all, and of one at most.
  private static let total: UInt64 = isSoak ? 1_000_000_000 : 1_000_000
  private static let each: UInt64 = isSoak ? 400_000 : 40_000

  /// - Parameter block: each has seeds of its own.
  @Test(arguments: 0..<4) func noWallIsBreached(block: UInt64) throws {
    let first = block * 1_000_000
    var (sum, entries, seed) = (UInt64(0), 0, first)
    while sum < Self.total / 4 {
      let (instructions, seen) = try run(seed)
      sum += max(instructions, 1000)
      entries += seen
      seed += 1
    }
    if isSoak {
      print("hostile kernels: seeds \(first)..<\(seed), \(sum) instructions, \(entries) entries")
    }
  }

  /// A hostile kernel beside a guest that rests: its instructions, and the entries that were watched.
  private func run(_ seed: UInt64) throws -> (instructions: UInt64, entries: Int) {
    let profile: Profile = seed % 4 == 3 ? .classic : .strict
    let monitor = try VirtualMachineMonitor(
      name: "hostile", image: HostileKernel.image(seed: seed), profile: profile,
      memorySize: HostileKernel.memorySize, roomForGuests: 8 << 20)
    let pattern = [UInt8](repeating: 0xA5, count: 0x8000)
    let rest = Image(entry: 0x1000, pieces: [Image.Piece(address: 0x8000, bytes: pattern)])
    try monitor.addGuest(name: "neighbour", image: rest, memorySize: 1 << 20)
    let before = memory(of: 1, monitor)
    let watch = WallWatch()
    monitor.wallWatch = watch
    while monitor.guests[0].cpu.instret < Self.each {
      guard case .limit = monitor.run(steps: 20_000) else { break }
    }
    #expect(watch.breaches == [], "seed \(seed)")
    #expect(memory(of: 1, monitor) == before, "seed \(seed)")
    #expect(monitor.disks(of: 1).allSatisfy { $0 == DiskContents() }, "seed \(seed)")
    return (monitor.guests[0].cpu.instret, watch.entries)
  }

  private func memory(of index: Int, _ monitor: VirtualMachineMonitor) -> [[UInt8]] {
    monitor.guests[index].memory.machineFrames.map {
      monitor.machine.memory.bytes(at: $0.start, count: 4096)
    }
  }

  /// The watch sees what it is for.
  @Test func aBreachIsSeen() throws {
    let monitor = try VirtualMachineMonitor(
      image: HostileKernel.image(seed: 0), memorySize: HostileKernel.memorySize,
      roomForGuests: 8 << 20)
    let watch = WallWatch()
    monitor.wallWatch = watch
    _ = monitor.run(steps: 2000)
    #expect(watch.breaches == [] && watch.entries > 10)
    // A table of the guest's shadow gets an entry to the VMM's trap table, with code 00.
    let directory = try #require(monitor.state.shadows.loaded)
    let upper = (UInt32(0)..<1023).compactMap { slot -> UInt32? in
      let entry = PageTableEntry(
        rawValue: monitor.machine.memory.word(at: directory.start + slot * 4) ?? 0)
      return entry.isPresent ? entry.frameNumber : nil
    }.first
    let table = MachineAddress(try #require(upper) << 12)
    monitor.machine.write(
      PageTableEntry(frameNumber: 1, writable: true, ring: .ring0).rawValue, at: table + 4 * 77)
    _ = monitor.run(steps: 2000)
    #expect(watch.breaches.contains(.changedOutside(table + 4 * 77)))
    #expect(
      watch.breaches.contains {
        if case .codeZero = $0 { true } else { false }
      })
    #expect(
      watch.breaches.contains {
        if case .foreignFrame(_, _, MachineFrame(1)) = $0 { true } else { false }
      })
  }
}
