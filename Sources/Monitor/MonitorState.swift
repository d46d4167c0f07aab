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
  var lastEntry: MonitorEntry?
  /// What the entry turned out to be.
  var cause = MonitorAccount.own

  init(_ first: VirtualMachine) { current = first }
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
