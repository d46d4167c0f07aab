import Monitor
import Onion
import OnionISA

/// What a run came to.
public struct RunResult: Sendable {
  public enum Reason: Sendable {
    /// As many steps as were asked for were made.
    case done
    /// Those that stop the run, one or more.
    case breakpoint([StopHit])
    /// So many steps were made as one run may make.
    case budget(UInt64)
    /// The trap that was looked for.
    case trap
    /// The place that was run to.
    case arrived
    case stopped(Stop)
    case waitingForInput
    /// The same traps would be taken for ever.
    case endlessTrap(EndlessTrap)
    /// Ctrl-C.
    case interrupted
    /// Going back ended at the first step.
    case beginning
    /// There is none before, and the session stays where it was.
    case notFound
    /// Nothing called this function, and the session stays where it was.
    case outermost
  }

  public var reason: Reason
  /// Steps made, or undone.
  public var steps: UInt64
  /// The last step's record, where one was made.
  public var record: StepRecord?

  public init(reason: Reason, steps: UInt64, record: StepRecord? = nil) {
    self.reason = reason
    self.steps = steps
    self.record = record
  }
}

extension RunResult.Reason {
  var isBreakpoint: Bool { if case .breakpoint = self { true } else { false } }
}

/// Asked now and then during a long run; true stops it.
public typealias Poll = () -> Bool

extension Session {
  /// Makes steps; the last one is recorded. A breakpoint on the way stops it, as in gdb.
  public func step(_ count: UInt64 = 1, poll: Poll = { false }) -> RunResult {
    guard count > 0 else { return RunResult(reason: .done, steps: 0) }
    var result = run(count - 1, ignoringBreakpoints: false, poll: poll)
    guard case .done = result.reason else { return result }
    var scan = StopScan(breakpoints, in: self)
    let (last, hits) = watchedStep(&scan)
    result.steps += last.steps
    result.record = last.record
    result.reason = stop(for: hits) ?? last.reason
    return result
  }

  /// What a step that hit those stops for.
  func stop(for hits: [StopHit]) -> RunResult.Reason? {
    let stopping = count(hits)
    guard !stopping.isEmpty else { return nil }
    tell(stopping)
    return .breakpoint(stopping)
  }

  /// Makes one step and keeps its whole record.
  ///
  /// - Parameter look: called after the step, before what was changed from outside there is changed again.
  func recordedStep(_ look: () -> Void = {}) -> RunResult {
    repeatChanges()
    let before = world.context
    let guest = world.monitor.map { (index: $0.currentIndex, name: $0.guest.name) }
    let number = world.steps
    let counts = TrapCounts(world)
    let pause = world.step(recording: true)
    guard world.steps > number || counts.real != world.trapCount else {
      return RunResult(reason: reason(of: pause), steps: 0)
    }
    let record = StepRecord(
      number: number, guest: guest?.name, guestIndex: guest?.index ?? 0, before: before,
      after: world.context(ofGuest: guest?.index),
      machine: world.machine.events, monitor: world.monitor?.events ?? [],
      trapCount: world.trapCount)
    lastStep = record
    if record.isTrap { lastTrap = record }
    logTrap(before: counts)
    keepCheckpoint()
    look()
    repeatChanges()
    leave(number)
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
    let route = Route(
      steps: count, cycleLimit: cycleLimit, heedsBreakpoints: !ignoringBreakpoints)
    return travel(route, poll: poll, decide: heed)
  }

  /// Runs until a breakpoint or the end.
  public func `continue`(poll: Poll = { false }) -> RunResult {
    travel(Route(seeksTrapLoops: true), poll: poll, decide: heed)
  }

  /// Runs to a breakpoint, the end, or the moment when so many steps have been made since reset. No budget
  /// ends it, and no search for traps that are taken for ever: what it does depends on its ends alone.
  public func `continue`(to step: UInt64, poll: Poll = { false }) -> RunResult {
    let count = step > world.steps ? step - world.steps : 0
    return travel(
      Route(steps: count, heedsBreakpoints: true, isBudgeted: false), poll: poll, decide: heed)
  }

  /// Runs until the program is at `address`, a breakpoint, or the end.
  ///
  /// - Parameter guest: whose address it is, by its place; nil: of the one that has the CPU.
  public func run(
    until address: VirtualAddress, ofGuest guest: Int? = nil, poll: Poll = { false }
  ) -> RunResult {
    let guest = guest ?? world.monitor?.currentIndex
    return travel(Route(places: [address], seeksTrapLoops: true), poll: poll) { [self] halt in
      heed(halt) ?? (hasArrived(at: address, trap: halt.trap, guest: guest) ? .arrived : nil)
    }
  }

  /// Runs to the next trap or interrupt, or so many, and gives the last one's whole record. A breakpoint
  /// on the way stops it.
  public func runToTrap(_ count: UInt64 = 1, poll: Poll = { false }) -> RunResult {
    again(count, poll: poll) { result in
      if case .trap = result.reason { true } else { false }
    } _: {
      runToOneTrap(poll: poll)
    }
  }

  /// Makes a move again and again, for as long as each comes to what it was made for.
  func again(
    _ count: UInt64, poll: Poll, while goesOn: (RunResult) -> Bool, _ move: () -> RunResult
  ) -> RunResult {
    let start = world.steps
    var left = count
    var result = RunResult(reason: .done, steps: 0)
    while left > 0 {
      result = move()
      left -= 1
      guard left > 0, goesOn(result) else { break }
      if poll() {
        result.reason = .interrupted
        result.record = nil
        break
      }
    }
    result.steps = world.steps - start
    return result
  }

  /// Also where that trap was the program's end, or the beginning of a wait. What else its step hits isn't told:
  /// going back finds it.
  private func runToOneTrap(poll: Poll) -> RunResult {
    var result = travel(Route(), poll: poll) { [self] halt in
      halt.trap == nil ? heed(halt) : .trap
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
}

extension World {
  /// The ring as the program sees it: the virtual one under the VMM.
  public var ring: Ring {
    guard let monitor else { return machine.status.cpl }
    // On the classic profile a guest may go to an outer ring without the VMM's knowing.
    let real = machine.status.cpl
    return real == .ring2 || real == .ring3 ? real : monitor.guest.cpu.ring
  }

  /// The program's ring, or that of each guest in their order.
  var rings: [Ring] {
    guard let monitor, monitor.guests.count > 1 else { return [ring] }
    return monitor.guests.enumerated().map { index, guest in
      index == monitor.currentIndex ? ring : guest.cpu.ring
    }
  }
}
