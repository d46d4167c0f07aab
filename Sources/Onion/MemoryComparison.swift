import OnionISA

/// A word of memory that is not the same at two moments.
public struct ChangedWord: Hashable, Sendable {
  public var address: MachineAddress
  public var old: UInt32
  public var new: UInt32

  public init(_ address: MachineAddress, old: UInt32, new: UInt32) {
    self.address = address
    self.old = old
    self.new = new
  }
}

extension MemorySnapshot {
  /// The words that another snapshot of the same memory holds differently, in order of their addresses.
  public func changedWords(to other: MemorySnapshot) -> [ChangedWord] {
    let empty = [UInt8](repeating: 0, count: 4096)
    var changes: [ChangedWord] = []
    for frame in Set(frames.keys).union(other.frames.keys).sorted() {
      let old = frames[frame] ?? empty
      let new = other.frames[frame] ?? empty
      guard old != new else { continue }
      for offset in stride(from: 0, to: 4096, by: 4) {
        let before = Self.word(old, at: offset)
        let after = Self.word(new, at: offset)
        guard before != after else { continue }
        let address = MachineAddress(frame << 12 + UInt32(offset))
        changes.append(ChangedWord(address, old: before, new: after))
      }
    }
    return changes
  }

  private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * $1) }
  }
}
