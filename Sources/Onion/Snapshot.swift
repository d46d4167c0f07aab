import OnionISA

/// The whole machine at one moment: restoring it and running on gives the same run again.
public struct MachineSnapshot: Sendable {
  public var cpu: CPUSnapshot
  public var devices: Devices
  public var memory: MemorySnapshot

  /// Steps since reset when it was taken.
  public var steps: UInt64 { cpu.state.steps }
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

  /// The same machine at the same moment, with a memory of its own, and with nothing that pauses its runs; nil if
  /// the host has no room for it.
  public convenience init?(copying other: Machine) {
    self.init(profile: other.profile, memorySize: other.memory.size)
    restore(other.snapshot())
    cycleTable = other.cycleTable
    acceptsInput = other.acceptsInput
    doorway = other.doorway
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

  /// Disk and network, as far as they were ever used: a machine that has none is described as before.
  private func describe(_ devices: Devices, _ part: (UnsafeRawBufferPointer) -> Void) {
    devices.describeTransfers(part)
    for (number, disk) in devices.disks.enumerated() {
      guard let disk else {
        [UInt32(number), .max].withUnsafeBytes(part)
        continue
      }
      for sector in disk.usedSectors {
        [UInt32(number), sector].map(\.littleEndian).withUnsafeBytes(part)
        disk[sector]?.withUnsafeBytes(part)
      }
    }
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
    devices.console.output.withPieces(part)
    devices.console.input.withUnsafeBytes(part)
    words([devices.timer.interval, devices.timer.ticks, devices.timer.isInterruptPending ? 1 : 0])
    wide(devices.timer.nextTick)
    describe(devices, part)
    for frame in memory.writtenFrames {
      let bytes = memory.frameBytes(frame)
      guard bytes.contains(where: { $0 != 0 }) else { continue }
      words([frame])
      bytes.withUnsafeBytes(part)
    }
  }
}

extension Devices {
  /// The registers of disk controller and network card and what the card has, for digests; nothing if they
  /// are as after reset.
  public func describeTransfers(_ part: (UnsafeRawBufferPointer) -> Void) {
    guard disk != DiskController() || network != NetworkCard() else { return }
    var words: [UInt32] = [
      disk.sector, disk.address, disk.selected, disk.state.rawValue,
      disk.isInterruptPending ? 1 : 0, UInt32(truncatingIfNeeded: disk.due),
      UInt32(network.ownAddress), network.buffer, network.length, network.state.rawValue,
      network.isInterruptPending ? 1 : 0, UInt32(truncatingIfNeeded: network.due),
      network.receiving ?? .max, UInt32(truncatingIfNeeded: network.received),
      UInt32(truncatingIfNeeded: network.dropped),
    ]
    if let command = disk.command {
      words += [command.isWrite ? 1 : 0, command.disk, command.sector, command.address]
    }
    words.map(\.littleEndian).withUnsafeBytes(part)
    withUnsafeBytes(of: network.sent.count.littleEndian, part)
    withUnsafeBytes(of: network.sent.digest.littleEndian, part)
    for arrival in network.waiting { arrival.frame.withUnsafeBytes(part) }
  }
}
