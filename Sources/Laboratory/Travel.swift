import Monitor
import Onion
import OnionISA

/// How far a run goes, and what it heeds on the way.
struct Route {
  /// At most so many steps.
  var steps: UInt64 = .max
  /// No step begins at or after that cycle of the real machine.
  var cycleLimit: UInt64 = .max
  /// Addresses at which to ask whether to stop, besides those of breakpoints.
  var places: Set<VirtualAddress> = []
  var heedsBreakpoints = true
  /// Ask after every step.
  var isSlow = false
  /// The session's budget holds for it.
  var isBudgeted = true
  /// It has no end of its own, and ends where traps would be taken for ever.
  var seeksTrapLoops = false
}

/// Where a run asks whether to stop: after a trap, at a place, after a hit.
struct Halt {
  /// The trap that the last step took, if it took one.
  var trap: TrapLogEntry?
  /// The breakpoints that were hit with the last step, not counted yet.
  var hits: [StopHit]
}

// The one loop in which the machine runs forward without records.
extension Session {
  /// Steps between two questions whether to stop: some milliseconds at most, however slow they are.
  static let pollInterval: UInt64 = 400_000
  /// What a call of the engine and the trap that ended it cost, in steps of a fast run.
  static let callCost: UInt64 = 400

  /// Runs on, repeating changes from outside where they were made and taking snapshots on the way.
  ///
  /// - Parameter decide: why to stop here, or nil.
  func travel(
    _ route: Route, poll: Poll, decide: (Halt) -> RunResult.Reason?
  ) -> RunResult {
    let start = world.steps
    let told = told
    let count = route.isBudgeted ? min(route.steps, budget ?? .max) : route.steps
    let (sum, overflow) = start.addingReportingOverflow(count)
    let end = overflow ? UInt64.max : sum
    let machine = world.machine
    var scan = StopScan(route.heedsBreakpoints ? breakpoints : [], in: self)
    let isSlow = route.isSlow || scan.triggers.atEachStep
    let stops = RunStops(
      atTrap: true, atSystem: scan.triggers.atSystem, registers: scan.triggers.registers)
    machine.breakpoints = scan.addresses.union(route.places)
    watch(scan.watches(in: world))
    var loops = route.seeksTrapLoops ? trapLoopSearch() : nil
    var work: UInt64 = 0

    func result(_ reason: RunResult.Reason) -> RunResult {
      disarm()
      repeatChanges()
      leave(start)
      guard case .breakpoint(let hits) = reason else {
        return RunResult(reason: reason, steps: world.steps - start)
      }
      let named = named(hits)
      tell(hits)
      return RunResult(reason: .breakpoint(named), steps: world.steps - start)
    }

    while world.steps < end, machine.cycles < route.cycleLimit {
      let position = journalPosition
      repeatChanges()
      if journalPosition != position {
        scan.sample(self)
        if scan.watchesMemory { watch(scan.watches(in: world)) }
      }
      let counts = TrapCounts(world)
      let before = world.steps
      let guest = world.monitor?.currentIndex
      let chunk = isSlow ? 1 : min(end - before, stepsToNextEvent, Self.pollInterval - work)
      forgetAccesses()
      let pause = world.run(steps: chunk, cycleLimit: route.cycleLimit, stops: stops)
      let isTrap = logTrap(before: counts)
      keepCheckpoint()
      // The step with which the machine stops may hit something as well; when it stands still none is made.
      if world.steps > before || isTrap,
        isTrap || isSlow || scan.isRestless || machine.wasWatched
          || guest != world.monitor?.currentIndex
          || machine.hasBreakpoints && machine.breakpoints.contains(world.pc)
      {
        let trap = isTrap ? trapLog.last : nil
        let hits = untold(scan.found(self, trap: trap), told)
        if let reason = decide(Halt(trap: trap, hits: hits)), !isEnd(pause) || reason.isBreakpoint {
          return result(reason)
        }
      }
      switch pause {
      case .stopped(let stop):
        // On the way to a known step a guest that had ended may be put back.
        if !route.isBudgeted, !isEnd(pause) { continue }
        return result(.stopped(stop))
      case .waitingForInput:
        if isEnd(pause) { return result(.waitingForInput) }
        continue
      case .limit, .doorway, .breakpoint, .watched: break
      }
      if isTrap {
        if let loop = endlessTrap(&loops, since: start) { return result(.endlessTrap(loop)) }
      }
      if scan.watchesMemory, isTrap || guest != world.monitor?.currentIndex {
        watch(scan.watches(in: world))
      }
      work += world.steps - before + Self.callCost
      if work >= Self.pollInterval {
        work = 0
        if poll() { return result(.interrupted) }
      }
    }
    return result(count < route.steps && world.steps >= end ? .budget(count) : .done)
  }

  /// What a run stops for: any hit that counts.
  func heed(_ halt: Halt) -> RunResult.Reason? {
    guard !halt.hits.isEmpty else { return nil }
    let hits = count(halt.hits)
    return hits.isEmpty ? nil : .breakpoint(hits)
  }

  /// The engine pauses for nothing any more.
  func disarm() {
    world.machine.breakpoints = []
    watch([])
  }

  /// Lets the engine watch; what it has learned of its memory is kept if that is what it does already.
  private func watch(_ watches: [MemoryWatch]) {
    guard world.machine.watches != watches else { return }
    world.machine.watches = watches
  }

  /// The accesses of an earlier step are none of the next.
  func forgetAccesses() {
    guard world.machine.wasWatched else { return }
    _ = world.machine.run(steps: 0)
  }

  /// The hits with the instruction that each step began with: one step back, and forward again.
  private func named(_ hits: [StopHit]) -> [StopHit] {
    guard let step = hits.first(where: { $0.step < world.steps })?.step else { return hits }
    goTo(step: step)
    let place = stepPlace
    let way = Route(steps: 1, heedsBreakpoints: false, isBudgeted: false)
    _ = travel(way, poll: { false }, decide: { _ in nil })
    return hits.map { hit in
      guard hit.step < world.steps else { return hit }
      var hit = hit
      hit.instruction = place
      return hit
    }
  }

  /// The instruction that the next step begins with.
  var stepPlace: StepPlace {
    StepPlace(
      guestIndex: world.monitor?.currentIndex ?? 0, pc: world.pc, word: world.word(at: world.pc))
  }
}
