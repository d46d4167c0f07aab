import Monitor
import Onion
import OnionISA

/// Everything that a world is made of at one step, as a value to compare with that of another.
public struct Moment: Sendable {
  /// Steps made before it.
  public var step: UInt64
  var context: MachineContext
  /// The real control registers, those that only count left out.
  var controls: [UInt32]
  var fetchTLB: [TLBEntry]
  var dataTLB: [TLBEntry]
  var isWaiting: Bool
  /// The program's own: the guest's under the VMM.
  var devices: Devices
  var memory: MemorySnapshot
  /// Where the guest's memory lies; nil on the bare machine.
  var guestMemory: Range<UInt64>?

  init(_ world: World) {
    let machine = world.machine
    step = world.steps
    context = world.context
    controls = ControlRegister.stateful.map(machine.value(of:))
    fetchTLB = machine.fetchTLBEntries
    dataTLB = machine.dataTLBEntries
    isWaiting = world.monitor?.isWaiting ?? machine.isWaiting
    devices = world.devices
    memory =
      switch world.snapshot() {
      case .bare(let snapshot): snapshot.memory
      case .guest(let snapshot): snapshot.machine.memory
      }
    guestMemory = world.monitor.map { monitor in
      let start = UInt64(monitor.guest.memoryStart.rawValue)
      return start..<start + UInt64(monitor.guest.memorySize)
    }
  }
}

extension ControlRegister {
  /// Those that hold what was put into them; the others count, or never change.
  static let stateful: [ControlRegister] = [.mode, .ptbr, .tvec, .ksp0, .ksp1, .ksp2, .badaddr]
}
