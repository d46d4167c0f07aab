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

  /// The phrase, and for a triple fault the steps that led to it.
  static func long(_ stop: Stop, in view: ViewContext) -> StyledText {
    var text = StyledText(short(stop), .strong).wrapped(to: view.width)
    guard case .tripleFault(let fault) = stop else { return text }
    let sentences =
      ["Trap \(RefusalWords.name(fault.first)) was due at \(view.named(fault.pc).plain)."]
      + FailedDelivery(fault.first, fault.firstRefusal).sentences
      + FailedDelivery(fault.first.doubled, fault.secondRefusal).sentences
    for (index, sentence) in sentences.enumerated() {
      text.appendLine(
        StyledText("\(index + 1)  \(sentence)").wrapped(
          to: view.width, first: "  ", hanging: "     "))
    }
    return text
  }
}
