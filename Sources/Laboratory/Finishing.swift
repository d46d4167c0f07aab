import Monitor
import Onion
import OnionISA

// `finish`: out of the function or handler that the history says this is.
extension Session {
  /// Runs until the current function has returned to its caller, with its stack as it was or popped; in the
  /// handler of a trap, until the code that was interrupted goes on.
  public func finish(poll: Poll = { false }) -> RunResult {
    let entry: FrameEntry?
    do throws(ComparisonFailure) {
      entry = try frameEntry(poll: poll)
    } catch {
      return RunResult(reason: .interrupted, steps: 0)
    }
    guard let entry else { return RunResult(reason: .outermost, steps: 0) }
    // A handler may change where it goes back to, as one that steps over what faulted.
    let back = entry.origin.pc + 4
    let route = Route(
      places: entry.isCall ? [back] : [], isSlow: !entry.isCall, seeksTrapLoops: true)
    return travel(route, poll: poll) { [self] halt in
      if let reason = heed(halt) { return reason }
      guard entry.isLeft(in: world) else { return nil }
      return !entry.isCall || hasArrived(at: back, trap: halt.trap) ? .arrived : nil
    }
  }
}

extension FrameEntry {
  /// The caller has its stack back, or the code that was interrupted goes on.
  fileprivate func isLeft(in world: World) -> Bool {
    guard guest == nil || guest == world.monitor?.currentIndex else { return false }
    let (before, now) = (origin.context, FrameContext(world, guest: guest))
    guard isCall else { return now == before }
    // Another program may have the same addresses; a kernel changes the table under its own feet.
    guard before.ring == .ring0 || now.directory == before.directory else { return false }
    return !now.ring.isInward(of: before.ring) && now.stackPointer >= before.stackPointer
  }
}
