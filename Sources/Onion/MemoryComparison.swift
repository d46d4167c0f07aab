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
    differingFrames(from: other).flatMap { number, old, new in
      stride(from: 0, to: 4096, by: 4).compactMap { offset -> ChangedWord? in
        let before = Self.word(old, at: offset)
        let after = Self.word(new, at: offset)
        guard before != after else { return nil }
        let address = MachineAddress(UInt32(number) << 12 + UInt32(offset))
        return ChangedWord(address, old: before, new: after)
      }
    }
  }

  /// Another snapshot of the same memory holds the same words.
  public func isSame(as other: MemorySnapshot) -> Bool { differingFrames(from: other).isEmpty }

  /// The frames that are not the same, with their bytes: what two snapshots share isn't looked at.
  private func differingFrames(
    from other: MemorySnapshot
  ) -> [(number: Int, old: [UInt8], new: [UInt8])] {
    var result: [(number: Int, old: [UInt8], new: [UInt8])] = []
    let empty = [UInt8](repeating: 0, count: 4096)
    for (index, (group, changed)) in zip(groups, other.groups).enumerated()
    where group !== changed {
      for (slot, (old, new)) in zip(group.frames, changed.frames).enumerated() where old !== new {
        let (before, after) = (old?.bytes ?? empty, new?.bytes ?? empty)
        guard before != after else { continue }
        result.append((index * Group.size + slot, before, after))
      }
    }
    return result
  }

  private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * $1) }
  }
}
