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
  /// Whose the guests' frames are; nil on the bare machine.
  var owners: [MachineFrame: MemoryOwner]?

  init(_ world: World) {
    let machine = world.machine
    step = world.steps
    context = world.context
    controls = ControlRegister.stateful.map(machine.value(of:))
    fetchTLB = machine.fetchTLBEntries
    dataTLB = machine.dataTLBEntries
    isWaiting = world.isWaiting
    devices = world.devices
    memory =
      switch world.snapshot() {
      case .bare(let snapshot): snapshot.memory
      case .guest(let snapshot): snapshot.machine.memory
      }
    owners = world.monitor.map { monitor in
      var owners: [MachineFrame: MemoryOwner] = [:]
      for (index, guest) in monitor.guests.enumerated() {
        let owner = index == monitor.currentIndex ? MemoryOwner.program : .guest(guest.name)
        for frame in guest.memory.machineFrames { owners[frame] = owner }
      }
      return owners
    }
  }
}

/// Whose a stretch of the machine's memory is.
public enum MemoryOwner: Hashable, Sendable {
  /// The program's that the session steps through: under the VMM the guest's that has the CPU.
  case program
  /// Another guest's.
  case guest(String)
  /// The VMM's own, or nobody's.
  case monitor
}

extension ControlRegister {
  /// Those that hold what was put into them; the others count, or never change.
  static let stateful: [ControlRegister] = [.mode, .ptbr, .tvec, .ksp0, .ksp1, .ksp2, .badaddr]
}
