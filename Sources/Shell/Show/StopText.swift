import Onion
import SourceText

/// Why a machine will run no further, in words.
enum StopText {
  /// A phrase.
  static func short(_ stop: Stop) -> String {
    switch stop {
    case .switchedOff: "the machine is switched off"
    case .haltedForGood: "the machine has halted for good: hlt with interrupts off"
    case .haltedNothingCanCome: "the machine has halted for good: no interrupt can ever come"
    case .noRoomForMonitor:
      "the guest uses all of its address space, so the VMM has no place left for its own pages"
    case .tripleFault: "the machine has stopped: triple fault"
    }
  }

  /// The phrase, and for a triple fault its three steps.
  static func long(_ stop: Stop, in view: ViewContext) -> StyledText {
    var text = StyledText(short(stop), .strong).wrapped(to: view.width)
    guard case .tripleFault(let fault) = stop else { return text }
    let words = RefusalWords()
    let lines = [
      "1  trap \(RefusalWords.name(fault.first)) at \(view.named(fault.pc).plain)",
      "2  It could not be delivered. \(words.why(fault.firstRefusal))",
      "3  So a double fault was due. \(words.why(fault.secondRefusal))",
    ]
    for line in lines {
      text.appendLine(StyledText(line).wrapped(to: view.width, first: "  ", hanging: "     "))
    }
    return text
  }
}
