import Onion
import OnionISA

/// Looks for a state that comes again, at the traps of a run.
///
/// Each trap is compared with one before it, the anchor, that moves on at distances which double: so a
/// round of any length is found, and a trap costs one comparison of vector and pc unless they are the
/// same. Only after registers came again is the whole machine compared, ever more rarely if in vain.
struct TrapLoopSearch {
  /// Traps before the first close look.
  private static let patience: UInt64 = 32

  /// What is quickly compared at a trap.
  private struct Sight {
    var entry: TrapLogEntry
    var pc: VirtualAddress
    var status: Status
    var registers: [UInt32]

    init(_ entry: TrapLogEntry, _ world: World) {
      self.entry = entry
      pc = world.pc
      status = world.machine.status
      registers = Register.all.map { world.machine[$0] }
    }

    func isMet(by entry: TrapLogEntry, in world: World) -> Bool {
      guard entry.pc == self.entry.pc, entry.trap == self.entry.trap else { return false }
      let machine = world.machine
      for (number, value) in registers.enumerated()
      where machine[Register(bits: UInt32(number))] != value {
        return false
      }
      return machine.status == status && world.pc == pc
    }
  }

  private var anchor: Sight?
  private var traps: UInt64 = 0
  /// Traps since the anchor moved, and at how many it moves again.
  private var distance: UInt64 = 0
  private var reach: UInt64 = 1
  /// The whole state where it may have been a round ago.
  private var witness: Moment?
  private var nextLook = Self.patience

  /// Takes in the trap that the last step took.
  ///
  /// - Returns: the steps between two moments in the same state, the second one being this.
  mutating func noteTrap(_ session: Session) -> Range<UInt64>? {
    guard let entry = session.trapLog.last else { return nil }
    traps += 1
    distance += 1
    var round: Range<UInt64>?
    if let anchor, anchor.isMet(by: entry, in: session.world) {
      if let earlier = witness {
        witness = nil
        nextLook = traps * 2
        let now = Moment(session.world)
        if now.isSameState(as: earlier) { round = earlier.step..<now.step }
      } else if traps >= nextLook {
        witness = Moment(session.world)
      }
    }
    if distance >= reach {
      anchor = Sight(entry, session.world)
      distance = 0
      reach *= 2
      witness = nil
    }
    return round
  }
}

extension Moment {
  /// Everything is the same but what only counts: steps, cycles and instructions.
  func isSameState(as other: Moment) -> Bool {
    context.uncounted == other.context.uncounted && controls == other.controls
      && fetchTLB == other.fetchTLB && dataTLB == other.dataTLB && isWaiting == other.isWaiting
      && devices == other.devices && memory.isSame(as: other.memory)
  }
}

extension MachineContext {
  fileprivate var uncounted: MachineContext {
    var copy = self
    copy.cycles = 0
    copy.instructionsRetired = 0
    copy.virtual?.cycles = 0
    copy.virtual?.instret = 0
    return copy
  }
}
