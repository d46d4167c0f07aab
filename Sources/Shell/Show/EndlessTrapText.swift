import Laboratory
import OnionISA
import SourceText

extension CommandInterpreter {
  /// Why a run ended in a loop of traps, and what to look at.
  func endlessTrapText(_ loop: EndlessTrap) -> StyledText {
    let trap = loop.trap
    let others =
      loop.trapsInRound > 1
      ? ", each time with \(view.plural(UInt64(loop.trapsInRound - 1), "other trap"))" : ""
    let believed = session.world.monitor.map { ", nor what \($0.guest.name) believes" } ?? ""
    var text =
      "endless trap loop: trap \(RefusalWords.name(trap.trap)), at \(named(trap.pc)), was taken "
      + "\(view.plural(loop.count, "time"))\(others). From one time to the next no register, no word "
      + "of memory and no device changes\(believed), "
    text +=
      loop.canInputEnd
      ? "and only what is typed could end it: 'type TEXT' types some."
      : "and no interrupt can come, so it never ends."
    if trap.trap.vector.kind == .fault, loop.trapsInRound == 1 {
      text += " The handler goes back to the instruction that faults, without a cure for it."
    }
    text +=
      " 'trap' shows the next one, 'gates' names its handler; 'continue' runs on all the same."
    return StyledText(text).wrapped(to: columns)
  }
}
