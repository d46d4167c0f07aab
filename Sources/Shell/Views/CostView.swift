import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

// Where the cycles went, and what each thing is charged.
extension ViewContext {
  /// How many causes are named one by one.
  private static let causeLimit = 12

  public func costs() -> StyledText {
    let total = machine.cycles
    var text = headline("cost", "\(plural(total, "cycle")) in \(plural(world.steps, "step"))")
    guard let monitor else { return text + "\n" + bareCosts(total) }
    let counts = monitor.guest.counts
    let own = monitor.guest.cpu.cycles &- counts.idleCycles
    var table = TextTable([("cycles", .right), ("", .right), ("of what", .left)])
    func row(_ cycles: Int64, _ what: String, _ style: Style = .plain) {
      table.add([
        StyledText(signed(cycles)), StyledText(percent(cycles, of: total), .dim),
        StyledText(what, style),
      ])
    }
    row(
      Int64(truncatingIfNeeded: own),
      "\(guestName)'s own time: its instructions, traps and TLB misses")
    let isShared = monitor.guests.count > 1
    if counts.idleCycles > 0, !isShared {
      row(Int64(truncatingIfNeeded: counts.idleCycles), "\(guestName) halted")
    }
    row(
      Int64(truncatingIfNeeded: counts.cycles),
      counts.entries == 0
        ? "the VMM, before it was entered"
        : "the VMM\(isShared ? ", for \(guestName)" : ""), in "
          + plural(counts.entries, "entry", "entries"),
      .ring0)
    if isShared {
      let others = monitor.shares.enumerated().filter { $0.offset != monitor.currentIndex }
      row(
        Int64(truncatingIfNeeded: others.reduce(0) { $0 &+ $1.element.used }),
        "other guests, with the VMM's work for them")
      if monitor.idleCycles > 0 {
        row(Int64(truncatingIfNeeded: monitor.idleCycles), "nobody had anything to run")
      }
    }
    text.appendLine(lay(table))
    let causes = monitor.guest.account.all.sorted { $0.item.cycles > $1.item.cycles }
    guard !causes.isEmpty else { return text + "\n" + ownTimeNote }
    text.appendLine(
      headline(
        isShared ? "the VMM's cycles for \(guestName) by cause" : "the VMM's cycles by cause"))
    text.appendLine(lay(causeTable(of: Array(causes.prefix(Self.causeLimit)), counts.cycles)))
    let rest = causes.dropFirst(Self.causeLimit)
    if !rest.isEmpty {
      let cycles = "\(signed(rest.reduce(0) { $0 &+ $1.item.cycles })) cycles"
      let others = plural(UInt64(rest.count), "other cause")
      text.appendLine(paragraph(StyledText("and \(cycles) for \(others)", .dim)))
    }
    return text + "\n" + ownTimeNote
  }

  /// Why a guest's own time is not what the bare machine would take.
  private var ownTimeNote: StyledText {
    paragraph(
      StyledText(
        "The bare machine has other TLB misses, as there no VMM empties the TLBs: 'compare' runs both.",
        .dim))
  }

  private func causeTable(
    of causes: [(cause: MonitorCause, item: MonitorAccount.Item)], _ total: UInt64
  ) -> TextTable {
    let isNarrow = width < 60
    var table = TextTable([("cycles", .right), ("entries", .right)])
    if !isNarrow { table.columns += [("each", .right), ("share", .right)] }
    table.columns.append(("cause", .left))
    for (cause, item) in causes {
      var row = [StyledText(signed(item.cycles)), StyledText(grouped(item.entries))]
      if !isNarrow {
        row.append(StyledText(signed(item.cycles / Int64(item.entries))))
        row.append(StyledText(percent(item.cycles, of: total), .dim))
      }
      table.add(row + [name(of: cause)])
    }
    return table
  }

  /// Without a VMM there are the traps' own entries, and the rest.
  private func bareCosts(_ total: UInt64) -> StyledText {
    let traps = (0..<UInt8(Gate.count)).reduce(UInt64(0)) {
      $0 + machine.deliveries(of: Vector(rawValue: $1))
    }
    return paragraph(
      StyledText(
        "\(plural(machine.instructionsRetired, "instruction")) and \(plural(traps, "trap")). A trap's "
          + "entry costs \(plural(machine.cycleTable.trapEntry, "cycle")) by now, an iret "
          + "\(grouped(machine.cycleTable.trapReturn)): 'cost table' shows all prices. Under a VMM "
          + "('load --guest') this view says what each cause of its work costs."))
  }

  private func name(of cause: MonitorCause) -> StyledText {
    switch cause {
    case .own: "the VMM's own: start, timer, single steps"
    case .hiddenFault: "hidden page faults: shadow entries filled"
    case .tracedWrite: "hidden page faults: stores to page tables"
    case .delivered(let vector):
      StyledText("\(vector.kind == .interrupt ? "interrupt" : "trap") \(vector) ")
        + StyledText("(\(vector.name)) delivered to \(guestName)")
    case .emulated(let instruction): StyledText("\(instruction)", .code) + " emulated"
    }
  }

  private func signed(_ value: Int64) -> String {
    (value < 0 ? "-" : "") + grouped(value.magnitude)
  }

  private func percent(_ part: Int64, of whole: UInt64) -> String {
    guard whole > 0 else { return "" }
    let share = Double(part) / Double(whole) * 100
    return abs(share) < 0.1 && part != 0 ? "<0.1%" : "\((share * 10).rounded() / 10)%"
  }

  /// The prices of this model.
  ///
  /// - Parameter names: those that are meant; nil: all. A narrow terminal has no room for what each is for, so
  ///   there the whole table has names and prices only.
  public func costTable(of names: [String]? = nil) -> StyledText {
    let table = machine.cycleTable
    let isShort = width < 60 && !isLinear && names == nil
    var rows = TextTable([("name", .left), ("cycles", .right)])
    if !isShort { rows.columns.append(("of what", .left)) }
    for entry in CycleTable.entries where names?.contains(entry.name) ?? true {
      rows.add([
        StyledText(entry.name), StyledText("\(table[keyPath: entry.keyPath])"),
        StyledText(entry.meaning, .dim),
      ])
    }
    guard isShort else { return lay(rows) }
    return lay(rows) + "\n"
      + paragraph(StyledText("'cost table vmm' says what those are for.", .dim))
  }
}
