import Laboratory
import Onion
import OnionISA
import SourceText

// A trap in one sentence: for a line of a log, and for a voice. The card is its third length.
extension ViewContext {
  /// What is said when a step took a trap.
  public func trapStop(_ record: StepRecord) -> StyledText {
    let view = about(record)
    return switch look.verbosity {
    case .terse: view.trapLine(record).wrapped(to: width, first: " ", hanging: "   ")
    case .normal: view.trapCard(record)
    case .spoken: view.trapSentence(record)
    }
  }

  /// `trap 12 protection: cli at 00001300 critical, ring 1 → 0, emulated`
  func trapLine(_ record: StepRecord) -> StyledText {
    var text = StyledText("trap \(record.trapNumber)", .strong) + " \(trapName(record))"
    if record.instruction != nil { text += ": " + instruction(of: record) }
    text += " at " + named(record.before.pc)
    if let delivery = record.delivery, delivery.fromRing != delivery.toRing {
      text += ", " + ringText(delivery.fromRing) + " \(glyphs.arrow) "
      text.append("\(delivery.toRing)", ringStyle(delivery.toRing))
    }
    let isDelivered = record.guest != nil || record.delivery != nil
    text.append(isDelivered ? ", \(outcome(record.outcome))" : ": triple fault")
    return text
  }

  /// What was wanted, which rule decided, who answered and how, what is believed and what is true.
  private func trapSentence(_ record: StepRecord) -> StyledText {
    var parts = [
      StyledText("trap \(record.trapNumber), \(trapName(record)): ") + instruction(of: record)
        + " at "
        + named(record.before.pc)
    ]
    parts.append(StyledText(why(record)))
    if let delivery = record.delivery {
      let (from, to) = (delivery.fromRing, delivery.toRing)
      let (start, end) = (owner(of: from).map { ", \($0)," } ?? "", owner(of: to).map { ", \($0)" })
      parts.append(
        from == to
          ? StyledText("it stays in ring \(to)\(end ?? "")")
          : StyledText("from ring \(from)\(start) to ring \(to)\(end ?? "")"))
    }
    let done = record.guest == nil ? [] : monitorSentences(record)
    if record.guest == nil, record.delivery == nil {
      parts += failures(record).map { StyledText($0) }
    } else if done.isEmpty {
      parts.append(StyledText(outcome(record.outcome)))
    } else {
      parts.append(StyledText("the VMM " + list(done)))
    }
    if record.guest != nil, let believes = beliefs(record) {
      parts.append(StyledText(believes.lines.map(\.plain).joined(separator: ", ")))
    }
    var sentence = StyledText()
    for part in parts where !part.isEmpty {
      if !sentence.isEmpty { sentence.append("; ") }
      sentence += part.plain.hasSuffix(".") ? StyledText(String(part.plain.dropLast())) : part
    }
    return (sentence + ".").wrapped(to: width)
  }

  private func trapName(_ record: StepRecord) -> String {
    if let vector = record.delivery?.request.trap.vector { return vector.name }
    return "that could not be delivered"
  }

  private func instruction(of record: StepRecord) -> StyledText {
    guard let fetched = record.instruction else { return "the instruction" }
    return instruction(fetched.decoded, at: record.before.pc)
  }

  /// What came of a trap, in a phrase.
  func outcome(_ outcome: TrapLogEntry.Outcome) -> String {
    switch outcome {
    case .delivered: "delivered to the handler"
    case .emulated: "emulated"
    case .hypercall: "answered by the VMM"
    case .filledShadow: "hidden: shadow filled"
    case .tracedWrite: "hidden: traced store"
    case .reflected: "delivered to \(guestName)"
    case .monitorOnly: "the VMM's own"
    }
  }
}
