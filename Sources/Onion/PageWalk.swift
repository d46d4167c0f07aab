import OnionISA

/// What an instruction wants of an address.
public enum Access: String, Hashable, Sendable {
  case fetch
  case load
  case store
}

/// A walk of the page tables: each word read, and what decided (the CPU manual, section 4).
///
/// Physical addresses are in the space of who walks: the machine's for the CPU, the guest's for a walk
/// that the VMM makes through a guest's tables.
public struct PageWalk: Hashable, Sendable {
  /// An entry as it was read.
  public struct Read: Hashable, Sendable {
    /// Where the entry lies, physical.
    public var location: UInt32
    public var entry: PageTableEntry
    public init(location: UInt32, entry: PageTableEntry) {
      self.location = location
      self.entry = entry
    }
  }

  /// Why a walk ended before it reached a frame.
  public enum Failure: Hashable, Sendable {
    /// The table's frame isn't in memory; for the directory that is `ptbr`'s.
    case tableOutsideMemory(PageTableEntry.Level)
    case notPresent(PageTableEntry.Level)
    /// Bits that must be 0 and are not.
    case reservedBits(PageTableEntry.Level, UInt32)
    /// The entry names a frame that isn't in memory.
    case frameOutsideMemory(PageTableEntry.Level)

    /// The error word has P set: everything but "not present".
    public var isPresent: Bool {
      if case .notPresent = self { false } else { true }
    }
  }

  public var address: VirtualAddress
  public var directory: Read?
  public var table: Read?
  /// Nil if the walk reached a frame.
  public var failure: Failure?

  public init(address: VirtualAddress) { self.address = address }

  /// The table words that were read, 0 to 2.
  public var wordsRead: UInt64 { (directory == nil ? 0 : 1) + (table == nil ? 0 : 1) }

  /// The page's entry, if the walk reached it and it is good.
  public var leaf: PageTableEntry? { failure == nil ? table?.entry : nil }

  /// The physical address that the virtual one stands for, rights aside.
  public var physicalAddress: UInt32? {
    leaf.map { $0.rawValue & PageTableEntry.frameMask | address.offset }
  }

  /// Walks from `directory` (the value of `ptbr`) and changes nothing.
  ///
  /// - Parameters:
  ///   - memorySize: bytes of the physical space, a multiple of 4096.
  ///   - read: the word at a physical address below `memorySize`.
  @inlinable
  public init(
    _ address: VirtualAddress, directory: UInt32, memorySize: UInt32, read: (UInt32) -> UInt32
  ) {
    self.init(address: address)
    guard directory < memorySize else {
      failure = .tableOutsideMemory(.directory)
      return
    }
    let upper = directory & PageTableEntry.frameMask | address.directoryIndex << 2
    let upperEntry = PageTableEntry(rawValue: read(upper))
    self.directory = Read(location: upper, entry: upperEntry)
    failure = Self.check(upperEntry, .directory, memorySize)
    guard failure == nil else { return }

    let lower = upperEntry.rawValue & PageTableEntry.frameMask | address.tableIndex << 2
    let lowerEntry = PageTableEntry(rawValue: read(lower))
    table = Read(location: lower, entry: lowerEntry)
    failure = Self.check(lowerEntry, .table, memorySize)
  }

  @usableFromInline
  static func check(
    _ entry: PageTableEntry, _ level: PageTableEntry.Level, _ memorySize: UInt32
  ) -> Failure? {
    if !entry.isPresent { return .notPresent(level) }
    let reserved = entry.rawValue & PageTableEntry.reservedMask(level)
    if reserved != 0 { return .reservedBits(level, reserved) }
    if entry.rawValue & PageTableEntry.frameMask >= memorySize { return .frameOutsideMemory(level) }
    return nil
  }
}
