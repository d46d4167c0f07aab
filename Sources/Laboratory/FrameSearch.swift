import Monitor
import Onion
import OnionISA

/// Which code was interrupted, or is gone back to: a program keeps these until its handler returns.
struct FrameContext: Hashable {
  /// The page directory; nil with paging off.
  var directory: UInt32?
  var ring: Ring
  var stackPointer: UInt32

  /// - Parameter guest: whose, by its place; nil: of what runs.
  init(_ world: World, guest: Int?) {
    let cpu = world.guest(guest)?.cpu
    let isCurrent = guest == nil || guest == world.monitor?.currentIndex
    ring = isCurrent ? world.ring : cpu?.ring ?? world.ring
    stackPointer = world.value(of: .sp, ofGuest: guest)
    directory =
      world.isPagingOn(forGuest: guest) ? cpu?.ptbr ?? world.machine.value(of: .ptbr) : nil
  }
}

/// What a step did to the nesting of calls and handlers.
enum StepEffect {
  case none
  case calls
  /// A return from a call.
  case returns
  /// A trap whose handler goes on behind the instruction.
  case enters(FrameContext)
  /// A fault or an interrupt at that place: if the handler comes back there, the instruction is still to
  /// be made.
  case entersAside(VirtualAddress, FrameContext)
  /// A return from a handler, to that place.
  case resumes(VirtualAddress, FrameContext)
  /// The VMM prepared the instruction, and the program noticed nothing; or another guest made the step.
  case unnoticed
}

/// What is to be known of a machine before a step, to tell the step's effect on one program.
struct StepOrigin {
  /// The guest that is asked about; nil on the bare machine.
  private var guest: Int?
  private(set) var pc: VirtualAddress
  private(set) var context: FrameContext
  /// What it is about to make; nil if another guest has the CPU.
  private var decoded: DecodedInstruction?
  private var hasCPU: Bool
  /// Virtual interrupts delivered to it so far.
  private var interrupts: UInt64

  init(_ world: World, guest: Int?) {
    self.guest = guest
    pc = world.pc(ofGuest: guest)
    context = FrameContext(world, guest: guest)
    hasCPU = guest == nil || guest == world.monitor?.currentIndex
    decoded = hasCPU ? world.word(at: pc).flatMap { DecodedInstruction(word: $0) } : nil
    interrupts = world.guest(guest)?.counts.interrupts ?? 0
  }

  /// - Parameters:
  ///   - trap: the real trap that the step took, if it took one.
  ///   - world: the world after the step.
  func effect(of trap: TrapLogEntry?, in world: World) -> StepEffect {
    let own = hasCPU ? ownEffect(of: trap, in: world) : .unnoticed
    // The VMM may deliver a virtual interrupt on its way back to the guest.
    guard let counts = world.guest(guest)?.counts, counts.interrupts != interrupts else {
      return own
    }
    if case .resumes = own { return .none }
    return .entersAside(pc, context)
  }

  private func ownEffect(of trap: TrapLogEntry?, in world: World) -> StepEffect {
    let resumed = StepEffect.resumes(
      world.pc(ofGuest: guest), FrameContext(world, guest: guest))
    guard let trap else {
      guard let decoded else { return .none }
      if decoded.instruction == .iret { return resumed }
      return decoded.isCall ? .calls : decoded.isReturn ? .returns : .none
    }
    switch trap.outcome {
    case .delivered, .reflected:
      return trap.trap.vector.kind == .trap ? .enters(context) : .entersAside(pc, context)
    case .emulated: return decoded?.instruction == .iret ? resumed : .none
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

  /// A function or handler that was left later in time, and not entered yet.
  private struct Left {
    /// For a handler the code that it went back to; nil: a call that returned.
    var context: FrameContext?
    var place: VirtualAddress?
  }

  /// Instructions to go back over; nil: over all that the function has made.
  private var count: UInt64?
  private var left: [Left] = []

  init(_ goal: Goal) {
    if case .next(let count) = goal { self.count = count }
  }

  /// Where to land, if it is among these steps; else call it again with those before.
  mutating func landing(_ effects: [StepEffect], from first: UInt64) -> UInt64? {
    for (index, effect) in effects.enumerated().reversed() {
      let step = first + UInt64(index)
      switch effect {
      case .returns: left.append(Left())
      case .resumes(let place, let context): left.append(Left(context: context, place: place))
      case .calls:
        if left.isEmpty {
          if isLast(isEntry: true) { return step }
        } else if left.last?.context == nil {
          left.removeLast()
          if left.isEmpty, isLast() { return step }
        }
      // While a handler's return waits for its beginning, calls and other programs' traps are all inside it.
      case .enters(let context):
        guard let handler = entered(context) else { continue }
        if isLast(isEntry: handler.isOwn) { return step }
      case .entersAside(let place, let context):
        guard let handler = entered(context), handler.isOwn || handler.place != place else {
          continue
        }
        if isLast(isEntry: handler.isOwn) { return step }
      case .none:
        if left.isEmpty, isLast() { return step }
      case .unnoticed: break
      }
    }
    return nil
  }

  /// A trap out of that code: the handler that was entered there, and where it went back to; nil if it is still
  /// inside of another one. `isOwn`: it hasn't gone back, the present function belongs to it.
  private mutating func entered(
    _ context: FrameContext
  ) -> (isOwn: Bool, place: VirtualAddress?)? {
    if let index = left.lastIndex(where: { $0.context == context }) {
      let place = left[index].place
      left.removeSubrange(index...)
      return left.isEmpty ? (false, place) : nil
    }
    guard left.allSatisfy({ $0.context == nil }) else { return nil }
    // Returns without a call were jumps within the handler.
    left = []
    return (true, nil)
  }

  /// Counts an instruction of the function, or what led into it; true if that is where to land.
  private mutating func isLast(isEntry: Bool = false) -> Bool {
    guard let count else { return isEntry }
    self.count = count - 1
    return count == 1
  }
}
