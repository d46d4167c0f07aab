import Laboratory
import Onion
import OnionISA
import SourceText

/// A step that is shown phase by phase before it is made.
struct SlowStep {
  var record: StepRecord
  /// Phases that were shown.
  var shown = 0
}

extension CommandInterpreter {
  /// The next phase of the next step; with the last one the step is made.
  ///
  /// - Parameter all: every phase that is left.
  func stepPhase(all: Bool) throws(CommandFailure) -> StyledText {
    try requireProgram()
    if let stop = session.world.stop {
      throw CommandFailure(
        "\(StopText.short(stop)); 'back' goes back, 'reset' starts the program again")
    }
    guard var slow = slowStep ?? session.rehearsal().map({ SlowStep(record: $0) }) else {
      return try move { $0.step(poll: $1) }
    }
    let phases = view.phases(of: slow.record)
    let first = slow.shown
    slow.shown = all ? phases.count : min(phases.count, first + 1)
    var text = view.phaseLines(Array(phases[first..<slow.shown]))
    if slow.shown < phases.count {
      slowStep = slow
      return text
    }
    slowStep = nil
    let usual = look.verbosity
    // The phases told it all: what is left is where the machine stands.
    look.verbosity = usual == .normal ? .terse : usual
    defer { look.verbosity = usual }
    text.appendLine(try move { $0.step(poll: $1) })
    return text
  }
}
