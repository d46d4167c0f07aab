import OnionISA

/// What every frame of memory holds at one moment.
///
/// A value that costs what changed: a frame that two snapshots have in common is kept once, and frames
/// that nothing ever wrote are 0 and not kept.
public struct MemorySnapshot: Sendable {
  /// The bytes of one frame, shared by every snapshot between two stores to it.
  final class Frame: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
  }

  /// 64 neighbouring frames, shared likewise; nil: all 0.
  final class Group: Sendable {
    static let size = 64
    static let empty = Group([Frame?](repeating: nil, count: size))
    let frames: [Frame?]

    init(_ frames: [Frame?]) { self.frames = frames }
  }

  var groups: [Group]

  /// Of memory that nothing was written to.
  init(groupCount: Int) { groups = Array(repeating: .empty, count: groupCount) }

  subscript(frame: UInt32) -> Frame? {
    groups[Int(frame) / Group.size].frames[Int(frame) % Group.size]
  }

  /// Bytes that this snapshot holds.
  public var bytes: Int { bytes(beyond: MemorySnapshot(groupCount: groups.count)) }

  /// Bytes that this snapshot holds and `earlier` doesn't.
  public func bytes(beyond earlier: MemorySnapshot) -> Int {
    var frames = 0
    var changed = 0
    for (group, old) in zip(groups, earlier.groups) where group !== old {
      changed += 1
      for (frame, old) in zip(group.frames, old.frames) where frame !== old && frame != nil {
        frames += 1
      }
    }
    let pointer = MemoryLayout<Int>.size
    return frames * 4096 + changed * Group.size * pointer + groups.count * pointer
  }
}

extension PhysicalMemory {
  /// Saves what was written since the last save, and shares the rest with it.
  func save() -> MemorySnapshot {
    for index in saved.groups.indices where isGroupDirty(index) {
      var frames = saved.groups[index].frames
      for slot in frames.indices {
        let frame = index * MemorySnapshot.Group.size + slot
        guard touched[frame] != 0 else { continue }
        frames[slot] = MemorySnapshot.Frame(frameBytes(UInt32(frame)))
        touched[frame] = 0
      }
      saved.groups[index] = MemorySnapshot.Group(frames)
    }
    return saved
  }

  /// Brings back a snapshot of a memory of this size and returns the frames that were written to do so.
  func restore(_ snapshot: MemorySnapshot) -> [UInt32] {
    var changed: [UInt32] = []
    for (index, wanted) in snapshot.groups.enumerated() {
      let present = saved.groups[index]
      guard present !== wanted || isGroupDirty(index) else { continue }
      for slot in wanted.frames.indices {
        let frame = index * MemorySnapshot.Group.size + slot
        let bytes = wanted.frames[slot]
        guard touched[frame] != 0 || bytes !== present.frames[slot] else { continue }
        write(bytes?.bytes, toFrame: frame)
        touched[frame] = 0
        changed.append(UInt32(frame))
      }
    }
    saved = snapshot
    return changed
  }

  private func write(_ bytes: [UInt8]?, toFrame frame: Int) {
    let start = base + frame << 12
    guard let bytes else {
      start.initializeMemory(as: UInt8.self, repeating: 0, count: 4096)
      return
    }
    bytes.withUnsafeBytes { source in
      UnsafeMutableRawBufferPointer(start: start, count: 4096).copyMemory(from: source)
    }
  }

  /// Some frame of 64 neighbours was written since the last save.
  private func isGroupDirty(_ index: Int) -> Bool {
    // Eight notes at a time: `touched` has room for whole groups.
    let notes = UnsafeRawPointer(touched) + index * MemorySnapshot.Group.size
    return stride(from: 0, to: MemorySnapshot.Group.size, by: 8).contains {
      notes.load(fromByteOffset: $0, as: UInt64.self) != 0
    }
  }

  /// The frames that were ever written, in order.
  var writtenFrames: [UInt32] {
    (0..<frameCount).filter { touched[Int($0)] != 0 || saved[$0] != nil }
  }

  func frameBytes(_ frame: UInt32) -> [UInt8] {
    [UInt8](UnsafeRawBufferPointer(start: base + Int(frame) << 12, count: 4096))
  }

  /// All its bytes are 0.
  public func isEmpty(_ frame: MachineFrame) -> Bool {
    guard frame.number < frameCount,
      touched[Int(frame.number)] != 0 || saved[frame.number] != nil
    else { return true }
    return UnsafeRawBufferPointer(start: base + Int(frame.number) << 12, count: 4096)
      .allSatisfy { $0 == 0 }
  }
}
