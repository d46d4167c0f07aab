/// Steele, Lea and Flood's generator: the same seed gives the same numbers everywhere.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// 32 random bits.
  public mutating func word() -> UInt32 { UInt32(truncatingIfNeeded: next() >> 32) }

  /// A number from 0 to `bound` − 1. The bias of the remainder doesn't matter here.
  public mutating func below(_ bound: UInt32) -> UInt32 { word() % bound }

  /// True about `percent` times in a hundred.
  public mutating func chance(_ percent: UInt32) -> Bool { below(100) < percent }

  public mutating func choice<Element>(_ elements: [Element]) -> Element {
    elements[Int(below(UInt32(elements.count)))]
  }
}
