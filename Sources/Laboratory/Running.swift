import Monitor
import Onion
import OnionISA

/// What a run came to.
public struct RunResult: Sendable {
  public enum Reason: Sendable {
    /// As many steps as were asked for were made.
    case done
    case breakpoint(Breakpoint)
    /// The trap that was looked for.
    case trap
    /// The place that was run to.
    case arrived
    case stopped(Stop)
    case waitingForInput
    /// Ctrl-C.
    case interrupted
    /// Going back ended at the first step.
    case beginning
  }

  public var reason: Reason
  /// Steps made, or undone.
  public var steps: UInt64
  /// The last step's record, where one was made.
  public var record: StepRecord?
}

/// Asked now and then during a long run; true stops it.
public typealias Poll = () -> Bool

extension Session {
  /// Steps between two questions whether to stop.
  static let pollInterval: UInt64 = 200_000
  /// The same where each step is looked at, which takes longer.
  static let slowPollInterval: UInt64 = 20_000

  /// Makes steps; the last one is recorded.
  public func step(_ count: UInt64 = 1, poll: Poll = { false }) -> RunResult {
    guard count > 0 else { return RunResult(reason: .done, steps: 0) }
    var result = run(count - 1, poll: poll)
    guard case .done = result.reason else { return result }
    let last = recordedStep()
    result.steps += last.steps
    result.record = last.record
    result.reason = last.reason
    return result
  }

  /// Makes one step and keeps its whole record.
  func recordedStep() -> RunResult {
    repeatChanges()
    let before = world.context
    let number = world.steps
    let counts = TrapCounts(world)
    // Where the real CPU isn't asked, because a guest waits, the events of an older step are left.
    let stale = world.monitor?.guest.cpu.isWaiting == true ? world.machine.events.count : 0
    let pause = world.step(recording: true)
    guard world.steps > number || counts.real != world.trapCount else {
      return RunResult(reason: reason(of: pause), steps: 0)
    }
    let record = StepRecord(
      number: number, guest: world.monitor?.guest.name, before: before, after: world.context,
      machine: Array(world.machine.events.dropFirst(stale)),
      monitor: world.monitor?.events ?? [])
    lastStep = record
    if record.isTrap { lastTrap = record }
    logTrap(before: counts)
    checkpoint()
    repeatChanges()
    return RunResult(reason: reason(of: pause), steps: world.steps - number, record: record)
  }

  private func reason(of pause: Pause) -> RunResult.Reason {
    switch pause {
    case .limit, .doorway, .breakpoint, .watched: .done
    case .stopped(let stop): .stopped(stop)
    case .waitingForInput: .waitingForInput
    }
  }

  /// Makes up to `count` steps without records; breakpoints stop it, but not one at the very start.
  public func run(
    _ count: UInt64, cycleLimit: UInt64 = .max, ignoringBreakpoints: Bool = true,
    poll: Poll = { false }
  ) -> RunResult {
    travel(
      count, cycleLimit: cycleLimit, ignoringBreakpoints: ignoringBreakpoints, poll: poll
    ) { [self] trap in
      if ignoringBreakpoints { return nil }
      return hitBreakpoint(trap: trap).map { .breakpoint($0) }
    }
  }

  /// Runs until a breakpoint or the end.
  public func `continue`(poll: Poll = { false }) -> RunResult {
    run(.max, ignoringBreakpoints: false, poll: poll)
  }

  /// Runs until the program is at `address`, a breakpoint, or the end.
  public func run(until address: VirtualAddress, poll: Poll = { false }) -> RunResult {
    travel(.max, watching: [address], poll: poll) { [self] trap in
      if let hit = hitBreakpoint(trap: trap) { return .breakpoint(hit) }
      return hasArrived(at: address, trap: trap) ? .arrived : nil
    }
  }

  /// Runs until the current function returns to `ra` with its stack as it is or popped.
  public func finish(poll: Poll = { false }) -> RunResult {
    let target = VirtualAddress(world.machine[.ra])
    let sp = world.machine.stackPointer
    return travel(.max, watching: [target], poll: poll) { [self] trap in
      if let hit = hitBreakpoint(trap: trap) { return .breakpoint(hit) }
      return world.pc == target && world.machine.stackPointer >= sp ? .arrived : nil
    }
  }

  /// Runs to the next trap or interrupt and gives its whole record; also where that trap was the
  /// program's end, or the beginning of a wait.
  public func runToTrap(poll: Poll = { false }) -> RunResult {
    var result = travel(.max, ignoringBreakpoints: true, poll: poll) { trap in
      trap == nil ? nil : .trap
    }
    guard result.steps > 0 else { return result }
    switch result.reason {
    case .trap, .stopped(.tripleFault): break
    case .stopped, .waitingForInput:
      guard trapLog.last?.step == world.steps - 1 else { return result }
    default: return result
    }
    // The trap was found by a fast run: make its step once more, with a record.
    goTo(step: world.steps - 1)
    result.record = recordedStep().record
    return result
  }

  // MARK: The one loop

  /// Runs on, repeating changes from outside where they were made and taking snapshots on the way.
  ///
  /// - Parameters:
  ///   - watching: addresses at which `stop` is to be asked; breakpoints' are added.
  ///   - ignoringBreakpoints: they are not added.
  ///   - isSlow: `stop` is asked after every step.
  ///   - stop: why to stop here; called after each trap too, with the trap.
  func travel(
    _ count: UInt64, cycleLimit: UInt64 = .max, watching: [VirtualAddress] = [],
    ignoringBreakpoints: Bool = false, isSlow: Bool = false, poll: Poll,
    stop: (TrapLogEntry?) -> RunResult.Reason?
  ) -> RunResult {
    let start = world.steps
    let (sum, overflow) = start.addingReportingOverflow(count)
    let end = overflow ? UInt64.max : sum
    var addresses = Set(watching)
    for breakpoint in breakpoints where !ignoringBreakpoints {
      if case .address(let address) = breakpoint.place { addresses.insert(address) }
    }
    var asked = start
    let interval = isSlow || !addresses.isEmpty ? Self.slowPollInterval : Self.pollInterval
    func result(_ reason: RunResult.Reason) -> RunResult {
      repeatChanges()
      return RunResult(reason: reason, steps: world.steps - start)
    }
    while world.steps < end, world.machine.cycles < cycleLimit {
      repeatChanges()
      let counts = TrapCounts(world)
      let pause: Pause
      if isSlow || !addresses.isEmpty {
        pause = crawl(end: end, cycleLimit: cycleLimit, addresses: addresses, isSlow: isSlow)
      } else {
        let chunk = min(end - world.steps, stepsToNextEvent, interval)
        pause = world.run(steps: chunk, cycleLimit: cycleLimit, stops: RunStops(atTrap: true))
      }
      let isTrap = counts.real != world.trapCount
      logTrap(before: counts)
      checkpoint()
      switch pause {
      case .stopped(let stop): return result(.stopped(stop))
      case .waitingForInput:
        if isEnd(pause) { return result(.waitingForInput) }
        continue
      case .limit, .doorway, .breakpoint, .watched: break
      }
      if isTrap || isSlow || addresses.contains(world.pc),
        let reason = stop(isTrap ? trapLog.last : nil)
      {
        return result(reason)
      }
      if world.steps - asked >= interval {
        asked = world.steps
        if poll() { return result(.interrupted) }
      }
    }
    return result(.done)
  }

  /// Single steps until an address is reached, a trap is taken, or something else is due.
  private func crawl(
    end: UInt64, cycleLimit: UInt64, addresses: Set<VirtualAddress>, isSlow: Bool
  ) -> Pause {
    let machine = world.machine
    let deliveries = machine.lastDelivery.number
    // A few addresses are compared faster than looked up.
    let watched = addresses.map(\.rawValue).sorted()
    let limit = min(end - world.steps, stepsToNextEvent, Self.slowPollInterval)
    for _ in 0..<limit where machine.cycles < cycleLimit {
      let pause = world.step(recording: false)
      guard case .limit = pause else { return pause }
      // While a program runs, and without a pause it does, pc is the real one under the VMM too.
      let pc = machine.pc.rawValue
      if isSlow || machine.lastDelivery.number != deliveries || watched.contains(pc) { break }
    }
    return .limit
  }
}

extension World {
  /// The ring as the program sees it: the virtual one under the VMM.
  public var ring: Ring {
    guard let monitor else { return machine.status.cpl }
    // On the classic profile a guest may go to an outer ring without the VMM's knowing.
    let real = machine.status.cpl
    return real == .ring2 || real == .ring3 ? real : monitor.guest.cpu.ring
  }
}
