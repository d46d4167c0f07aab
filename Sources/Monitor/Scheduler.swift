import Onion
import OnionISA

// Several guests share the CPU: proportional share with exact accounting (the CPU manual, section 9).
//
// Each virtual machine has a virtual time: the cycles that it had the CPU for, divided by its weight. Of
// those that have something to run the one with the least goes next, for a slice. What is counted is what
// was used, to the cycle, so that giving the CPU back just before a tick gains nothing.
extension VirtualMachineMonitor {
  /// Cycles that a guest may keep the CPU for while others want it.
  public static let slice: UInt64 = 10_000
  /// Cycles over which a cap is kept.
  public static let capWindow: UInt64 = 1_000_000
  /// Virtual time of one cycle at weight 1.
  private static let timeUnit: UInt64 = 1 << 16

  /// A guest that has the CPU keeps it for so many cycles, whoever wakes: else it, and the VMM, would do nothing but
  /// change over.
  public static let leastStay: UInt64 = 1000

  /// Delivers what is due and resumes the guest whose turn it is; if none has anything to run and none ever
  /// will without help, the VMM keeps the CPU.
  func settleShared() {
    var reason = SwitchReason.idle
    if !state.isStalled {
      guard let taken = goOn() else { return }
      reason = taken
    }
    state.isStalled = false
    while true {
      guard let next = nextGuest() else {
        if letTimePass() { continue }
        state.isStalled = true
        return
      }
      putOn(next, reason)
      guard let taken = goOn() else { return }
      reason = taken
    }
  }

  /// Delivers what is due to the current guest and resumes it, or why it is taken off the CPU instead.
  private func goOn() -> SwitchReason? {
    let isReady = settleCurrent()
    countUse()
    guard let reason = reasonToTakeOff(isReady: isReady) else {
      if interruptsAgain {
        state.deliversAgain = true
        countOverhead()
      } else {
        resume()
      }
      return nil
    }
    countOverhead()
    takeOff(isReady: isReady)
    return reason
  }

  /// Why the current guest may not go on; nil: it may.
  private func reasonToTakeOff(isReady: Bool) -> SwitchReason? {
    guard isReady else { return state.guest.cpu.stop == nil ? .halted : .stopped }
    if state.current.share.isPaused { return .idle }
    if allowance(state.current) == 0 { return .capReached }
    guard let turn = nextTurn(), turn.at <= machine.cycles else { return nil }
    guard isSliceOver else {
      if case .wakes(let guest, _) = turn.purpose { return .woke(guest: guest) }
      return nil
    }
    if hasHadMost { return .sliceOver }
    // Whoever wants the CPU has had more than this one, which goes on for another slice.
    beginSlice()
    return nil
  }

  // MARK: Off and on

  /// Counts what the current guest used since it was put on, or since this was called last.
  func countUse() {
    let used = machine.cycles - state.onSince
    state.onSince = machine.cycles
    var share = state.current.share
    share.used += used
    share.usedInWindow += used
    share.virtualTime = virtualTime(at: machine.cycles)
    state.current.share = share
  }

  /// What the current guest's virtual time is if it keeps the CPU until then. It is worked out from where the slice
  /// began, so that what is expected is what comes, to the last bit.
  private func virtualTime(at cycle: UInt64) -> UInt64 {
    let (used, overflow) = (cycle - state.sliceStart).multipliedReportingOverflow(by: Self.timeUnit)
    return state.sliceStartTime
      + (overflow ? UInt64.max >> 8 : used) / UInt64(max(state.current.share.weight, 1))
  }

  /// The current guest's slice begins now.
  private func beginSlice() {
    state.sliceStart = machine.cycles
    state.sliceStartTime = state.current.share.virtualTime
    state.leastTime = max(state.leastTime, state.sliceStartTime)
  }

  func takeOff(isReady: Bool) {
    countUse()
    state.current.registers = Register.all.map { machine[$0] }
    if isReady {
      state.current.share.readySince = machine.cycles
    } else if state.current.guest.cpu.stop == nil, state.current.share.haltedAt == nil {
      state.current.share.haltedAt = machine.cycles
    }
    state.machines[state.currentIndex] = state.current
  }

  private func putOn(_ index: Int, _ reason: SwitchReason) {
    let last = state.currentIndex
    var next = state.machines[index]
    if let since = next.share.readySince {
      next.share.stolen += machine.cycles - since
      next.share.readySince = nil
    }
    if let since = next.share.haltedAt {
      // While it halts, its clock runs with the machine's.
      let passed = machine.cycles - since
      next.guest.cpu.cycles += passed
      next.guest.counts.idleCycles += passed
      next.share.haltedAt = nil
      next.share.virtualTime = max(next.share.virtualTime, state.leastTime)
    }
    // Another guest's table may be in force by now. If it is this one's own still, nothing has to be loaded.
    if next.shadows.loaded?.start.rawValue != machine.value(of: .ptbr) { next.shadows.loaded = nil }
    state.current = next
    state.currentIndex = index
    for (register, value) in zip(Register.all, next.registers) { machine[register] = value }
    state.onSince = machine.cycles
    beginSlice()
    if index != last {
      // What made the VMM enter was the other's.
      state.causeBeforeSwitch = state.causeBeforeSwitch ?? state.cause
      state.cause = MonitorAccount.own
      note(.switchedGuest(from: last, to: index, reason))
    }
    placeOwnPagesForGuest()
  }

  // MARK: Who is next

  /// The guest with something to run that has had least; nil if there is none.
  private func nextGuest() -> Int? {
    state.machines.indices.filter { isRunnable(state.machines[$0]) }.min {
      state.machines[$0].share.virtualTime < state.machines[$1].share.virtualTime
    }
  }

  private func isRunnable(_ vm: VirtualMachine) -> Bool {
    !vm.share.isPaused && vm.guest.cpu.stop == nil && allowance(vm) > 0
      && wakeTime(vm) <= machine.cycles
  }

  /// When it has something to run: at once, when its next interrupt comes, or never without help.
  private func wakeTime(_ vm: VirtualMachine) -> UInt64 {
    vm.share.haltedAt == nil ? 0 : wakeUp(vm)?.at ?? .max
  }

  /// When the `hlt` of a guest that halts is over, and by what; nil for the latter: it is over already. Nil if only
  /// help from outside can end it.
  private func wakeUp(_ vm: VirtualMachine) -> (what: GuestAppointment?, at: UInt64)? {
    guard let since = vm.share.haltedAt else { return (nil, 0) }
    if vm.isCalled || vm.guest.devices.pendingInterrupt != nil { return (nil, 0) }
    guard let (what, at) = vm.guest.devices.appointment() else { return nil }
    return (what, since + (max(at, vm.guest.cpu.cycles) - vm.guest.cpu.cycles))
  }

  /// Cycles that its cap leaves it in this window.
  private func allowance(_ vm: VirtualMachine) -> UInt64 {
    guard let cap = vm.share.cap else { return .max }
    let whole = Self.capWindow * UInt64(cap) / 100
    guard machine.cycles < state.windowEnd else { return whole }
    return whole > vm.share.usedInWindow ? whole - vm.share.usedInWindow : 0
  }

  /// Begins the next window for the caps. What was used beyond a cap counts in the next one.
  func turnWindow() {
    guard machine.cycles >= state.windowEnd else { return }
    let windows = (machine.cycles - state.windowEnd) / Self.capWindow + 1
    state.windowEnd += windows * Self.capWindow
    for index in state.machines.indices {
      guard let cap = state.machines[index].share.cap else { continue }
      let whole = Self.capWindow * UInt64(cap) / 100 * windows
      let used = state.machines[index].share.usedInWindow
      state.machines[index].share.usedInWindow = used > whole ? used - whole : 0
    }
    if let cap = state.current.share.cap {
      let whole = Self.capWindow * UInt64(cap) / 100 * windows
      let used = state.current.share.usedInWindow
      state.current.share.usedInWindow = used > whole ? used - whole : 0
    }
  }

  // MARK: Time

  /// Nobody has anything to run: lets time pass until somebody has; false if that never comes.
  private func letTimePass() -> Bool {
    var end: (until: WaitEnd, at: UInt64)?
    for (index, vm) in state.machines.enumerated()
    where vm.guest.cpu.stop == nil && !vm.share.isPaused {
      let until: WaitEnd
      let at: UInt64
      if allowance(vm) == 0 {
        // It may go on in the next window.
        (until, at) = (.capWindow(guest: index), state.windowEnd)
      } else if let wake = wakeUp(vm), let what = wake.what {
        (until, at) = (.appointment(what, guest: index), wake.at)
      } else {
        continue
      }
      if at < end?.at ?? .max { end = (until, at) }
    }
    guard let end else {
      stopForGood()
      let living = state.machines.filter { $0.guest.cpu.stop == nil }
      let isAsked = living.contains {
        !$0.share.isPaused && $0.guest.devices.console.control & 1 != 0
      }
      if !living.isEmpty { note(.waits(isAsked ? .input : .command)) }
      return false
    }
    let cycles = max(end.at, machine.cycles) - machine.cycles
    note(.idled(cycles: cycles, until: end.until), cycles)
    state.idleCycles += cycles
    turnWindow()
    return true
  }

  /// Guests that halted and that nothing can wake any more are stopped: no typed input is to come, and no
  /// other guest runs that could send a frame.
  private func stopForGood() {
    let waitsForInput = state.machines.contains {
      $0.guest.cpu.stop == nil && $0.guest.devices.console.control & 1 != 0
    }
    guard !machine.acceptsInput || !waitsForInput else { return }
    for index in state.machines.indices {
      let vm = state.machines[index]
      guard vm.guest.cpu.stop == nil, vm.share.haltedAt != nil, !vm.share.isPaused else { continue }
      state.machines[index].guest.cpu.isWaiting = false
      state.machines[index].guest.cpu.stop = .haltedNothingCanCome
      note(.stopped(guest: index, .haltedNothingCanCome))
    }
    state.current = state.machines[state.currentIndex]
  }

  private var isSliceOver: Bool { machine.cycles - state.sliceStart >= Self.slice }

  /// Another guest that has something to run has had less than the current one.
  private var hasHadMost: Bool {
    let time = virtualTime(at: machine.cycles)
    return state.machines.indices.contains {
      $0 != state.currentIndex && isRunnable(state.machines[$0])
        && state.machines[$0].share.virtualTime < time
    }
  }

  /// When the CPU is to be taken from the current guest, whatever it does, and what for; nil if nobody else will want
  /// it and its cap, if it has one, leaves it enough.
  ///
  /// One that has something to run waits for the end of the slice. One whose `hlt` is over then comes before, if it has
  /// had less: but not before the other has stayed for ``leastStay``.
  func nextTurn() -> (purpose: TimerPurpose, at: UInt64)? {
    var turn: (purpose: TimerPurpose, at: UInt64)?
    func consider(_ purpose: TimerPurpose, _ at: UInt64) {
      if at < turn?.at ?? .max { turn = (purpose, at) }
    }
    let left = allowance(state.current)
    if left != .max {
      let end = machine.cycles + left
      // Where more is left than the window has, what counts is counted anew from its end on.
      consider(
        end < state.windowEnd ? .capReached : .capWindow(guest: state.currentIndex),
        min(end, state.windowEnd))
    }
    let sliceEnd = state.sliceStart + Self.slice
    for index in state.machines.indices where index != state.currentIndex {
      guard !state.machines[index].share.isPaused, state.machines[index].guest.cpu.stop == nil,
        let wake = wakeUp(state.machines[index])
      else { continue }
      if allowance(state.machines[index]) == 0 {
        let at = max(wake.at, state.windowEnd)
        consider(at <= sliceEnd ? .sliceEnd : .capWindow(guest: index), max(at, sliceEnd))
        continue
      }
      let isHalted = state.machines[index].share.haltedAt != nil
      let soon = max(wake.at, state.sliceStart + Self.leastStay)
      let own = max(state.machines[index].share.virtualTime, state.leastTime)
      if isHalted, soon < sliceEnd, own < virtualTime(at: max(soon, machine.cycles)) {
        consider(.wakes(guest: index, soon > wake.at ? nil : wake.what), soon)
      } else if wake.at > sliceEnd {
        consider(.wakes(guest: index, wake.what), wake.at)
      } else {
        consider(.sliceEnd, sliceEnd)
      }
    }
    return turn
  }
}
