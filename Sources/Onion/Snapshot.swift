import OnionISA

/// What every frame of memory holds at one moment. Frames that nothing ever wrote are 0 and not kept;
/// what didn't change between two snapshots is kept once.
public struct MemorySnapshot: Hashable, Sendable {
  var frames: [UInt32: [UInt8]]

  /// Bytes held for this snapshot alone, at most.
  public var frameCount: Int { frames.count }
}

/// The whole machine at one moment: restoring it and running on gives the same run again.
public struct MachineSnapshot: Hashable, Sendable {
  public var cpu: CPUSnapshot
  public var devices: Devices
  public var memory: MemorySnapshot

  /// Steps since reset when it was taken.
  public var steps: UInt64 { cpu.state.steps }
}

extension PhysicalMemory {
  /// Saves what was written since the last save, and shares the rest with it.
  func save() -> MemorySnapshot {
    for frame in 0..<Int(frameCount) where touched[frame] != 0 {
      saved[UInt32(frame)] = frameBytes(UInt32(frame))
      touched[frame] = 0
    }
    return MemorySnapshot(frames: saved)
  }

  /// Brings back a snapshot and returns the frames that were written to do so.
  func restore(_ snapshot: MemorySnapshot) -> [UInt32] {
    var changed: [UInt32] = []
    for frame in writtenFrames {
      let wanted = snapshot.frames[frame]
      let isSaved = touched[Int(frame)] == 0
      if isSaved, wanted == saved[frame] { continue }
      let start = base + Int(frame) << 12
      if let wanted {
        wanted.withUnsafeBytes {
          start.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(start), byteCount: 4096)
        }
      } else {
        start.initializeMemory(as: UInt8.self, repeating: 0, count: 4096)
      }
      touched[Int(frame)] = 0
      changed.append(frame)
    }
    saved = snapshot.frames
    return changed
  }

  /// The frames that were ever written, in order.
  var writtenFrames: [UInt32] {
    (0..<frameCount).filter { touched[Int($0)] != 0 || saved[$0] != nil }
  }

  func frameBytes(_ frame: UInt32) -> [UInt8] {
    [UInt8](UnsafeRawBufferPointer(start: base + Int(frame) << 12, count: 4096))
  }
}

extension Machine {
  /// The CPU's state as a value.
  public var cpuSnapshot: CPUSnapshot {
    CPUSnapshot(
      state: cpu.pointee,
      registers: [UInt32](UnsafeBufferPointer(start: registers, count: 16)),
      deliveryCounts: [UInt64](UnsafeBufferPointer(start: deliveryCounts, count: Gate.count)),
      fetchTLB: fetchTLB.all, dataTLB: dataTLB.all)
  }

  public func snapshot() -> MachineSnapshot {
    // A frame's next store has to be noticed.
    hostTLB.dropWrites()
    return MachineSnapshot(cpu: cpuSnapshot, devices: devices, memory: memory.save())
  }

  /// Makes the machine what it was.
  public func restore(_ snapshot: MachineSnapshot) {
    cpu.pointee = snapshot.cpu.state
    for (index, value) in snapshot.cpu.registers.enumerated() { registers[index] = value }
    for (index, value) in snapshot.cpu.deliveryCounts.enumerated() { deliveryCounts[index] = value }
    fetchTLB.all = snapshot.cpu.fetchTLB
    dataTLB.all = snapshot.cpu.dataTLB
    devices = snapshot.devices
    for frame in memory.restore(snapshot.memory) { decoded.reset(frame: Int(frame)) }
    hostTLB.dropAll()
    events.removeAll()
  }

  /// Every byte of the state in one fixed order, for digests: registers, CPU, devices, then each
  /// frame that isn't all 0 with its number.
  public func describeState(_ part: (UnsafeRawBufferPointer) -> Void) {
    func words(_ values: [UInt32]) { values.map(\.littleEndian).withUnsafeBytes(part) }
    func wide(_ value: UInt64) {
      words([UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)])
    }
    words(Register.all.map { self[$0] } + [pc.rawValue, status.rawValue])
    words(ControlRegister.allCases.map(value(of:)))
    words((fetchTLB.all + dataTLB.all).flatMap { [$0.tag, $0.value] })
    words([isWaiting ? 1 : 0, cpu.pointee.holdsInterrupts ? 1 : 0, stop == nil ? 0 : 1])
    wide(cycles)
    wide(instructionsRetired)
    wide(steps)
    words([devices.console.control, UInt32(truncatingIfNeeded: devices.console.consumed)])
    devices.console.output.withUnsafeBytes(part)
    devices.console.input.withUnsafeBytes(part)
    words([devices.timer.interval, devices.timer.ticks, devices.timer.isInterruptPending ? 1 : 0])
    wide(devices.timer.nextTick)
    for frame in memory.writtenFrames {
      let bytes = memory.frameBytes(frame)
      guard bytes.contains(where: { $0 != 0 }) else { continue }
      words([frame])
      bytes.withUnsafeBytes(part)
    }
  }
}
