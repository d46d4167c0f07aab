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

  /// Delivers what is due and resumes the guest whose turn it is; if none has anything to run and none ever
  /// will without help, the VMM keeps the CPU.
  func settleShared() {
    if !state.isStalled, goOn() { return }
    state.isStalled = false
    while true {
      guard let next = nextGuest() else {
        if letTimePass() { continue }
        state.isStalled = true
        return
      }
      putOn(next)
      if goOn() { return }
    }
  }

  /// Delivers what is due to the current guest and resumes it; false if it is taken off the CPU instead.
  private func goOn() -> Bool {
    let isReady = settleCurrent()
    countUse()
    if isReady, keepsCPU {
      if interruptsAgain {
        state.deliversAgain = true
        countOverhead()
      } else {
        resume()
      }
      return true
    }
    countOverhead()
    takeOff(isReady: isReady)
    return false
  }

  /// The current guest, which has something to run, may go on.
  private var keepsCPU: Bool {
    !state.current.share.isPaused && allowance(state.current) > 0
      && machine.cycles - state.sliceStart < Self.slice
  }

  // MARK: Off and on

  /// Counts what the current guest used since it was put on, or since this was called last.
  func countUse() {
    let used = machine.cycles - state.onSince
    state.onSince = machine.cycles
    var share = state.current.share
    share.used += used
    share.usedInWindow += used
    share.virtualTime += used * Self.timeUnit / UInt64(max(share.weight, 1))
    state.current.share = share
  }

  func takeOff(isReady: Bool) {
    countUse()
    state.current.registers = Register.all.map { machine[$0] }
    // Whoever comes next loads another table.
    state.current.shadows.loaded = nil
    if isReady {
      state.current.share.readySince = machine.cycles
    } else if state.current.guest.cpu.stop == nil, state.current.share.haltedAt == nil {
      state.current.share.haltedAt = machine.cycles
    }
    state.machines[state.currentIndex] = state.current
  }

  private func putOn(_ index: Int) {
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
    state.leastTime = max(state.leastTime, next.share.virtualTime)
    let movesPages = next.pages != state.current.pages
    state.current = next
    state.currentIndex = index
    // What made the VMM enter was the other's.
    if index != last { state.cause = MonitorAccount.own }
    for (register, value) in zip(Register.all, next.registers) { machine[register] = value }
    if movesPages { placeOwnPages() }
    state.onSince = machine.cycles
    state.sliceStart = machine.cycles
    if index != last {
      note(.switchedGuest(from: state.machines[last].guest.name, to: next.guest.name))
    }
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
    guard let since = vm.share.haltedAt else { return 0 }
    if vm.isCalled || vm.guest.devices.pendingInterrupt != nil { return 0 }
    let event = vm.guest.devices.nextEvent
    guard event != .max else { return .max }
    return since + (max(event, vm.guest.cpu.cycles) - vm.guest.cpu.cycles)
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
    let living = state.machines.filter { $0.guest.cpu.stop == nil && !$0.share.isPaused }
    let free = living.filter { allowance($0) > 0 }
    let wake = free.map(wakeTime).min() ?? .max
    // One that has used up its cap may go on in the next window.
    let next = free.count < living.count ? min(wake, state.windowEnd) : wake
    guard next != .max else {
      stopForGood()
      return false
    }
    let cycles = max(next, machine.cycles) - machine.cycles
    note(.idled(cycles: cycles), cycles)
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
    }
    state.current = state.machines[state.currentIndex]
  }

  /// Cycles after which the VMM wants the CPU back, whatever the guest does; nil if nobody else wants it.
  func untilNextTurn() -> UInt64? {
    let slice = state.sliceStart + Self.slice
    var end = slice
    let left = allowance(state.current)
    if left != .max { end = min(end, machine.cycles + left) }
    for (index, vm) in state.machines.enumerated() where index != state.currentIndex {
      guard !vm.share.isPaused, vm.guest.cpu.stop == nil, vm.share.haltedAt != nil else { continue }
      let wake = wakeTime(vm)
      if wake != .max { end = min(end, max(wake, machine.cycles)) }
    }
    return max(end, machine.cycles + 1) - machine.cycles
  }
}
