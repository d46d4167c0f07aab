/// Why two moments can't be compared.
public enum ComparisonFailure: Error, Hashable, Sendable {
  /// This history goes to that step only.
  case notReached(furthest: UInt64)
  /// Ctrl-C.
  case interrupted
  /// The host has no room for a second machine to look in.
  case noRoom
}

extension Session {
  /// What changed from one step of this history to another; the session stays where it is.
  public func difference(
    from: UInt64, to: UInt64, poll: Poll = { false }
  ) throws(ComparisonFailure) -> Difference {
    let furthest = max(furthestStep, world.steps)
    guard max(from, to) <= furthest else { throw .notReached(furthest: furthest) }
    return try comparison { (there) throws(ComparisonFailure) in
      Difference(from: try there.moment(at: from, poll), to: try there.moment(at: to, poll))
    }
  }

  /// Looks at other moments in a copy; throws where the host has no room for one.
  func comparison<Result>(
    _ body: (Session) throws(ComparisonFailure) -> Result
  ) throws(ComparisonFailure) -> Result {
    guard let result = try excursion(body) else { throw .noRoom }
    return result
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
