import Laboratory
import Onion
import OnionAssembler
import OnionISA
import SourceText

// What a breakpoint waits for, and what it found, in words.
extension CommandInterpreter {
  /// `breakpoint 3`, `watchpoint 3`, `catchpoint 3`, as in gdb.
  func title(_ breakpoint: Breakpoint) -> String {
    let kind: String =
      switch breakpoint.place {
      case .address: "breakpoint"
      case .memory, .value: "watchpoint"
      case .event: "catchpoint"
      }
    return "\(kind) \(breakpoint.id)"
  }

  /// What a breakpoint waits for.
  ///
  /// - Parameter hasLine: the line of the source is named, for where it is not shown besides.
  func describe(_ breakpoint: Breakpoint, hasLine: Bool = false) -> String {
    let owner = breakpoint.guest.flatMap { session.guestIndex($0) }
    let guests = session.world.monitor?.guests.count ?? 0
    let isNamed = breakpoint.guest != nil && (guests > 1 || owner == nil)
    let whose = isNamed ? breakpoint.guest.map { "\($0): " } ?? "" : ""
    let place: String =
      switch breakpoint.place {
      case .address(let address):
        placeText(address, breakpoint, owner, hasLine: hasLine)
      case .memory(let memory):
        switch memory.access {
        case .change: breakpoint.label
        case .read: "\(breakpoint.label), read"
        case .any: "\(breakpoint.label), read or written"
        }
      case .value: breakpoint.label
      case .event(let event): describe(event)
      }
    return whose + place + (breakpoint.condition.map { " if \($0)" } ?? "")
  }

  /// A place by the names of the guest whose it is; one that isn't there has none.
  private func placeText(
    _ address: VirtualAddress, _ breakpoint: Breakpoint, _ owner: Int?, hasLine: Bool
  ) -> String {
    guard breakpoint.guest == nil || owner != nil else { return "\(address)" }
    let view = owner.map { self.view.about(guest: $0) } ?? self.view
    let image = owner.map { session.image(ofGuest: $0) } ?? session.image
    let line = hasLine ? image?.lineName(at: address.rawValue).map { ", \($0)" } : nil
    return view.named(address).plain + (line ?? "")
  }

  private func describe(_ event: CaughtEvent) -> String {
    switch event {
    case .anyTrap: "any trap"
    case .vector(let vector): "trap \(vector) (\(vector.name))"
    case .softwareTrap: "any int"
    case .interrupt: "any interrupt"
    case .ringChange: "a change of ring"
    case .monitorEntry: "any entry into the VMM"
    case .truePageFault: "a page fault that the kernel is told of"
    case .hiddenPageFault: "a page fault that the VMM hides"
    case .tableSwitch: "another page table in force"
    }
  }

  /// `breakpoint 3: 00001040 start`, with what is set besides.
  ///
  /// - Parameter other: one at the same place, which may be the same one.
  func setText(_ breakpoint: Breakpoint, besides other: Breakpoint? = nil) -> StyledText {
    var text = "\(title(breakpoint)): \(describe(breakpoint, hasLine: true))"
    if let other, other.id != breakpoint.id { text += "; \(title(other)) is there too" }
    return StyledText(text)
  }

  /// Which breakpoints stopped a run, and what was seen.
  ///
  /// - Parameter isAhead: the step in which it happened is still to be made.
  func hitText(_ hits: [StopHit], isAhead: Bool) -> StyledText {
    var text = StyledText()
    for hit in hits {
      text.appendLine(
        StyledText(title(hit.breakpoint), .strong) + StyledText(": \(describe(hit.breakpoint))"))
      if let value = hit.value { text.appendLine(valueText(value, of: hit.breakpoint)) }
      if let fault = hit.conditionFault {
        text.appendLine(
          StyledText(
            " its condition can't be worked out: \(fault.message) (column \(fault.column) of "
              + "'\(hit.breakpoint.condition ?? "")')"
          ).wrapped(to: columns, hanging: "   "))
      }
      if let device = hit.device {
        text.appendLine(StyledText("\(isAhead ? " next, by" : " by") \(name(of: device)) (DMA)"))
      }
    }
    // What a device did is not the instruction's that happened to run.
    let hits = hits.filter { $0.device == nil }
    guard let place = hits.lazy.compactMap(\.instruction).first else { return text }
    // Another guest may have the CPU by now.
    let view = view.about(guest: place.guestIndex)
    var line = StyledText(isAhead ? " next, at " : " by ") + view.named(place.pc)
    if let trap = hits.lazy.compactMap(\.trap).first, trap.trap.vector.kind == .interrupt {
      line.append(", interrupted: trap \(trap.trap.vector) (\(trap.trap.vector.name))")
    } else if let word = place.word, let decoded = DecodedInstruction(word: word) {
      line.append("  ")
      line.append(view.instruction(decoded, at: place.pc))
    }
    // Under a VMM most traps end before the guest hears of them.
    if !isAhead, session.world.monitor != nil, let trap = hits.lazy.compactMap(\.trap).first {
      line.append(" \(view.glyphs.dot) \(view.outcome(trap.outcome))", .dim)
    }
    text.appendLine(line.wrapped(to: columns, hanging: "   "))
    return text
  }

  private func name(of device: TransferDevice) -> String {
    switch device {
    case .disk(let number): "disk \(number)"
    case .network: "the network card"
    }
  }

  private func valueText(_ value: WatchedValue, of breakpoint: Breakpoint) -> StyledText {
    func text(_ number: Int64?) -> String {
      guard let number else { return "no value" }
      guard case .memory(let memory) = breakpoint.place else { return self.text(of: number, nil) }
      return OnionISA.hexadecimal(UInt32(truncatingIfNeeded: number), digits: Int(memory.size) * 2)
    }
    let words =
      value.isRead
      ? " read: \(text(value.new))" : " \(text(value.old)) \(view.glyphs.arrow) \(text(value.new))"
    return StyledText(words).wrapped(to: columns, hanging: "   ")
  }

  /// Why a guest's breakpoint can't be hit: there is no such guest now, or it has stopped for good.
  private func absence(_ breakpoint: Breakpoint) -> String {
    guard let guest = breakpoint.guest, let monitor = session.world.monitor else { return "" }
    guard let index = session.guestIndex(guest) else { return ", there is no \(guest) now" }
    return monitor.guests.count > 1 && monitor.guests[index].cpu.stop != nil
      ? ", \(guest) is off" : ""
  }

  /// The breakpoints, a line each, and what belongs to them below.
  ///
  /// - Parameter onlyWatched: those of memory and values.
  func breakpointLines(onlyWatched: Bool = false) -> StyledText {
    let shown = session.breakpoints.filter { breakpoint in
      switch breakpoint.place {
      case .memory, .value: true
      case .address, .event: !onlyWatched
      }
    }
    guard !shown.isEmpty else {
      return onlyWatched
        ? "there are no watchpoints; 'watch WHAT' sets one"
        : "there are no breakpoints; 'break PLACE' sets one"
    }
    var table = TextTable([
      ("no.", .right), ("hits", .right), ("kind", .left), ("stops at", .left),
    ])
    for breakpoint in shown {
      var what = describe(breakpoint, hasLine: true)
      if breakpoint.isTemporary { what += ", once" }
      if !breakpoint.isEnabled { what += ", disabled" }
      what += absence(breakpoint)
      if breakpoint.ignoreCount > 0 {
        what += ", after \(view.plural(breakpoint.ignoreCount, "more hit"))"
      }
      if !breakpoint.commands.isEmpty {
        what += "; does " + breakpoint.commands.joined(separator: "; ")
      }
      let kind = title(breakpoint).prefix { $0 != " " }
      table.add([
        StyledText("\(breakpoint.id)"), StyledText("\(breakpoint.hits)"),
        StyledText(String(kind)), StyledText(what),
      ])
    }
    return view.lay(table)
  }
}
