import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

// By which techniques a guest is virtualised, and what they cost.
extension ViewContext {
  public func technique() -> StyledText {
    guard let monitor else { return StyledText() }
    let isParavirtual = monitor.isParavirtual(monitor.currentIndex)
    var rows: [(label: String, text: StyledText)] = [
      (
        "CPU",
        StyledText(
          "trap-and-emulate: \(guestName)'s kernel runs in ring 1 (ring deprivileging). Whatever is privileged "
            + "traps, and the VMM does it to the virtual CPU. All else runs directly.")
      ),
      (
        "memory",
        StyledText(
          monitor.usesCompressedTable
            ? "one compressed shadow page table for all rings. It leaks: virtual rings 0 and 1 are both in real "
              + "ring 1, so code in \(guestName)'s ring 1 gets at whatever page of its ring 0 has an entry. Rings 2 "
              + "and 3 fault there, as they should. 'shadow each' goes back."
            : "shadow page tables, one for virtual ring 0 and one for the rings further out.")
      ),
      ("devices", StyledText("emulated: every in and out traps. DMA goes through the VMM's map.")),
    ]
    if isParavirtual {
      rows.append(
        (
          "hypercalls",
          StyledText("\(guestName) knows of its VMM, and its kernel may ask it things by vmcall.")
        ))
    }
    let holes =
      machine.profile == .strict
      ? [] : Instruction.allCases.filter { $0.info.privilege == .ring0OnStrict }
    let names = holes.map { $0.info.mnemonic }.joined(separator: ", ")
    rows.append(
      (
        "profile",
        StyledText(
          holes.isEmpty
            ? "\(machine.profile): every sensitive instruction traps outside ring 0 (in and out because the VMM "
              + "keeps the real IOPL 0), so trapping is enough. Popek and Goldberg's theorem 1 says so of a "
              + "simpler machine, without paging, devices and interrupts."
            : "\(machine.profile): \(names) are sensitive and don't trap, as on the 32-bit x86. Trap-and-emulate "
              + "alone can't be right here: a guest may see, or miss, what it must not.")
      ))
    return headline("technique", "\(guestName)") + "\n" + fields(rows)
  }

  public func comparison(_ comparison: TechniqueComparison) -> StyledText {
    guard let bare = comparison.runs.first else { return StyledText() }
    var text = headline("compare", "from start to end")
    var table = TextTable([
      ("", .left), ("instructions", .right), ("cycles", .right), ("x bare", .right),
      (width < 60 ? "traps" : "traps per million", .right),
    ])
    for run in comparison.runs {
      let factor = Double(run.cycles) / Double(max(1, bare.cycles))
      let rate = Double(run.traps) * 1_000_000 / Double(max(1, run.instructions))
      table.add([
        StyledText(name(of: run.technique)), StyledText(grouped(run.instructions)),
        StyledText(grouped(run.cycles)), StyledText("\((factor * 100).rounded() / 100)"),
        StyledText(width < 60 ? grouped(run.traps) : grouped(UInt64(rate.rounded()))),
      ])
    }
    text.appendLine(lay(table))
    let isSame = comparison.runs.allSatisfy { $0.output == bare.output && $0.stop == bare.stop }
    text.appendLine(
      paragraph(
        StyledText(
          (isSame
            ? "All printed the same and ended alike: \(bare.stop.map { StopText.short($0) } ?? "not at all")."
            : "They did not all print the same or end alike.")
            + " The cycles are this model's ('cost table'), not those of a real CPU.", .dim)))
    return text
  }

  private func name(of technique: TechniqueComparison.Technique) -> String {
    let isWide = width >= 60
    return switch technique {
    case .bare: isWide ? "the bare machine" : "bare"
    case .trapAndEmulate: isWide ? "trap-and-emulate" : "emulate"
    case .compressedTable: isWide ? "one compressed table" : "one table"
    }
  }

  // MARK: The network

  /// Every network card on the switch.
  public func network() -> StyledText {
    guard let monitor else {
      return paragraph(
        StyledText(
          "The bare machine's card has address \(machine.devices.network.ownAddress), and nobody is at the "
            + "other end. Under the VMM a virtual switch joins the guests."))
    }
    var table = TextTable([
      ("guest", .left), ("address", .right), ("sent", .right), ("received", .right),
      ("waiting", .right), ("dropped", .right),
    ])
    for guest in monitor.guests {
      let card = guest.devices.network
      table.add([
        StyledText(guest.name), StyledText("\(card.ownAddress)"),
        StyledText(grouped(card.sent.count)),
        StyledText(grouped(card.received)), StyledText("\(card.waiting.count)"),
        StyledText(grouped(card.dropped)),
      ])
    }
    return headline("the virtual switch", "255 means everyone") + "\n" + lay(table)
  }

  /// The last frames that a guest sent.
  public func frames(sentBy index: Int) -> StyledText {
    guard let monitor, monitor.guests.indices.contains(index) else { return StyledText() }
    let guest = monitor.guests[index]
    let sent = guest.devices.network.sent
    guard sent.count > 0 else { return paragraph(StyledText("\(guest.name) has sent nothing.")) }
    var table = TextTable([("frame", .right), ("to", .right), ("bytes", .right), ("begins", .left)])
    let shown = sent.last.suffix(10)
    for (number, frame) in zip(Int(sent.count) - shown.count..<Int(sent.count), shown) {
      let bytes = frame.prefix(width < 60 ? 4 : 14).map { hexadecimal(UInt32($0), digits: 2) }
      table.add([
        StyledText("\(number + 1)"),
        StyledText(frame.first.map { $0 == NetworkCard.everyone ? "all" : "\($0)" } ?? ""),
        StyledText("\(frame.count)"), StyledText(bytes.joined(separator: " "), .dim),
      ])
    }
    return headline("frames sent by \(guest.name)", "address \(guest.devices.network.ownAddress)")
      + "\n" + lay(table)
  }
}
