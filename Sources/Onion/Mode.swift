/// How the one definition of the instructions is specialised: `Fast` keeps no record, `Careful` notes
/// every event. Tests hold that both leave the same state.
protocol ExecutionMode {
  static var records: Bool { get }
}

enum Fast: ExecutionMode {
  @inline(__always) static var records: Bool { false }
}

enum Careful: ExecutionMode {
  @inline(__always) static var records: Bool { true }
}

/// How an instruction ended.
enum Completion {
  /// Go on with the next word.
  case next
  /// `pc` is set already.
  case jumped
  /// It completed by being delivered through a gate: no step trap follows.
  case trapped
}
