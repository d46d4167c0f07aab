import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

extension CommandTable {
  static let tableCommands: [Command] = [
    Command(
      "walk", ["w"], "ADDRESS", group: .looking,
      "the page walk of an address: each entry, and the bit that decides", example: "walk 0x3000",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      let address =
        arguments.isEmpty ? shell.session.world.pc : try shell.address(arguments.text)
      return shell.view.walk(address)
    },
    Command(
      "tlb", [], "", group: .looking, "what the two TLBs hold, and which entries are stale",
      example: "tlb"
    ) {
      (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("tlb")
      return shell.view.translationBuffers()
    },
    Command(
      "pages", [], "", group: .looking, "which pages the program's tables map, and their rights",
      example: "pages",
      details: "Under the VMM these are the guest's own tables; 'shadow' shows the real ones."
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("pages")
      return shell.view.pages()
    },
    Command(
      "frames", [], "", group: .looking, "who owns each frame of memory", example: "frames",
      details: """
        Under the VMM the first column is the real machine's, the second the guest's. What a frame is \
        used for is what the program's own tables say that are in force now.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("frames")
      return shell.view.frames()
    },
    Command(
      "gates", [], "[real] [GATE …]", group: .looking,
      "the trap table: which gate leads where, for whom", example: "gates 4 33",
      details: """
        'gates' shows the gates that are present, 'gates 4 33' those two. Under the VMM they are the guest's \
        own; 'gates real' and 'gates real 4' are the VMM's.
        """,
      completion: .words(["real"])
    ) { (shell, arguments) throws(CommandFailure) in
      let isReal = arguments.words.first == "real"
      var numbers: [UInt8] = []
      for word in arguments.words.dropFirst(isReal ? 1 : 0) {
        guard let number = UInt8(word), number < UInt8(Gate.count) else {
          throw CommandFailure(
            "'\(word.prefix(40))' is no gate: they have numbers, 0 to \(Gate.count - 1); "
              + "'gates' shows the program's, 'gates real' the VMM's")
        }
        if !numbers.contains(number) { numbers.append(number) }
      }
      return shell.view.gates(real: isReal, only: numbers)
    },
  ]

  static let monitorCommands: [Command] = [
    Command(
      "vcpu", [], "", group: .vmm, "what the guest believes, and what is true", example: "vcpu"
    ) {
      (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("vcpu")
      _ = try shell.monitor()
      return shell.view.virtualCPU()
    },
    Command(
      "shadow", [], "[one|each]", group: .vmm,
      "the shadow page table, beside what the guest's tables say", example: "shadow",
      details: """
        'shadow one' makes the VMM use one compressed table for all of the guest's rings, and the wall between \
        its rings 0 and 1 leaks; 'shadow each' goes back to a table for each view.
        """,
      completion: .words(["one", "each"])
    ) { (shell, arguments) throws(CommandFailure) in
      _ = try shell.monitor()
      switch arguments.text {
      case "": return shell.view.shadow()
      case "one", "each":
        let change = Change.compressedTable(arguments.text == "one")
        return try shell.changed(change, StyledText(shell.describe(change)))
      default:
        throw CommandFailure("'shadow' shows the table; 'shadow one' and 'shadow each' choose")
      }
    },
    Command(
      "vm", [], "[new NAME FILE.s …|list|VERB NAME …]", group: .vmm,
      "the guest and what the VMM has done for it; makes and runs several",
      example: "vm new beta kernel.s weight=512\nvm start beta\nvm list",
      details: """
        'vm new NAME FILE.s [memory=4M] [weight=256] [cap=PERCENT] [paravirtual]' makes a guest beside the \
        others; it is paused until 'vm start NAME' or 'vm start all'. The verbs: start, pause, stop; weight \
        and cap, since those that want the CPU share it by their weights, and a cap is a limit even when \
        nobody else wants it; use, which gives a guest what is typed; balloon, which asks a paravirtual guest \
        for some of its memory; save, restore, clone; and move, to another host. The views show the guest \
        that has the CPU; 'vm list' shows them all.
        """,
      completion: .words(CommandInterpreter.guestVerbs + ["all"])
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.manageGuests(arguments.words)
    },
  ]
}

extension CommandInterpreter {
  /// The VMM, or the one line that says that there is none.
  func monitor() throws(CommandFailure) -> VirtualMachineMonitor {
    guard let monitor = session.world.monitor else {
      throw CommandFailure("there is no VMM here; 'load --guest FILE.s' brings one")
    }
    return monitor
  }

  func guestSummary() throws(CommandFailure) -> StyledText {
    let guest = try monitor().guest
    let state =
      guest.cpu.stop.map { StopText.short($0) }
      ?? (guest.cpu.isWaiting ? "waits for input" : "runs")
    var text = StyledText(" \(guest.name)", .strong)
    text.append(
      ": \(state), \(ByteCount(guest.memorySize).text) from machine address "
        + "\(guest.memory.machineFrames.first?.start ?? MachineAddress(0)) on")
    text = text.wrapped(to: columns, hanging: "   ")
    var table = TextTable([("count", .right), ("what", .left)])
    table.showsHeader = false
    let counts = guest.counts
    var rows: [(UInt64, String)] = [
      (guest.cpu.instret, "instructions of the guest"),
      (counts.direct, "of them ran directly on the CPU"),
      (counts.emulated, "were carried out by the VMM"),
      (counts.tracedWrites, "were stores to its page tables, carried out too"),
      (counts.softwareTraps, "were int, brk or vmcall, delivered to its kernel"),
      (counts.entries, "entries into the VMM"),
      (counts.trueFaults, "page faults that were the guest's own"),
      (counts.hiddenFaults, "hidden page faults, those stores among them"),
      (counts.reflected, "traps and interrupts delivered to its kernel"),
      (counts.interrupts, "of them interrupts"),
      (counts.tableSwitches, "changes of the shadow table"),
      (counts.relocations, "moves of the VMM's own pages"),
      (counts.cycles, "cycles that the VMM cost"),
      (counts.idleCycles, "cycles that the guest halted"),
    ]
    if counts.hypercalls > 0 {
      rows.insert((counts.hypercalls, "were calls of its kernel to the VMM"), at: 5)
    }
    for (value, what) in rows {
      table.add([StyledText(view.grouped(value)), StyledText(what)])
    }
    text.appendLine(view.lay(table))
    return text
  }
}
