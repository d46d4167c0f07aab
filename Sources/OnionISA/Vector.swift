/// The number by which a trap or interrupt chooses its gate, 0 to 63 (the CPU manual, section 5).
public struct Vector: RawRepresentable, Hashable, Comparable, Sendable {
  public let rawValue: UInt8

  /// The vector with the low six bits of `rawValue`.
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue & 63 }

  public static let divide = Vector(rawValue: 0)
  public static let step = Vector(rawValue: 1)
  public static let breakpoint = Vector(rawValue: 2)
  public static let undefined = Vector(rawValue: 3)
  public static let protection = Vector(rawValue: 4)
  public static let page = Vector(rawValue: 5)
  public static let misaligned = Vector(rawValue: 6)
  public static let double = Vector(rawValue: 7)
  public static let hypercall = Vector(rawValue: 8)
  public static let timer = Vector(rawValue: 16)
  public static let console = Vector(rawValue: 17)
  public static let disk = Vector(rawValue: 18)
  public static let network = Vector(rawValue: 19)

  /// The vectors that `int` may name.
  public static let software: ClosedRange<UInt8> = 32...63

  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// What the saved pc means.
  public enum Kind: String, Hashable, Sendable {
    /// Saves the pc of the instruction itself, which has changed nothing.
    case fault
    /// Saves the pc of the next instruction.
    case trap
    /// Comes from a device; saves the pc of the next instruction.
    case interrupt
    /// A trap that could not be delivered.
    case abort
    /// Never raised.
    case unused
  }

  public var kind: Kind {
    switch rawValue {
    case 0, 3, 4, 5, 6: .fault
    case 1, 2, 8, 32...63: .trap
    case 7: .abort
    case 16...19: .interrupt
    default: .unused
    }
  }

  /// One word, as lessons' conditions and the `catch` command spell it.
  public var name: String {
    switch rawValue {
    case 0: "divide"
    case 1: "step"
    case 2: "breakpoint"
    case 3: "undefined"
    case 4: "protection"
    case 5: "page"
    case 6: "misaligned"
    case 7: "double"
    case 8: "hypercall"
    case 16: "timer"
    case 17: "console"
    case 18: "disk"
    case 19: "network"
    case 32...63: "software"
    default: "unused"
    }
  }

  /// The vectors that can be raised, software traps left out.
  public static let named: [Vector] = [
    .divide, .step, .breakpoint, .undefined, .protection, .page, .misaligned, .double, .hypercall,
    .timer, .console, .disk, .network,
  ]

  /// What the error word says.
  public var errorMeaning: String {
    switch rawValue {
    case 3: "the instruction word"
    case 4:
      "1 privileged instruction · 2 gate: ring not allowed · 3 gate: absent or bad · 4 port · "
        + "5 iret to an inner ring"
    case 5: "P, write, fetch, reserved, CPL"
    case 6: "the address"
    case 7: "the first vector"
    case 8: "n"
    default: "0"
    }
  }
}

extension Vector: CustomStringConvertible {
  public var description: String { "\(rawValue)" }
}

/// The error word of a page fault (the CPU manual, section 4).
///
/// Bit 0 P (0 = not present, 1 = rights or reserved) · 1 write · 2 fetch · 3 reserved · 5:4 CPL.
public struct PageFaultError: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  @inlinable
  public init(present: Bool, write: Bool, fetch: Bool, reserved: Bool, cpl: Ring) {
    rawValue =
      (present ? 1 : 0) | (write ? 2 : 0) | (fetch ? 4 : 0) | (reserved ? 8 : 0) | cpl.bits << 4
  }

  public var isPresent: Bool { rawValue & 1 != 0 }
  public var isWrite: Bool { rawValue & 2 != 0 }
  public var isFetch: Bool { rawValue & 4 != 0 }
  public var isReserved: Bool { rawValue & 8 != 0 }
  public var cpl: Ring { Ring(bits: rawValue >> 4) }
}
