import Monitor
import Onion
import OnionISA

/// A real trap in one line.
public struct TrapLogEntry: Hashable, Sendable {
  /// What came of it.
  public enum Outcome: Hashable, Sendable {
    /// On the bare machine: the program's own kernel handles it.
    case delivered
    /// Under the VMM: an instruction carried out on the virtual CPU.
    case emulated
    /// A call of a paravirtual guest's kernel, answered.
    case hypercall
    /// A hidden page fault: a shadow entry filled.
    case filledShadow
    /// A hidden page fault: a store to a guest page table, carried out.
    case tracedWrite
    /// Delivered to the guest's kernel.
    case reflected
    /// The VMM's own business: its timer, its single step.
    case monitorOnly
  }

  /// Steps before the one that took it.
  public var step: UInt64
  /// The pc that was saved.
  public var pc: VirtualAddress
  public var trap: Trap
  public var fromRing: Ring
  public var toRing: Ring
  public var outcome: Outcome

  /// Only the VMM was at work, and the instruction at `here` is still to be made, as it was before: the
  /// program noticed nothing.
  func isUnnoticed(at here: VirtualAddress) -> Bool {
    switch outcome {
    case .filledShadow, .monitorOnly:
      pc == here && (trap.vector.kind == .fault || trap.vector.kind == .interrupt)
    case .delivered, .emulated, .hypercall, .tracedWrite, .reflected: false
    }
  }
}

extension Session {
  /// The real trap of the step that led here, if it took one.
  var trapOfLastStep: TrapLogEntry? {
    trapLog.last.flatMap { $0.step + 1 == world.steps ? $0 : nil }
  }

  /// Notes the trap that the last step took; false if it took none.
  @discardableResult
  func logTrap(before: TrapCounts) -> Bool {
    guard world.trapCount != before.real else { return false }
    let entry: TrapLogEntry
    switch world {
    case .bare(let machine):
      let note = machine.lastDelivery
      entry = TrapLogEntry(
        step: world.steps - 1, pc: note.pc, trap: note.trap, fromRing: note.fromRing,
        toRing: note.toRing, outcome: .delivered)
    case .guest(let monitor):
      guard let note = monitor.lastEntry else { return false }
      entry = TrapLogEntry(
        step: world.steps - 1, pc: note.pc, trap: Trap(note.vector, error: note.error),
        fromRing: note.status.cpl, toRing: .ring0, outcome: TrapLogEntry.Outcome(monitor.lastCause))
    }
    trapLog.append(entry)
    if trapLog.count > Self.trapLogLimit { trapLog.removeFirst(trapLog.count / 10) }
    return true
  }
}

/// How many real traps there were before a step, to see whether it took one.
struct TrapCounts {
  var real: UInt64

  init(_ world: World) { real = world.trapCount }
}

extension TrapLogEntry.Outcome {
  /// What came of an entry into the VMM, by what the VMM says that it was.
  init(_ cause: MonitorCause) {
    self =
      switch cause {
      case .own: .monitorOnly
      case .hiddenFault: .filledShadow
      case .tracedWrite: .tracedWrite
      case .delivered: .reflected
      case .emulated(.vmcall): .hypercall
      case .emulated: .emulated
      }
  }
}
