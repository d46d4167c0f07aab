import OnionISA

// Steps and runs (the CPU manual, sections 5 and 7: the order of things within one instruction).
extension Machine {
  /// Forgets what the last recorded step told: one is to be recorded that this CPU may have no part in.
  public func forgetEvents() { events.removeAll(keepingCapacity: true) }

  /// Makes one step.
  ///
  /// - Parameters:
  ///   - recording: what happens is written to ``events``, which is emptied first.
  ///   - appending: but not emptied.
  /// - Returns: `limit` if the step was made; else why it was not, or why it was the last.
  @discardableResult
  public func step(recording: Bool = false, appending: Bool = false) -> Pause {
    if !appending { forgetHits() }
    if recording {
      if !appending { events.removeAll(keepingCapacity: true) }
      hooks.pointee.isRecording = true
      defer { hooks.pointee.isRecording = false }
      return beat(Recording.self)
    }
    return beat(Silent.self)
  }

  /// Runs without keeping a record.
  ///
  /// - Parameters:
  ///   - steps: at most so many steps are made.
  ///   - cycleLimit: no step begins at or after that cycle.
  ///   - stops: what else ends the run, after the step in which it happened.
  /// - Returns: `limit` also for what `stops` asked for. A breakpoint at pc itself, where the run begins,
  ///   does not pause it.
  public func run(
    steps: UInt64, cycleLimit: UInt64 = .max, stops: RunStops = RunStops()
  ) -> Pause {
    forgetHits()
    let isCareful = !stops.registers.isEmpty
    if isCareful { watch(stops.registers) }
    defer { if isCareful { watchedRegisters = .none } }
    let start = cpu.pointee.steps
    let (sum, overflow) = start.addingReportingOverflow(steps)
    let end = overflow ? UInt64.max : sum
    let deliveries = cpu.pointee.lastDelivery.number

    while cpu.pointee.steps < end, cpu.pointee.cycles < cycleLimit {
      let pause: Pause
      if isQuiet {
        let exit = runQuietly(untilStep: end, cycleLimit: cycleLimit, isCareful: isCareful)
        if exit == .registerChanged { return .limit }
        if cpu.pointee.steps >= end || cpu.pointee.cycles >= cycleLimit { break }
        if cpu.pointee.steps > start, isAtBreakpoint { return .breakpoint }
        if exit == .budget { continue }
        if hooks.pointee.hasWatches, let exit = accessBesideWatched() {
          if exit == .registerChanged { return .limit }
          continue
        }
        pause = exit == .system ? systemStep() : beat(Silent.self)
      } else {
        pause = beat(Silent.self)
      }
      guard case .limit = pause else { return pause }
      if hooks.pointee.hasHits { return .watched }
      if isCareful, watchedRegisters.haveChanged(RegisterFile(base: registers)) { return .limit }
      if stops.atTrap || stops.atSystem, cpu.pointee.lastDelivery.number != deliveries { break }
      if stops.atSystem, hooks.pointee.wasSystem { break }
      if isAtBreakpoint { return .breakpoint }
    }
    return cpu.pointee.steps > start && isAtBreakpoint ? .breakpoint : .limit
  }

  private var isAtBreakpoint: Bool {
    hooks.pointee.hasBreakpoints && !cpu.pointee.isWaiting
      && breakpoints.contains(VirtualAddress(cpu.pointee.pc))
  }

  private func forgetHits() {
    guard hooks.pointee.hasHits else { return }
    hooks.pointee.hasHits = false
    watchHits.removeAll(keepingCapacity: true)
  }

  /// Accesses that a watch asked for were noted in the last step.
  public var wasWatched: Bool { hooks.pointee.hasHits }

  /// Runs pause somewhere.
  public var hasBreakpoints: Bool { hooks.pointee.hasBreakpoints }

  private func watch(_ registers: Set<Register>) {
    var count = 0
    for register in registers {
      let slot = Int(register.number)
      watchedPairs[count] = (slot, self.registers[slot])
      count += 1
    }
    watchedRegisters = WatchedRegisters(pairs: watchedPairs, count: count)
  }

  /// Nothing but instructions can happen before the next tick: no step trap, no interrupt, no wait.
  private var isQuiet: Bool {
    let state = cpu
    // The loop counts an instruction as a cycle.
    return !state.pointee.isWaiting && !state.pointee.holdsInterrupts
      && state.pointee.status.rawValue & Status.stepBit == 0 && state.pointee.stop == nil
      && (!state.pointee.status.interruptsEnabled || devicesPointer.pointee.pendingInterrupt == nil)
      && costs.pointee.plain == 1
  }

  /// Runs plain instructions until something else is due; the next `beat` then does what is due.
  private func runQuietly(untilStep end: UInt64, cycleLimit: UInt64, isCareful: Bool) -> LoopExit {
    let limit = min(cycleLimit, devicesPointer.pointee.nextEvent)
    var budget: Int {
      guard cpu.pointee.cycles < limit, cpu.pointee.steps < end else { return 0 }
      return Int(min(limit - cpu.pointee.cycles, end - cpu.pointee.steps, 1 << 40))
    }
    // A tick is due at once.
    guard budget > 0 else { return .other }
    if !isCareful {
      let exit = loop(Fast.self, budget: budget)
      guard exit == .budget, budget > 0 else { return exit }
    }
    return loop(Careful.self, budget: budget)
  }

  /// The system instruction at which the loop came back: nothing is due before it, and it stands decoded.
  private func systemStep() -> Pause {
    let pc = cpu.pointee.pc
    let entry = hostTLB.code(of: cpu.pointee.status.cpl) + HostTLB.index(pc)
    guard let page = entry.pointee.operations else { return .limit }
    hooks.pointee.wasSystem = true
    do {
      complete(try system(page[Int(pc >> 2 & 0x3FF)], Silent.self))
    } catch {
      cpu.pointee.steps += 1
      refuse(error, Silent.self)
    }
    return cpu.pointee.stop == nil ? .limit : outcome
  }

  /// Counts a system instruction.
  @inline(__always) private func complete(_ completion: Completion) {
    cpu.pointee.steps += 1
    switch completion {
    case .next:
      cpu.pointee.pc = cpu.pointee.pc &+ 4
      cpu.pointee.instret += 1
    case .jumped: cpu.pointee.instret += 1
    case .trapped: break
    }
  }

  /// One step, everything considered.
  private func beat<Mode: EventMode>(_ mode: Mode.Type) -> Pause {
    if cpu.pointee.stop != nil { return outcome }
    hooks.pointee.wasSystem = cpu.pointee.isWaiting
    if cpu.pointee.isWaiting, let pause = wait(mode) { return pause }
    noticeTicks(mode)

    if cpu.pointee.status.interruptsEnabled, !cpu.pointee.holdsInterrupts,
      let vector = devicesPointer.pointee.pendingInterrupt
    {
      cpu.pointee.steps += 1
      raise(Trap(vector), pc: cpu.pointee.pc)
      return outcome
    }

    let place: UnsafeMutablePointer<Operation>
    do {
      guard let found = try fetch(mode) else {
        return .doorway(Vector(rawValue: UInt8(cpu.pointee.pc >> 2 & 63)))
      }
      place = found
    } catch {
      cpu.pointee.holdsInterrupts = false
      cpu.pointee.steps += 1
      refuse(error, mode)
      return outcome
    }
    cpu.pointee.holdsInterrupts = false
    instruction(place, mode)
    return outcome
  }

  private var outcome: Pause { cpu.pointee.stop.map { .stopped($0) } ?? .limit }

  /// One instruction with any trap that it causes.
  private func instruction<Mode: EventMode>(
    _ place: UnsafeMutablePointer<Operation>, _ mode: Mode.Type
  ) {
    let traced = cpu.pointee.status.stepTrap
    let steps = cpu.pointee.steps
    let completion: Completion
    do {
      completion = try lifting(place) { () throws(Refusal) in try execute(place, mode) }
    } catch {
      cpu.pointee.steps += 1
      refuse(error, mode)
      return
    }
    // The loop has counted what it made.
    if cpu.pointee.steps == steps {
      complete(completion)
      hooks.pointee.wasSystem = true
      if completion == .trapped {
        if Mode.records { events.append(.completed) }
        return
      }
    }
    if Mode.records {
      events.append(.completed)
      if let stop = cpu.pointee.stop { events.append(.stopped(stop)) }
    }
    if traced, cpu.pointee.stop == nil {
      raise(Trap(.step), pc: cpu.pointee.pc)
    }
  }

  /// A fault: the instruction's own pc is saved.
  @inline(never)
  private func refuse<Mode: EventMode>(_ refusal: Refusal, _ mode: Mode.Type) {
    notice(refusal)
    if Mode.records { events.append(.refused(refusal)) }
    raise(refusal.trap, pc: cpu.pointee.pc)
  }

  // MARK: Time

  private func noticeTicks<Mode: EventMode>(_ mode: Mode.Type) {
    guard cpu.pointee.cycles >= devicesPointer.pointee.nextEvent else { return }
    let ticks = devicesPointer.pointee.timer.notice(at: cpu.pointee.cycles)
    if Mode.records, ticks > 0 { events.append(.ticked(ticks)) }
    guard cpu.pointee.cycles >= devicesPointer.pointee.nextTransfer else { return }
    let done = completeTransfers()
    if Mode.records { events += done.map { .device($0) } }
  }

  /// Lets cycles pass until an interrupt is pending; a pause if none can come.
  private func wait<Mode: EventMode>(_ mode: Mode.Type) -> Pause? {
    noticeTicks(mode)
    if devicesPointer.pointee.pendingInterrupt == nil {
      let next = devicesPointer.pointee.nextEvent
      guard next != .max else {
        if acceptsInput, devicesPointer.pointee.console.control & 1 != 0 {
          return .waitingForInput
        }
        cpu.pointee.stop = .haltedNothingCanCome
        if Mode.records { events.append(.stopped(.haltedNothingCanCome)) }
        return .stopped(.haltedNothingCanCome)
      }
      let passed = next - cpu.pointee.cycles
      cpu.pointee.cycles = next
      if Mode.records { events.append(.waited(cycles: passed)) }
      noticeTicks(mode)
    }
    cpu.pointee.isWaiting = false
    return nil
  }
}
