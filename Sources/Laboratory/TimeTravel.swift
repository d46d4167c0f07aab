import Monitor
import Onion

// Going back: the nearest checkpoint, then forward again.
extension Session {
  /// Undoes steps.
  public func back(_ count: UInt64 = 1, poll: Poll = { false }) -> RunResult {
    let start = world.steps
    let target = count > start ? 0 : start - count
    var result = goTo(step: target, poll: poll)
    if case .done = result.reason, count > start { result.reason = .beginning }
    return result
  }

  /// Goes to where the machine had made `step` steps; forward if that is ahead. Exact: the state is the
  /// same, byte for byte, as when the step was reached first.
  @discardableResult
  public func goTo(step target: UInt64, poll: Poll = { false }) -> RunResult {
    let start = world.steps
    if target > start {
      let route = Route(steps: target - start, heedsBreakpoints: false, isBudgeted: false)
      return travel(route, poll: poll) { _ in nil }
    }
    let checkpoint = checkpoints.resume(at: target)
    furthestStep = max(furthestStep, start)
    if let loop = toldTrapLoop, target < loop { toldTrapLoop = nil }
    world.restore(checkpoint.world)
    world.machine.cycleTable = checkpoint.costs
    world.machine.acceptsInput = acceptsInput
    journalPosition = checkpoint.journalPosition
    var isInterrupted = false
    while world.steps < target {
      repeatChanges()
      // Every step may be a trap here.
      let chunk = min(target - world.steps, stepsToNextEvent, Self.pollInterval / 8)
      let pause = world.run(steps: chunk, cycleLimit: .max, stops: RunStops())
      keepCheckpoint()
      guard !isEnd(pause) else { break }
      isInterrupted = poll()
      if isInterrupted { break }
    }
    repeatChanges()
    leave(start)
    let here = world.steps
    trapLog.removeAll { $0.step >= here }
    if let last = lastTrap, last.number >= here { lastTrap = nil }
    if let last = lastStep, last.number >= here { lastStep = nil }
    return RunResult(reason: isInterrupted ? .interrupted : .done, steps: start - min(start, here))
  }

  /// Nothing goes on from here; what was done at this step, in this history, still may: something was typed, or a
  /// guest that had stopped was put back.
  func isEnd(_ pause: Pause) -> Bool {
    switch pause {
    case .limit, .doorway, .breakpoint, .watched: false
    case .stopped, .waitingForInput:
      journalPosition >= journal.count || journal[journalPosition].step > world.steps
    }
  }

  /// Makes the changes from outside that were made at this step: wherever the session comes to rest,
  /// the state holds them.
  func repeatChanges() {
    while journalPosition < journal.count, journal[journalPosition].step <= world.steps {
      // It could be made then, and the state is the same.
      try? world.apply(journal[journalPosition].change)
      journalPosition += 1
    }
  }

  /// Steps until a change from outside or a checkpoint may be due, at least 1.
  var stepsToNextEvent: UInt64 {
    var steps = checkpoints.stepsToNextLook(from: CheckpointWork(world))
    if journalPosition < journal.count {
      let next = journal[journalPosition].step
      steps = min(steps, next - min(next, world.steps))
    }
    return max(1, steps)
  }

  var checkpointHere: Checkpoint { Checkpoint(world, journalPosition: journalPosition) }

  /// Takes a checkpoint if one is due.
  func keepCheckpoint() {
    let work = CheckpointWork(world)
    guard checkpoints.isWorthALook(work) else { return }
    if checkpoints.isDue(at: world.steps, work) { checkpoints.insert(checkpointHere) }
  }

  /// Bytes that the history takes, as far as they grow with it.
  public var historyBytes: Int { checkpoints.bytes }

  /// Bytes that the history may take; beyond, moments long ago are kept less densely.
  public var historyLimit: Int {
    get { checkpoints.limit }
    set { checkpoints.limit = newValue }
  }
}
