import Onion
import OnionISA

/// Where an address leads.
public enum MemorySpace: Hashable, Sendable {
  /// As the program that runs addresses its memory.
  case virtual
  /// The memory of the program's machine: the guest's under the VMM.
  case physical
  /// The real machine's memory.
  case machine
}

/// Up to a word of memory at which runs stop.
public struct WatchedMemory: Hashable, Sendable {
  public enum Access: Hashable, Sendable {
    /// A store that changes the value.
    case change
    /// A load.
    case read
    /// A load, or a store of whatever.
    case any
  }

  public var space: MemorySpace
  /// A multiple of `size`.
  public var address: UInt32
  /// Bytes: 1, 2 or 4.
  public var size: UInt32
  public var access: Access

  public init(_ space: MemorySpace, _ address: UInt32, size: UInt32, access: Access) {
    self.space = space
    self.address = address
    self.size = size
    self.access = access
  }
}

/// A watched value before and after a step; nil where it had none.
public struct WatchedValue: Hashable, Sendable {
  public var old: Int64?
  public var new: Int64?
  /// Only read: both are what was read.
  public var isRead = false
}

extension World {
  /// The machine address of an address in one of the spaces; nil if it leads nowhere.
  func machineAddress(of address: UInt32, in space: MemorySpace) -> MachineAddress? {
    switch space {
    case .virtual: machineAddress(of: VirtualAddress(address))
    case .physical: machineAddress(ofPhysical: address)
    case .machine: address < machine.memory.size ? MachineAddress(address) : nil
    }
  }
}

extension WatchedMemory {
  /// What the engine is to watch.
  ///
  /// A virtual address is also watched where it leads now: the page walk, and the VMM on behalf of its
  /// guest, store to memory without a virtual address. While another guest has the CPU it is that place alone.
  func engineWatches(in world: World, guest: Int? = nil) -> [MemoryWatch] {
    // Stores also where only loads count: a `swap` does both, and both values are told.
    let reads = access != .change
    var watches: [MemoryWatch] = []
    let isCurrent = guest.map { $0 == world.monitor?.currentIndex } ?? true
    if space == .virtual, isCurrent {
      watches.append(MemoryWatch(.virtual, address...end(address), reads: reads, writes: true))
    }
    if let start = world.machineAddress(of: address, in: space, ofGuest: guest)?.rawValue {
      watches.append(MemoryWatch(.machine, start...end(start), reads: reads, writes: true))
    }
    return watches
  }

  private func end(_ start: UInt32) -> UInt32 { start + (size - 1) }

  /// What the accesses of one step mean for it, and which device stored last if one did; nil if it wasn't touched
  /// as it asks for.
  ///
  /// - Parameters:
  ///   - guest: whose memory it is, by its place; nil: of what runs.
  ///   - isOwn: that guest made the step.
  func value(
    after hits: [WatchHit], in world: World, guest: Int? = nil, isOwn: Bool = true
  ) -> (WatchedValue, TransferDevice?)? {
    var place: MachineAddress?
    var device: TransferDevice?
    var isStored = false
    var isLoaded = false
    var old: UInt32 = 0
    for hit in hits.reversed() {
      guard let start = start(of: hit, in: world, guest, isOwn) else { continue }
      if place == nil {
        place = start
        old = bytes(at: start, in: world)
      }
      if hit.isStore {
        if !isStored { device = hit.device }
        isStored = true
        old = replaced(old, by: hit, from: start)
      } else {
        isLoaded = true
      }
    }
    guard let place else { return nil }
    let new = bytes(at: place, in: world)
    let isWanted: Bool =
      switch access {
      case .change: isStored && old != new
      case .read: isLoaded
      case .any: true
      }
    return isWanted
      ? (WatchedValue(old: Int64(old), new: Int64(new), isRead: !isStored), device) : nil
  }

  /// Where the watched bytes begin in the machine, if the access touched them.
  private func start(
    of hit: WatchHit, in world: World, _ guest: Int?, _ isOwn: Bool
  ) -> MachineAddress? {
    if space == .virtual, isOwn, let virtual = hit.virtual {
      guard overlaps(virtual.rawValue, hit.size, address) else { return nil }
      return MachineAddress(hit.machine.rawValue &+ address &- virtual.rawValue)
    }
    guard let place = world.machineAddress(of: address, in: space, ofGuest: guest),
      overlaps(hit.machine.rawValue, hit.size, place.rawValue)
    else { return nil }
    return place
  }

  private func overlaps(_ first: UInt32, _ count: UInt32, _ start: UInt32) -> Bool {
    first <= end(start) && start <= first &+ (count - 1)
  }

  private func bytes(at place: MachineAddress, in world: World) -> UInt32 {
    world.machine.memory.bytes(at: place, count: size).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// The value with the bytes that a store wrote as they were before.
  private func replaced(_ value: UInt32, by hit: WatchHit, from start: MachineAddress) -> UInt32 {
    var result = value
    for index in 0..<hit.size {
      let offset = hit.machine.rawValue &+ index &- start.rawValue
      guard offset < size else { continue }
      result = result & ~(0xFF << (8 * offset)) | (hit.old >> (8 * index) & 0xFF) << (8 * offset)
    }
    return result
  }
}

extension Session {
  /// The machine's bytes that an expression looks at now.
  func bytes(readBy query: Query, asGuest guest: Int?) -> [Range<UInt64>] {
    switch query {
    case .memory(let size, let space, let inner, _):
      var ranges = bytes(readBy: inner, asGuest: guest)
      if let value = try? value(of: inner, asGuest: guest),
        let place = world.machineAddress(
          of: UInt32(truncatingIfNeeded: value), in: space, ofGuest: guest)
      {
        ranges.append(UInt64(place.rawValue)..<UInt64(place.rawValue) + UInt64(size))
      }
      return ranges
    case .ofGuest(let name, let inner, _): return bytes(readBy: inner, asGuest: guestIndex(name))
    case .unary(_, let inner): return bytes(readBy: inner, asGuest: guest)
    case .binary(_, let left, let right, _):
      return bytes(readBy: left, asGuest: guest) + bytes(readBy: right, asGuest: guest)
    case .number, .name, .label, .variable, .call: return []
    }
  }
}
