import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

// Gates, the log of traps, and `why` in full.
extension ViewContext {
  /// The trap table: the guest's own under the VMM, unless the real one is asked for.
  ///
  /// - Parameter only: the gates that are meant, by number; none: all that are present.
  public func gates(real: Bool, only: [UInt8] = []) -> StyledText {
    let useGuest = monitor != nil && !real
    let table = useGuest ? monitor?.value(of: .tvec) ?? 0 : machine.value(of: .tvec)
    let title =
      monitor == nil ? "trap table" : real ? "the VMM's trap table" : "\(guestName)'s trap table"
    var text = headline(title, "tvec \(hexadecimal(table))")
    // A narrow terminal has no room for a handler's name and its address, and for what is the same in most rows.
    let isNarrow = width < 60 && !isLinear
    var rows =
      isNarrow
      ? TextTable(["", "for", "handler", "int"])
      : TextTable(["gate", "for", "handler", "", "int from", "IF"])
    var absent: [String] = []
    var keeping: [String] = []
    for number in only.isEmpty ? Array(0..<UInt8(Gate.count)) : only {
      let place = VirtualAddress(table) + UInt32(number) * Gate.size
      guard let handler = word(place, useGuest), let flags = word(place + 4, useGuest) else {
        text.appendLine(
          paragraph("There is no memory at \(hexadecimal(table)): no trap table is set."))
        return text
      }
      let gate = Gate(handler: VirtualAddress(handler), flags: flags)
      guard gate.isPresent else {
        absent.append("\(number)")
        continue
      }
      if gate.keepsInterruptFlag { keeping.append("\(number)") }
      let name = image?.symbolicName(of: handler)
      let lead = [StyledText("\(number)"), StyledText(Vector(rawValue: number).name)]
      let isInner = gate.admittedRing == .ring0
      rows.add(
        isNarrow
          ? lead + [
            name.map { StyledText($0) } ?? address(gate.handler),
            StyledText(isInner ? "0" : "0-\(gate.admittedRing)"),
          ]
          : lead + [
            address(gate.handler), StyledText(name ?? "", .dim),
            StyledText(isInner ? "ring 0" : "rings 0-\(gate.admittedRing)"),
            StyledText(gate.keepsInterruptFlag ? "stays" : "off"),
          ])
    }
    if !rows.isEmpty { text.appendLine(lay(rows)) }
    if isNarrow, !rows.isEmpty {
      text.appendLine(
        paragraph(
          StyledText(
            keeping.isEmpty
              ? "int: from which rings. IF: off at each."
              : "int: from which rings. IF: stays at \(list(keeping)), off at the others.", .dim)))
    }
    if !only.isEmpty, !absent.isEmpty {
      text.appendLine(
        paragraph(
          StyledText(
            absent.count == 1
              ? "Gate \(absent[0]) is not present." : "Gates \(list(absent)) are not present.")))
    } else if rows.isEmpty {
      text.appendLine(paragraph("No gate is present: any trap would be a triple fault."))
    }
    return text
  }

  private func word(_ address: VirtualAddress, _ useGuest: Bool) -> UInt32? {
    if useGuest { return world.word(at: address) }
    return machine.machineAddress(of: address).flatMap { machine.memory.word(at: $0) }
  }

  /// How many traps of which kind, and the last ones.
  public func traps(last count: Int) -> StyledText {
    var text = StyledText()
    var counts = TextTable([("count", .right), ("vector", .left)])
    counts.showsHeader = false
    for number in 0..<UInt8(Gate.count) {
      let vector = Vector(rawValue: number)
      let total = machine.deliveries(of: vector)
      guard total > 0 else { continue }
      counts.add([StyledText(grouped(total)), StyledText("\(number) \(vector.name)")])
    }
    guard !counts.isEmpty else { return paragraph("There were no traps so far.") }
    text = headline(
      monitor == nil ? "traps" : "traps into the VMM", "\(grouped(world.trapCount)) so far")
    text.appendLine(lay(counts))
    if let monitor {
      let counts = monitor.guest.counts
      let emulated = plural(counts.emulated, "instruction")
      let filled = plural(
        counts.hiddenFaults - counts.tracedWrites, "shadow entry", "shadow entries")
      let traced = plural(counts.tracedWrites, "store")
      let told = plural(counts.reflected, "trap")
      text.appendLine(
        paragraph(
          StyledText(
            "The VMM emulated \(emulated), filled \(filled), carried out \(traced) to page tables, "
              + "and delivered \(told) to \(guestName)'s kernel.")))
    }
    text.appendLine(
      headline(
        min(count, session.trapLog.count) == 1
          ? "the last" : "the last \(min(count, session.trapLog.count))"))
    // A narrow terminal has no room for names and rings.
    let isNarrow = width < 60 && !isLinear
    var table = TextTable([("step", .right), ("pc", .left), (isNarrow ? "trap" : "vector", .left)])
    if !isNarrow { table.columns.append(("rings", .left)) }
    table.columns.append(("what came of it", .left))
    for entry in session.trapLog.suffix(count) {
      let vector = entry.trap.vector
      var row = [
        StyledText(grouped(entry.step)), address(entry.pc),
        StyledText(isNarrow ? "\(vector)" : "\(vector) \(vector.name)"),
      ]
      if !isNarrow { row.append(StyledText("\(entry.fromRing) \(glyphs.arrow) \(entry.toRing)")) }
      table.add(row + [StyledText(outcome(entry.outcome))])
    }
    text.appendLine(lay(table))
    return text
  }

  /// The chain of checks behind the last trap, and the smallest change that would have allowed it.
  public func why(inFull record: StepRecord) -> StyledText {
    about(record).reasons(of: record)
  }

  private func reasons(of record: StepRecord) -> StyledText {
    var text = sourceLine(record)
    let words = RefusalWords(guest: record.guest, virtualRing: record.before.virtual?.ring)
    text.appendLine(paragraph(StyledText(why(record))))
    let checks = checkLines(record) + guestsGateLines(record)
    if !checks.isEmpty {
      text.appendLine(StyledText(" What was checked, in order:", .strong).wrapped(to: width))
      for (index, check) in checks.enumerated() {
        text.appendLine(
          check.wrapped(
            to: width, first: StyledText("  \(index + 1)".padding(5)), hanging: "     "))
      }
    }
    if let own = record.ownRefusal {
      text.appendLine(paragraph(StyledText(RefusalWords().remedy(own))))
      if let remedy = session.remedy(for: record) {
        text.appendLine(paragraph(tried(remedy, record)))
      }
    } else if let refusal = record.refusal {
      // A hidden page fault is the VMM's affair: the program's tables allow it.
      if case .page = refusal, record.guest != nil { return text }
      text.appendLine(paragraph(StyledText(words.remedy(refusal))))
    }
    return text
  }

  /// What was tried in a copy of the machine, as one would type it.
  private func tried(_ remedy: Remedy, _ record: StepRecord) -> StyledText {
    var text = StyledText("Tried in a copy of the machine: it runs after ")
    let commands = remedy.changes.flatMap { setCommands($0, record.before.status) }
    for (index, command) in commands.enumerated() {
      if index > 0 { text.append(index + 1 < commands.count ? ", " : " and ") }
      text += "'" + StyledText(command, .code) + "'"
    }
    text.append(". 'goto \(record.number)' is the moment before it.")
    return text
  }

  /// The lines that make a change.
  private func setCommands(_ change: Change, _ before: Status) -> [String] {
    switch change {
    case .register(let register, let value): ["set \(register) = 0x\(hexadecimal(value))"]
    case .word(let address, let value): ["set mem[0x\(address)] = 0x\(hexadecimal(value))"]
    case .physicalWord(let address, let value):
      ["set phys[0x\(hexadecimal(address))] = 0x\(hexadecimal(value))"]
    case .status(let status):
      (status.cpl == before.cpl ? [] : ["set CPL = \(status.cpl)"])
        + (status.iopl == before.iopl ? [] : ["set IOPL = \(status.iopl)"])
    default: []
    }
  }

  /// The CPU's own accesses in a delivery: two words of the gate, the handler's page, four words of
  /// the stack.
  private static let deliveryAccesses = 7

  /// The indices of those accesses, if the delivery was whole: they are told in one line.
  private func deliveryAccesses(_ events: [MachineEvent]) -> Set<Int> {
    let end = events.firstIndex { event in
      switch event {
      case .delivered, .deliveryFailed: true
      default: false
      }
    }
    guard let end, case .delivered = events[end] else { return [] }
    let translated = events.prefix(end).indices.filter { index in
      if case .translated = events[index] { true } else { false }
    }
    return translated.count < Self.deliveryAccesses
      ? [] : Set(translated.suffix(Self.deliveryAccesses))
  }

  private func checkLines(_ record: StepRecord) -> [StyledText] {
    var lines: [StyledText] = []
    let own = deliveryAccesses(record.machine)
    for (index, event) in record.machine.enumerated() where !own.contains(index) {
      switch event {
      case .translated(let translation): lines.append(translated(translation))
      case .fetched(_, let word, let decoded):
        lines.append(
          StyledText("decode: \(hexadecimal(word)) is \(decoded.instruction) \(glyphs.dot) passed"))
      case .refused(let refusal):
        lines.append(
          StyledText("\(stage(refusal)): refused, vector \(RefusalWords.name(refusal.trap))", .bad))
      case .delivered(let delivery):
        lines.append(
          StyledText(
            (record.guest == nil ? "gate" : "the VMM's gate")
              + " \(delivery.request.trap.vector) at \(delivery.gateAddress): present, handler \(named(delivery.gate.handler).plain), "
              + "ring \(delivery.fromRing) \(glyphs.arrow) \(delivery.toRing)"))
        return lines
      case .deliveryFailed(let trap, let refusal):
        lines.append(
          StyledText(
            "delivery of vector \(trap.vector) refused: \(RefusalWords().why(refusal))", .bad))
      case .ticked: lines.append("the timer's tick was noticed")
      case .device(let event):
        lines.append(StyledText(DeviceWords(owner: "the").sentence(event)))
      default: break
      }
    }
    return lines
  }

  /// What the VMM found at the guest's own gate for an `int`.
  private func guestsGateLines(_ record: StepRecord) -> [StyledText] {
    guard let vector = record.delivery?.request.trap.vector,
      Vector.software.contains(vector.rawValue)
    else { return [] }
    let line = record.firstEvent { event -> String? in
      guard case .readGate(vector, let place, let gate) = event else { return nil }
      guard gate.isPresent else { return "\(guestName)'s gate \(vector) at \(place): absent" }
      return "\(guestName)'s gate \(vector) at \(place): present, handler "
        + "\(named(gate.handler).plain), admits "
        + (gate.admittedRing == .ring0 ? "ring 0 only" : "rings 0 to \(gate.admittedRing)")
    }
    let refusal = record.firstEvent { event -> Refusal? in
      if case .refused(let refusal) = event { refusal } else { nil }
    }
    let passed: StyledText? =
      refusal.map {
        StyledText(
          "\(guestName)'s virtual CPU: refused, vector \(RefusalWords.name($0.trap))", .bad)
      }
    return [line.map { StyledText($0) }, passed].compactMap { $0 }
  }

  private func translated(_ translation: Translation) -> StyledText {
    let what: String =
      switch translation.access {
      case .fetch: "fetch"
      case .load: "load"
      case .store: "store"
      }
    var text = "\(what) \(translation.address) as ring \(translation.ring): "
    if let walk = translation.walk {
      text += "not in the TLB, walked"
      if let leaf = walk.leaf {
        text += "; page code \(leaf.ring.code), W = \(leaf.isWritable ? 1 : 0)"
      }
    } else {
      text += "found in the TLB"
    }
    if let physical = translation.physical {
      return StyledText(text + " \(glyphs.arrow) \(physical) \(glyphs.dot) passed")
    }
    return StyledText(text + " \(glyphs.dot) refused", .bad)
  }

  private func stage(_ refusal: Refusal) -> String {
    switch refusal {
    case .privileged: "privilege"
    case .port: "port right"
    case .undefined: "decode"
    case .divisionByZero: "divide"
    case .misaligned: "alignment"
    case .page: "translation"
    case .gateAbsent, .gateRing, .handlerMisaligned, .handlerOutward: "gate"
    case .returnInward: "return ring"
    }
  }
}

extension String {
  fileprivate func padding(_ width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
