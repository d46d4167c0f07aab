import Laboratory
import Onion
import OnionISA
import SourceText

/// What a CPU does in one step, in its order. Not every step has all of them.
public enum Phase: String, CaseIterable, Sendable {
  case interrupt
  case fetch
  case translate
  case decode
  case privilege
  case execute
  case deliver
  /// What the VMM does after the delivery came to it.
  case monitor = "the VMM"
}

// A step in slow motion, told from its record.
extension ViewContext {
  /// The phases that a step goes through.
  public func phases(of record: StepRecord) -> [(phase: Phase, text: StyledText)] {
    var phases: [(phase: Phase, text: StyledText)] = []
    let isInterrupt = record.delivery?.request.trap.vector.kind == .interrupt
    if isInterrupt {
      phases.append((.interrupt, StyledText(why(record))))
    } else {
      phases += instructionPhases(record)
    }
    if record.isTrap { phases.append((.deliver, delivering(record))) }
    if record.guest != nil, !record.monitor.isEmpty {
      phases.append((.monitor, StyledText(list(monitorSentences(record)))))
    }
    return phases
  }

  /// One phase, or all of them.
  public func phaseLines(_ phases: [(phase: Phase, text: StyledText)]) -> StyledText {
    fields(phases.map { ($0.phase.rawValue, $0.text) })
  }

  private func instructionPhases(_ record: StepRecord) -> [(phase: Phase, text: StyledText)] {
    let before = record.before
    var phases: [(phase: Phase, text: StyledText)] = [
      (
        .fetch,
        StyledText("the CPU, in ") + ringText(before.status.cpl) + ", asks for the word at "
          + named(before.pc)
      )
    ]
    let fetch = record.machine.lazy.compactMap { event -> Translation? in
      if case .translated(let translation) = event, translation.access == .fetch,
        translation.address == before.pc
      {
        translation
      } else {
        nil
      }
    }.first
    phases.append((.translate, fetch.map(translating) ?? untranslated(record)))
    guard let fetched = record.instruction else {
      if case .undefined(let word) = record.refusal {
        phases.append((.decode, StyledText("\(hexadecimal(word)) is no instruction", .bad)))
      }
      return phases
    }
    phases.append(
      (
        .decode,
        StyledText("\(hexadecimal(fetched.word)) is ") + instruction(fetched.decoded, at: before.pc)
          + StyledText(": \(fetched.decoded.instruction.info.meaning)", .dim)
      ))
    let isRefusedByPrivilege =
      if let refusal = record.refusal { refusal.isOfPrivilege } else { false }
    phases.append((.privilege, privilege(fetched.decoded, record, isRefusedByPrivilege)))
    if !isRefusedByPrivilege { phases.append((.execute, executing(record))) }
    return phases
  }

  private func untranslated(_ record: StepRecord) -> StyledText {
    if let refusal = record.refusal, record.instruction == nil, refusal.isOfFetch {
      return StyledText(RefusalWords().why(refusal), .bad)
    }
    return "paging is off: the address is the physical one, and every page counts as code 00"
  }

  private func translating(_ translation: Translation) -> StyledText {
    var text = StyledText()
    if let walk = translation.walk {
      text += "not in the TLB: the walker reads "
      let reads = [(walk.directory, "directory"), (walk.table, "table")].compactMap { read, level in
        read.map {
          "the \(level) entry at \(hexadecimal($0.location)), \(hexadecimal($0.entry.rawValue))"
        }
      }
      text.append(reads.isEmpty ? "nothing, ptbr leads outside memory" : list(reads))
      if let leaf = walk.leaf { text.append(": \(bits(leaf, .table))") }
    } else {
      text += "the TLB has the page"
    }
    if let physical = translation.physical {
      return text + " \(glyphs.arrow) \(physical)"
    }
    return text + StyledText("; refused", .bad)
  }

  private func privilege(
    _ decoded: DecodedInstruction, _ record: StepRecord, _ isRefused: Bool
  ) -> StyledText {
    if isRefused, let refusal = record.refusal {
      return StyledText("refused: \(RefusalWords().why(refusal))", .bad)
    }
    let ring = record.before.status.cpl
    switch decoded.instruction.info.privilege {
    case .anyRing: return "\(decoded.instruction) may run in any ring: passed"
    case .ring0: return "\(decoded.instruction) needs ring 0, and this is ring \(ring): passed"
    case .portRight:
      return
        "ports need a ring up to IOPL \(record.before.status.iopl), and this is ring \(ring): passed"
    case .ring0OnStrict:
      return ring == .ring0
        ? "\(decoded.instruction) needs ring 0, and this is ring 0: passed"
        : "\(decoded.instruction) may run in ring \(ring) on the classic profile, but does less or tells the truth: passed"
    }
  }

  /// What the instruction read, wrote and changed.
  private func executing(_ record: StepRecord) -> StyledText {
    var parts: [StyledText] = []
    for event in record.machine {
      if case .delivered = event { break }
      switch event {
      case .translated(let translation) where translation.access != .fetch:
        parts.append(
          StyledText(
            "\(translation.access == .load ? "load from" : "store to") \(translation.address): ")
            + translating(translation))
      case .refused(let refusal):
        parts.append(StyledText("refused: \(RefusalWords().why(refusal))", .bad))
      case .loaded(let place, let size, let value):
        parts.append(StyledText("reads \(hexadecimal(value, digits: Int(size) * 2)) at \(place)"))
      case .stored(let place, let size, let old, let new):
        parts.append(
          StyledText(
            "writes \(hexadecimal(new, digits: Int(size) * 2)) at \(place), where "
              + "\(hexadecimal(old, digits: Int(size) * 2)) was"))
      case .portRead(let port, let value):
        parts.append(
          StyledText("port 0x\(hexadecimal(UInt32(port), digits: 2)) gives \(hexadecimal(value))"))
      case .portWritten(let port, let value):
        parts.append(
          StyledText("port 0x\(hexadecimal(UInt32(port), digits: 2)) takes \(hexadecimal(value))"))
      case .controlWritten(let control, let old, let new):
        parts.append(
          StyledText("\(control.name): \(hexadecimal(old)) \(glyphs.arrow) \(hexadecimal(new))"))
      case .statusWritten(let old, let new):
        parts.append(
          StyledText(
            "status: \(hexadecimal(old.rawValue)) \(glyphs.arrow) \(hexadecimal(new.rawValue))"))
      case .returned(let frame):
        parts.append(
          StyledText("pops pc \(frame.pc), ring \(frame.status.cpl), sp from the stack"))
      default: break
      }
      if case .refused = event { break }
    }
    if !record.isTrap {
      for register in Register.all {
        let (old, new) = (
          record.before.registers[Int(register.number)],
          record.after.registers[Int(register.number)]
        )
        if old != new {
          parts.append(
            StyledText("\(register): \(hexadecimal(old)) \(glyphs.arrow) ")
              + StyledText(hexadecimal(new), .changed))
        }
      }
      parts.append(StyledText("pc \(glyphs.arrow) ") + named(record.after.pc))
    }
    return parts.enumerated().reduce(StyledText()) { text, part in
      part.offset == 0 ? part.element : text + "; " + part.element
    }
  }

  private func delivering(_ record: StepRecord) -> StyledText {
    guard let delivery = record.delivery else {
      return "the trap cannot be delivered: triple fault"
    }
    var text = StyledText("vector \(RefusalWords.name(delivery.request.trap)): gate at ")
    text += address(delivery.gateAddress) + ", from " + ringText(delivery.fromRing) + " to "
    text += ringText(delivery.toRing)
    text.append(
      delivery.switchedStack
        ? ", on its own stack at \(hexadecimal(delivery.stackTop))"
        : ", on the same stack, \(hexadecimal(delivery.stackTop))")
    text += "; pushes sp, status, pc and error; pc \(glyphs.arrow) " + named(delivery.gate.handler)
    return text
  }
}

extension Refusal {
  /// The word could not be read.
  fileprivate var isOfFetch: Bool {
    switch self {
    case .page, .misaligned: true
    default: false
    }
  }

  /// The instruction itself was refused, for who runs it.
  fileprivate var isOfPrivilege: Bool {
    switch self {
    case .privileged, .port: true
    default: false
    }
  }
}
