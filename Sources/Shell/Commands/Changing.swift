import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

extension CommandTable {
  static let changingCommands: [Command] = [
    Command(
      "set", [], "PLACE = EXPR", group: .changing,
      "changes a register, memory or a bit: set mem[0x5000] = 7", example: "set a0 = 5",
      details: """
        PLACE is a register (a0, r4, pc, status), a control register (ptbr), a bit of status (IF, TF, IOPL, \
        CPL), memory (mem[EXPR] a word, mem8[EXPR] a byte, phys[EXPR] at a physical address), or a cost ('cost table' lists them: \
        cost.trap-entry). A name of your own with a $ ($limit) keeps a value at hand and touches no \
        machine. A change belongs to the machine's history: back and forward again repeats it, \
        'undo' takes it back. 'set budget N' sets how many steps one run may make, 'set budget off' \
        takes that limit away; 'set history 128M' sets how much memory the snapshots may take from \
        which going back starts. Without a value both say what holds.
        """,
      completion: .setting
    ) { (shell, arguments) throws(CommandFailure) in
      if let said = try shell.changeSetting(arguments.words) { return said }
      return try shell.set(arguments.text)
    },
    Command(
      "type", [], "TEXT", group: .changing, "types a line at the program's console",
      example: "type hello",
      details:
        #"A newline is added. In double quotes \n, \t, \\ and \xHH are known, and no newline is added."#
    ) { (shell, arguments) throws(CommandFailure) in
      let bytes = try TypedText.bytes(arguments.text)
      return try shell.changed(
        .typed(bytes), "typed \(shell.view.plural(UInt64(bytes.count), "byte"))")
    },
  ]
}

/// What `type` makes of its argument.
enum TypedText {
  static func bytes(_ text: String) throws(CommandFailure) -> [UInt8] {
    guard text.count >= 2, text.first == "\"", text.last == "\"" else {
      return Array(text.utf8) + [10]
    }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[1..<text.utf8.count - 1]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "r"): bytes.append(13)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "0"): bytes.append(0)
      case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
      case UInt8(ascii: "x"):
        let digits = String(decoding: rest.prefix(2), as: UTF8.self)
        guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else {
          throw CommandFailure(#"after \x come two hexadecimal digits"#)
        }
        bytes.append(value)
        rest = rest.dropFirst(2)
      default: throw CommandFailure(#"after a backslash there is n, r, t, 0, \, " or xHH"#)
      }
    }
    return bytes
  }
}

extension CommandInterpreter {
  /// Makes a change from outside, and says so, and what is forgotten with it.
  func changed(_ change: Change, _ report: StyledText) throws(CommandFailure) -> StyledText {
    slowStep = nil
    var report = report
    report.append(forgottenText(try self.change(change)), .dim)
    return report.wrapped(to: columns, hanging: "  ")
  }

  /// ` (what came after …)`; empty if there was nothing.
  func forgottenText(_ forgotten: Forgotten) -> String {
    guard forgotten.isFuture else { return "" }
    let names = forgotten.marks.map(\.name)
    let marks =
      names.isEmpty
      ? "" : ", and the mark\(names.count == 1 ? "" : "s") \(names.joined(separator: ", ")) with it"
    return " (what came after this step before is forgotten\(marks))"
  }

  private func change(_ change: Change) throws(CommandFailure) -> Forgotten {
    do throws(ChangeError) {
      let forgotten = try session.change(change)
      // A moment of the future that is forgotten can't be compared with any more.
      if let start = movementStart, start > session.world.steps { movementStart = nil }
      return forgotten
    } catch {
      switch error {
      case .noMemory(let address):
        throw CommandFailure(
          "there is no memory at \(address); mem[…] takes an address of the program, phys[…] a physical one"
        )
      case .notUnderMonitor:
        throw CommandFailure(
          "under the VMM only registers, memory and what is typed can be changed: the rest is the VMM's"
        )
      case .guest(.noRoom(let size)):
        throw CommandFailure("the machine has no room for a guest of \(ByteCount(size).text) more")
      case .guest(.imageDoesNotFit(let fault)):
        throw CommandFailure(.doesNotFit(fault))
      case .guest(.tooManyGuests):
        throw CommandFailure(
          "there are as many guests as there may be: \(VirtualMachineMonitor.guestLimit)")
      case .restore(.otherProfile(let profile)):
        throw CommandFailure(
          "the guest ran on the \(profile) profile, and this machine has the other")
      case .restore(.otherMemorySize(let size)):
        throw CommandFailure(
          "the guest has \(ByteCount(size).text) of memory; what was kept has another size")
      case .restore(.monitor(.tooManyGuests)):
        throw CommandFailure(
          "there are as many guests as there may be: \(VirtualMachineMonitor.guestLimit)")
      case .restore(.monitor):
        throw CommandFailure("the machine has no room for the guest's memory")
      case .noDisk(let count):
        throw CommandFailure("the machine has disks 0 to \(count - 1)")
      case .noMonitor:
        throw CommandFailure("there is no VMM here; 'load --guest FILE.s' brings one")
      }
    }
  }

  func set(_ text: String) throws(CommandFailure) -> StyledText {
    guard let (left, right) = Self.assignment(text) else {
      throw CommandFailure("set is written 'set PLACE = EXPR', as in 'set a0 = 5'")
    }
    let value = try value(right)
    if let name = try variableName(left) {
      session.variables[name] = value
      return StyledText("$\(name) = \(self.text(of: value, nil))")
    }
    guard let word = UInt32(exactly: value) ?? Int32(exactly: value).map(UInt32.init(bitPattern:))
    else { throw CommandFailure("\(value) does not fit into 32 bits") }
    let change = try change(for: left, word)
    return try changed(change, StyledText(describe(change)))
  }

  /// The name of a convenience variable; nil if the place is another.
  private func variableName(_ place: String) throws(CommandFailure) -> String? {
    guard place.hasPrefix("$"), !Session.isMachineName(String(place.dropFirst())) else {
      return nil
    }
    let name = place.dropFirst()
    guard let first = name.first, first.isASCII, first.isLetter || first == "_",
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    else {
      throw CommandFailure("'\(place)' is no name of a variable; one begins with a letter: $limit")
    }
    return String(name)
  }

  /// Both sides of the `=` that is no comparison.
  private static func assignment(_ text: String) -> (String, String)? {
    let characters = Array(text)
    for (index, character) in characters.enumerated() where character == "=" {
      let before = index > 0 ? characters[index - 1] : " "
      let after = index + 1 < characters.count ? characters[index + 1] : " "
      if after == "=" || "=<>!".contains(before) { continue }
      let left = String(characters[..<index]).trimmed
      let right = String(characters[(index + 1)...]).trimmed
      return left.isEmpty || right.isEmpty ? nil : (left, right)
    }
    return nil
  }

  private func change(for place: String, _ value: UInt32) throws(CommandFailure) -> Change {
    let name = place.hasPrefix("$") ? String(place.dropFirst()) : place
    if let register = Register(name: name) {
      guard register != .zero else { throw CommandFailure("zero is always 0") }
      return .register(register, value)
    }
    if name == "pc" {
      guard value % 4 == 0 else { throw CommandFailure("pc is a multiple of 4") }
      return .pc(VirtualAddress(value))
    }
    if let status = try status(name, value) { return .status(status) }
    if let control = ControlRegister(name: name) {
      guard control.isWritable else { throw CommandFailure("\(name) is read only") }
      return .control(control, value)
    }
    if name.hasPrefix("cost.") {
      let key = String(name.dropFirst(5))
      guard let index = CycleTable.entries.firstIndex(where: { $0.name == key }) else {
        let guess = Suggestion.nearest(to: key, among: CycleTable.entries.map(\.name))
        throw CommandFailure(
          "there is no cost '\(key)'; "
            + (guess.map { "did you mean '\($0)'?" } ?? "'cost table' lists them"))
      }
      return .cost(index, UInt64(value))
    }
    return try memoryChange(place, value)
  }

  private func status(_ name: String, _ value: UInt32) throws(CommandFailure) -> Status? {
    var status = session.world.machine.status
    let bit = name.hasPrefix("status.") ? String(name.dropFirst(7)) : name
    switch bit {
    case "status": status = Status(rawValue: value)
    case "IF", "TF":
      guard value < 2 else { throw CommandFailure("\(bit) is 0 or 1") }
      if bit == "IF" { status.interruptsEnabled = value == 1 } else { status.stepTrap = value == 1 }
    case "IOPL", "CPL", "cpl", "ring":
      guard value < 4 else { throw CommandFailure("\(bit) is 0 to 3") }
      if bit == "IOPL" { status.iopl = Ring(bits: value) } else { status.cpl = Ring(bits: value) }
    default: return nil
    }
    return status
  }

  private func memoryChange(_ place: String, _ value: UInt32) throws(CommandFailure) -> Change {
    var size = 4
    var isPhysical = false
    var inner: String?
    if place.hasPrefix("*") {
      inner = String(place.dropFirst())
    } else if place.hasSuffix("]"), let open = place.firstIndex(of: "[") {
      let kind = place[..<open]
      guard ["mem", "mem32", "mem8", "phys", "phys32", "phys8"].contains(kind) else {
        throw CommandFailure("memory is written mem[ADDRESS], mem8[ADDRESS] or phys[ADDRESS]")
      }
      size = kind.hasSuffix("8") ? 1 : 4
      isPhysical = kind.hasPrefix("phys")
      inner = String(place[place.index(after: open)...].dropLast())
    }
    guard let inner else {
      if place.first?.isNumber == true, let address = try? address(place) {
        let shown = place.count < 20 ? place : "\(address)"
        throw CommandFailure(
          "an address alone can't be set; memory is mem[…]: 'set mem[\(shown)] = …'")
      }
      let names = Self.settableNames + ["mem[ADDRESS]"]
      let guess = Suggestion.nearest(to: place, among: names).map { "; did you mean '\($0)'?" }
      throw CommandFailure("'\(place)' can't be set" + (guess ?? "; 'help set' says what can"))
    }
    let address = try address(inner.trimmed, prefersLabels: false)
    guard size == 4 else {
      guard value < 256 else { throw CommandFailure("a byte is 0 to 255") }
      return isPhysical
        ? .physicalByte(address.rawValue, UInt8(value)) : .byte(address, UInt8(value))
    }
    guard address.isAligned(to: 4) else {
      throw CommandFailure("\(address) is not a multiple of 4; mem8[…] sets a byte")
    }
    return isPhysical ? .physicalWord(address.rawValue, value) : .word(address, value)
  }

  /// What `set NAME = EXPR` changes, besides memory and variables.
  static let settableNames =
    Register.names.filter { $0 != "zero" } + ["pc", "status", "IF", "TF", "IOPL", "CPL"]
    + ControlRegister.allCases.filter(\.isWritable).map(\.name)
    + CycleTable.entries.map { "cost.\($0.name)" }

  private func guest(_ index: Int) -> String {
    let guests = session.world.monitor?.guests ?? []
    return guests.indices.contains(index) ? guests[index].name : "a guest"
  }

  private func describe(_ change: ShareChange) -> String {
    switch change {
    case .weight(let weight): "weight \(weight)"
    case .cap(let cap): cap.map { "at most \($0) %" } ?? "no cap"
    case .paused(let isPaused): isPaused ? "paused" : "started"
    }
  }

  /// A change in a phrase.
  func describe(_ change: Change) -> String {
    switch change {
    case .register(let register, let value): "\(register) = \(OnionISA.hexadecimal(value))"
    case .pc(let address): "pc = \(named(address))"
    case .word(let address, let value): "mem[\(address)] = \(OnionISA.hexadecimal(value))"
    case .byte(let address, let value):
      "mem8[\(address)] = \(OnionISA.hexadecimal(UInt32(value), digits: 2))"
    case .code(let pieces):
      pieces.map {
        "\(view.plural(UInt64($0.bytes.count), "byte")) at \(named(VirtualAddress($0.address)))"
      }
      .joined(separator: ", ")
    case .physicalWord(let address, let value):
      "phys[\(OnionISA.hexadecimal(address))] = \(OnionISA.hexadecimal(value))"
    case .physicalByte(let address, let value):
      "phys8[\(OnionISA.hexadecimal(address))] = \(OnionISA.hexadecimal(UInt32(value), digits: 2))"
    case .status(let status): "status = \(OnionISA.hexadecimal(status.rawValue))"
    case .control(let control, let value): "\(control.name) = \(OnionISA.hexadecimal(value))"
    case .typed(let bytes): "typed \(view.plural(UInt64(bytes.count), "byte"))"
    case .compressedTable(let on):
      on ? "one compressed shadow table" : "a shadow table for each view"
    case .addGuest(let name, _, _): "guest \(name)"
    case .addCopy(let name, _, _): "guest \(name), from where one was kept"
    case .restoreGuest(let index, _): "\(guest(index)) is what it was when it was kept"
    case .paravirtual(let index): "\(guest(index)) knows of its VMM"
    case .balloon(let index, let frames):
      frames == 0
        ? "\(guest(index)) may have all its memory"
        : "\(guest(index)) is asked to give up \(view.plural(UInt64(frames), "frame"))"
    case .share(let index, let change): "the share of \(guest(index)): \(describe(change))"
    case .stopGuest(let index): "\(guest(index)) is stopped"
    case .useConsole(let index): "\(guest(index)) gets what is typed"
    case .disk(let number, let isPresent, let index):
      "disk \(number)" + (index.map { " of \(guest($0))" } ?? "")
        + (isPresent ? " is a new one, all zeros" : " is pulled")
    case .cost(let index, let value):
      "cost.\(CycleTable.entries.indices.contains(index) ? CycleTable.entries[index].name : "?") = \(value)"
    }
  }
}
