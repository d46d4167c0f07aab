import Monitor
import Onion
import OnionISA

// Who has the CPU, who waits for what, and what the real timer is for.
extension MonitorWords {
  /// What the VMM had set the real timer for, as the end of "The VMM set it for …".
  func purpose(_ purpose: TimerPurpose) -> String {
    switch purpose {
    case .own(let what): appointment(what, of: guest)
    case .sliceEnd: "the end of \(guest)'s time slice, because another guest wants the CPU"
    case .capReached: "the moment when \(guest) has used up its cap"
    case .wakes(let index, let what?):
      "the end of \(guestName(index))'s hlt: \(appointment(what, of: guestName(index)))"
    case .wakes(let index, nil):
      "\(guestName(index)), whose hlt is over, after the least that \(guest) may stay"
    case .capWindow(let index): "the end of the window in which \(guestName(index))'s cap counts"
    }
  }

  func appointment(_ what: GuestAppointment, of guest: String) -> String {
    switch what {
    case .tick: "\(guest)'s next timer tick"
    case .disk: "the end of \(guest)'s disk transfer"
    case .network: "\(guest)'s next network transfer"
    }
  }

  func halted(_ halt: Halt) -> String {
    switch halt {
    case .endsByStepTrap: "\(guest)'s hlt ends at once: virtual TF is set, and a step trap follows"
    case .forGood: "\(guest) halts with virtual IF = 0: nothing can wake it"
    case .untilInterrupt: "\(guest) halts until an interrupt is pending for it"
    }
  }

  func declined(_ refusal: HypercallRefusal) -> String {
    switch refusal {
    case .notParavirtual:
      "\(guest) was not made to know of its VMM, so the call is for \(guest)'s own kernel"
    case .outerRing(let ring):
      "only \(guest)'s kernel may call its VMM, and this is virtual ring \(ring): the call is for the kernel"
    }
  }

  func switched(_ old: Int, _ new: Int, _ reason: SwitchReason) -> String {
    let (old, new) = (guestName(old), guestName(new))
    return switch reason {
    case .halted: "\(old) halts, so \(new) gets the CPU"
    case .stopped: "\(old) has stopped, so \(new) gets the CPU"
    case .sliceOver: "\(old)'s time slice is over: takes the CPU from it and gives it to \(new)"
    case .capReached: "\(old) has used up its cap: takes the CPU from it and gives it to \(new)"
    case .woke(let index):
      "\(guestName(index))'s hlt is over, and it has had less than \(old): takes the CPU from \(old) and gives it to \(new)"
    case .idle: "gives the CPU to \(new)"
    }
  }

  func idled(_ cycles: UInt64, _ end: WaitEnd) -> String {
    let what: String =
      switch end {
      case .appointment(let what, let index): appointment(what, of: guestName(index))
      case .capWindow(let index): "\(guestName(index))'s cap leaves it something again"
      }
    return
      "nobody has anything to run: lets \(cycles) cycle\(cycles == 1 ? "" : "s") pass until \(what)"
  }

  func stopped(_ guest: String, _ stop: Stop) -> String {
    switch stop {
    case .switchedOff: "\(guest) is off, and stays off"
    case .haltedForGood: "stops \(guest): it halts, and no interrupt can reach it"
    case .haltedNothingCanCome: "stops \(guest): it halts, and no interrupt can ever come"
    case .noRoomForMonitor:
      "stops \(guest): it uses all of its address space, and the VMM's own pages have no place left"
    case .tripleFault: "stops \(guest): that is a triple fault"
    }
  }
}
