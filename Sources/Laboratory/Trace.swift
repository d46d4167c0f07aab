// The last steps, one by one.
extension Session {
  /// The records of the last `count` steps before here, oldest first; fewer where the history begins. The
  /// session stays where it is.
  public func trace(_ count: UInt64, poll: Poll = { false }) throws(ComparisonFailure)
    -> [StepRecord]
  {
    let here = world.steps
    let start = here - min(count, here)
    return try comparison { (there) throws(ComparisonFailure) in
      try there.reach(start, poll)
      var records: [StepRecord] = []
      while there.world.steps < here {
        guard let record = there.recordedStep().record else { break }
        records.append(record)
        if poll() { throw .interrupted }
      }
      return records
    }
  }
}
