import Foundation
import Onion
import OnionAssembler
import OnionISA
import ReferenceOnion
import TestSupport
import Testing

@testable import Monitor

/// Popek and Goldberg's first duty: a guest prints, stores and ends with the same as on the bare
/// machine.
struct EquivalenceTests {
  static let memorySize: UInt32 = 1 << 20
  /// A few kernels loop for ever: there is no end to compare then.
  static let stepLimit: UInt64 = 60_000

  @Test func randomKernelsLeaveTheSameState() throws {
    try Self.compareAll(0..<(isSoak ? 100_000 : 2000), .plain)
  }

  @Test func randomKernelsWithATimerLeaveTheSameState() throws {
    try Self.compareAll(0..<(isSoak ? 50_000 : 1000), .timer)
  }

  @Test func randomKernelsWithDevicesLeaveTheSameState() throws {
    try Self.compareAll(0..<(isSoak ? 50_000 : 1000), .devices)
  }

  static func compareAll(_ seeds: Range<UInt64>, _ flavour: RandomKernel.Flavour) throws {
    if isSoak { print("random kernels, \(flavour): seeds \(seeds)") }
    for seed in seeds {
      let image = RandomKernel.image(seed: seed, flavour)
      let differences = try differences(image, hasTimer: flavour != .plain)
      guard !differences.isEmpty else { continue }
      let kept = keep(image, "kernel-\(seed)-\(flavour)")
      Issue.record(
        "seed \(seed), \(flavour): \(differences.joined(separator: ", ")); \(kept)")
    }
  }

  /// Writes a failing case under .build/soak, where `ringside disas` can read it.
  private static func keep(_ image: Image, _ name: String) -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../.build/soak").standardizedFileURL
    let file = folder.appending(path: "\(name).image")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try ImageFile.text(of: image).write(to: file, atomically: true, encoding: .utf8)
      return "kept as .build/soak/\(name).image"
    } catch {
      return "it could not be kept: \(error)"
    }
  }

  /// Where an interrupt comes depends on timing, and with it which entries are marked as accessed and
  /// dirty at the end: with a timer those two bits of the tables are left out.
  private static func comparable(_ bytes: [UInt8], _ frame: Int, _ hasTimer: Bool) -> [UInt8] {
    guard hasTimer, RandomKernel.tableFrames.contains(frame) else { return bytes }
    return bytes.enumerated().map { $0.offset % 4 == 0 ? $0.element & ~0x30 : $0.element }
  }

  /// The sectors that are not the same. Where the tables were kept on the disk, their two bits are left out too.
  private static func differences(
    _ own: [DiskContents?], _ guests: [DiskContents?], _ hasTimer: Bool
  ) -> [String] {
    guard own != guests else { return [] }
    func masked(_ bytes: [UInt8]?, _ isTable: Bool) -> [UInt8]? {
      bytes.map { isTable ? comparable($0, RandomKernel.tableFrames.lowerBound, hasTimer) : $0 }
    }
    var found: [String] = []
    for (disk, pair) in zip(own, guests).enumerated() {
      for sector in 0..<DiskContents.usualSectorCount {
        let isTable = disk == 0 && sector == RandomKernel.tableSector
        let before = masked(pair.0?[sector], isTable)
        guard before != masked(pair.1?[sector], isTable) else { continue }
        found.append("sector \(sector) of disk \(disk)")
      }
    }
    return found
  }

  /// What the bare machine and the guest end with and is not the same.
  static func differences(_ image: Image, hasTimer: Bool) throws -> [String] {
    let bare = try #require(Machine(memorySize: memorySize))
    try bare.load(image)
    let end = bare.run(steps: stepLimit)
    guard case .stopped = end else { return [] }
    let monitor = try VirtualMachineMonitor(image: image, memorySize: memorySize)
    // A step of the bare machine is at most a few of the guest's: hidden faults and the VMM's own.
    let guestEnd = monitor.run(steps: stepLimit * 5)
    guard guestEnd == end else { return ["ended with \(guestEnd), not \(end)"] }

    var found: [String] = []
    let guest = monitor.guest
    if bare.devices.console.output != guest.devices.console.output { found.append("console") }
    if bare.devices.network.sent != guest.devices.network.sent { found.append("frames sent") }
    found += differences(bare.devices.disks, monitor.disks(of: 0), hasTimer)
    for register in Register.all where bare[register] != monitor.machine[register] {
      found.append("\(register)")
    }
    if !hasTimer, bare.instructionsRetired != guest.cpu.instret { found.append("instret") }
    if bare.status != guest.cpu.status { found.append("status") }
    for frame in 0..<Int(memorySize >> 12)
    where !(hasTimer && RandomKernel.timedFrames.contains(frame)) {
      let address = UInt32(frame) << 12
      let own = bare.memory.bytes(at: MachineAddress(address), count: 4096)
      let place = guest.machineAddress(of: GuestPhysicalAddress(address))
      // Most frames are equal as they are, and that is quickly seen.
      if let place, monitor.machine.memory.holds(own, at: place) { continue }
      let guests = place.map { monitor.machine.memory.bytes(at: $0, count: 4096) } ?? []
      let pairs = zip(comparable(own, frame, hasTimer), comparable(guests, frame, hasTimer))
      if let offset = pairs.enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
        found.append("memory at \(hexadecimal(address + UInt32(offset)))")
      }
    }
    return found
  }
}
