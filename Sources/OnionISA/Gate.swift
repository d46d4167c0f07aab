/// One of the 64 gates of the trap table, 8 bytes each (the CPU manual, section 5).
///
/// Word 0 is the handler's address; of word 1, bit 0 is present, bits 2:1 the least privileged ring
/// that may come in by `int`, bit 3 leaves IF as it is.
public struct Gate: Hashable, Sendable {
  public var handler: VirtualAddress
  public var flags: UInt32

  @inlinable
  public init(handler: VirtualAddress, flags: UInt32) {
    self.handler = handler
    self.flags = flags
  }

  public init(handler: VirtualAddress, admits ring: Ring = .ring0, keepsInterruptFlag: Bool = false)
  {
    self.init(handler: handler, flags: 1 | ring.bits << 1 | (keepsInterruptFlag ? 8 : 0))
  }

  /// Bytes in a gate.
  public static let size: UInt32 = 8
  /// Gates in a trap table.
  public static let count = 64

  @inlinable public var isPresent: Bool { flags & 1 != 0 }
  /// The least privileged ring that may come in by `int`.
  @inlinable public var admittedRing: Ring { Ring(bits: flags >> 1) }
  /// Delivery leaves IF as it is instead of clearing it.
  @inlinable public var keepsInterruptFlag: Bool { flags & 8 != 0 }
}
