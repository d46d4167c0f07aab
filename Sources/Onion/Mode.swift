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

/// What somebody wants to hear of, where the hot path can see it without asking the class.
struct Hooks {
  /// A step is being recorded.
  var isRecording = false
  var hasBreakpoints = false
  var hasWatches = false
  /// From the first byte that is watched to the last, in either space.
  var watchedVirtual = WatchedSpan()
  var watchedMachine = WatchedSpan()
  /// Accesses of the last step were noted.
  var hasHits = false
  /// The last step by itself was more than a plain instruction.
  var wasSystem = false
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
