// The step that comes next, looked at before it is made.
extension Session {
  /// The next step as it will happen; nil if the machine makes none. It is made
  /// in a copy: the session stays as it is.
  public func rehearsal() -> StepRecord? {
    excursion { $0.recordedStep().record } ?? nil
  }
}
