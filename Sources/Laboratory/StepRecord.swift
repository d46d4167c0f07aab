import Monitor
import Onion
import OnionISA

/// One step as it happened: the record from which trap cards, `why` and `trace` are built.
public struct StepRecord: Sendable {
  /// Steps made before this one.
  public var number: UInt64
  /// The name of the guest that made the step; nil on the bare machine.
  public var guest: String?
  /// Its place among the guests; 0 on the bare machine.
  public var guestIndex: Int
  public var before: MachineContext
  public var after: MachineContext
  /// What the CPU, the MMU and the devices did, in order.
  public var machine: [MachineEvent]
  /// What the VMM did, in order, with what it was charged; empty on the bare machine and for a step
  /// that ran directly.
  public var monitor: [ChargedEvent]
  /// Real traps of the machine's history, with this step's.
  public var trapCount: UInt64

  public init(
    number: UInt64, guest: String?, guestIndex: Int = 0, before: MachineContext,
    after: MachineContext,
    machine: [MachineEvent], monitor: [ChargedEvent], trapCount: UInt64 = 0
  ) {
    self.number = number
    self.guest = guest
    self.guestIndex = guestIndex
    self.before = before
    self.after = after
    self.machine = machine
    self.monitor = monitor
    self.trapCount = trapCount
  }
}

/// What a learner compares before and after a step.
public struct MachineContext: Hashable, Sendable {
  public var pc: VirtualAddress
  /// The real status.
  public var status: Status
  /// r0 to r15.
  public var registers: [UInt32]
  public var cycles: UInt64
  public var instructionsRetired: UInt64
  /// What the guest believes; nil on the bare machine.
  public var virtual: VirtualCPU?

  public init(
    pc: VirtualAddress, status: Status, registers: [UInt32], cycles: UInt64,
    instructionsRetired: UInt64, virtual: VirtualCPU?
  ) {
    self.pc = pc
    self.status = status
    self.registers = registers
    self.cycles = cycles
    self.instructionsRetired = instructionsRetired
    self.virtual = virtual
  }
}

extension StepRecord {
  /// The instruction that the CPU fetched, if it got so far.
  public var instruction: (pc: VirtualAddress, word: UInt32, decoded: DecodedInstruction)? {
    for case .fetched(let pc, let word, let decoded) in machine where pc == before.pc {
      return (pc, word, decoded)
    }
    return nil
  }

  /// The first delivery of the step: the real trap or interrupt.
  public var delivery: Delivery? {
    for case .delivered(let delivery) in machine { return delivery }
    return nil
  }

  /// Why the CPU refused the step's instruction, if it did.
  public var refusal: Refusal? {
    for case .refused(let refusal) in machine { return refusal }
    return nil
  }

  /// The guest that has the CPU after the step instead of the one that made it, by its place; nil if it is the same.
  public var switchedTo: Int? {
    for case .switchedGuest(_, let to, _) in monitor.map(\.event).reversed() {
      return to == guestIndex ? nil : to
    }
    return nil
  }

  /// Which trap of the machine's history it is, from 1. A triple fault on the bare machine delivers none, and
  /// is the next.
  public var trapNumber: UInt64 {
    guest != nil || delivery != nil ? trapCount : trapCount + 1
  }

  /// What came of the step's trap.
  public var outcome: TrapLogEntry.Outcome {
    guard guest != nil else { return .delivered }
    for event in ownEvents {
      switch event {
      case .emulated: return .emulated
      case .hypercall: return .hypercall
      case .filledShadow: return .filledShadow
      case .tracedWrite: return .tracedWrite
      case .delivered: return .reflected
      default: break
      }
    }
    return .monitorOnly
  }

  /// The first thing that the VMM did, before it gave the CPU to another guest, of which `body` makes something.
  public func firstEvent<Result>(_ body: (MonitorEvent) -> Result?) -> Result? {
    ownEvents.lazy.compactMap(body).first
  }

  /// The guest's own kernel was told of that vector, or was to be told and could not.
  public func isDelivered(_ vector: Vector) -> Bool {
    ownEvents.contains { event in
      switch event {
      case .delivered(let delivery): delivery.request.trap.vector == vector
      case .deliveryFailed(let trap, _): trap.vector == vector
      default: false
      }
    }
  }

  /// The VMM delivered a trap or an interrupt to the guest's own kernel.
  public var tellsGuest: Bool {
    ownEvents.contains { event in
      if case .delivered = event { true } else { false }
    }
  }

  /// What the VMM did until it gave the CPU to another guest: that one's interrupts are not this step's.
  private var ownEvents: some Sequence<MonitorEvent> {
    monitor.lazy.map(\.event).prefix { event in
      if case .switchedGuest = event { false } else { true }
    }
  }

  /// The step took a trap or an interrupt, or ended in a triple fault.
  public var isTrap: Bool {
    machine.contains { event in
      switch event {
      case .delivered, .deliveryFailed: true
      default: false
      }
    }
  }
}
