import Onion
import OnionISA

// The guest's disks and network card: its own controllers, on parts of the real disks.
extension VirtualMachineMonitor {
  /// What of each real disk is the guest's.
  public var diskSlice: DiskSlice {
    let count = DiskContents.usualSectorCount
    return DiskSlice(first: UInt32(state.currentIndex) * count, count: count)
  }

  /// Carries out the transfers of the guest's devices that are due. Addresses are the guest's: they are
  /// translated by the VMM's map and checked against the guest's memory.
  func completeTransfers() -> [DeviceEvent] {
    var disks = machine.devices.disks
    machine.devices.disks = []
    defer { machine.devices.disks = disks }
    let sent = state.guest.devices.network.sent.count
    let events = state.guest.devices.completeTransfers(
      at: state.guest.cpu.cycles, disks: &disks, slice: diskSlice, memory: GuestTransfers(self))
    for frame in state.guest.devices.network.sent.dropFirst(sent) {
      forward(frame, from: state.currentIndex)
    }
    return events
  }
}

/// The guest's memory as its devices reach it.
private struct GuestTransfers: DirectMemory {
  let monitor: VirtualMachineMonitor
  let start: MachineAddress
  let size: UInt32

  init(_ monitor: VirtualMachineMonitor) {
    self.monitor = monitor
    start = monitor.state.guest.memoryStart
    size = monitor.state.guest.memorySize
  }

  private func isInside(_ address: UInt32, _ count: Int) -> Bool {
    UInt64(address) + UInt64(count) <= UInt64(size)
  }

  func directRead(_ address: UInt32, count: Int) -> [UInt8]? {
    guard isInside(address, count) else { return nil }
    return monitor.machine.directRead(start.rawValue + address, count: count)
  }

  func directWrite(_ bytes: [UInt8], at address: UInt32) -> Bool {
    guard isInside(address, bytes.count),
      monitor.machine.directWrite(bytes, at: start.rawValue + address)
    else { return false }
    // What was derived from page-table entries that were written is dropped.
    for offset in stride(from: 0, to: UInt32(bytes.count), by: 4) {
      let place = GuestPhysicalAddress((address + offset) & ~3)
      if monitor.state.shadows.isTraced(place.frame) { monitor.dropDerived(from: place) }
    }
    return true
  }
}
