import Laboratory
import Monitor
import Onion
import OnionAssembler
import OnionISA
import SourceText

// Registers, rings, and what a guest believes.
extension ViewContext {
  /// What a step line shows: where the program is now.
  ///
  /// - Parameter place: another place than the pc.
  public func location(of place: VirtualAddress? = nil) -> StyledText {
    let pc = place ?? world.pc
    let isTerse = look.verbosity == .terse
    var line = StyledText(" ") + (isTerse ? named(pc) : address(pc)) + "  "
    if let word = world.word(at: pc) {
      let text = Disassembler.disassemble(word, at: pc)
      line.append(text.text, .code)
      if let target = text.target, let name = image?.symbolicName(of: target.rawValue) {
        line.append("  <\(name)>", .dim)
      }
    } else {
      line.append(
        !pc.isAligned(to: 4)
          ? "no instruction: not a multiple of 4"
          : world.isPagingOn ? "no page is mapped here" : "no memory here", .dim)
    }
    if isTerse { return oneLine(line) }
    if let name = image?.lineName(at: pc.rawValue) {
      guard let whole = beside(line, name) else {
        return oneLine(line) + "\n" + oneLine(StyledText("           ") + StyledText(name, .dim))
      }
      line = whole
    }
    // A comment of which only the beginning of a word can be seen says nothing.
    if let comment = comment(at: pc), isLinear || line.width + 12 <= width {
      line += StyledText("   ; \(comment)", .comment)
    }
    return oneLine(line)
  }

  /// The line of the source behind an instruction: `kernel.s:88`. Where that has no room it is `:88` if the program
  /// is made of one file, which nobody needs to be told; else nil.
  private func beside(_ line: StyledText, _ name: String) -> StyledText? {
    let apart = self.line(line, at: name)
    if isLinear || apart.width <= width { return apart }
    let close = line + "  " + StyledText(name, .dim)
    if close.width <= width { return close }
    guard image?.files.count == 1 else { return nil }
    return line + "  " + StyledText(String(name.drop { $0 != ":" }), .dim)
  }

  /// The sixteen registers, pc and status; what changed since the last stop has a `*`.
  public func registers() -> StyledText {
    let columnCount = isLinear ? 1 : width >= 72 ? 4 : width >= 36 ? 2 : 1
    var text = StyledText(" pc ", .dim) + named(world.pc)
    text.appendLine(statusLine("status", machine.status))
    if let monitor {
      text.appendLine(statusLine("\(guestName) believes", monitor.guest.cpu.status))
    }
    let cells = Register.all.map { register -> StyledText in
      let value = machine[register]
      let old = previous?.registers[Int(register.number)]
      let changed = old != nil && old != value
      let name = StyledText(register.name, .dim).padded(left: 5)
      return name + " " + StyledText(hexadecimal(value), changed ? .changed : .plain)
        + (changed ? StyledText(isLinear ? " changed" : "*", .changed) : " ")
    }
    let rowCount = (cells.count + columnCount - 1) / columnCount
    for row in 0..<rowCount {
      var line = StyledText()
      for column in 0..<columnCount where column * rowCount + row < cells.count {
        line += cells[column * rowCount + row] + "  "
      }
      text.appendLine(line)
    }
    return text.wrapped(to: width, hanging: "   ")
  }

  private func statusLine(_ name: String, _ status: Status) -> StyledText {
    StyledText(" \(name) ", .dim) + ringText(status.cpl)
      + StyledText(
        ", IF \(status.interruptsEnabled ? 1 : 0), TF \(status.stepTrap ? 1 : 0), IOPL \(status.iopl)"
      )
  }

  // MARK: Rings

  /// The four rings: who lives there, where the CPU is, and what a ring may do.
  public func rings() -> StyledText {
    var text = width >= 36 && !isLinear ? onion() : ringTable()
    let status = machine.status
    let ports =
      status.iopl == .ring0 ? "ring 0 only" : "rings 0 to \(status.iopl)"
    text.appendLine(
      paragraph(
        StyledText(
          "Privileged instructions: ring 0 only. Ports: \(ports) (IOPL \(status.iopl)). "
            + "Interrupts are \(onOff(status.interruptsEnabled)).")))
    if !machine.isPagingOn {
      text.appendLine(paragraph("Paging is off: every page counts as code 00."))
    } else if let leaf = machine.walk(machine.pc)?.leaf {
      text.appendLine(
        paragraph(
          StyledText("The page that runs, \(machine.pc.frame), has code \(leaf.ring.code).")))
    }
    return text
  }

  /// Where the CPU is, and where a guest believes it to be.
  private func marks(_ ring: Ring) -> [String] {
    var marks: [String] = []
    if ring == machine.status.cpl { marks.append("the CPU is here") }
    if let monitor, monitor.guest.cpu.ring == ring {
      marks.append("\(guestName) believes\(width < 60 && !isLinear ? "" : " to be here")")
    }
    return marks
  }

  private func ringTable() -> StyledText {
    var table = TextTable(["ring", "code", "who", ""])
    for ring in Ring.allCases {
      let marks = marks(ring).joined(separator: ", ")
      table.add([
        ringText(ring), StyledText(ring.code), StyledText(owner(of: ring) ?? ""),
        StyledText(
          (marks.isEmpty || isLinear ? "" : "<- ") + marks,
          ring == machine.status.cpl ? ringStyle(ring) : .changed),
      ])
    }
    return lay(table)
  }

  /// The rings as boxes in one another, ring 3 outside.
  func onion() -> StyledText {
    let full = min(width, 72)
    let isNarrow = width < 60
    var top: [StyledText] = []
    var bottom: [StyledText] = []
    for (depth, ring) in Ring.allCases.reversed().enumerated() {
      let style = ringStyle(ring)
      let outer = Ring.allCases.reversed().prefix(depth)
      let left = outer.reduce(StyledText(" ")) { $0 + StyledText("│ ", ringStyle($1)) }
      let right = outer.reversed().reduce(StyledText()) { $0 + StyledText(" │", ringStyle($1)) }
      let room = full - left.width - right.width - 2
      let named = ringNames[Int(ring.rawValue)]
      // Who lives in the other rings the machine can't know.
      let who = named == glyphs.none ? [] : [named]
      let name =
        isNarrow
        ? StyledText(" " + (["\(ring)"] + who).joined(separator: " ") + " ", style)
        : StyledText(
          " " + (["ring \(ring)", "code \(ring.code)"] + who).joined(separator: " \(glyphs.dot) ")
            + " ", style)
      var label = name.width <= room ? name : name.truncated(to: room)
      var inside: [StyledText] = []
      for mark in marks(ring) {
        let text = StyledText("<- \(mark) ", .changed)
        if label.width + text.width + 2 <= room {
          label += StyledText("─ ", style) + text
        } else {
          inside += [StyledText(" ") + text]
        }
      }
      let rule = String(repeating: "─", count: max(0, room - label.width))
      top.append(left + StyledText("╭", style) + label + StyledText(rule + "╮", style) + right)
      for line in inside {
        let text = line.width <= room ? line : line.truncated(to: room)
        top.append(
          left + StyledText("│", style) + text.padded(to: room) + StyledText("│", style) + right)
      }
      bottom.append(
        left + StyledText("╰" + String(repeating: "─", count: room) + "╯", style) + right)
    }
    return StyledText(lines: top + bottom.reversed())
  }

  // MARK: The virtual CPU

  /// What the guest believes and what is true, side by side. On the classic profile the guest can change what the VMM
  /// doesn't hear of, so there it is the VMM's record that is shown.
  public func virtualCPU() -> StyledText {
    guard let monitor else { return StyledText() }
    let guest = monitor.guest
    let cpu = guest.cpu
    let isRecord = machine.profile == .classic
    let profile = machine.profile
    let real = machine.status
    let running = monitor.isGuestRunning
    var table = TextTable(["", isRecord ? "the VMM's record" : "\(guest.name) believes", "true"])
    if isLinear { table.columns.append(("", .left)) }
    func row(_ name: String, _ believed: String, _ truth: String) {
      let differs = believed != truth
      let mark = isLinear ? "" : differs ? "* " : "  "
      table.add([
        StyledText(mark, .changed) + StyledText(name, .dim),
        StyledText(believed, differs ? .changed : .plain),
        StyledText(truth), StyledText(differs ? "differs" : ""),
      ])
    }
    row("ring", "\(cpu.ring)", running ? "\(real.cpl)" : "the VMM has the CPU")
    row(
      "IF", cpu.status.interruptsEnabled ? "1" : "0",
      running ? (real.interruptsEnabled ? "1" : "0") : "0")
    row("TF", cpu.status.stepTrap ? "1" : "0", real.stepTrap ? "1" : "0")
    row("IOPL", "\(cpu.status.iopl)", "\(real.iopl)")
    for control in [
      ControlRegister.mode, .ptbr, .tvec, .ksp0, .ksp1, .ksp2, .badaddr,
    ] {
      row(
        control.name, hexadecimal(cpu.value(of: control, profile: profile)),
        hexadecimal(machine.value(of: control)))
    }
    row("cycle", grouped(cpu.cycles), grouped(machine.cycles))
    row("instret", grouped(cpu.instret), grouped(machine.instructionsRetired))
    row(
      "timer", guest.devices.timer.interval == 0 ? "off" : "every \(guest.devices.timer.interval)",
      machine.devices.timer.interval == 0 ? "off" : "every \(machine.devices.timer.interval)")
    row(
      "pending", guest.devices.pendingInterrupt.map { "\($0) \($0.name)" } ?? "none",
      machine.devices.pendingInterrupt.map { "\($0) \($0.name)" } ?? "none")
    var text = lay(table)
    if !isLinear {
      text.appendLine(
        paragraph(StyledText(isRecord ? "* differs" : "* \(guest.name) is wrong about this", .dim)))
    }
    let behind = outdated(cpu.status, monitor.statusToCome)
    if !behind.isEmpty {
      text.appendLine(
        paragraph(
          StyledText(
            "\(guest.name) is right, and the VMM's record is wrong: it still says \(behind), as the instruction "
              + "that changed it didn't trap. The VMM sees it at its next entry.")))
    }
    if isRecord {
      text.appendLine(
        paragraph(
          StyledText(
            "On the classic profile the record need not be what \(guest.name) believes: a setst or iret of its kernel "
              + "is not carried out in full, without a trap, and the VMM never hears what it asked for.",
            .dim)))
    }
    return text
  }

  /// What the VMM's record says otherwise than what is so.
  private func outdated(_ recorded: Status, _ now: Status) -> String {
    var parts: [String] = []
    if recorded.cpl != now.cpl { parts.append("ring \(recorded.cpl)") }
    if recorded.stepTrap != now.stepTrap { parts.append("TF \(recorded.stepTrap ? 1 : 0)") }
    return parts.joined(separator: ", ")
  }

  /// The console of the program as it was printed.
  public func console() -> StyledText {
    let bytes = world.devices.console.output.bytes
    guard !bytes.isEmpty else { return paragraph("Nothing was printed so far.") }
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { String($0.map { $0.isASCII && ($0.asciiValue ?? 0) < 32 && $0 != "\t" ? "?" : $0 }) }
    let shown = lines.last == "" ? lines.dropLast() : lines[...]
    return StyledText(
      lines: shown.flatMap {
        StyledText(String($0)).wrapped(to: width - 1, first: " ", hanging: " ").lines
      })
  }

  private func state(_ state: DiskController.State) -> String {
    switch state {
    case .ready: "ready"
    case .busy: "busy"
    case .failed: "the last command failed"
    }
  }

  private func pending(_ vector: Vector, _ isPending: Bool) -> String {
    isPending ? ", interrupt \(vector) pending" : ""
  }

  /// Timer, console, disk, network and power.
  public func devices() -> StyledText {
    let devices = world.devices
    var table = TextTable(["device", "state"])
    let timer = devices.timer
    table.add([
      "timer",
      StyledText(
        timer.interval == 0
          ? "off, \(plural(UInt64(timer.ticks), "tick")) so far"
          : "every \(timer.interval) cycles, \(plural(UInt64(timer.ticks), "tick")) so far, next at cycle "
            + grouped(timer.nextTick) + (timer.isInterruptPending ? ", interrupt 16 pending" : "")),
    ])
    let console = devices.console
    table.add([
      "console",
      StyledText(
        "\(console.output.count) bytes printed, \(console.input.count - console.consumed) waiting to be read"
          + (console.control & 1 != 0 ? ", interrupt 17 while input waits" : "")),
    ])
    let busy = devices.disk.command.map {
      "\($0.isWrite ? "writes" : "reads") sector \($0.sector) of disk \($0.disk), done at cycle "
        + grouped(devices.disk.due)
    }
    table.add([
      "disk",
      StyledText(
        (busy ?? state(devices.disk.state)) + pending(.disk, devices.disk.isInterruptPending)),
    ])
    let network = devices.network
    let counts =
      "address \(network.ownAddress), \(plural(network.sent.count, "frame")) sent, "
      + "\(grouped(network.received)) received"
    table.add([
      "network",
      StyledText(
        counts + (network.sending == nil ? "" : ", sends \(network.length) bytes")
          + (network.receiving.map { ", receives to \(hexadecimal($0))" } ?? "")
          + pending(.network, network.isInterruptPending)),
    ])
    table.add(["power", StyledText(devices.isSwitchedOff ? "off" : "on")])
    return lay(table)
  }
}
