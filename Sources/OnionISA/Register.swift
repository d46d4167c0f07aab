/// One of the sixteen general registers, `r0` to `r15`.
public struct Register: Hashable, Sendable {
  /// 0 to 15.
  public let number: UInt8

  /// The register named by the low four bits of `bits`.
  @inlinable public init(bits: UInt32) { number = UInt8(truncatingIfNeeded: bits & 15) }

  public static let zero = Register(bits: 0)
  /// Return address.
  public static let ra = Register(bits: 1)
  /// Stack pointer: the register that trap delivery and `iret` use.
  public static let sp = Register(bits: 2)
  /// First argument, and result.
  public static let a0 = Register(bits: 4)

  /// The names by use, in order of number. `r0` to `r15` are accepted as well.
  public static let names = [
    "zero", "ra", "sp", "fp", "a0", "a1", "a2", "a3",
    "a4", "a5", "t0", "t1", "t2", "s0", "s1", "s2",
  ]

  public static var all: [Register] { (0..<16).map { Register(bits: $0) } }

  /// The register with that name in either spelling, or nil.
  public init?(name: String) {
    if let index = Self.names.firstIndex(of: name) {
      self.init(bits: UInt32(index))
      return
    }
    guard name.first == "r", let number = UInt32(name.dropFirst()), number < 16,
      name == "r\(number)"
    else { return nil }
    self.init(bits: number)
  }

  public var name: String { Self.names[Int(number)] }

  /// What the register is for by convention.
  public var use: String {
    switch number {
    case 0: "always 0"
    case 1: "return address"
    case 2: "stack pointer"
    case 3: "frame pointer"
    case 4...9: "argument or result"
    case 10...12: "scratch"
    default: "kept across calls"
    }
  }
}

extension Register: CustomStringConvertible {
  public var description: String { name }
}
