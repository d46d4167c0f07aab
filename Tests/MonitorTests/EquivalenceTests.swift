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

  static func compare(seed: UInt64, hasTimer: Bool) throws {
    let image = RandomKernel.image(seed: seed, hasTimer: hasTimer)
    let bare = try #require(Machine(memorySize: memorySize))
    try bare.load(image)
    let end = bare.run(steps: 60_000)
    let vmm = try VirtualMachineMonitor(image: image, memorySize: memorySize)
    let guestEnd = vmm.run(steps: 200_000)

    let name = Comment(rawValue: "seed \(seed), timer \(hasTimer)")
    #expect(end == .stopped(.switchedOff), name)
    #expect(guestEnd == end, name)
    guard end == guestEnd else { return }
    #expect(bare.devices.console.output == vmm.guest.devices.console.output, name)
    for register in Register.all {
      #expect(bare[register] == vmm.machine[register], "\(name) \(register)")
    }
    if !hasTimer { #expect(bare.instructionsRetired == vmm.guest.cpu.instret, name) }
    #expect(bare.status == vmm.guest.cpu.status, name)

    for frame in 0..<Int(memorySize >> 12)
    where !(hasTimer && RandomKernel.timedFrames.contains(frame)) {
      let address = UInt32(frame) << 12
      let own = bare.memory.bytes(at: MachineAddress(address), count: 4096)
      let guests = vmm.machine.memory.bytes(
        at: vmm.guest.memoryStart + address, count: 4096)
      if own != guests {
        let offset =
          zip(own, guests).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
        Issue.record("\(name): memory differs at \(hexadecimal(address + UInt32(offset)))")
        return
      }
    }
  }
}
