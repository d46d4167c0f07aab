import OnionISA

// Accesses to a page of which something is watched, but not to that.

/// A run of bytes; an access outside it meets nothing that is watched.
struct WatchedSpan {
  private var first = UInt32.max
  private var last: UInt32 = 0

  init() {}

  init(of watches: [MemoryWatch], in space: MemoryWatch.Space) {
    for watch in watches where watch.space == space {
      first = min(first, watch.bytes.lowerBound)
      last = max(last, watch.bytes.upperBound)
    }
  }

  @inline(__always) func meets(_ address: UInt32, size: UInt32) -> Bool {
    address <= last && first <= address &+ (size - 1)
  }
}

extension Machine {
  /// Makes the load or store at pc if it goes to the last watched page and lies beside what is watched
  /// there; nil if it doesn't, or if a tick comes first, and then nothing is made.
  ///
  /// Whole programs keep what they use together on one page: a watched word is seldom alone there.
  func accessBesideWatched() -> LoopExit? {
    let watched = hostTLB.watched.pointee
    let ring = cpu.pointee.status.cpl
    let pc = cpu.pointee.pc
    let code = (hostTLB.code(of: ring) + HostTLB.index(pc)).pointee
    guard cpu.pointee.cycles < devicesPointer.pointee.nextEvent, watched.ring == ring,
      code.tag == pc & 0xFFFF_F003, let page = code.operations
    else {
      return nil
    }
    let operation = page[Int(pc >> 2 & 0x3FF)]
    guard let size = operation.code.accessSize else { return nil }
    let address = registers[Int(operation.a)] &+ UInt32(bitPattern: operation.immediate)
    let tag = operation.code.first.isStore ? watched.entry.writeTag : watched.entry.readTag
    // An access that isn't aligned is refused.
    guard tag == address & (0xFFFF_F000 | (size - 1)) else { return nil }
    let machine = UInt32(
      truncatingIfNeeded: watched.entry.addend &+ Int(address) &- Int(bitPattern: memory.base))
    guard !hooks.pointee.watchedVirtual.meets(address, size: size),
      !hooks.pointee.watchedMachine.meets(machine, size: size)
    else { return nil }
    return throughDoor(watched.entry, to: address, as: ring)
  }
}
