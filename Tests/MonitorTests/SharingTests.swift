import OnionAssembler
import OnionISA
import TestSupport
import Testing

@testable import Monitor
@testable import Onion

/// Several guests on one machine: shares, caps, and walls.
struct SharingTests {
  /// Counts in s0 for ever.
  static let spinner = "boot: li s0, 0\nloop: addi s0, s0, 1\n j loop\n"
  /// Sleeps until its timer ticks, prints a letter, again and again.
  static let sleeper =
    Guests.prologue + """
      start:  la    t0, gates
              la    t1, tick
              sw    t1, 128(t0)
              li    t1, 1
              sw    t1, 132(t0)
              li    t0, 5000
              out   0x20, t0
              li    s0, 20
      loop:   sti
              hlt
              bnez  s0, loop
              j     off
      tick:   out   0x21, t0
              li    t0, 'z'
              out   0x10, t0
              addi  s0, s0, -1
              iret
      """
  /// Traps without end.
  static let stormer = "boot: getst t0\n cli\n sti\n j boot\n"
  /// Sends frames to everyone without end.
  static let flooder = """
    boot: li t0, 0x2000
     out 0x41, t0
     li t1, 255
     sb t1, 0(t0)
     li t0, 64
     out 0x42, t0
    loop: li t0, 1
     out 0x43, t0
     out 0x44, t0
     j loop

    """
  /// Reads disks without end, whatever comes of it.
  static let diskless = "boot: li t0, 1\n out 0x32, t0\n out 0x33, t0\n j boot\n"
  /// Interrupts off, for ever.
  static let hog = "boot: cli\nloop: j loop\n"

  /// A machine with these guests, all of them started.
  private func monitor(_ sources: [String], room: UInt32 = 64 << 20) throws
    -> VirtualMachineMonitor
  {
    let monitor = try VirtualMachineMonitor(
      name: "g0", image: Guests.image(sources[0]), memorySize: 1 << 20, roomForGuests: room)
    for (index, source) in sources.enumerated().dropFirst() {
      try monitor.addGuest(
        name: "g\(index)", image: Guests.image(source), memorySize: 1 << 20)
    }
    for index in sources.indices.dropFirst() {
      monitor.changeShare(of: index) { $0.isPaused = false }
    }
    return monitor
  }

  private func run(_ monitor: VirtualMachineMonitor, cycles: UInt64) {
    _ = monitor.run(steps: .max, cycleLimit: monitor.machine.cycles + cycles)
  }

  @Test(arguments: [[256, 512, 1024], [1, 2, 4], [300, 300, 300]] as [[UInt32]])
  func sharesAreAsTheWeights(weights: [UInt32]) throws {
    for programs in [
      [Self.spinner, Self.spinner, Self.spinner], [Self.stormer, Self.hog, Self.spinner],
      [Self.hog, Self.stormer, Self.stormer],
    ] {
      let monitor = try monitor(programs)
      for (index, weight) in weights.enumerated() {
        monitor.changeShare(of: index) { $0.weight = weight }
      }
      let before = monitor.shares.map(\.used)
      run(monitor, cycles: isSoak ? 100_000_000 : 10_000_000)
      let used = zip(monitor.shares.map(\.used), before).map { Double($0 - $1) }
      let total = used.reduce(0, +)
      let whole = Double(weights.reduce(0, +))
      for (part, weight) in zip(used, weights) {
        #expect(abs(part / total - Double(weight) / whole) < 0.02 * Double(weight) / whole)
      }
    }
  }

  /// Eight at once, whatever they do: those that always want the CPU get it as 1 : 2 : 4 and so on.
  @Test func eightShareAsTheirWeights() throws {
    let programs = [
      Self.spinner, Self.stormer, Self.hog, Self.spinner, Self.stormer, Self.hog, Self.spinner,
      Self.sleeper,
    ]
    let weights: [UInt32] = [100, 200, 400, 100, 200, 400, 100, 400]
    let monitor = try monitor(programs)
    for (index, weight) in weights.enumerated() {
      monitor.changeShare(of: index) { $0.weight = weight }
    }
    run(monitor, cycles: 2_000_000)  // the sleeper has slept its fill
    let before = monitor.shares.map(\.used)
    run(monitor, cycles: isSoak ? 100_000_000 : 8_000_000)
    let used = zip(monitor.shares.map(\.used), before).map { Double($0 - $1) }.dropLast()
    let unit = used.reduce(0, +) / Double(weights.dropLast().reduce(0, +))
    for (part, weight) in zip(used, weights) {
      #expect(abs(part / (unit * Double(weight)) - 1) < 0.02, "\(used)")
    }
  }

  @Test func aCapIsKept() throws {
    let monitor = try monitor([Self.spinner, Self.stormer])
    monitor.changeShare(of: 0) { $0.cap = 20 }
    monitor.changeShare(of: 1) { $0.cap = 50 }
    let (before, start) = (monitor.shares.map(\.used), monitor.machine.cycles)
    run(monitor, cycles: 20_000_000)
    let passed = Double(monitor.machine.cycles - start)
    let used = zip(monitor.shares.map(\.used), before).map { Double($0 - $1) / passed }
    #expect(abs(used[0] - 0.2) < 0.002 && abs(used[1] - 0.5) < 0.005, "\(used)")
  }

  @Test func whoHaltsGivesTheCPUAway() throws {
    let monitor = try monitor([Self.sleeper, Self.spinner])
    run(monitor, cycles: 3_000_000)
    #expect(monitor.guests[0].devices.console.output == [UInt8](repeating: 0x7A, count: 20))
    #expect(monitor.guests[0].cpu.stop == .switchedOff)
    let shares = monitor.shares
    #expect(shares[0].used < 60_000)
    #expect(shares[1].used > 2_900_000)
  }

  /// Whatever the others do, each prints what it prints alone, and stores what it stores.
  @Test func othersMakeNoDifference() throws {
    let kernel = try ProgramTests.image("kernel.s")
    let alone = try VirtualMachineMonitor(image: kernel)
    #expect(alone.run(steps: 2_000_000) == .stopped(.switchedOff))
    let crash = "boot: li t0, 0x3FFFF8\n setcr tvec, t0\n int 40\n"
    let monitor = try VirtualMachineMonitor(
      name: "a", image: kernel, roomForGuests: 64 << 20)
    for source in [Self.stormer, Self.hog, crash, Self.sleeper, Self.flooder, Self.diskless] {
      try monitor.addGuest(name: "x", image: Guests.image(source), memorySize: 1 << 20)
    }
    try monitor.addGuest(name: "b", image: kernel, memorySize: 4 << 20)
    for index in 1...7 { monitor.changeShare(of: index) { $0.isPaused = false } }
    for disk in 0..<3 { monitor.setDisk(disk, isPresent: false, of: 6) }
    run(monitor, cycles: 16_000_000)
    let guests = monitor.guests
    for index in [0, 7] {
      #expect(guests[index].cpu.stop == .switchedOff)
      #expect(guests[index].devices.console.output == alone.guest.devices.console.output)
    }
    guard case .tripleFault = guests[3].cpu.stop else {
      Issue.record(
        "the third guest stops by a triple fault, not \(String(describing: guests[3].cpu.stop))")
      return
    }
    #expect(guests[4].devices.console.output.count == 20)
  }

  @Test func noFrameOfOneIsMappedForAnother() throws {
    let kernel = try ProgramTests.image("kernel.s")
    let monitor = try VirtualMachineMonitor(image: kernel, roomForGuests: 64 << 20)
    for name in ["b", "c"] { try monitor.addGuest(name: name, image: kernel, memorySize: 4 << 20) }
    for index in 1...2 { monitor.changeShare(of: index) { $0.isPaused = false } }
    for _ in 0..<400 {
      _ = monitor.run(steps: 500)
      try expectWalls(monitor)
    }
  }

  /// Every shadow entry of every guest leads to its own memory, with a code that isn't 00.
  private func expectWalls(_ monitor: VirtualMachineMonitor) throws {
    var machines = monitor.state.machines
    machines[monitor.state.currentIndex] = monitor.state.current
    for vm in machines {
      let own = Set(vm.guest.memory.machineFrames.map(\.number))
      for case let directory? in vm.shadows.spaces.flatMap(\.directories) {
        #expect(vm.shadows.pool.contains(directory.number))
        for slot in UInt32(0)..<1024 where slot != vm.pages.directoryIndex {
          let upper = entry(monitor, directory.number, slot)
          guard upper.isPresent else { continue }
          try #require(vm.shadows.pool.contains(upper.frameNumber))
          for index in UInt32(0)..<1024 {
            let leaf = entry(monitor, upper.frameNumber, index)
            guard leaf.isPresent else { continue }
            try #require(own.contains(leaf.frameNumber) && leaf.ring != .ring0)
          }
        }
      }
    }
  }

  private func entry(
    _ monitor: VirtualMachineMonitor, _ frame: UInt32, _ index: UInt32
  ) -> PageTableEntry {
    let place = MachineAddress(frame << 12 + index * 4)
    return PageTableEntry(rawValue: monitor.machine.memory.word(at: place) ?? 0)
  }

  @Test func pausedAndStoppedGuestsDoNotRun() throws {
    let monitor = try monitor([Self.spinner, Self.spinner, Self.spinner])
    monitor.changeShare(of: 1) { $0.isPaused = true }
    monitor.stopGuest(2)
    let before = monitor.guests.map(\.cpu.instret)
    run(monitor, cycles: 200_000)
    let after = monitor.guests.map(\.cpu.instret)
    #expect(after[0] > before[0] && after[1] == before[1] && after[2] == before[2])
    monitor.changeShare(of: 0) { $0.isPaused = true }
    #expect(monitor.isWaiting && monitor.stop == nil)
    #expect(monitor.run(steps: 100) == .waitingForInput)
    monitor.changeShare(of: 1) { $0.isPaused = false }
    run(monitor, cycles: 200_000)
    #expect(monitor.guests[1].cpu.instret > after[1])
    monitor.stopGuest(0)
    monitor.stopGuest(1)
    #expect(monitor.stop == .switchedOff)
  }

  @Test func framesGoOverTheSwitch() throws {
    // Sends its address to everyone, then prints the sender of what comes.
    let talker =
      Guests.prologue + """
        start:  in    t0, 0x40
                slli  t0, t0, 8
                ori   t0, t0, 0xFF
                li    t1, 0x5000
                sw    t0, 0(t1)
                li    t2, 0x6000
                out   0x41, t2
                li    t0, 2
                out   0x43, t0
                out   0x41, t1
                li    t0, 14
                out   0x42, t0
                li    t0, 1
                out   0x43, t0
        busy:   in    a0, 0x44
                beq   a0, t0, busy
        wait:   lbu   t0, 1(t2)
                beqz  t0, wait
                addi  t0, t0, '0'
                out   0x10, t0
                j     off
        """
    let monitor = try monitor([talker, talker])
    run(monitor, cycles: 1_000_000)
    #expect(monitor.guests.map(\.devices.console.output) == [[0x32], [0x31]])
    #expect(monitor.stop == .switchedOff)
  }

  @Test func snapshotsHoldThemAll() throws {
    let monitor = try monitor([Self.stormer, Self.sleeper, Self.spinner])
    _ = monitor.run(steps: 20_000)
    let start = monitor.snapshot()
    func digest() -> [UInt8] {
      var bytes: [UInt8] = []
      monitor.describeState { bytes += $0 }
      return bytes
    }
    let before = digest()
    _ = monitor.run(steps: 30_000)
    let after = digest()
    monitor.restore(start)
    #expect(digest() == before)
    for _ in 0..<300 { _ = monitor.run(steps: 100) }
    #expect(digest() == after, "in other slices of steps too")
  }

  @Test func eightGuestsRun() throws {
    let kernel = try ProgramTests.image("kernel.s")
    let monitor = try VirtualMachineMonitor(image: kernel, roomForGuests: 64 << 20)
    for index in 1...7 {
      try monitor.addGuest(name: "g\(index)", image: kernel, memorySize: 4 << 20)
      monitor.changeShare(of: index) { $0.isPaused = false }
    }
    #expect(monitor.run(steps: 8_000_000) == .stopped(.switchedOff))
    let outputs = Set(monitor.guests.map(\.devices.console.output))
    #expect(outputs.count == 1 && outputs.first?.isEmpty == false)
  }
}
