/// The frames that a network card has sent since reset: all of them by count and digest, the last ones whole, so that
/// a program that sends without end takes no more room than one that doesn't.
public struct SentFrames: Hashable, Sendable {
  /// So many are kept whole.
  public static let kept = 64

  public private(set) var count: UInt64 = 0
  /// FNV-1a, 64 bits, over each frame's length and bytes in order.
  public private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
  /// The last ``kept`` frames, the oldest first.
  public private(set) var last: [[UInt8]] = []

  public init() {}

  public init(_ frames: [[UInt8]]) {
    for frame in frames { append(frame) }
  }

  mutating func append(_ frame: [UInt8]) {
    count += 1
    if last.count == Self.kept { last.removeFirst() }
    last.append(frame)
    func add(_ byte: UInt8) { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    withUnsafeBytes(of: UInt32(clamping: frame.count).littleEndian) { $0.forEach(add) }
    frame.forEach(add)
  }

  /// The frames sent after so many; nothing older than what is kept.
  public func after(_ earlier: UInt64) -> ArraySlice<[UInt8]> {
    last.suffix(Int(clamping: count - min(earlier, count)))
  }
}
