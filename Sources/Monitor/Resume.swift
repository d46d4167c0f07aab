import Onion
import OnionISA

// What comes after an entry was dealt with: virtual time, virtual interrupts, and the way back.
extension VirtualMachineMonitor {
  /// Delivers what is due on the virtual CPU and resumes the guest, unless it stopped or waits.
  func settle() {
    state.deliversAgain = false
    if state.isShared {
      turnWindow()
      return settleShared()
    }
    while state.guest.cpu.stop == nil {
      noticeTicks()
      if state.guest.cpu.isWaiting, !idle() {
        if state.guest.cpu.stop == nil { note(.waits(.input)) }
        break
      }
      guard let vector = state.guest.devices.pendingInterrupt,
        state.guest.cpu.status.interruptsEnabled, !state.guest.cpu.holdsInterrupts
      else {
        if faultsAtFetch() { continue }
        return resume()
      }
      state.guest.counts.interrupts += 1
      deliverOrDouble(DeliveryRequest(Trap(vector), pc: state.pc))
      if interruptsAgain {
        state.deliversAgain = true
        break
      }
    }
    if let stop = state.guest.cpu.stop { note(.stopped(guest: state.currentIndex, stop)) }
    countOverhead()
  }

  /// A handler is interrupted before its first instruction, as its gate left IF as it was. On the bare machine that may
  /// go on for ever, a step each time; so it may here.
  var interruptsAgain: Bool {
    let cpu = state.guest.cpu
    return cpu.stop == nil && cpu.status.interruptsEnabled && !cpu.holdsInterrupts
      && state.guest.devices.pendingInterrupt != nil
  }

  /// Delivers what is due on the current virtual CPU, one of several; true if it has something to run.
  func settleCurrent() -> Bool {
    while state.guest.cpu.stop == nil, !state.current.share.isPaused {
      noticeTicks()
      if state.guest.cpu.isWaiting {
        guard state.current.isCalled || state.guest.devices.pendingInterrupt != nil else { break }
        state.guest.cpu.isWaiting = false
      }
      state.current.isCalled = false
      guard let vector = state.guest.devices.pendingInterrupt,
        state.guest.cpu.status.interruptsEnabled, !state.guest.cpu.holdsInterrupts
      else {
        if faultsAtFetch() { continue }
        return true
      }
      state.guest.counts.interrupts += 1
      deliverOrDouble(DeliveryRequest(Trap(vector), pc: state.pc))
      if interruptsAgain { return true }
    }
    if let stop = state.guest.cpu.stop { note(.stopped(guest: state.currentIndex, stop)) }
    return state.guest.cpu.stop == nil && !state.guest.cpu.isWaiting
  }

  /// The guest's first fetch faults where its image's entry is no multiple of 4: nothing else leads to such a place.
  /// The VMM's own `iret` must not go there, since it would be the one that faults.
  private func faultsAtFetch() -> Bool {
    guard !state.pc.isAligned(to: 4) else { return false }
    reflect(.misaligned(state.pc, .fetch))
    return true
  }

  func noticeTicks() {
    guard state.guest.cpu.cycles >= state.guest.devices.nextEvent else { return }
    let ticks = state.guest.devices.timer.notice(at: state.guest.cpu.cycles)
    if ticks > 0 { note(.ticked(ticks)) }
    guard state.guest.cpu.cycles >= state.guest.devices.nextTransfer else { return }
    for event in completeTransfers() { note(.device(event)) }
  }

  /// Lets time pass until a virtual interrupt is pending; false if the guest has to wait for input or
  /// stopped for good.
  private func idle() -> Bool {
    if state.guest.devices.pendingInterrupt == nil {
      guard let (what, next) = state.guest.devices.appointment() else {
        if !machine.acceptsInput || state.guest.devices.console.control & 1 == 0 {
          state.guest.cpu.isWaiting = false
          state.guest.cpu.stop = .haltedNothingCanCome
        }
        return false
      }
      // While a guest halts, its clock runs with the machine's.
      let cycles = next - state.guest.cpu.cycles
      state.guest.cpu.cycles = next
      state.guest.counts.idleCycles += cycles
      note(
        .idled(cycles: cycles, until: .appointment(what, guest: state.currentIndex)), cycles)
      noticeTicks()
    }
    state.guest.cpu.isWaiting = false
    return true
  }

  /// Goes back to the guest by a real `iret`.
  func resume() {
    loadShadow()
    let cpu = state.guest.cpu
    let isPending = state.guest.devices.pendingInterrupt != nil
    // An interrupt waits behind a virtual `sti`: one instruction, then back here.
    state.stepsForInterrupt =
      isPending && cpu.status.interruptsEnabled && cpu.holdsInterrupts

    // While it runs the real IF is on and the real IOPL 0: the VMM keeps the machine.
    var status = Status(rawValue: 0)
    status.cpl = cpu.realRing
    status.interruptsEnabled = true
    status.stepTrap = cpu.status.stepTrap || state.stepsForInterrupt

    let frame = MonitorPages.savedFrame
    let words = [0, state.pc.rawValue, status.rawValue, machine[.sp]]
    for (index, word) in words.enumerated() { machine.write(word, at: frame + UInt32(index) * 4) }
    machine[.sp] = state.pages.stackTop.rawValue - 16
    machine.status = Status(rawValue: 0)
    machine.pc = state.pages.returnInstruction
    _ = machine.step(recording: isRecording, appending: true)
    state.ownSteps += 1

    armTimer(takesTicks: cpu.status.interruptsEnabled && !isPending)
    countOverhead()
    state.resumedAtCycle = machine.cycles
    state.resumedAtInstret = machine.instructionsRetired
    note(.resumed(pc: machine.pc, status: machine.status))
  }

  /// The real timer brings the VMM back at the guest's next tick, if the guest would take it, when a transfer is due,
  /// which moves its data whether the guest takes interrupts or not, and when it is another guest's turn.
  private func armTimer(takesTicks: Bool) {
    var purpose: TimerPurpose?
    var wait = UInt64.max
    let now = state.guest.cpu.cycles
    if let (what, at) = state.guest.devices.appointment(countsTicks: takesTicks) {
      (purpose, wait) = (.own(what), max(at, now + 1) - now)
    }
    if state.isShared, let turn = nextTurn() {
      let left = max(turn.at, machine.cycles + 1) - machine.cycles
      if left < wait { (purpose, wait) = (turn.purpose, left) }
    }
    guard let purpose else { return }
    machine.devices.timer.interval = UInt32(clamping: wait)
    machine.devices.timer.nextTick = machine.cycles + wait
    state.timerPurpose = purpose
    note(.armedTimer(cycles: wait, purpose))
  }

  /// What the VMM has cost so far: the machine's time less the guest's. The entry ends here.
  func countOverhead() {
    var cycles = machine.cycles &- state.guest.cpu.cycles
    if state.isShared {
      let used = state.current.share.used + (machine.cycles - state.onSince)
      cycles = used &- (state.guest.cpu.cycles &- state.guest.counts.idleCycles)
    }
    state.guest.account.close(state.cause, cycles: cycles &- state.guest.counts.cycles)
    state.guest.counts.cycles = cycles
  }

  /// Stops the real timer and acknowledges it.
  func silenceTimer() {
    let cycle = machine.cycles
    let costs = machine.cycleTable
    machine.devices.write(0, to: Port.timerInterval.rawValue, at: cycle, costs: costs)
    machine.devices.write(0, to: Port.timerAcknowledge.rawValue, at: cycle, costs: costs)
    state.timerPurpose = nil
  }
}
