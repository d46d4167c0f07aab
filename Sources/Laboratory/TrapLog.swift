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
    /// A hidden page fault: a shadow entry filled.
    case filledShadow
    /// A store to a guest page table.
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
    case .delivered, .emulated, .tracedWrite, .reflected: false
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
    let counts = TrapCounts(world, ofGuest: before.guest)
    guard counts.real != before.real else { return false }
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
        fromRing: note.status.cpl, toRing: .ring0, outcome: counts.outcome(since: before))
    }
    trapLog.append(entry)
    if trapLog.count > Self.trapLogLimit { trapLog.removeFirst(trapLog.count / 10) }
    return true
  }
}

/// The counts from which one trap's outcome is told.
struct TrapCounts {
  var real: UInt64
  /// Whose trap it is.
  var guest = 0
  var monitor: MonitorCounts?

  /// - Parameter guest: the guest that had the CPU, though it may have been taken from it meanwhile; nil: the one
  ///   that has it.
  init(_ world: World, ofGuest guest: Int? = nil) {
    switch world {
    case .bare(let machine): real = machine.lastDelivery.number
    case .guest(let monitor):
      let current = monitor.currentIndex
      self.guest = guest ?? current
      self.monitor =
        self.guest == current ? monitor.counts : monitor.guests[self.guest].counts
      real = monitor.entryCount
    }
  }

  func outcome(since before: TrapCounts) -> TrapLogEntry.Outcome {
    guard let now = monitor, let old = before.monitor else { return .delivered }
    if now.emulated != old.emulated { return .emulated }
    if now.hiddenFaults != old.hiddenFaults { return .filledShadow }
    if now.reflected != old.reflected { return .reflected }
    if now.tracedWrites != old.tracedWrites { return .tracedWrite }
    return .monitorOnly
  }
}
