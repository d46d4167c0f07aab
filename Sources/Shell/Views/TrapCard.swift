import Laboratory
import Monitor
import Onion
import OnionAssembler
import OnionISA
import SourceText

// The trap card, the heart of the product: built from the record of the step alone.
extension ViewContext {
  public func trapCard(_ record: StepRecord) -> StyledText {
    about(record).card(of: record)
  }

  private func card(of record: StepRecord) -> StyledText {
    // What 'goto' takes to come here again.
    var right = "step \(grouped(record.number))"
    if let guest = record.guest { right = "\(guest) \(glyphs.dot) " + right }
    var card = headline("trap \(record.trapNumber)", right)
    card.appendLine(sourceLine(record))
    var rows = [(label: "why", text: StyledText(why(record)))]
    rows.append(("rings", ringsLine(record)))
    if record.guest == nil {
      rows += deliveryRows(record)
    } else {
      rows.append((theVMM, numbered(monitorSentences(record))))
      if let believes = beliefs(record) { rows.append(("believes", believes)) }
    }
    rows.append(("cost", StyledText(cost(record))))
    card.appendLine(fields(rows))
    return card
  }

  private var theVMM: String { "the VMM" }

  // MARK: The instruction

  /// Address, instruction, where it stands in the source, and its comment.
  func sourceLine(_ record: StepRecord) -> StyledText {
    let pc = record.before.pc
    var line = StyledText(" ") + address(pc) + "  "
    if isInterrupt(record) {
      line.append(width >= 60 ? "an interrupt, before this instruction" : "an interrupt", .dim)
    } else if let fetched = record.instruction {
      line += instruction(fetched.decoded, at: pc)
    } else if case .undefined(let word) = record.refusal {
      line.append(".word 0x\(hexadecimal(word))", .code)
    } else {
      line.append("could not be fetched", .dim)
    }
    guard let name = image?.lineName(at: pc.rawValue) else { return oneLine(line) }
    line = self.line(line, at: name)
    if let comment = comment(at: pc) { line += StyledText("   ; \(comment)", .comment) }
    if isLinear { return oneLine(line) }
    if line.width > width {
      let cut = StyledText(" ") + address(pc) + "  " + StyledText(name, .dim)
      return record.instruction == nil || width >= 60
        ? line.truncated(to: width)
        : cut.truncated(to: width) + "\n"
          + (StyledText("    ") + (record.instruction.map { instruction($0.decoded, at: pc) } ?? ""))
          .truncated(to: width)
    }
    return line
  }

  /// What the source says behind `;` or `#` in the line of an address.
  func comment(at pc: VirtualAddress) -> String? {
    guard let image, let line = image.line(at: pc.rawValue),
      let text = image.text(file: line.file, line: line.line)
    else { return nil }
    var quote: Character?
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == ";" || character == "#" {
        let comment = text[text.index(after: index)...]
        let words = comment.split(separator: " ").joined(separator: " ")
        return words.isEmpty ? nil : words
      }
    }
    return nil
  }

  private func isInterrupt(_ record: StepRecord) -> Bool {
    record.delivery?.request.trap.vector.kind == .interrupt
  }

  // MARK: Why

  func why(_ record: StepRecord) -> String {
    let words = RefusalWords(guest: record.guest, virtualRing: record.before.virtual?.ring)
    if let refusal = record.refusal {
      var text = words.why(refusal)
      if record.guest != nil, case .page(let page) = refusal {
        text += " " + shadowNote(record, page)
      }
      return text
    }
    if case .deliveryFailed(let trap, let refusal)? = record.machine.first(where: {
      if case .deliveryFailed = $0 { true } else { false }
    }) {
      return "Vector \(trap.vector) could not be delivered. \(words.why(refusal))"
    }
    guard let delivery = record.delivery else { return "" }
    let trap = delivery.request.trap
    switch trap.vector {
    case .timer:
      if record.guest != nil { return timerNote(record) }
      return "The timer ticked and interrupts are on (IF = 1)."
    case .console: return "Somebody typed, and interrupts are on (IF = 1)."
    case .step:
      // If the guest wants step traps itself, the VMM delivers it one.
      let isOwn = record.firstEvent { if case .steppedForInterrupt = $0 { true } else { nil } }
      if isOwn == true, !record.isDelivered(.step) {
        return
          "The VMM let one instruction run, because an interrupt waits behind \(guestName)'s sti."
      }
      return "TF is set: a trap follows each instruction."
    case .breakpoint: return "brk asks for a debugger: vector 2."
    case .hypercall: return "vmcall \(trap.error) asks for a VMM: vector 8."
    default:
      guard Vector.software.contains(trap.vector.rawValue) else { return "Vector \(trap.vector)." }
      if record.guest != nil { return guestsGate(record, trap.vector) }
      return "int \(trap.vector) asks for a service through gate \(trap.vector), which admits "
        + admitted(by: delivery.gate)
    }
  }

  private func admitted(by gate: Gate) -> String {
    gate.admittedRing == .ring0 ? "ring 0 only." : "rings 0 to \(gate.admittedRing)."
  }

  /// What the VMM had set the real timer for.
  private func timerNote(_ record: StepRecord) -> String {
    let purpose = record.firstEvent { event -> TimerPurpose? in
      if case .timerCame(let purpose) = event { purpose } else { nil }
    }
    guard let purpose else { return "The real timer ticked." }
    return "The real timer ticked. The VMM had set it for \(words(record).purpose(purpose))."
  }

  /// Under the VMM the real gate admits everybody: it is the guest's own that decides, and the VMM looks at it.
  private func guestsGate(_ record: StepRecord, _ vector: Vector) -> String {
    let gate = record.firstEvent { event -> Gate? in
      if case .readGate(vector, _, let gate) = event { gate } else { nil }
    }
    let refusal = record.firstEvent { event -> Refusal? in
      if case .refused(let refusal) = event { refusal } else { nil }
    }
    let start = "int \(vector) asks for a service through \(guestName)'s gate \(vector)"
    guard let refusal else {
      return gate.map { "\(start), which admits \(admitted(by: $0))" } ?? start + "."
    }
    let why = RefusalWords(guest: record.guest, isVirtual: true).why(refusal)
    return
      "\(start). \(why) The VMM's own gate \(vector) lets every ring in, so that the VMM can look at "
      + "\(guestName)'s."
  }

  /// Under the VMM a real page fault says nothing yet about whose it is: what the CPU walked is the shadow table.
  private func shadowNote(_ record: StepRecord, _ page: PageRefusal) -> String {
    let start = "The CPU walked the VMM's shadow table"
    let isAbsent = if case .walk(.notPresent) = page.cause { true } else { false }
    switch record.outcome {
    case .filledShadow:
      return isAbsent
        ? "\(start), where this entry had not been made yet."
        : "\(start), whose entry had no such right yet."
    case .tracedWrite:
      return isAbsent
        ? "\(start), where no store makes an entry for a page that holds \(guestName)'s page tables."
        : "\(start), where pages that hold \(guestName)'s page tables are read-only."
    default: return start + "."
    }
  }

  // MARK: Rings

  private func ringsLine(_ record: StepRecord) -> StyledText {
    guard let delivery = record.delivery else { return "the trap could not be delivered" }
    let from = delivery.fromRing
    let to = delivery.toRing
    let names = ringNames
    if from == to {
      return StyledText("stays in ") + ringText(to) + StyledText(inBrackets(to))
    }
    var line = StyledText()
    for ring in Ring.allCases {
      if ring != .ring0 {
        let isPath = ring.rawValue > to.rawValue && ring.rawValue <= from.rawValue
        let isFirst = ring.rawValue == to.rawValue + 1
        line.append(isPath ? (isFirst ? " \(glyphs.inward) " : " \(glyphs.line) ") : "     ")
      }
      let isEnd = ring == from || ring == to
      let name = isEnd ? owner(of: ring).map { " \($0)" } ?? "" : " \(names[Int(ring.rawValue)])"
      line.append("\(ring)\(name)", isEnd ? ringStyle(ring) : .dim)
    }
    if isLinear || line.width > width - 8 {
      return StyledText("from ") + ringText(from) + StyledText("\(inBrackets(from)) inward to ")
        + ringText(to) + StyledText(inBrackets(to))
    }
    return line
  }

  private func inBrackets(_ ring: Ring) -> String { owner(of: ring).map { " (\($0))" } ?? "" }

  /// Who lives in a ring, if that is known.
  func owner(of ring: Ring) -> String? {
    let name = ringNames[Int(ring.rawValue)]
    return name == glyphs.none ? nil : name
  }

  /// Who lives in each ring.
  var ringNames: [String] {
    guard monitor != nil else { return ["kernel", glyphs.none, glyphs.none, "programs"] }
    return ["VMM", "\(guestName)'s kernel", glyphs.none, "\(guestName)'s programs"]
  }

  // MARK: The bare machine: gate and stack

  private func deliveryRows(_ record: StepRecord) -> [(label: String, text: StyledText)] {
    var rows: [(label: String, text: StyledText)] = []
    let failures = failures(record)
    if !failures.isEmpty { rows.append(("delivery", numbered(failures))) }
    guard let delivery = record.delivery else { return rows }
    let trap = delivery.request.trap
    rows.append(("vector", StyledText(RefusalWords.name(trap))))
    let gate =
      StyledText("\(trap.vector) at ") + address(delivery.gateAddress) + ": handler "
      + named(delivery.gate.handler)
      + (delivery.gate.keepsInterruptFlag ? ", leaves IF as it is" : ", turns interrupts off")
    rows.append(("gate", gate))
    let stack =
      delivery.switchedStack
      ? "switched to ksp\(delivery.toRing), \(hexadecimal(delivery.stackTop))"
      : "the same, \(hexadecimal(delivery.stackTop))"
    let names = ["sp", "status", "pc", "error"]
    let pushed = zip(names, delivery.pushed).map { "\($0) \(hexadecimal($1))" }
    rows.append(("stack", StyledText(stack + "; pushed " + pushed.joined(separator: ", "))))
    let now =
      StyledText("at ") + named(delivery.gate.handler) + " in " + ringText(delivery.newStatus.cpl)
      + ", interrupts \(onOff(delivery.newStatus.interruptsEnabled))"
    rows.append(("now", now))
    return rows
  }

  // MARK: The VMM

  /// The words for what the VMM did for the guest that made a step.
  private func words(_ record: StepRecord) -> MonitorWords {
    MonitorWords(
      guest: record.guest ?? guestName, arrow: glyphs.arrow,
      paging: record.before.virtual?.isPagingOn ?? false, name: { named($0).plain },
      guestName: { name(ofGuest: $0) })
  }

  func monitorSentences(_ record: StepRecord) -> [String] {
    var words = words(record)
    return record.monitor.compactMap { charged in
      defer {
        // From here on it is about another guest, with symbols of its own.
        if case .switchedGuest(_, let next, _) = charged.event {
          var view = self
          view.subject = next
          let other = view
          words.guest = other.guestName
          words.isAnother = next != record.guestIndex
          words.name = { other.named($0).plain }
        }
      }
      return words.sentence(charged.event)
    }
  }

  /// The deliveries that failed, in order, and what each led to; none if the first one succeeded.
  func failures(_ record: StepRecord) -> [String] {
    record.machine.flatMap { event -> [String] in
      guard case .deliveryFailed(let trap, let refusal) = event else { return [] }
      return FailedDelivery(trap, refusal).sentences
    }
  }

  /// Sentences with numbers before them, as wide as a card's rows.
  private func numbered(_ sentences: [String]) -> StyledText {
    let indent = width >= 60 && !isLinear ? 11 : 4
    var lines: [StyledText] = []
    for (index, sentence) in sentences.enumerated() {
      let number = "\(index + 1)"
      let lead = number + String(repeating: " ", count: max(1, 3 - number.count))
      lines +=
        StyledText(sentence).wrapped(
          to: width - indent, first: StyledText(lead, .strong), hanging: "   "
        ).lines
    }
    return StyledText(lines: lines)
  }

  func beliefs(_ record: StepRecord) -> StyledText? {
    guard let virtual = record.after.virtual, let guest = record.guest else { return nil }
    func state(_ status: Status) -> StyledText {
      ringText(status.cpl) + StyledText(", interrupts \(onOff(status.interruptsEnabled))")
    }
    let isRunning = record.after.status.cpl != .ring0
    let own = virtual.stop != nil ? "it has stopped" : virtual.isWaiting ? "it halts" : "it waits"
    let truth =
      !isRunning
      ? StyledText("the VMM has the CPU")
      : record.switchedTo.map { StyledText("\(own); \(name(ofGuest: $0)) has the CPU") }
        ?? state(record.after.status)
    let left = StyledText("\(guest): ") + state(virtual.status)
    return width >= 72 && !isLinear
      ? left.padded(to: 38) + "  true: " + truth : left + "\n" + "true: " + truth
  }

  // MARK: Cost

  private func cost(_ record: StepRecord) -> String {
    let here = record.after.cycles - record.before.cycles
    guard let before = record.before.virtual, let after = record.after.virtual else {
      guard record.delivery != nil else { return plural(here, "cycle") }
      let entry = machine.cycleTable.trapEntry
      return here == entry
        ? "\(plural(here, "cycle")) for the trap entry"
        : "\(plural(here, "cycle")), \(grouped(entry)) of them for the trap entry"
    }
    if record.outcome == .filledShadow, !record.tellsGuest {
      return "no trap on the bare machine, \(plural(here, "cycle")) here"
    }
    let own = after.cycles - before.cycles
    return "\(plural(own, "cycle")) of \(guestName)'s own time, \(grouped(here)) here"
  }
}
