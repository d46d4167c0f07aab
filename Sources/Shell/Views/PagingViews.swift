import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

// Page walks, TLBs and shadow tables.
extension ViewContext {
  /// The page walk of an address, drawn: each entry that is read, and what it allows.
  public func walk(_ address: VirtualAddress) -> StyledText {
    guard let monitor else {
      guard let walk = machine.walk(address) else { return pagingOff(address, machine.memory.size) }
      return drawing(walk, ptbr: machine.value(of: .ptbr), rings: "")
    }
    let guest = monitor.guest
    var text = headline("\(guestName)'s own tables", "what it believes")
    if let walk = monitor.guestWalk(address) {
      text.appendLine(drawing(walk, ptbr: guest.cpu.ptbr, rings: "virtual "))
    } else {
      text.appendLine(pagingOff(address, guest.memorySize))
    }
    text.appendLine(headline("the VMM's shadow table", "what the CPU walks"))
    guard let walk = machine.walk(address) else { return text }
    text.appendLine(drawing(walk, ptbr: machine.value(of: .ptbr), rings: ""))
    text.appendLine(composed(address, walk.leaf, monitor))
    return text
  }

  /// The guest's tables times the VMM's map, beside the shadow entry that is made of them.
  private func composed(
    _ address: VirtualAddress, _ shadow: PageTableEntry?, _ monitor: VirtualMachineMonitor
  ) -> StyledText {
    var text = headline("together", "\(guestName)'s tables, the VMM's map, the shadow")
    if monitor.ownPages.contains(address) {
      return text + "\n"
        + paragraph("This page is the VMM's own, and \(guestName) knows nothing of it.")
    }
    guard let place = monitor.guestPhysicalAddress(of: address) else {
      return text + "\n"
        + paragraph(
          "\(guestName)'s tables lead nowhere, so the shadow may have nothing here: a page fault is "
            + "\(guestName)'s own, and its kernel is told.")
    }
    guard let machinePlace = monitor.guest.machineAddress(of: place) else {
      return text + "\n"
        + paragraph("\(guestName)'s tables lead outside its memory: a true page fault.")
    }
    text.appendLine(
      paragraph(
        StyledText("page \(address.frame)", .address)
          + StyledText(" \(glyphs.arrow) \(guestName)'s frame \(place.frame)")
          + StyledText(" \(glyphs.arrow) machine frame \(machinePlace.frame)")))
    guard let fold = monitor.composition(of: address) else {
      text.appendLine(
        paragraph(
          "Its code is 00, \(guestName)'s kernel's: the shadow for virtual rings 1 to 3 leaves it out."
        ))
      return text
    }
    let words = MonitorWords(
      guest: guestName, arrow: glyphs.arrow, paging: true, name: { $0.description },
      guestName: { name(ofGuest: $0) })
    let state: String =
      if shadow != nil {
        fold.withheld == .traced
          ? "as it is in the shadow; a store is a hidden page fault, and the VMM carries it out"
          : "as it is in the shadow"
      } else if fold.withheld == .traced {
        "not filled yet: the first load or fetch is a hidden page fault, and the VMM makes it so; a store "
          + "never fills it, the VMM carries it out"
      } else {
        "not filled yet: the first access is a hidden page fault, and the VMM makes it so"
      }
    text.appendLine(
      paragraph(StyledText(words.rights(of: fold)) + StyledText(" \(glyphs.dot) \(state)", .dim)))
    return text
  }

  private func pagingOff(_ address: VirtualAddress, _ size: UInt32) -> StyledText {
    paragraph(
      address.rawValue < size
        ? "Paging is off: \(address.description) is the physical address. Every page counts as code 00."
        : "Paging is off, and \(address.description) lies outside memory (\(hexadecimal(size)) bytes)."
    )
  }

  private func drawing(_ walk: PageWalk, ptbr: UInt32, rings: String) -> StyledText {
    let address = walk.address
    var rows: [(label: String, text: StyledText)] = []
    rows.append(
      (
        "address",
        self.address(address)
          + StyledText(
            " = directory index \(address.directoryIndex), table index \(address.tableIndex), "
              + "offset \(hexadecimal(address.offset, digits: 3))")
      ))
    if let read = walk.directory {
      rows.append(
        ("directory", entryLine(read, base: ptbr, index: address.directoryIndex, .directory)))
    }
    if let read = walk.table, let base = walk.directory?.entry.rawValue {
      rows.append(
        (
          "table",
          entryLine(read, base: base & PageTableEntry.frameMask, index: address.tableIndex, .table)
        ))
    }
    if let failure = walk.failure {
      rows.append(("fault", StyledText(self.failure(failure), .bad)))
    } else if let leaf = walk.leaf, let physical = walk.physicalAddress {
      rows.append(("physical", hex(physical)))
      rows.append(("allows", StyledText(rights(leaf, rings))))
    }
    return fields(rows)
  }

  private func entryLine(
    _ read: PageWalk.Read, base: UInt32, index: UInt32, _ level: PageTableEntry.Level
  ) -> StyledText {
    StyledText(
      "\(hexadecimal(base & PageTableEntry.frameMask)) + 4*\(index) = \(hexadecimal(read.location)): "
    )
      + StyledText(hexadecimal(read.entry.rawValue), .strong)
      + StyledText("  " + bits(read.entry, level))
  }

  /// An entry's bits by name.
  func bits(_ entry: PageTableEntry, _ level: PageTableEntry.Level) -> String {
    guard entry.isPresent else { return "not present" }
    var words = ["P"]
    if level == .table {
      words.append(entry.isWritable ? "W" : "-")
      words.append("code \(entry.ring.code)")
    }
    words.append(entry.isAccessed ? "A" : "-")
    if level == .table { words.append(entry.isDirty ? "D" : "-") }
    words.append("frame \(hexadecimal(entry.frameNumber, digits: 5))")
    return words.joined(separator: " ")
  }

  private func failure(_ failure: PageWalk.Failure) -> String {
    switch failure {
    case .tableOutsideMemory: "ptbr points outside memory"
    case .notPresent(let level): "not present: bit 0 of the \(level) entry is 0"
    case .reservedBits(let level, let bits):
      "bits of the \(level) entry that must be 0 are set: \(hexadecimal(bits))"
    case .frameOutsideMemory(let level): "the \(level) entry's frame is outside memory"
    }
  }

  private func rights(_ entry: PageTableEntry, _ rings: String) -> String {
    let inner = entry.ring == .ring0 ? "\(rings)ring 0" : "\(rings)rings 0 to \(entry.ring)"
    return "run: \(rings)ring \(entry.ring) only \(glyphs.dot) read: \(inner) \(glyphs.dot) write: "
      + (entry.isWritable ? inner : "nobody (W = 0)")
  }

  // MARK: TLBs

  public func translationBuffers() -> StyledText {
    var text = StyledText()
    for (name, entries) in [
      ("fetches", machine.fetchTLBEntries), ("loads and stores", machine.dataTLBEntries),
    ] {
      let valid = entries.enumerated().filter { $0.element.isValid }
      text.appendLine(headline("TLB for \(name)", "\(valid.count) of 64 entries"))
      guard !valid.isEmpty else {
        text.appendLine(
          paragraph(machine.isPagingOn ? "empty" : "empty: it is not used while paging is off"))
        continue
      }
      var table = TextTable(["entry", "page", "", "frame", "code", "W", "D", ""])
      // Where it is narrow, what is wrong with an entry stands below.
      let isNarrow = width < 60 && !isLinear
      var remarks: [StyledText] = []
      for (index, entry) in valid {
        let news = stale(entry)
        if isNarrow, !news.isEmpty {
          remarks += paragraph(StyledText("entry \(index) is \(news)", .bad)).lines
        }
        table.add([
          StyledText("\(index)"), StyledText(entry.page.description, .address),
          StyledText(glyphs.arrow),
          StyledText(entry.frame.description), StyledText(entry.ring.code),
          StyledText(entry.isWritable ? "W" : "-"), StyledText(entry.isDirty ? "D" : "-"),
          StyledText(isNarrow ? "" : news, .bad),
        ])
      }
      text.appendLine(lay(table))
      for remark in remarks { text.appendLine(remark) }
    }
    return text
  }

  /// What the page tables say by now, if it is something else: the entry still lets it pass.
  private func stale(_ entry: TLBEntry) -> String {
    guard let walk = machine.walk(entry.page.start) else { return "" }
    guard let leaf = walk.leaf else { return "stale: not mapped any more" }
    guard
      leaf.frameNumber != entry.frame.number || leaf.ring != entry.ring
        || leaf.isWritable != entry.isWritable || (entry.isDirty && !leaf.isDirty)
    else { return "" }
    let frame = MachineAddress(leaf.frameNumber << 12).frame
    return "stale: now \(frame) \(leaf.ring.code) \(leaf.isWritable ? "W" : "-") "
      + (leaf.isDirty ? "D" : "-")
  }

  // MARK: Shadow tables

  /// The pages that the loaded shadow table maps, beside what the guest's own tables say of them.
  public func shadow() -> StyledText {
    guard let monitor else { return StyledText() }
    let view = monitor.currentView
    let words = MonitorWords(
      guest: guestName, arrow: glyphs.arrow, paging: true, name: { $0.description },
      guestName: { name(ofGuest: $0) })
    var text = headline(
      "shadow table for \(words.viewName(view))",
      "real ptbr \(hexadecimal(machine.value(of: .ptbr)))")
    let isNarrow = width < 60 && !isLinear
    var table = TextTable(
      isNarrow
        ? ["page", guestName, "", "machine"]
        : ["page", "\(guestName)'s entry", "", "machine", "code", "W"])
    var count = 0
    for page in shadowPages() {
      count += 1
      guard count <= 64 else { continue }
      let address = page.address
      let guest: String =
        monitor.guestWalk(address)?.table.map { bits($0.entry, .table) }
        ?? (monitor.guest.cpu.isPagingOn ? "not present" : "paging off")
      let own = monitor.ownPages.contains(address)
      if isNarrow {
        let entry = monitor.guestWalk(address)?.leaf.map(brief)
        table.add([
          StyledText(address.frame.description, .address),
          StyledText(own ? "the VMM's" : entry ?? "paging off", own ? .ring0 : .plain),
          StyledText(glyphs.arrow),
          StyledText(brief(page.entry), ringStyle(page.entry.ring)),
        ])
        continue
      }
      let note = own ? "the VMM's own" : guest
      let frame = GuestPhysicalFrame.of(monitor, page.entry)
      table.add([
        StyledText(address.frame.description, .address), StyledText(note, own ? .ring0 : .plain),
        StyledText(glyphs.arrow),
        StyledText(hexadecimal(page.entry.frameNumber, digits: 5) + frame),
        StyledText(page.entry.ring.code, ringStyle(page.entry.ring)),
        StyledText(page.entry.isWritable ? "W" : "-"),
      ])
    }
    text.appendLine(lay(table))
    if count > 64 { text.appendLine(paragraph(StyledText("\(count - 64) more pages.", .dim))) }
    let traced = monitor.tracedFrames.map(\.description)
    if !traced.isEmpty {
      text.appendLine(
        paragraph(
          StyledText(
            "Traced (they hold page tables, so stores to them come to the VMM): \(guestName)'s frames "
              + traced.joined(separator: ", ") + ".")))
    }
    return text
  }

  /// Frame, code and W.
  private func brief(_ entry: PageTableEntry) -> String {
    "\(hexadecimal(entry.frameNumber, digits: 5)) \(entry.ring.code) \(entry.isWritable ? "W" : "-")"
  }

  private func shadowPages() -> [(address: VirtualAddress, entry: PageTableEntry)] {
    let directory = machine.value(of: .ptbr)
    var result: [(address: VirtualAddress, entry: PageTableEntry)] = []
    for slot in UInt32(0)..<1024 {
      let upper = entry(at: directory + slot * 4)
      guard upper.isPresent else { continue }
      for index in UInt32(0)..<1024 {
        let lower = entry(at: upper.frameNumber << 12 + index * 4)
        if lower.isPresent { result.append((VirtualAddress(slot << 22 | index << 12), lower)) }
      }
    }
    return result
  }

  private func entry(at address: UInt32) -> PageTableEntry {
    PageTableEntry(rawValue: machine.memory.word(at: MachineAddress(address)) ?? 0)
  }
}

/// Says whose a machine frame is.
enum GuestPhysicalFrame {
  static func of(_ monitor: VirtualMachineMonitor, _ entry: PageTableEntry) -> String {
    let place = MachineFrame(entry.frameNumber).start
    return monitor.guest.guestAddress(of: place).map { " (guest \($0.frame))" } ?? ""
  }
}
