/// The `status` register (the CPU manual, section 1).
///
/// ```
///  31        6 5    4  3   2   1   0
/// ┌───────────┬──────┬───┬───┬───────┐
/// │     0     │ IOPL │TF │IF │  CPL  │
/// └───────────┴──────┴───┴───┴───────┘
/// ```
public struct Status: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt32

  /// A status word; the bits that the register doesn't have are dropped.
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue & Self.mask }

  /// The bits that exist.
  public static let mask: UInt32 = 0x3F
  public static let interruptBit: UInt32 = 1 << 2
  public static let stepBit: UInt32 = 1 << 3

  /// Current privilege level: the ring that the CPU runs in.
  @inlinable public var cpl: Ring {
    get { Ring(bits: rawValue) }
    set { rawValue = rawValue & ~3 | newValue.bits }
  }

  /// IF: interrupts are taken.
  @inlinable public var interruptsEnabled: Bool {
    get { rawValue & 4 != 0 }
    set { rawValue = newValue ? rawValue | 4 : rawValue & ~4 }
  }

  /// TF: a trap follows each instruction.
  @inlinable public var stepTrap: Bool {
    get { rawValue & 8 != 0 }
    set { rawValue = newValue ? rawValue | 8 : rawValue & ~8 }
  }

  /// IOPL: the least privileged ring that may use `in` and `out`.
  @inlinable public var iopl: Ring {
    get { Ring(bits: rawValue >> 4) }
    set { rawValue = rawValue & ~0x30 | newValue.bits << 4 }
  }
}
