/// What a disk holds: sectors of 512 bytes, all 0 at first.
///
/// A value that costs what was written: copies share what they have in common.
public struct DiskContents: Hashable, Sendable {
  /// Bytes of a sector.
  public static let sectorSize = 512
  /// Sectors of a disk that nobody gave another size: 1 MiB.
  public static let usualSectorCount: UInt32 = 2048

  /// Eight neighbouring sectors, shared by all copies between two writes to one of them.
  private final class Block: Sendable {
    static let sectors = 8
    static let size = sectors * DiskContents.sectorSize
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  public let sectorCount: UInt32
  /// Nil: all 0.
  private var blocks: [Block?]

  public init(sectorCount: UInt32 = usualSectorCount) {
    self.sectorCount = sectorCount
    blocks = Array(repeating: nil, count: (Int(sectorCount) + Block.sectors - 1) / Block.sectors)
  }

  /// The bytes of a sector, or nil where there is none.
  public subscript(sector: UInt32) -> [UInt8]? {
    guard sector < sectorCount else { return nil }
    let start = Int(sector) % Block.sectors * Self.sectorSize
    guard let block = blocks[Int(sector) / Block.sectors] else {
      return [UInt8](repeating: 0, count: Self.sectorSize)
    }
    return Array(block.bytes[start..<start + Self.sectorSize])
  }

  /// Writes a sector; false where there is none. Bytes beyond a sector are left out, missing ones are 0.
  @discardableResult
  public mutating func write(_ bytes: [UInt8], to sector: UInt32) -> Bool {
    guard sector < sectorCount else { return false }
    let index = Int(sector) / Block.sectors
    var whole = blocks[index]?.bytes ?? [UInt8](repeating: 0, count: Block.size)
    let start = Int(sector) % Block.sectors * Self.sectorSize
    let missing = max(0, Self.sectorSize - bytes.count)
    whole.replaceSubrange(
      start..<start + Self.sectorSize,
      with: bytes.prefix(Self.sectorSize) + [UInt8](repeating: 0, count: missing))
    blocks[index] = Block(whole)
    return true
  }

  /// A part of the disk, as a disk of its own; what lies beyond the end is 0.
  public subscript(slice: DiskSlice) -> DiskContents {
    get {
      var part = DiskContents(sectorCount: slice.count)
      for sector in usedSectors where sector >= slice.first && sector - slice.first < slice.count {
        part.write(self[sector] ?? [], to: sector - slice.first)
      }
      return part
    }
    set {
      for sector in usedSectors where sector >= slice.first && sector - slice.first < slice.count {
        write([], to: sector)
      }
      for sector in newValue.usedSectors where sector < slice.count {
        write(newValue[sector] ?? [], to: slice.first + sector)
      }
    }
  }

  /// The sectors that hold something else than zeros, in order.
  public var usedSectors: [UInt32] {
    blocks.indices.filter { blocks[$0] != nil }.flatMap { index in
      (0..<UInt32(Block.sectors)).map { UInt32(index * Block.sectors) + $0 }
    }.filter { self[$0]?.contains { $0 != 0 } == true }
  }

  public static func == (left: DiskContents, right: DiskContents) -> Bool {
    guard left.sectorCount == right.sectorCount else { return false }
    return zip(left.blocks, right.blocks).allSatisfy { one, other in
      one === other || (one?.bytes ?? empty) == (other?.bytes ?? empty)
    }
  }

  private static let empty = [UInt8](repeating: 0, count: Block.size)

  public func hash(into hasher: inout Hasher) { hasher.combine(usedSectors) }
}

/// The disk controller (the CPU manual, section 7): one command at a time, for one of several disks. The data
/// move all at once when it completes.
public struct DiskController: Hashable, Sendable {
  /// What port 0x33 reads.
  public enum State: UInt32, Sendable {
    case ready
    case busy
    /// The last command moved nothing: a bad sector, an absent disk, an address outside memory.
    case failed
  }

  /// A command that was given.
  public struct Command: Hashable, Sendable {
    public var isWrite: Bool
    public var disk: UInt32
    public var sector: UInt32
    /// A physical address.
    public var address: UInt32
  }

  /// What was written to ports 0x30, 0x31 and 0x34.
  public var sector: UInt32 = 0
  public var address: UInt32 = 0
  public var selected: UInt32 = 0
  public var state = State.ready
  /// The command that is being carried out.
  public internal(set) var command: Command?
  /// When it completes; `UInt64.max` without one.
  public internal(set) var due = UInt64.max
  public var isInterruptPending = false

  /// What a write to the command port does.
  mutating func begin(_ value: UInt32, at cycle: UInt64) {
    guard state != .busy, value == 1 || value == 2 else { return }
    command = Command(isWrite: value == 2, disk: selected, sector: sector, address: address)
    state = .busy
    due = cycle
  }

  mutating func acknowledge() {
    guard state != .busy else { return }
    state = .ready
    isInterruptPending = false
  }
}
