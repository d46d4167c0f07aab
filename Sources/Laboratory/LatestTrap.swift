// The last trap, told in full whatever road led over it.
extension Session {
  /// The record of the last trap that was taken; nil if none was. A run at full speed keeps only a line about
  /// each trap, so the step is made once more, in the past.
  public func latestTrap(poll: Poll = { false }) throws(ComparisonFailure) -> StepRecord? {
    guard let entry = trapLog.last, lastTrap.map({ $0.number < entry.step }) ?? true else {
      return lastTrap
    }
    return try comparison { (there) throws(ComparisonFailure) in
      try there.reach(entry.step, poll)
      return there.recordedStep().record
    }
  }
}
