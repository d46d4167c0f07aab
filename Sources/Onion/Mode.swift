/// Whether what happens is written down: `Silent` keeps no record, `Recording` notes every event. Tests
/// hold that both leave the same state.
protocol EventMode {
  static var records: Bool { get }
}

enum Silent: EventMode {
  @inline(__always) static var records: Bool { false }
}

enum Recording: EventMode {
  @inline(__always) static var records: Bool { true }
}

/// How a system instruction ended.
enum Completion {
  /// Go on with the next word.
  case next
  /// `pc` is set already.
  case jumped
  /// It completed by being delivered through a gate: no step trap follows.
  case trapped
}
