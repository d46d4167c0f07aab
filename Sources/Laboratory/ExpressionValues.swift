import Monitor
import Onion
import OnionAssembler
import OnionISA
import SourceText

// What the names of an expression mean.
extension Session: ConditionEvaluator {
  public func evaluate(condition: String) throws(ConditionError) -> Bool {
    try value(of: condition) != 0
  }

  public func value(of expression: String) throws(ConditionError) -> Int64 {
    try value(of: try Query.parse(expression))
  }

  /// - Parameter guest: as which guest names and memory are meant, by its place; nil: the one that has the CPU.
  public func value(of query: Query, asGuest guest: Int? = nil) throws(ConditionError) -> Int64 {
    switch query {
    case .number(let number): return number
    case .name(let name, let column): return try value(named: name, column, guest)
    case .label(let name, let column):
      if let label = label(named: name, asGuest: guest) { return Int64(label.address) }
      throw unknown(name, column, guest, isLabel: true)
    case .ofGuest(let name, let inner, let column):
      return try value(of: inner, asGuest: try index(ofGuest: name, column))
    case .variable(let name, let column):
      return try variables.value(of: name, column: column, or: knownNames)
    case .call(let name, let arguments, let column): return try call(name, arguments, column)
    case .memory(let size, let space, let query, let column):
      return try memory(size, space, try value(of: query, asGuest: guest), column, guest)
    case .unary(let sign, let operand):
      let value = try value(of: operand, asGuest: guest)
      switch sign {
      case "-": return 0 &- value
      case "!": return value == 0 ? 1 : 0
      case "~": return ~value
      default: return value
      }
    case .binary("&&", let left, let right, _):
      if try value(of: left, asGuest: guest) == 0 { return 0 }
      return try value(of: right, asGuest: guest) != 0 ? 1 : 0
    case .binary("||", let left, let right, _):
      if try value(of: left, asGuest: guest) != 0 { return 1 }
      return try value(of: right, asGuest: guest) != 0 ? 1 : 0
    case .binary(let sign, let left, let right, let column):
      return try combine(
        sign, try value(of: left, asGuest: guest), try value(of: right, asGuest: guest), column)
    }
  }

  private func combine(
    _ sign: String, _ a: Int64, _ b: Int64, _ column: Int
  ) throws(ConditionError) -> Int64 {
    switch sign {
    case "+": return a &+ b
    case "-": return a &- b
    case "*": return a &* b
    case "/", "%":
      guard b != 0 else {
        throw ConditionError(message: "division by zero", column: column, isMomentary: true)
      }
      return sign == "/"
        ? a.dividedReportingOverflow(by: b).partialValue
        : a.remainderReportingOverflow(dividingBy: b).partialValue
    case "&": return a & b
    case "|": return a | b
    case "^": return a ^ b
    case "<<": return a << b
    case ">>": return a >> b
    case "==": return Self.areEqual(a, b) ? 1 : 0
    case "!=": return Self.areEqual(a, b) ? 0 : 1
    case "<": return a < b ? 1 : 0
    case "<=": return a <= b ? 1 : 0
    case ">": return a > b ? 1 : 0
    default: return a >= b ? 1 : 0
    }
  }

  /// A word of the machine has no sign: one with all its bits set is -1 as well as 0xffffffff.
  private static func areEqual(_ a: Int64, _ b: Int64) -> Bool {
    if a == b { return true }
    guard (a < 0) != (b < 0), let negative = Int32(exactly: min(a, b)),
      let word = UInt32(exactly: max(a, b))
    else { return false }
    return UInt32(bitPattern: negative) == word
  }

  private func memory(
    _ size: Int, _ space: MemorySpace, _ address: Int64, _ column: Int, _ guest: Int?
  ) throws(ConditionError) -> Int64 {
    // An address is 32 bits; a negative one counts from the top.
    guard address >= Int64(Int32.min), address <= Int64(UInt32.max) else {
      throw ConditionError(
        message: "\(address) is no address: it has 32 bits", column: column, isMomentary: true)
    }
    let start = VirtualAddress(UInt32(truncatingIfNeeded: address))
    var result: Int64 = 0
    for offset in 0..<UInt32(size) {
      let place = start + offset
      let real = world.machineAddress(of: place.rawValue, in: space, ofGuest: guest)
      guard place >= start, let byte = real.flatMap({ world.machine.memory.byte(at: $0) }) else {
        let which = offset == 0 ? "" : "of the \(size) bytes at \(start): "
        let isPaged = world.isPagingOn(forGuest: guest)
        throw ConditionError(
          message: space != .virtual || !isPaged
            ? "\(which)\(place) lies outside memory"
            : "\(which)no page is mapped at \(place); phys[…] takes a physical address",
          column: column, isMomentary: true)
      }
      result |= Int64(byte) << (8 * Int64(offset))
    }
    return result
  }

  // MARK: Names

  private func value(
    named name: String, _ column: Int, _ guest: Int?
  ) throws(ConditionError) -> Int64 {
    if let register = Register(name: name) {
      return Int64(world.value(of: register, ofGuest: guest))
    }
    if name.contains(".") { return try dotted(name, column, guest) }
    if let value = machineValue(name, guest) { return value }
    if let symbol = symbol(named: name, asGuest: guest) { return Int64(symbol.value) }
    // A word as it is shown, such as c0001000.
    if let value = NumberSyntax.values(name).first { return value }
    throw unknown(name, column, guest)
  }

  /// Names that a `$` in front leaves what they are: registers and all that the machine itself has.
  public static func isMachineName(_ word: String) -> Bool {
    Register(name: word) != nil || ControlRegister(name: word) != nil || word.contains(".")
      || machineNames.contains(word)
  }

  private static let machineNames: Set<String> = [
    "pc", "status", "cpl", "ring", "IF", "TF", "IOPL", "steps", "cycles", "instructions", "stopped",
    "mem", "mem8", "mem16", "mem32", "phys", "phys8", "phys16", "phys32", "machine", "machine8",
    "machine16", "machine32", "traps", "printed",
  ]

  /// The names of the machine itself. Bare words mean the real machine, under the VMM too.
  func machineValue(_ name: String, _ guest: Int?) -> Int64? {
    let machine = world.machine
    switch name {
    case "pc": return Int64(world.pc(ofGuest: guest).rawValue)
    case "status": return Int64(machine.status.rawValue)
    case "cpl", "ring": return Int64(machine.status.cpl.rawValue)
    case "IF": return machine.status.interruptsEnabled ? 1 : 0
    case "TF": return machine.status.stepTrap ? 1 : 0
    case "IOPL": return Int64(machine.status.iopl.rawValue)
    case "steps": return Int64(clamping: world.steps)
    case "cycles": return Int64(clamping: machine.cycles)
    case "instructions":
      return Int64(clamping: world.guest(guest)?.cpu.instret ?? machine.instructionsRetired)
    case "stopped": return world.stop == nil ? 0 : 1
    default:
      if let control = ControlRegister(name: name) { return Int64(machine.value(of: control)) }
      return nil
    }
  }

  /// Every name that an expression may use, for completion and suggestions.
  public var knownNames: [String] {
    var names = Register.names + (0..<16).map { "r\($0)" }
    names += [
      "pc", "status", "cpl", "ring", "IF", "TF", "IOPL", "steps", "cycles", "instructions",
      "stopped", "mem", "mem8", "phys", "machine", "traps", "status.IF", "status.TF", "status.IOPL",
      "status.CPL",
      "console.length",
    ]
    names += ControlRegister.allCases.map(\.name)
    names += CycleTable.entries.map { "cost.\($0.name)" }
    if let monitor = world.monitor {
      names += monitor.guest.counts.named.map { "vmm.\($0.name)" }
      names += ["ring", "IF", "TF", "IOPL", "status"].flatMap {
        ["\(monitor.guest.name).virtual.\($0)", "\(monitor.guest.name).true.\($0)"]
      }
      names += ControlRegister.allCases.map { "\(monitor.guest.name).virtual.\($0.name)" }
      names += monitor.guests.flatMap { guest in Self.guestFields.map { "\(guest.name).\($0)" } }
      names.append("vmm.guests")
    }
    names += variables.all.map { "$\($0.name)" }
    return names + (image?.symbols.map(\.name) ?? [])
  }

  private func dotted(
    _ name: String, _ column: Int, _ guest: Int?
  ) throws(ConditionError) -> Int64 {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, parts[0] == "status" {
      if let value = statusValue(world.machine.status, parts[1]) { return value }
    }
    if parts[0] == "cost" {
      guard parts.count == 2, let price = price(parts[1]) else {
        throw ConditionError(
          message: "'\(name)' is no price; 'cost table' lists them, such as cost.vmm-fill",
          column: column)
      }
      return price
    }
    if name == "console.length" {
      return Int64((world.guest(guest)?.devices ?? world.devices).console.output.count)
    }
    if parts.first == "vmm" {
      guard let monitor = world.monitor, let counts = world.guest(guest)?.counts else {
        throw noMonitor(name, column)
      }
      let count = counts.named.first { $0.name == parts[1] }
      if let count, parts.count == 2 {
        return Int64(clamping: count.value)
      }
      if parts == ["vmm", "guests"] { return Int64(monitor.guests.count) }
    }
    if let index = guestIndex(parts[0]) {
      if let value = guestValue(index, parts.dropFirst()) { return value }
      if parts.count == 2, let register = Register(name: parts[1]) {
        return Int64(world.value(of: register, ofGuest: index))
      }
    }
    if let symbol = symbol(named: name, asGuest: guest) { return Int64(symbol.value) }
    if parts.count == 3, parts[1] == "virtual" || parts[1] == "true" {
      guard let monitor = world.monitor else { throw noMonitor(name, column) }
      guard guestIndex(parts[0]) != nil else {
        let names = monitor.guests.map { "'\($0.name)'" }.joined(separator: " or ")
        throw ConditionError(
          message: "there is no guest '\(parts[0])'; it is \(names)", column: column)
      }
    }
    throw unknown(name, column, guest)
  }

  /// What something is charged, such as `cost.vmm-dispatch`.
  private func price(_ name: String) -> Int64? {
    let table = world.machine.cycleTable
    let entry = CycleTable.entries.first { $0.name == name }
    return entry.map { Int64(clamping: UInt64(table[keyPath: $0.keyPath])) }
  }

  private func noMonitor(_ name: String, _ column: Int) -> ConditionError {
    ConditionError(
      message: "'\(name)' needs a guest; load one with 'load --guest FILE.s'", column: column)
  }

  func statusValue(_ status: Status, _ field: String) -> Int64? {
    switch field {
    case "ring", "CPL", "cpl": Int64(status.cpl.rawValue)
    case "IF": status.interruptsEnabled ? 1 : 0
    case "TF": status.stepTrap ? 1 : 0
    case "IOPL": Int64(status.iopl.rawValue)
    case "status": Int64(status.rawValue)
    default: nil
    }
  }

  // MARK: Events

  /// `traps()`, `traps(page)`, `traps(32)`: real traps since the program was loaded;
  /// `traps(alpha, page)`: those delivered to the guest's kernel.
  private func call(
    _ name: String, _ arguments: [String], _ column: Int
  ) throws(ConditionError) -> Int64 {
    if name == "printed" { return try printed(arguments, column) }
    guard name == "traps" else {
      throw ConditionError(
        message:
          "'\(name)' can't be called; there is traps(), traps(page), traps(alpha, page), printed(word)",
        column: column)
    }
    var vectors = arguments
    let guest = arguments.first.flatMap(guestIndex)
    if guest != nil { vectors.removeFirst() }
    guard vectors.count <= 1 else {
      if world.monitor == nil { throw noMonitor("traps(\(arguments[0]), …)", column) }
      throw ConditionError(
        message: "it is traps(page), or traps(GUEST, page) for those that a guest was told of",
        column: column)
    }
    let wanted = try vectors.first.map { (text: String) throws(ConditionError) -> [Vector] in
      guard let found = Vector.all(named: text) else {
        let names = Vector.named.map(\.name) + ["software"]
        let guess = Suggestion.nearest(to: text, among: names)
        throw ConditionError(
          message: "'\(text)' is no trap" + (guess.map { "; did you mean '\($0)'?" } ?? ""),
          column: column)
      }
      return found
    }
    let counted = wanted ?? (0..<64).map { Vector(rawValue: $0) }
    return counted.reduce(0) { sum, vector in
      let count =
        guest.map { world.monitor?.guests[$0].deliveries[Int(vector.rawValue)] ?? 0 }
        ?? world.machine.deliveries(of: vector)
      return sum + Int64(clamping: count)
    }
  }
}

extension Vector {
  /// The vectors that a word or a number stands for; nil if none.
  public static func all(named text: String) -> [Vector]? {
    if let number = UInt8(text), number < 64 { return [Vector(rawValue: number)] }
    if text == "software" { return software.map { Vector(rawValue: $0) } }
    return named.first { $0.name == text }.map { [$0] }
  }
}
