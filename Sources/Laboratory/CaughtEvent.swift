import OnionISA

/// A kind of event at which a run can stop.
public enum CaughtEvent: Hashable, Sendable {
  /// Any real trap or interrupt.
  case anyTrap
  /// A real trap or interrupt of that vector.
  case vector(Vector)
  /// An `int`.
  case softwareTrap
  /// An interrupt from a device, also one that the VMM delivers to its guest.
  case interrupt
  /// The program's ring changed: the virtual one under the VMM.
  case ringChange
  /// The VMM was entered, and left again in the same step.
  case monitorEntry
  /// A page fault that the program's own kernel is told of.
  case truePageFault
  /// A page fault that the VMM keeps to itself: a shadow entry is filled, or a store to a page table carried out.
  case hiddenPageFault
  /// Another page table was put in force: a shadow table under the VMM.
  case tableSwitch
}

/// What events are told by, besides the trap that a step took.
struct EventState {
  /// The program's, or each guest's: another guest that gets the CPU is no change of ring.
  var rings: [Ring]
  /// Virtual interrupts delivered so far, to whichever guest; 0 on the bare machine.
  var interrupts: UInt64
  /// Shadow tables loaded so far, of whichever guest, or the bare machine's `ptbr`.
  var tables: UInt64

  init(_ world: World) {
    rings = world.rings
    interrupts = world.monitor?.interruptCount ?? 0
    tables = world.monitor?.tableSwitchCount ?? UInt64(world.machine.value(of: .ptbr))
  }
}

extension CaughtEvent {
  /// It happened in the last step.
  ///
  /// - Parameters:
  ///   - trap: the real trap of that step, if it took one.
  ///   - before: what held before the step.
  func happened(trap: TrapLogEntry?, before: EventState, after: EventState) -> Bool {
    switch self {
    case .anyTrap: trap != nil
    case .vector(let vector): trap?.trap.vector == vector
    case .softwareTrap: trap.map { Vector.software.contains($0.trap.vector.rawValue) } ?? false
    case .interrupt:
      trap?.trap.vector.kind == .interrupt || before.interrupts != after.interrupts
    case .ringChange: before.rings != after.rings
    case .monitorEntry: trap.map { $0.outcome != .delivered } ?? false
    case .truePageFault:
      trap?.trap.vector == .page
        && (trap?.outcome == .delivered || trap?.outcome == .reflected)
    case .hiddenPageFault: trap?.outcome == .filledShadow || trap?.outcome == .tracedWrite
    case .tableSwitch: before.tables != after.tables
    }
  }

  /// Where the engine must pause for it.
  var triggers: Triggers {
    switch self {
    case .ringChange, .tableSwitch: Triggers(atSystem: true)
    default: Triggers()
    }
  }
}
