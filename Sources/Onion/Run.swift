import OnionISA

// Steps and runs (the CPU manual, sections 5 and 7: the order of things within one instruction).
extension Machine {
  /// Makes one step.
  ///
  /// - Parameters:
  ///   - recording: what happens is written to ``events``, which is emptied first.
  ///   - appending: but not emptied.
  /// - Returns: `limit` if the step was made; else why it was not, or why it was the last.
  @discardableResult
  public func step(recording: Bool = false, appending: Bool = false) -> Pause {
    if recording {
      if !appending { events.removeAll(keepingCapacity: true) }
      isRecording = true
      defer { isRecording = false }
      return beat(Careful.self)
    }
    return beat(Fast.self)
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
    watchHits.removeAll(keepingCapacity: true)
    if !breakpoints.isEmpty || !watches.isEmpty || stops.atSystem || !stops.registers.isEmpty {
      return runCarefully(steps: steps, cycleLimit: cycleLimit, stops: stops)
    }
    let stopAtTrap = stops.atTrap
    let (sum, overflow) = cpu.pointee.steps.addingReportingOverflow(steps)
    let end = overflow ? UInt64.max : sum
    let deliveries = cpu.pointee.lastDelivery.number
    while cpu.pointee.steps < end, cpu.pointee.cycles < cycleLimit {
      if isQuiet {
        runQuietly(untilStep: end, cycleLimit: cycleLimit)
        if let stop = cpu.pointee.stop { return .stopped(stop) }
        if stopAtTrap, cpu.pointee.lastDelivery.number != deliveries { break }
      }
      guard cpu.pointee.steps < end, cpu.pointee.cycles < cycleLimit else { break }
      let pause = beat(Fast.self)
      guard case .limit = pause else { return pause }
      if stopAtTrap, cpu.pointee.lastDelivery.number != deliveries { break }
    }
    return .limit
  }

  /// Makes steps one by one and looks after each whether something asks for a pause.
  private func runCarefully(steps: UInt64, cycleLimit: UInt64, stops: RunStops) -> Pause {
    let registers = stops.registers.map(\.self)
    for _ in 0..<steps where cpu.pointee.cycles < cycleLimit {
      let before = registers.map { self[$0] }
      let deliveries = cpu.pointee.lastDelivery.number
      let isWaiting = cpu.pointee.isWaiting
      let word = machineAddress(of: pc).flatMap { memory.word(at: $0) }
      let pause = beat(Fast.self)
      guard case .limit = pause else { return pause }
      if !watchHits.isEmpty { return .watched }
      if registers.map({ self[$0] }) != before { return .limit }
      let isTrap = cpu.pointee.lastDelivery.number != deliveries
      if isTrap, stops.atTrap || stops.atSystem { return .limit }
      if stops.atSystem, isWaiting || word.map({ $0 >> 31 == 1 }) == true { return .limit }
      if breakpoints.contains(pc) { return .breakpoint }
    }
    return .limit
  }

  /// Nothing but instructions can happen before the next tick: no step trap, no interrupt, no wait.
  private var isQuiet: Bool {
    let state = cpu
    return !state.pointee.isWaiting && !state.pointee.holdsInterrupts
      && state.pointee.status.rawValue & Status.stepBit == 0 && state.pointee.stop == nil
      && (!state.pointee.status.interruptsEnabled || devicesPointer.pointee.pendingInterrupt == nil)
  }

  /// Runs plain instructions until something else is due; the next `beat` then does what is due.
  @inline(never)
  private func runQuietly(untilStep end: UInt64, cycleLimit: UInt64) {
    let cpu = cpu
    let fetched = fetched
    let limit = min(cycleLimit, devicesPointer.pointee.timer.nextTick)
    while cpu.pointee.cycles < limit, cpu.pointee.steps < end {
      let pc = cpu.pointee.pc
      guard (pc ^ fetched.pointee.page) & 0xFFFF_F003 == 0,
        let operations = fetched.pointee.operations
      else { return }
      let operation = operations[Int(pc >> 2 & 0x3FF)]
      guard let instruction = operation.instruction, instruction.rawValue < 0x80 else { return }
      do {
        let completion = try execute(operation, Fast.self)
        if completion == .next { cpu.pointee.pc = pc &+ 4 }
      } catch {
        // It has changed nothing but what translations did: `refuse` takes it from here.
        cpu.pointee.steps += 1
        refuse(error, Fast.self)
        return
      }
      cpu.pointee.instret += 1
      cpu.pointee.steps += 1
    }
  }

  /// One step, everything considered.
  private func beat<Mode: ExecutionMode>(_ mode: Mode.Type) -> Pause {
    if let stop = cpu.pointee.stop { return .stopped(stop) }
    if cpu.pointee.isWaiting, let pause = wait(mode) { return pause }
    noticeTicks(mode)

    if cpu.pointee.status.interruptsEnabled, !cpu.pointee.holdsInterrupts,
      let vector = devicesPointer.pointee.pendingInterrupt
    {
      cpu.pointee.steps += 1
      raise(Trap(vector), pc: cpu.pointee.pc)
      return outcome
    }

    let operation: Operation
    do {
      guard let found = try fetch(mode) else {
        return .doorway(Vector(rawValue: UInt8(cpu.pointee.pc >> 2 & 63)))
      }
      operation = found
    } catch {
      cpu.pointee.holdsInterrupts = false
      cpu.pointee.steps += 1
      refuse(error, mode)
      return outcome
    }
    cpu.pointee.holdsInterrupts = false
    cpu.pointee.steps += 1
    instruction(operation, mode)
    return outcome
  }

  private var outcome: Pause { cpu.pointee.stop.map { .stopped($0) } ?? .limit }

  /// One instruction with any trap that it causes.
  @inline(__always)
  private func instruction<Mode: ExecutionMode>(_ operation: Operation, _ mode: Mode.Type) {
    let pc = cpu.pointee.pc
    let traced = cpu.pointee.status.stepTrap
    let completion: Completion
    do {
      completion = try execute(operation, mode)
    } catch {
      refuse(error, mode)
      return
    }
    switch completion {
    case .next: cpu.pointee.pc = pc &+ 4
    case .jumped: break
    case .trapped:
      if Mode.records { events.append(.completed) }
      return
    }
    cpu.pointee.instret += 1
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
  private func refuse<Mode: ExecutionMode>(_ refusal: Refusal, _ mode: Mode.Type) {
    notice(refusal)
    if Mode.records { events.append(.refused(refusal)) }
    raise(refusal.trap, pc: cpu.pointee.pc)
  }

  // MARK: Fetching

  /// The operation at `pc`, decoded if need be; nil at a doorway word in ring 0.
  private func fetch<Mode: ExecutionMode>(_ mode: Mode.Type) throws(Refusal) -> Operation? {
    let pc = cpu.pointee.pc
    guard pc & 3 == 0 else { throw .misaligned(VirtualAddress(pc), .fetch) }
    if Mode.records || (pc ^ fetched.pointee.page) & 0xFFFF_F003 != 0 {
      let physical = try translateFetch(pc, mode)
      fetched.pointee = FetchedPage(
        page: pc & 0xFFFF_F000, operations: decoded.operations(at: physical),
        frame: physical & 0xFFFF_F000)
    }
    guard let operations = fetched.pointee.operations else { return nil }
    let slot = Int(pc >> 2 & 0x3FF)
    if operations[slot].instruction == nil {
      let physical = fetched.pointee.frame | pc & 0xFFF
      let word = memory.loadWord(physical)
      if let instruction = DecodedInstruction(word: word) {
        operations[slot] = Operation(instruction)
      } else {
        if let doorway, cpu.pointee.status.cpl == .ring0,
          physical >> 12 == doorway.number, physical & 0xFFF < 256
        {
          return nil
        }
        throw .undefined(word: word)
      }
    }
    if Mode.records { recordFetch(pc) }
    return operations[slot]
  }

  private func recordFetch(_ pc: UInt32) {
    let word = memory.loadWord(fetched.pointee.frame | pc & 0xFFF)
    guard let instruction = DecodedInstruction(word: word) else { return }
    events.append(.fetched(pc: VirtualAddress(pc), word: word, instruction))
  }

  // MARK: Time

  private func noticeTicks<Mode: ExecutionMode>(_ mode: Mode.Type) {
    guard cpu.pointee.cycles >= devicesPointer.pointee.timer.nextTick else { return }
    let ticks = devicesPointer.pointee.timer.notice(at: cpu.pointee.cycles)
    if Mode.records { events.append(.ticked(ticks)) }
  }

  /// Lets cycles pass until an interrupt is pending; a pause if none can come.
  private func wait<Mode: ExecutionMode>(_ mode: Mode.Type) -> Pause? {
    noticeTicks(mode)
    if devicesPointer.pointee.pendingInterrupt == nil {
      let next = devicesPointer.pointee.timer.nextTick
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
