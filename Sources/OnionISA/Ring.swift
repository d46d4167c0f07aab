/// A privilege ring: 0 is the most privileged, 3 the least.
///
/// The same two bits are a page's privilege code, 00 to 11 (the CPU manual, section 3).
public enum Ring: UInt8, CaseIterable, Hashable, Sendable {
  case ring0 = 0
  case ring1 = 1
  case ring2 = 2
  case ring3 = 3

  /// The ring named by the low two bits of `bits`.
  @inlinable
  public init(bits: UInt32) {
    switch bits & 3 {
    case 0: self = .ring0
    case 1: self = .ring1
    case 2: self = .ring2
    default: self = .ring3
    }
  }

  /// The ring's two bits, for a status word or a page-table entry.
  @inlinable public var bits: UInt32 { UInt32(rawValue) }

  /// True if this ring is strictly more privileged than `other`.
  @inlinable
  public func isInward(of other: Ring) -> Bool { rawValue < other.rawValue }

  /// True if this ring is strictly less privileged than `other`.
  @inlinable
  public func isOutward(of other: Ring) -> Bool { rawValue > other.rawValue }

  /// The two-bit code as it is written in the manual: `00`, `01`, `10` or `11`.
  public var code: String {
    switch self {
    case .ring0: "00"
    case .ring1: "01"
    case .ring2: "10"
    case .ring3: "11"
    }
  }
}

extension Ring: CustomStringConvertible {
  public var description: String { "\(rawValue)" }
}
