// The last steps, one by one.
extension Session {
  /// The records of the last `count` steps before here, oldest first; fewer where the history begins. The
  /// session stays where it is.
  public func trace(_ count: UInt64, poll: Poll = { false }) throws(ComparisonFailure)
    -> [StepRecord]
  {
    let here = world.steps
    let start = here - min(count, here)
    return try excursion { () throws(ComparisonFailure) in
      try reach(start, poll)
      var records: [StepRecord] = []
      while world.steps < here {
        guard let record = recordedStep().record else { break }
        records.append(record)
        if poll() { throw .interrupted }
      }
      return records
    }
  }
}
