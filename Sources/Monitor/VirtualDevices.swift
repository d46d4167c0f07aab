import Onion
import OnionISA

// The guest's disks and network card: its own controllers, on parts of the real disks.
extension VirtualMachineMonitor {
  /// Sectors of each real disk: a part for every guest that there may be.
  public static let realSectorCount = DiskContents.usualSectorCount * UInt32(guestLimit)

  /// What of each real disk is the current guest's.
  public var diskSlice: DiskSlice { Self.diskSlice(of: state.currentIndex) }

  /// What of each real disk is a guest's.
  public static func diskSlice(of index: Int) -> DiskSlice {
    let count = DiskContents.usualSectorCount
    return DiskSlice(first: UInt32(index) * count, count: count)
  }

  /// What a guest's disks hold; nil: one that is not there.
  public func disks(of index: Int) -> [DiskContents?] {
    let missing = missingDisks(of: index)
    return machine.devices.disks.enumerated().map { number, disk in
      missing.contains(number) ? nil : disk?[Self.diskSlice(of: index)]
    }
  }

  /// Which of a guest's own disks were pulled, though the real ones are there.
  public func missingDisks(of index: Int) -> Set<Int> {
    index == state.currentIndex
      ? state.current.missingDisks
      : state.machines.indices.contains(index) ? state.machines[index].missingDisks : []
  }

  /// Pulls a disk of one guest only, or puts an empty one in its place. The others don't notice.
  public func setDisk(_ number: Int, isPresent: Bool, of index: Int) {
    change(index) { vm in
      if isPresent {
        vm.missingDisks.remove(number)
      } else {
        vm.missingDisks.insert(number)
      }
    }
    if isPresent, machine.devices.disks.indices.contains(number) {
      machine.devices.disks[number]?[Self.diskSlice(of: index)] = DiskContents()
    }
  }

  /// Carries out the transfers of the guest's devices that are due. Addresses are the guest's: they are
  /// translated by the VMM's map and checked against the guest's memory.
  func completeTransfers() -> [DeviceEvent] {
    var disks = machine.devices.disks
    machine.devices.disks = []
    var pulled: [Int: DiskContents] = [:]
    for number in state.current.missingDisks where disks.indices.contains(number) {
      pulled[number] = disks[number]
      disks[number] = nil
    }
    defer {
      for (number, disk) in pulled { disks[number] = disk }
      machine.devices.disks = disks
    }
    let sent = state.guest.devices.network.sent.count
    let events = state.guest.devices.completeTransfers(
      at: state.guest.cpu.cycles, disks: &disks, slice: diskSlice, memory: TracedTransfers(self))
    for frame in state.guest.devices.network.sent.after(sent) {
      forward(frame, from: state.currentIndex)
    }
    return events
  }
}

/// The guest's memory as its devices reach it.
private struct TracedTransfers: DirectMemory {
  let monitor: VirtualMachineMonitor
  let memory: GuestTransfers

  init(_ monitor: VirtualMachineMonitor) {
    self.monitor = monitor
    memory = GuestTransfers(monitor.machine, monitor.state.guest.memory)
  }

  func directRead(_ address: UInt32, count: Int) -> [UInt8]? {
    memory.read(address, count: count)
  }

  func directWrite(_ bytes: [UInt8], at address: UInt32, by device: TransferDevice?) -> Bool {
    guard memory.write(bytes, at: address, by: device) else { return false }
    // What was derived from page-table entries that were written is dropped.
    for offset in stride(from: 0, to: UInt32(bytes.count), by: 4) {
      let place = GuestPhysicalAddress((address + offset) & ~3)
      if monitor.state.shadows.isTraced(place.frame) { monitor.dropDerived(from: place) }
    }
    return true
  }
}
