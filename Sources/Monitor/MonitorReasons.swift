import Onion
import OnionISA

// Why the VMM did what it did: what its events carry, and its state where a later event is to tell it. Guests
// are named by their places.

/// What a guest's own devices have to do next.
public enum GuestAppointment: Hashable, Sendable {
  case tick
  case disk
  case network
}

/// What the VMM sets the real timer for.
public enum TimerPurpose: Hashable, Sendable {
  /// Something of the guest that runs is due.
  case own(GuestAppointment)
  /// Another has something to run, and the guest's slice is over then.
  case sliceEnd
  /// What the guest's cap leaves it is used up then.
  case capReached
  /// Another guest's `hlt` is over then; nil: it is already, and the guest that runs has the CPU a little longer.
  case wakes(guest: Int, GuestAppointment?)
  /// The caps' window ends then: another guest that used its own up may go on, or the guest that runs has more again.
  case capWindow(guest: Int)
}

/// What ended a time in which nobody had anything to run.
public enum WaitEnd: Hashable, Sendable {
  /// Something of a guest that halts was due.
  case appointment(GuestAppointment, guest: Int)
  /// A guest that had used up its cap may go on.
  case capWindow(guest: Int)
}

/// What nobody but somebody outside can end.
public enum Wait: Hashable, Sendable {
  /// A guest halts, and asks for an interrupt when somebody types.
  case input
  /// Those that could run are paused.
  case command
}

/// What became of a virtual `hlt`.
public enum Halt: Hashable, Sendable {
  /// TF is set: a step trap follows at once.
  case endsByStepTrap
  /// IF is 0: nothing can end it.
  case forGood
  /// It goes on until an interrupt, which may be pending already.
  case untilInterrupt
}

/// Why the CPU was taken from a guest.
public enum SwitchReason: Hashable, Sendable {
  /// It halts.
  case halted
  /// It will not run any further.
  case stopped
  /// Its slice is over, and another has had less.
  case sliceOver
  /// What its cap leaves it is used up.
  case capReached
  /// That guest's `hlt` is over, and it has had less.
  case woke(guest: Int)
  /// It had not got it: nobody had anything to run.
  case idle
}

/// Why a `vmcall` is not for the VMM.
public enum HypercallRefusal: Hashable, Sendable {
  /// The guest was not made to know of its VMM.
  case notParavirtual
  /// Only the kernel of a guest may call.
  case outerRing(Ring)
}

/// Why the VMM's own pages lie elsewhere.
public enum Relocation: Hashable, Sendable {
  /// The guest reached an entry of its own where they lay.
  case guestUsesPlace
  /// The guest that gets the CPU has them elsewhere.
  case guestSwitch
}

extension Devices {
  /// What is due first of the guest's own, and when; nil if nothing ever is. With `countsTicks` false the timer is
  /// left out.
  func appointment(countsTicks: Bool = true) -> (what: GuestAppointment, at: UInt64)? {
    let tick = countsTicks ? timer.nextTick : .max
    let transfer = nextTransfer
    guard min(tick, transfer) != .max else { return nil }
    if tick <= transfer { return (.tick, tick) }
    return (disk.due <= network.next ? .disk : .network, transfer)
  }
}
