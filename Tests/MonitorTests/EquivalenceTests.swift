import Onion
import OnionISA
import Testing

@testable import Monitor

/// Popek and Goldberg's first duty: a guest prints, stores and ends with the same as on the bare
/// machine.
struct EquivalenceTests {
  static let memorySize: UInt32 = 1 << 20

  static func count(_ debug: Int, soak: Int) -> Int {
    isSoak ? soak : debug
  }

  @Test func randomKernelsLeaveTheSameState() throws {
    for seed in 0..<UInt64(Self.count(150, soak: 100_000)) {
      try Self.compare(seed: seed, hasTimer: false)
    }
  }

  @Test func randomKernelsWithATimerLeaveTheSameState() throws {
    for seed in 0..<UInt64(Self.count(80, soak: 50_000)) {
      try Self.compare(seed: seed, hasTimer: true)
    }
  }

  /// Where an interrupt comes depends on timing, and with it which entries are marked as accessed and
  /// dirty at the end: with a timer those two bits of the tables are left out.
  private static func comparable(_ bytes: [UInt8], _ frame: Int, _ hasTimer: Bool) -> [UInt8] {
    guard hasTimer, RandomKernel.tableFrames.contains(frame) else { return bytes }
    return bytes.enumerated().map { $0.offset % 4 == 0 ? $0.element & ~0x30 : $0.element }
  }

  static func compare(seed: UInt64, hasTimer: Bool) throws {
    let image = RandomKernel.image(seed: seed, hasTimer: hasTimer)
    let bare = try #require(Machine(memorySize: memorySize))
    try bare.load(image)
    let end = bare.run(steps: 60_000)
    let vmm = try VirtualMachineMonitor(image: image, memorySize: memorySize)
    let guestEnd = vmm.run(steps: 200_000)

    let name = Comment(rawValue: "seed \(seed), timer \(hasTimer)")
    // A few kernels loop for ever; then both do, and there is no end to compare.
    #expect(guestEnd == end, name)
    guard case .stopped = end, end == guestEnd else { return }
    #expect(bare.devices.console.output == vmm.guest.devices.console.output, name)
    for register in Register.all {
      #expect(bare[register] == vmm.machine[register], "\(name) \(register)")
    }
    if !hasTimer { #expect(bare.instructionsRetired == vmm.guest.cpu.instret, name) }
    #expect(bare.status == vmm.guest.cpu.status, name)

    for frame in 0..<Int(memorySize >> 12)
    where !(hasTimer && RandomKernel.timedFrames.contains(frame)) {
      let address = UInt32(frame) << 12
      let own = comparable(
        bare.memory.bytes(at: MachineAddress(address), count: 4096), frame, hasTimer)
      let guests = comparable(
        vmm.machine.memory.bytes(at: vmm.guest.memoryStart + address, count: 4096), frame, hasTimer)
      if own != guests {
        let offset =
          zip(own, guests).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
        Issue.record("\(name): memory differs at \(hexadecimal(address + UInt32(offset)))")
        return
      }
    }
  }
}
