import Onion
import OnionISA

/// Everything that the VMM remembers, as a value, so that a session can go back.
struct MonitorState: Hashable, Sendable {
  /// The virtual machine that has the CPU, or had it last.
  var current: VirtualMachine
  /// The real counters when the guest was resumed last.
  var resumedAtCycle: UInt64 = 0
  var resumedAtInstret: UInt64 = 0
  /// Real steps that were the VMM's own: its `iret`s.
  var ownSteps: UInt64 = 0
  /// Steps of the guest that the real CPU didn't make: waking from a wait for input.
  var extraSteps: UInt64 = 0
  /// Entries into the VMM, for all guests.
  var entries: UInt64 = 0
  var lastEntry: MonitorEntry?
  /// What the entry turned out to be, for whom it is charged to.
  var cause = MonitorAccount.own
  /// What it had turned out to be when the CPU was given to another guest; nil if it wasn't.
  var causeBeforeSwitch: MonitorAccount.Slot?
  /// What the real timer is set for; nil while it is off.
  var timerPurpose: TimerPurpose?

  /// An interrupt was delivered and another is to be, before the first instruction of the handler: the VMM keeps the
  /// CPU, and the next step goes on with it.
  var deliversAgain = false

  // While there is one guest, and no cap, nothing of the following is used.

  /// Several guests, or a share: the scheduler decides who runs.
  var isShared = false
  /// Every virtual machine; the current one's place holds what it was when it was put on the CPU.
  var machines: [VirtualMachine] = []
  var currentIndex = 0
  /// The guest that gets what is typed.
  var consoleIndex = 0
  /// Nobody has anything to run: the VMM has the CPU.
  var isStalled = false
  /// The cycle from which what the current guest uses is not counted yet.
  var onSince: UInt64 = 0
  /// When the current guest was put on the CPU, or its slice began anew.
  var sliceStart: UInt64 = 0
  /// Its virtual time then.
  var sliceStartTime: UInt64 = 0
  /// No guest that has something to run is behind this virtual time.
  var leastTime: UInt64 = 0
  /// Cycles in which no guest had anything to run.
  var idleCycles: UInt64 = 0
  /// When the caps' window ends.
  var windowEnd: UInt64 = 0
  /// The machine's frames that no guest has.
  var freeFrames: FreeFrames

  init(_ first: VirtualMachine, free: FreeFrames) {
    current = first
    freeFrames = free
  }
}

// What is the current virtual machine's, by its own name: most of the VMM's work concerns one guest.
extension MonitorState {
  var guest: Guest {
    @inline(__always) _read { yield current.guest }
    @inline(__always) _modify { yield &current.guest }
  }

  var pages: MonitorPages {
    @inline(__always) _read { yield current.pages }
    @inline(__always) _modify { yield &current.pages }
  }

  var shadows: ShadowState {
    @inline(__always) _read { yield current.shadows }
    @inline(__always) _modify { yield &current.shadows }
  }

  var pc: VirtualAddress {
    @inline(__always) get { current.pc }
    @inline(__always) set { current.pc = newValue }
  }

  var stepsForInterrupt: Bool {
    @inline(__always) get { current.stepsForInterrupt }
    @inline(__always) set { current.stepsForInterrupt = newValue }
  }

  var usesCompressedTable: Bool {
    @inline(__always) get { current.usesCompressedTable }
    @inline(__always) set { current.usesCompressedTable = newValue }
  }
}
