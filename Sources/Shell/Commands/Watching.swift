import Laboratory
import OnionISA
import SourceText

extension CommandTable {
  static let watchingCommands: [Command] = [
    Command(
      "watch", [], "[/b|/h|/w] WHAT [if CONDITION]", group: .stopping,
      "stops runs after a step that changes memory, a register or a value",
      example: "watch mem[ticks]",
      details: """
        WHAT is a label or an address (the word there; /b a byte, /h two bytes), mem8[EXPR], phys[EXPR] \
        in the program's physical memory, machine[EXPR] in the real machine's, a register, a control \
        register, a field such as alpha.virtual.IF, or any expression. An address is worked out once, \
        now; there need be no memory yet. With a guest's name in front (beta.ticks, beta.mem[EXPR]) it is that guest's. Each stop names the instruction, the old value and the new one.
        """,
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.watch(arguments, .change, "watch")
    },
    Command(
      "rwatch", [], "[/b|/h|/w] MEMORY [if CONDITION]", group: .stopping,
      "stops runs after a step that reads memory", example: "rwatch mem[ticks]",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.watch(arguments, .read, "rwatch")
    },
    Command(
      "awatch", [], "[/b|/h|/w] MEMORY [if CONDITION]", group: .stopping,
      "stops runs after a step that reads memory or writes it", example: "awatch mem[ticks]",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.watch(arguments, .any, "awatch")
    },
    Command(
      "catch", [], "KIND [if CONDITION]", group: .stopping,
      "stops runs after a kind of trap, interrupt or switch", example: "catch page",
      details: """
        KIND is trap (any), a trap's word or number (page, protection, timer, software, 4), interrupt, \
        ring (the ring changed), vm (the VMM was entered and left), page true (the kernel is told of \
        the fault), page hidden (the VMM keeps it to itself), or switch (another page table).
        """,
      completion: .trap
    ) { (shell, arguments) throws(CommandFailure) in
      let (place, condition) = try shell.splitCondition(arguments.text)
      let event = try shell.event(place)
      let fault = try condition.flatMap { (text: String) throws(CommandFailure) in
        try shell.checked(text)
      }
      return shell.setText(shell.session.addBreakpoint(.event(event), condition: condition))
        + shell.notes(condition: condition, fault)
    },
  ]

  /// What can be caught, as it is typed.
  static let caughtWords =
    ["trap", "software", "interrupt", "ring", "vm", "true", "hidden", "switch"]
    + Vector.named.map(\.name)
}

extension CommandInterpreter {
  /// Sets a watchpoint.
  func watch(
    _ arguments: Arguments, _ access: WatchedMemory.Access, _ command: String
  ) throws(CommandFailure) -> StyledText {
    let (text, condition) = try splitCondition(arguments.text)
    guard !text.isEmpty else {
      throw CommandFailure("\(command) what? A label, mem[ADDRESS], a register: '\(command) sp'")
    }
    let size = try watchSize(arguments.format)
    let (place, guest) = try watched(text, size: size, access)
    let fault = try checked(text)
    let conditionFault = try condition.flatMap { (text: String) throws(CommandFailure) in
      try checked(text, ofGuest: guest)
    }
    if case .value = place {
      if access != .change {
        throw CommandFailure("only reads of memory are seen; 'watch \(text)' stops when it changes")
      }
      if size != nil { throw CommandFailure("only memory has a size, and '\(text)' is a value") }
    }
    // A number alone is an address: what is watched is the memory there.
    let label = Int64(text) == nil && !text.hasPrefix("0x") ? text : "mem[\(text)]"
    let isValue = if case .value = place { true } else { false }
    return setText(
      session.addBreakpoint(place, label: label, condition: condition, guest: guest))
      + notes(
        place: isValue ? nil : text, watched: isValue ? text : nil, condition: condition,
        fault ?? conditionFault)
  }

  private func watchSize(_ format: String) throws(CommandFailure) -> UInt32? {
    switch format {
    case "": return nil
    case "b": return 1
    case "h": return 2
    case "w": return 4
    default:
      throw CommandFailure("'/\(format)' is no size; there is /b (byte), /h (half), /w (word)")
    }
  }

  /// What is watched, and the guest whose it is if one is named.
  private func watched(
    _ text: String, size: UInt32?, _ access: WatchedMemory.Access
  ) throws(CommandFailure) -> (Breakpoint.Place, guest: Int?) {
    _ = try checked(text)
    var query = try Self.parsed(text)
    var guest: Int?
    if case .ofGuest(let name, let inner, _) = query {
      (guest, query) = (try guestIndex(name), inner)
    }
    let address: Int64
    var space = MemorySpace.virtual
    var bytes = size ?? 4
    switch query {
    case .memory(let own, let where_, let inner, _):
      do throws(ConditionError) {
        address = try session.value(of: inner, asGuest: guest)
      } catch {
        // Where it lies can't be said now: its value is watched, wherever that is.
        if error.isMomentary, access == .change { return (.value(try Self.parsed(text)), nil) }
        throw CommandFailure("\(error.message) (column \(error.column) of '\(text)')")
      }
      space = where_
      bytes = size ?? UInt32(own)
    case .number(let number): address = number
    case .label(let name, _):
      guard let label = session.label(named: name) else { return (.value(query), nil) }
      (address, guest) = (Int64(label.address), label.guest)
    case .name(let name, _):
      guard session.shadowedLabels(in: query).isEmpty, let label = session.label(named: name)
      else { return (.value(query), nil) }
      (address, guest) = (Int64(label.address), label.guest)
    default: return (.value(query), nil)
    }
    let start = UInt32(truncatingIfNeeded: address)
    guard start % bytes == 0 else {
      throw CommandFailure(
        "\(VirtualAddress(start)) is not a multiple of \(bytes); \(bytes == 4 ? "/h or /b" : "/b") watches less"
      )
    }
    return (.memory(WatchedMemory(space, start, size: bytes, access: access)), guest)
  }

  private static func parsed(_ text: String) throws(CommandFailure) -> Query {
    do throws(ConditionError) {
      return try Query.parse(text)
    } catch {
      throw CommandFailure("\(error.message) (column \(error.column) of '\(text)')")
    }
  }

  /// The kind of event that `catch` was given.
  func event(_ text: String) throws(CommandFailure) -> CaughtEvent {
    var words = text.split(separator: " ").map(String.init)
    if words.count > 1, words[0] == "trap" || words[0] == "page" { words.removeFirst() }
    guard let word = words.first else {
      throw CommandFailure(
        "catch what? 'catch trap' is any trap; or \(CommandTable.caughtWords.dropFirst().joined(separator: ", "))"
      )
    }
    guard words.count == 1 else {
      throw CommandFailure("'\(words[1])' is too much; catch takes one kind")
    }
    let needsMonitor = ["vm", "hidden"].contains(word)
    if needsMonitor, session.world.monitor == nil {
      throw CommandFailure("there is no VMM here; 'load --guest FILE.s' brings one")
    }
    switch word {
    case "trap": return .anyTrap
    case "software": return .softwareTrap
    case "interrupt": return .interrupt
    case "ring": return .ringChange
    case "vm": return .monitorEntry
    case "true": return .truePageFault
    case "hidden": return .hiddenPageFault
    case "switch": return .tableSwitch
    default:
      if let vector = Vector.all(named: word)?.first { return .vector(vector) }
      let guess = Suggestion.nearest(to: word, among: CommandTable.caughtWords)
        .map { "did you mean '\($0)'?" }
      throw CommandFailure("'\(word)' is no trap; \(guess ?? "'help catch' says what is")")
    }
  }
}
