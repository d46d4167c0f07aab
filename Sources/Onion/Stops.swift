import OnionISA

/// A range of bytes at which the CPU's loads or stores end a run.
public struct MemoryWatch: Hashable, Sendable {
  public enum Space: Hashable, Sendable {
    /// As the program that runs addresses it, whatever that leads to.
    case virtual
    case machine
  }

  public var space: Space
  public var bytes: ClosedRange<UInt32>
  public var reads: Bool
  public var writes: Bool

  public init(_ space: Space, _ bytes: ClosedRange<UInt32>, reads: Bool, writes: Bool) {
    self.space = space
    self.bytes = bytes
    self.reads = reads
    self.writes = writes
  }

  /// It asks for an access to `size` bytes from `address` on in its own space.
  @inline(__always) func covers(_ address: UInt32, size: UInt32) -> Bool {
    bytes.lowerBound <= address &+ (size - 1) && address <= bytes.upperBound
  }
}

/// An access that a watch asked for.
public struct WatchHit: Hashable, Sendable {
  /// The instruction that was at work; what a trap's delivery stores counts as the trapped one's.
  public var pc: VirtualAddress
  /// Nil for a store that no program made: the page walk's own, or the VMM's.
  public var virtual: VirtualAddress?
  public var machine: MachineAddress
  /// Bytes: 1, 2 or 4.
  public var size: UInt32
  public var isStore: Bool
  /// What was there before; for a load what was read.
  public var old: UInt32
  public var new: UInt32
  /// The device whose transfer it was; nil for an access of the CPU's.
  public var device: TransferDevice?
}

/// What ends a run besides its limits and breakpoints.
public struct RunStops: Sendable {
  /// Any trap or interrupt.
  public var atTrap: Bool
  /// Any step that was more than a plain instruction: also a system instruction, or the end of a wait.
  public var atSystem: Bool
  /// A step that changed one of these.
  public var registers: Set<Register>

  public init(atTrap: Bool = false, atSystem: Bool = false, registers: Set<Register> = []) {
    self.atTrap = atTrap
    self.atSystem = atSystem
    self.registers = registers
  }
}

extension MemoryWatch {
  /// Some of its bytes may lie in that page or frame.
  func concerns(page: UInt32, frame: UInt32) -> Bool {
    let start = space == .virtual ? page : frame
    return start <= bytes.upperBound && bytes.lowerBound <= start | 0xFFF
  }
}

extension Machine {
  /// Notes an access that was granted, before a store is made, if a watch asks for it.
  @inline(never)
  func noteAccess(
    _ virtual: UInt32?, _ physical: UInt32, _ size: UInt32, stored value: UInt32?
  ) {
    let isWanted = watches.contains { watch in
      guard value == nil ? watch.reads : watch.writes else { return false }
      switch watch.space {
      case .machine: return watch.covers(physical, size: size)
      case .virtual: return virtual.map { watch.covers($0, size: size) } ?? false
      }
    }
    guard isWanted else { return }
    let mask: UInt32 = size == 4 ? .max : (1 << (8 * size)) - 1
    let old = memory.loadWord(physical & ~3) >> (8 * (physical & 3)) & mask
    hooks.pointee.hasHits = true
    watchHits.append(
      WatchHit(
        pc: pc, virtual: virtual.map { VirtualAddress($0) }, machine: MachineAddress(physical),
        size: size, isStore: value != nil, old: old, new: value.map { $0 & mask } ?? old,
        device: transferringDevice))
  }
}
