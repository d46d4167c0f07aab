import Onion
import OnionISA

/// The real machine and everything that the VMM remembers, at one moment.
public struct MonitorSnapshot: Sendable {
  public var machine: MachineSnapshot
  var state: MonitorState
  /// Steps of the guest when it was taken.
  public var steps: UInt64

  /// What the guest and the real machine printed so far, in bytes.
  public var outputBytes: Int {
    machine.devices.console.output.count + state.guest.devices.console.output.count
  }
}

extension VirtualMachineMonitor {
  public func snapshot() -> MonitorSnapshot {
    MonitorSnapshot(machine: machine.snapshot(), state: state, steps: steps)
  }

  /// Makes machine and VMM what they were.
  public func restore(_ snapshot: MonitorSnapshot) {
    machine.restore(snapshot.machine)
    state = snapshot.state
    events.removeAll()
  }

  /// Every byte of the state in one fixed order, for digests: the machine's, then what the guest
  /// believes and what its devices hold.
  public func describeState(_ part: (UnsafeRawBufferPointer) -> Void) {
    machine.describeState(part)
    func words(_ values: [UInt32]) { values.map(\.littleEndian).withUnsafeBytes(part) }
    let guest = state.guest
    words([guest.cpu.status.rawValue, state.pages.directoryIndex])
    words(ControlRegister.allCases.map { guest.cpu.value(of: $0, profile: machine.profile) })
    words([
      guest.cpu.isWaiting ? 1 : 0, guest.cpu.holdsInterrupts ? 1 : 0, guest.cpu.stop == nil ? 0 : 1,
      guest.devices.console.control, UInt32(truncatingIfNeeded: guest.devices.console.consumed),
      guest.devices.timer.interval, guest.devices.timer.ticks,
    ])
    guest.devices.console.output.withPieces(part)
    guest.devices.console.input.withUnsafeBytes(part)
    guest.devices.describeTransfers(part)
    guard state.isShared else { return }
    for (index, vm) in state.machines.enumerated() where index != state.currentIndex {
      words(vm.registers + [vm.pc.rawValue, vm.guest.cpu.status.rawValue, vm.share.weight])
      words([
        UInt32(truncatingIfNeeded: vm.guest.cpu.cycles), UInt32(truncatingIfNeeded: vm.share.used),
        vm.guest.cpu.stop == nil ? 0 : 1, vm.share.isPaused ? 1 : 0,
      ])
      vm.guest.devices.console.output.withPieces(part)
      vm.guest.devices.describeTransfers(part)
    }
  }
}
