import Monitor
import Onion
import OnionISA
import ReferenceOnion
import Testing

/// Guests that are kept, copied, put back and moved in the middle of what they do: what they print, store and
/// send is as if nothing had happened.
struct CheckpointTests {
  static let lines = [
    "fill 3 12", "primes 700", "share 40", "ping 9 1", "check 3 12", "pages 12", "ls 3", "off",
  ]

  private func fresh(room: UInt32 = 64 << 20) throws -> VirtualMachineMonitor {
    try VirtualMachineMonitor(
      image: #require(ShallotTests.image), memorySize: 1 << 20, roomForGuests: room)
  }

  private func typed(_ monitor: VirtualMachineMonitor) {
    monitor.machine.type(Array((Self.lines.joined(separator: "\n") + "\n").utf8))
  }

  /// Runs until a guest has ended.
  private func finish(_ monitor: VirtualMachineMonitor, _ index: Int = 0) -> Guest {
    for _ in 0..<400 where monitor.guests[index].cpu.stop == nil {
      _ = monitor.run(steps: 100_000)
    }
    return monitor.guests[index]
  }

  private func text(_ guest: Guest) -> String {
    String(decoding: guest.devices.console.output, as: UTF8.self)
  }

  /// What a guest sent. In the place of the sender stands 1 for each address that the guest has had: a clone gets
  /// another than the original's, and so does a guest that comes to where its own is taken.
  private func frames(_ guest: Guest) -> [[UInt8]] {
    guest.devices.network.sent.last.map { frame in
      var frame = frame
      if frame[1] == guest.devices.network.ownAddress { frame[1] = 1 }
      return frame
    }
  }

  /// The whole run without any of this.
  private func undisturbed() throws -> (guest: Guest, disks: [DiskContents?]) {
    let monitor = try fresh()
    typed(monitor)
    let guest = finish(monitor)
    #expect(text(guest).hasSuffix("shallot: off\n"))
    return (guest, monitor.disks(of: 0))
  }

  private func expectSame(
    _ guest: Guest, _ disks: [DiskContents?],
    _ expected: (guest: Guest, disks: [DiskContents?]), _ what: Comment
  ) {
    #expect(text(guest) == text(expected.guest), what)
    #expect(frames(guest) == frames(expected.guest), what)
    #expect(disks == expected.disks, what)
  }

  /// Moments spread over the run, many of them in the middle of a transfer.
  static let moments: [UInt64] = (0..<8).map { 45_000 + $0 * 50_021 }

  @Test(arguments: moments) func movedToAnotherMachine(after steps: UInt64) throws {
    let expected = try undisturbed()
    let first = try fresh()
    typed(first)
    _ = first.run(steps: steps)
    let checkpoint = first.checkpoint(of: 0)
    // Another machine, with a guest of its own that is stopped there.
    let second = try VirtualMachineMonitor(
      name: "other", image: Guests.image("boot: j boot\n"), memorySize: 1 << 20,
      roomForGuests: 64 << 20)
    _ = second.run(steps: 1000)
    second.stopGuest(0)
    try second.addGuest(from: checkpoint, name: "alpha")
    second.changeShare(of: 1) { $0.isPaused = false }
    let guest = finish(second, 1)
    expectSame(guest, second.disks(of: 1), expected, "moved")
    // And where it was, it goes on as well.
    expectSame(finish(first), first.disks(of: 0), expected, "looked at")
  }

  @Test(arguments: moments) func clonedBesideItself(after steps: UInt64) throws {
    let expected = try undisturbed()
    let monitor = try fresh()
    typed(monitor)
    _ = monitor.run(steps: steps)
    try monitor.addGuest(from: monitor.checkpoint(of: 0), name: "beta")
    monitor.changeShare(of: 1) { $0.isPaused = false }
    _ = finish(monitor, 0)
    expectSame(finish(monitor, 1), monitor.disks(of: 1), expected, "the clone")
    expectSame(monitor.guests[0], monitor.disks(of: 0), expected, "the original")
    #expect(monitor.guests.map(\.devices.network.ownAddress) == [1, 2])
  }

  @Test(arguments: moments) func putBackAfterItWentOn(after steps: UInt64) throws {
    let expected = try undisturbed()
    let monitor = try fresh()
    typed(monitor)
    _ = monitor.run(steps: steps)
    let checkpoint = monitor.checkpoint(of: 0)
    _ = monitor.run(steps: steps / 2)
    try monitor.restoreGuest(0, from: checkpoint)
    expectSame(finish(monitor), monitor.disks(of: 0), expected, "put back")
  }

  /// Of a guest among several, again and again, wherever the scheduler is.
  @Test(arguments: 1...6) func amongOthersAtRandomMoments(seed: UInt64) throws {
    let expected = try undisturbed()
    var random = SplitMix64(seed: seed)
    let monitor = try fresh()
    typed(monitor)
    try monitor.addGuest(
      name: "noise", image: Guests.image("boot: getst t0\n cli\n sti\n j boot\n"),
      memorySize: 1 << 20)
    monitor.changeShare(of: 1) { $0.isPaused = false }
    for _ in 0..<6 {
      _ = monitor.run(steps: UInt64.random(in: 1...60_000, using: &random))
      let checkpoint = monitor.checkpoint(of: 0)
      _ = monitor.run(steps: UInt64.random(in: 1...40_000, using: &random))
      try monitor.restoreGuest(0, from: checkpoint)
    }
    expectSame(finish(monitor), monitor.disks(of: 0), expected, "seed \(seed)")
  }

  @Test func aCheckpointOfAnotherKindIsRefused() throws {
    let checkpoint = try fresh().checkpoint(of: 0)
    let classic = try VirtualMachineMonitor(
      image: Guests.image("boot: j boot\n"), profile: .classic, roomForGuests: 64 << 20)
    #expect(throws: RestoreError.otherProfile(.strict)) {
      try classic.addGuest(from: checkpoint, name: "beta")
    }
    let large = try VirtualMachineMonitor(
      image: Guests.image("boot: j boot\n"), memorySize: 2 << 20, roomForGuests: 0)
    #expect(throws: RestoreError.otherMemorySize(2 << 20)) {
      try large.restoreGuest(0, from: checkpoint)
    }
    #expect(throws: RestoreError.monitor(.noRoom(memorySize: 1 << 20))) {
      try large.addGuest(from: checkpoint, name: "beta")
    }
  }
}
