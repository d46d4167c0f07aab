/// Why the loop came back. What it was about to do has not begun.
enum LoopExit {
  /// The cycles or steps are used up, or in `Fast` so nearly that `Careful` has to go on.
  case budget
  /// At a system instruction: `system` makes it.
  case system
  /// The instruction at pc is not the loop's, or it has to be looked at first: `beat` makes it.
  case other
  /// A watched register changed.
  case registerChanged
}

/// How the one loop is specialised: `Fast` looks at its budget where it jumps, `Careful` after each
/// instruction, and then also at watched registers. Tests hold that both leave the same state.
protocol LoopMode {
  static var checksEach: Bool { get }
}

enum Fast: LoopMode {
  @inline(__always) static var checksEach: Bool { false }
}

enum Careful: LoopMode {
  @inline(__always) static var checksEach: Bool { true }
}
