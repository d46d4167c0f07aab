/// Why two moments can't be compared.
public enum ComparisonFailure: Error, Hashable, Sendable {
  /// This history goes to that step only.
  case notReached(furthest: UInt64)
  /// Ctrl-C.
  case interrupted
}

extension Session {
  /// What changed from one step of this history to another; the session stays where it is.
  public func difference(
    from: UInt64, to: UInt64, poll: Poll = { false }
  ) throws(ComparisonFailure) -> Difference {
    let furthest = max(furthestStep, world.steps)
    guard max(from, to) <= furthest else { throw .notReached(furthest: furthest) }
    return try excursion { () throws(ComparisonFailure) in
      Difference(from: try moment(at: from, poll), to: try moment(at: to, poll))
    }
  }

  private func moment(at step: UInt64, _ poll: Poll) throws(ComparisonFailure) -> Moment {
    try reach(step, poll)
    return Moment(world)
  }

  /// Goes to a step, or throws that the way was interrupted.
  func reach(_ step: UInt64, _ poll: Poll) throws(ComparisonFailure) {
    if step != world.steps, case .interrupted = goTo(step: step, poll: poll).reason {
      throw .interrupted
    }
  }
}
