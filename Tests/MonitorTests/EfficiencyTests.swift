import Onion
import OnionISA
import TestSupport
import Testing

@testable import Monitor

/// Popek and Goldberg's third duty among several guests: whatever its neighbours do, a guest is left alone.
struct EfficiencyTests {
  /// A guest that computes is interrupted for the others no more often than each ``VirtualMachineMonitor/leastStay``
  /// cycles, and what it was interrupted for happens.
  @Test(arguments: 0..<4 as Range<UInt64>) func neighboursComeSeldom(block: UInt64) throws {
    let count: UInt64 = isSoak ? 400 : 12
    if isSoak { print("neighbours: \(count) machines from \(block * count) on") }
    for seed in block * count..<(block + 1) * count {
      let monitor = try RandomHost.monitor(seed: seed, most: 5)
      try monitor.addGuest(
        name: "busy", image: Guests.image(SharingTests.spinner), memorySize: 1 << 20)
      let busy = monitor.guests.count - 1
      monitor.changeShare(of: busy) { $0.isPaused = false }
      var woken = 0
      let start = monitor.machine.cycles
      while monitor.machine.cycles < start + 1_000_000 {
        let (purpose, index) = (monitor.state.timerPurpose, monitor.currentIndex)
        let (isSlice, entries) = (
          monitor.machine.cycles - monitor.state.sliceStart, monitor.entryCount
        )
        let pause = monitor.run(
          steps: .max, cycleLimit: start + 1_000_000, stops: RunStops(atTrap: true))
        guard case .limit = pause else { break }
        guard monitor.entryCount == entries + 1, monitor.lastEntry?.vector == .timer,
          case .wakes(let guest, _)? = purpose, index != guest,
          isSlice < VirtualMachineMonitor.slice / 2
        else { continue }
        woken += 1
        // Another guest may have had even less than the one that woke.
        #expect(monitor.currentIndex != index, "seed \(seed): nobody was let in")
      }
      let guest = monitor.guests[busy]
      let used = monitor.shares[busy].used
      let windows = (monitor.machine.cycles - start) / VirtualMachineMonitor.capWindow + 2
      // It maps a page or two at the beginning; else it gives no cause.
      let most = used / VirtualMachineMonitor.leastStay + 3 * windows + 5
      #expect(
        guest.counts.entries <= most, "seed \(seed): \(guest.counts.entries) in \(used) cycles")
      // Each guest gets what its weight is worth even so.
      #expect(used > 0, "seed \(seed)")
    }
  }

  /// One that nobody else keeps from the CPU is not interrupted at all.
  @Test func aloneItIsLeftAlone() throws {
    let monitor = try VirtualMachineMonitor(
      image: Guests.image(SharingTests.spinner), memorySize: 1 << 20, roomForGuests: 8 << 20)
    try monitor.addGuest(
      name: "paused", image: Guests.image(SharingTests.spinner), memorySize: 1 << 20)
    _ = monitor.run(steps: .max, cycleLimit: 1_000_000)
    #expect(monitor.entryCount < 5)
  }

  /// A neighbour's wake-up that is past, and in whose favour nobody is to be interrupted, must not bring the VMM in
  /// after each instruction.
  @Test func twoSystemsFillTheirDisks() throws {
    let image = try #require(ShallotTests.image)
    let monitor = try VirtualMachineMonitor(image: image, roomForGuests: 32 << 20)
    try monitor.addGuest(name: "beta", image: image, memorySize: 4 << 20)
    monitor.changeShare(of: 1) { $0.isPaused = false }
    for index in 0..<2 {
      monitor.useConsole(of: index)
      monitor.type(Array("fill 4 20\n".utf8))
    }
    monitor.useConsole(of: 0)
    _ = monitor.run(steps: 2_000_000)
    let timers = monitor.machine.deliveries(of: .timer)
    let cycles = monitor.machine.cycles
    #expect(
      monitor.guests.allSatisfy {
        String(decoding: $0.devices.console.output, as: UTF8.self).contains("filled volume 4")
      })
    #expect(timers < cycles / VirtualMachineMonitor.leastStay, "\(timers) in \(cycles) cycles")
  }

  /// With no frame left for shadow tables all are dropped, and the access that asked for one goes on at once.
  @Test func shadowsAreMadeAnewWhenTheirFramesAreUsedUp() throws {
    let monitor = try VirtualMachineMonitor(
      image: Guests.image(
        Guests.prologue + """
          start:  li    t0, 0x20000
                  li    t1, 0x21001
                  li    s0, 1000
          fill:   sw    t1, 0(t0)
                  addi  t0, t0, 4
                  addi  s0, s0, -1
                  bnez  s0, fill
                  li    t0, 0x21000
                  li    t1, 3
                  li    s0, 64
          map:    sw    t1, 0(t0)
                  addi  t0, t0, 4
                  li    t2, 0x1000
                  add   t1, t1, t2
                  addi  s0, s0, -1
                  bnez  s0, map
                  li    t0, 0x20000
                  setcr ptbr, t0
                  li    t0, 1
                  setcr mode, t0
                  li    s0, 1000
                  li    s1, 0
                  li    t2, 0x400000
          touch:  lw    t0, 0(s1)
                  add   s1, s1, t2
                  addi  s0, s0, -1
                  bnez  s0, touch
                  j     off
          """), memorySize: 1 << 20)
    let behind = try VirtualMachineMonitor(image: Guests.image(""), memorySize: 1 << 20)
    behind.restore(monitor.snapshot())
    var recycled = 0
    for step in 0..<20_000 where monitor.stop == nil {
      monitor.step(recording: true)
      if !monitor.events.isEmpty {
        var ledger = EventLedger(before: behind, after: monitor)
        for event in monitor.events {
          ledger.tell(event)
          if case .recycledShadows = event.event { recycled += 1 }
        }
        let complaints = ledger.finish()
        #expect(complaints.isEmpty, "step \(step): \(complaints)")
      }
      behind.step()
    }
    #expect(monitor.stop == .switchedOff)
    #expect(recycled >= 3, "1000 tables, 252 frames")
  }

  /// A guest before which the VMM's pages gave way goes on where they lie otherwise, and in the place of the guest that
  /// has the CPU.
  @Test func theVMMsPagesFollowAGuest() throws {
    // Its own table maps the last 4 MiB, and it reads there.
    let source =
      Guests.prologue + """
        start:  li    t0, 0x20000
                li    t1, 0x21001
                sw    t1, 0(t0)
                sw    t1, 4092(t0)
                li    t0, 0x21000
                li    t1, 3
                li    s0, 64
        map:    sw    t1, 0(t0)
                addi  t0, t0, 4
                li    t2, 0x1000
                add   t1, t1, t2
                addi  s0, s0, -1
                bnez  s0, map
                li    t0, 0x20000
                setcr ptbr, t0
                li    t0, 1
                setcr mode, t0
                li    t0, 0xFFC01000
        again:  lw    s1, 0(t0)
                out   0x10, s1
                addi  s0, s0, 1
                j     again
        """
    let monitor = try VirtualMachineMonitor(image: Guests.image(source), memorySize: 1 << 20)
    _ = monitor.run(steps: 2000)
    #expect(monitor.guest.counts.relocations == 1)
    let kept = monitor.checkpoint(of: 0)
    let other = try VirtualMachineMonitor(
      image: Guests.image(SharingTests.spinner), memorySize: 1 << 20, roomForGuests: 8 << 20)
    _ = other.run(steps: 100)
    try other.restoreGuest(0, from: kept)
    let printed = other.guests[0].devices.console.output.count
    _ = other.run(steps: 2000)
    #expect(other.guests[0].cpu.stop == nil && other.stop == nil)
    #expect(other.guests[0].devices.console.output.count > printed + 100)
  }
}
