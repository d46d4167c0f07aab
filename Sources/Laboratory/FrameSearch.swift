import Onion
import OnionISA

/// What a step did to the nesting of calls and handlers.
enum StepEffect {
  case none
  /// A call, or a trap whose handler goes on behind the instruction.
  case enters
  /// A fault or an interrupt at that place: if the handler comes back there, the instruction is still to
  /// be made.
  case entersAside(VirtualAddress)
  /// A return from a call or a handler, to that place.
  case leaves(VirtualAddress)
  /// The VMM prepared the instruction, and the program noticed nothing.
  case unnoticed
}

/// What is to be known of a machine before a step, to tell the step's effect.
struct StepOrigin {
  private var pc: VirtualAddress
  private var decoded: DecodedInstruction?
  /// Virtual interrupts delivered so far.
  private var interrupts: UInt64

  init(_ world: World) {
    pc = world.pc
    decoded = world.word(at: world.pc).flatMap { DecodedInstruction(word: $0) }
    interrupts = world.monitor?.counts.interrupts ?? 0
  }

  /// - Parameters:
  ///   - trap: the real trap that the step took, if it took one.
  ///   - world: the world after the step.
  func effect(of trap: TrapLogEntry?, in world: World) -> StepEffect {
    let own = ownEffect(of: trap, to: world.pc)
    // The VMM may deliver a virtual interrupt on its way back to the guest.
    guard let monitor = world.monitor, monitor.counts.interrupts != interrupts else {
      return own
    }
    if case .leaves = own { return .none }
    return .entersAside(pc)
  }

  private func ownEffect(of trap: TrapLogEntry?, to end: VirtualAddress) -> StepEffect {
    guard let trap else {
      if decoded?.isCall == true { return .enters }
      return decoded?.isReturn == true ? .leaves(end) : .none
    }
    switch trap.outcome {
    case .delivered, .reflected:
      return trap.trap.vector.kind == .trap ? .enters : .entersAside(pc)
    case .emulated: return decoded?.instruction == .iret ? .leaves(end) : .none
    case .tracedWrite, .hypercall: return .none
    case .filledShadow, .monitorOnly: return .unnoticed
    }
  }
}

extension DecodedInstruction {
  /// A jump that leaves its return address where `ret` looks for it.
  var isCall: Bool { (instruction == .jal || instruction == .jalr) && d == .ra }

  /// `ret` or `iret`.
  var isReturn: Bool {
    instruction == .iret || instruction == .jalr && d == .zero && a == .ra
  }
}

/// Finds, going back step by step, where the present function or the last instruction began.
struct FrameSearch {
  enum Goal {
    /// Before the last instruction of this function, or so many of them.
    case next(UInt64)
    /// Before what led into this function.
    case finish
  }

  /// Instructions to go back over; nil: over all that the function has made.
  private var count: UInt64?
  /// Where functions and handlers came back to that were left later in time, and not entered yet.
  private var returns: [VirtualAddress] = []

  init(_ goal: Goal) {
    if case .next(let count) = goal { self.count = count }
  }

  /// Where to land, if it is among these steps; else call it again with those before.
  mutating func landing(_ effects: [StepEffect], from first: UInt64) -> UInt64? {
    for (index, effect) in effects.enumerated().reversed() {
      let step = first + UInt64(index)
      switch effect {
      case .leaves(let place): returns.append(place)
      case .enters:
        if returns.popLast() == nil {
          if isLast(isEntry: true) { return step }
        } else if returns.isEmpty, isLast() {
          return step
        }
      case .entersAside(let place):
        if let end = returns.popLast() {
          if returns.isEmpty, end != place, isLast() { return step }
        } else if isLast(isEntry: true) {
          return step
        }
      case .none:
        if returns.isEmpty, isLast() { return step }
      case .unnoticed: break
      }
    }
    return nil
  }

  /// Counts an instruction of the function, or what led into it; true if that is where to land.
  private mutating func isLast(isEntry: Bool = false) -> Bool {
    guard let count else { return isEntry }
    self.count = count - 1
    return count == 1
  }
}
