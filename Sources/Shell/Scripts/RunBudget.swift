import LineEditor

/// What a transcript may use up before it is stopped: time, and instructions.
final class RunBudget {
  private let deadline: ContinuousClock.Instant?
  private let seconds: Double
  private let instructions: UInt64?
  private var used: UInt64 = 0
  private var position: UInt64 = 0
  /// Why it has to end, once that is so.
  private(set) var exhausted: String?

  init(seconds: Double? = nil, instructions: UInt64? = nil) {
    self.seconds = seconds ?? 0
    deadline = seconds.map { ContinuousClock.now + .seconds($0) }
    self.instructions = instructions
  }

  /// Looks whether something is used up; `step` is where the machine stands.
  @discardableResult
  func look(at step: UInt64) -> Bool {
    // Going back makes steps anew from somewhere before; they count from the lowest place seen.
    if step > position { used += step - position }
    position = step
    if exhausted == nil { exhausted = reason }
    return exhausted != nil
  }

  private var reason: String? {
    if Interrupts.isPending { return "by Ctrl-C" }
    if let instructions, used > instructions {
      return "it ran more than \(instructions) instructions"
    }
    if let deadline, ContinuousClock.now > deadline {
      return "it took more than \(Self.text(seconds)) seconds"
    }
    return nil
  }

  static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() && abs(seconds) < 1e15 ? "\(Int(seconds))" : "\(seconds)"
  }
}
