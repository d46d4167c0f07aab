import Onion
import OnionISA
import ReferenceOnion

@testable import Monitor

/// A machine with several random guests: kernels, and such as sleep, tick, compute and trap, with random weights,
/// caps and intervals.
enum RandomHost {
  /// - Parameter most: guests, at most.
  static func monitor(seed: UInt64, most: Int = 4) throws -> VirtualMachineMonitor {
    var random = SplitMix64(seed: seed ^ 0x5EED)
    let count = 2 + Int(random.below(UInt32(most - 1)))
    let monitor = try VirtualMachineMonitor(
      name: "g0", image: image(&random), memorySize: 1 << 20, roomForGuests: 64 << 20)
    for index in 1..<count {
      try monitor.addGuest(name: "g\(index)", image: image(&random), memorySize: 1 << 20)
    }
    for index in 0..<count {
      let weight = UInt32(1 + random.below(random.chance(50) ? 1000 : 4))
      let cap = random.chance(25) ? UInt32(1 + random.below(99)) : nil
      monitor.changeShare(of: index) {
        $0.weight = weight
        $0.cap = cap
        $0.isPaused = false
      }
    }
    return monitor
  }

  private static func image(_ random: inout SplitMix64) throws -> Image {
    switch random.below(8) {
    case 0: RandomKernel.image(seed: random.next(), .timer)
    case 1: RandomKernel.image(seed: random.next(), .devices)
    case 2: HostileKernel.image(seed: random.next())
    case 3: try Guests.image(SharingTests.spinner)
    case 4: try Guests.image(SharingTests.flooder)
    default: try Guests.image(sleeper(&random))
    }
  }

  /// Computes a little, then halts until its timer ticks or a disk has done what it was told, again and again.
  private static func sleeper(_ random: inout SplitMix64) -> String {
    let interval = 30 + random.below(random.chance(50) ? 400 : 30_000)
    let work = random.below(random.chance(50) ? 20 : 6000)
    let disk = random.chance(30) ? "li t0, 1\n out 0x32, t0\n" : ""
    return Guests.prologue + """
      start:  la    t0, gates
              la    t1, tick
              sw    t1, 128(t0)
              li    t2, 1
              sw    t2, 132(t0)
              la    t1, done
              sw    t1, 144(t0)
              sw    t2, 148(t0)
              li    t0, \(interval)
              out   0x20, t0
      loop:   li    s0, \(work)
      work:   beqz  s0, sleep
              addi  s0, s0, -1
              j     work
      sleep:  \(disk)sti
              hlt
              j     loop
      tick:   out   0x21, t0
              iret
      done:   out   0x33, t0
              iret
      """
  }
}
