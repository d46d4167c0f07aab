// The step that comes next, looked at before it is made.
extension Session {
  /// The next step as it will happen; nil if the machine makes none. It is made, recorded and taken back:
  /// the session stays where it is, and as it is.
  public func rehearsal() -> StepRecord? {
    excursion { recordedStep().record }
  }
}
