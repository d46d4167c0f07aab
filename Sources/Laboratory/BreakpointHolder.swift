/// Something whose runs breakpoints stop.
///
/// A lesson runs commands between those of its learner, and the learner's breakpoints must not stop them.
public protocol BreakpointHolder: AnyObject {
  /// The numbers of the breakpoints that stop runs.
  var enabledBreakpoints: Set<Int> { get }

  /// Lets breakpoints stop runs, or not; numbers of which there is none are passed over.
  func setBreakpoints(_ ids: Set<Int>, enabled: Bool)
}

extension Session: BreakpointHolder {
  public var enabledBreakpoints: Set<Int> { Set(breakpoints.filter(\.isEnabled).map(\.id)) }

  public func setBreakpoints(_ ids: Set<Int>, enabled: Bool) {
    for id in ids { updateBreakpoint(id) { $0.isEnabled = enabled } }
  }
}
