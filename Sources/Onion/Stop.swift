import OnionISA

/// Why a machine, or a guest, will run no further.
public enum Stop: Hashable, Sendable {
  /// The program wrote 1 to the power port.
  case switchedOff
  /// `hlt` with IF = 0.
  case haltedForGood
  /// A guest only: it uses every 4 MiB of its address space, so the VMM's pages have no place left.
  case noRoomForMonitor
  /// `hlt` where no interrupt can ever come.
  case haltedNothingCanCome
  /// A trap whose delivery failed, and so did the double fault's.
  indirect case tripleFault(TripleFault)
}

/// The three steps to a stop.
public struct TripleFault: Hashable, Sendable {
  /// What was to be delivered first.
  public var first: Trap
  /// Why that failed.
  public var firstRefusal: Refusal
  /// Why the double fault's delivery failed.
  public var secondRefusal: Refusal
  /// The pc that would have been saved.
  public var pc: VirtualAddress

  public init(first: Trap, firstRefusal: Refusal, secondRefusal: Refusal, pc: VirtualAddress) {
    self.first = first
    self.firstRefusal = firstRefusal
    self.secondRefusal = secondRefusal
    self.pc = pc
  }
}

/// Why a run came back.
public enum Pause: Hashable, Sendable {
  /// As many steps were made as were asked for, or the cycle limit was reached.
  case limit
  /// For good.
  case stopped(Stop)
  /// `hlt` waits, and only typed input can end that.
  case waitingForInput
  /// pc has come to a breakpoint; the instruction there has not begun.
  case breakpoint
  /// The last step made an access that a watch asks for: ``Machine/watchHits`` tells which.
  case watched
  /// Ring 0 fetched a doorway word: the VMM is to act.
  case doorway(Vector)
}
