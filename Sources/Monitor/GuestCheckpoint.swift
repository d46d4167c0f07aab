import Onion
import OnionISA

/// A guest at one moment, apart from the machine that it ran on: virtual CPU, memory, devices in the middle of
/// what they do, disks, and what is typed and not read yet.
///
/// Shadow tables aren't part of it: they are made again where it goes on.
public struct GuestCheckpoint: Hashable, Sendable {
  /// The virtual machine as it was; where its memory lay, and its shadow tables, mean nothing any more.
  let vm: VirtualMachine
  /// The frames that hold something else than zeros.
  let frames: [UInt32: [UInt8]]
  /// What its part of each disk held; nil: one that was not there.
  let disks: [DiskContents?]
  public let profile: Profile

  public var name: String { vm.guest.name }
  /// Bytes.
  public var memorySize: UInt32 { vm.guest.memorySize }
  /// Bytes of memory that aren't 0, in whole frames.
  public var usedMemory: UInt32 { UInt32(frames.count) << 12 }
  /// It had not ended.
  public var isRunning: Bool { vm.guest.cpu.stop == nil }
  /// Guest instructions that it had completed.
  public var instructions: UInt64 { vm.guest.cpu.instret }

  /// Hashing all of a guest's memory would be slow, and nobody keeps many of them in a set.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(instructions)
  }
}

/// Why a guest can't go on from a checkpoint.
public enum RestoreError: Error, Hashable, Sendable {
  /// It ran on a CPU with the other profile.
  case otherProfile(Profile)
  /// The guest that it is to replace has another memory size.
  case otherMemorySize(UInt32)
  case monitor(MonitorError)
}

extension VirtualMachineMonitor {
  /// A guest as it is now. Nothing changes by it.
  public func checkpoint(of index: Int) -> GuestCheckpoint {
    var vm =
      index == state.currentIndex && !(state.isShared && state.isStalled)
      ? caughtUp : state.isShared ? state.machines[index] : caughtUp
    vm.share = shares[index]
    if let since = vm.share.haltedAt {
      // While it halts, its clock runs with the machine's.
      vm.guest.cpu.cycles += machine.cycles - since
      vm.guest.counts.idleCycles += machine.cycles - since
    }
    vm.share.haltedAt = nil
    vm.share.readySince = nil
    vm.share.usedInWindow = 0
    if index == consoleIndex {
      let console = machine.devices.console
      vm.guest.devices.console.input += console.input.dropFirst(console.consumed)
    }
    vm.shadows = ShadowState(pool: 0..<0)
    var frames: [UInt32: [UInt8]] = [:]
    for number in 0..<vm.guest.memory.count {
      guard let frame = vm.guest.memory[GuestFrame(number)] else { continue }
      let bytes = machine.directRead(frame.start.rawValue, count: 4096) ?? []
      if bytes.contains(where: { $0 != 0 }) { frames[number] = bytes }
    }
    return GuestCheckpoint(
      vm: vm, frames: frames, disks: disks(of: index), profile: machine.profile)
  }

  /// Makes a new guest that goes on from a checkpoint, of this machine or of another. It begins paused.
  public func addGuest(
    from checkpoint: GuestCheckpoint, name: String
  ) throws(RestoreError) {
    try check(checkpoint)
    let pool: Range<UInt32>
    let memory: MemoryMap
    do throws(MonitorError) {
      (pool, memory) = try takeMemory(for: checkpoint.memorySize)
    } catch {
      throw .monitor(error)
    }
    if !state.isShared { beginSharing() }
    var vm = placed(checkpoint, in: memory, pool: pool, index: state.machines.count)
    vm.guest.name = name
    append(vm)
  }

  /// Makes a guest what it was, its memory and disks included; its name, weight and cap stay, and whether it is
  /// paused.
  public func restoreGuest(
    _ index: Int, from checkpoint: GuestCheckpoint
  ) throws(RestoreError) {
    try check(checkpoint)
    if !state.isShared { beginSharing() }
    let size = state.machines[index].guest.memorySize
    guard size == checkpoint.memorySize else { throw .otherMemorySize(size) }
    guard let memory = completed(state.machines[index].guest.memory) else {
      throw .monitor(.noRoom(memorySize: size))
    }
    withCPU {
      let old = state.machines[index]
      var vm = placed(checkpoint, in: memory, pool: old.shadows.pool, index: index)
      vm.guest.name = old.guest.name
      vm.guest.devices.network.ownAddress = old.guest.devices.network.ownAddress
      vm.share.weight = old.share.weight
      vm.share.cap = old.share.cap
      vm.share.isPaused = old.share.isPaused
      vm.share.virtualTime = max(old.share.virtualTime, state.leastTime)
      state.machines[index] = vm
    }
  }

  private func check(_ checkpoint: GuestCheckpoint) throws(RestoreError) {
    guard checkpoint.profile == machine.profile else {
      throw .otherProfile(checkpoint.profile)
    }
  }

  /// A map with frames in the places of those that were given up; nil if the machine has none left.
  private func completed(_ map: MemoryMap) -> MemoryMap? {
    guard let frames = state.freeFrames.take(UInt32(map.givenUp)) else { return nil }
    var (map, rest) = (map, frames[...])
    for number in 0..<map.count where map[GuestFrame(number)] == nil {
      if let frame = rest.popFirst() {
        _ = map.take(MachineFrame(frame), at: GuestFrame(number))
      }
    }
    return map
  }

  /// The checkpoint's virtual machine with its memory and disks put into this machine.
  private func placed(
    _ checkpoint: GuestCheckpoint, in whole: MemoryMap, pool: Range<UInt32>, index: Int
  ) -> VirtualMachine {
    let zeros = [UInt8](repeating: 0, count: 4096)
    var memory = whole
    for number in 0..<memory.count {
      guard let frame = memory[GuestFrame(number)] else { continue }
      _ = machine.directWrite(
        checkpoint.frames[number] ?? zeros, at: frame.start.rawValue, by: nil)
      // What it had given up stays so.
      if checkpoint.vm.guest.memory[GuestFrame(number)] == nil,
        let frame = memory.giveUp(GuestFrame(number))
      {
        state.freeFrames.giveBack(frame)
      }
    }
    var vm = checkpoint.vm
    vm.guest.memory = memory
    vm.shadows = ShadowState(pool: pool)
    vm.missingDisks = []
    for (number, contents) in checkpoint.disks.enumerated() {
      if let contents {
        machine.devices.disks[number]?[Self.diskSlice(of: index)] = contents
      } else {
        vm.missingDisks.insert(number)
      }
    }
    if vm.guest.cpu.isWaiting {
      vm.share.haltedAt = machine.cycles
    } else if vm.guest.cpu.stop == nil {
      vm.share.readySince = machine.cycles
    }
    return vm
  }
}
