/// An entry of a page directory or a page table (the CPU manual, section 4).
///
/// ```
///  31          12 11   9 8   6  5   4  3    2  1   0
/// ┌──────────────┬──────┬─────┬───┬───┬──────┬───┬───┐
/// │    frame     │ free │  0  │ D │ A │ RING │ W │ P │
/// └──────────────┴──────┴─────┴───┴───┴──────┴───┴───┘
/// ```
/// In a directory entry W, RING and D must be 0. If P is 0 all other bits are free.
public struct PageTableEntry: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt32

  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Where an entry stands: the bits that must be 0 differ.
  public enum Level: Hashable, Sendable { case directory, table }

  public static let presentBit: UInt32 = 1 << 0
  public static let writableBit: UInt32 = 1 << 1
  public static let ringMask: UInt32 = 3 << 2
  public static let accessedBit: UInt32 = 1 << 4
  public static let dirtyBit: UInt32 = 1 << 5
  public static let frameMask: UInt32 = 0xFFFF_F000

  /// The bits that must be 0 in a present entry of that level.
  @inlinable
  public static func reservedMask(_ level: Level) -> UInt32 {
    level == .directory ? 0x1EE : 0x1C0
  }

  @inlinable public var isPresent: Bool { rawValue & 1 != 0 }
  @inlinable public var isWritable: Bool { rawValue & 2 != 0 }
  @inlinable public var ring: Ring { Ring(bits: rawValue >> 2) }
  @inlinable public var isAccessed: Bool { rawValue & 0x10 != 0 }
  @inlinable public var isDirty: Bool { rawValue & 0x20 != 0 }
  @inlinable public var frameNumber: UInt32 { rawValue >> 12 }

  /// A present entry of a page table.
  public init(
    frameNumber: UInt32, writable: Bool, ring: Ring, accessed: Bool = false, dirty: Bool = false
  ) {
    rawValue =
      frameNumber << 12 | Self.presentBit | (writable ? Self.writableBit : 0) | ring.bits << 2
      | (accessed ? Self.accessedBit : 0) | (dirty ? Self.dirtyBit : 0)
  }

  /// A present entry of a page directory.
  public init(tableFrameNumber: UInt32) { rawValue = tableFrameNumber << 12 | Self.presentBit }
}
