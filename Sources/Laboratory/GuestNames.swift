import Monitor
import Onion
import OnionISA
import SourceText

// Whose a name is: each guest has its own labels, registers and memory.
extension Session {
  /// A label with the guest whose it is: nil on the bare machine.
  public struct Label: Hashable, Sendable {
    public var guest: Int?
    public var address: UInt32
    /// Its name without the guest's.
    public var name: String
  }

  /// The label of that name: the guest's that is meant, or with `GUEST.` in front that guest's.
  ///
  /// - Parameter guest: a guest by its place; nil: the one that has the CPU.
  public func label(named name: String, asGuest guest: Int? = nil) -> Label? {
    let (owner, rest) = split(name)
    guard let symbol = symbol(named: name, asGuest: guest), symbol.kind == .label else {
      return nil
    }
    let index = owner ?? guest ?? world.monitor?.currentIndex
    return Label(guest: index, address: symbol.value, name: owner == nil ? name : rest)
  }

  /// The label or constant of that name, by the same rules.
  func symbol(named name: String, asGuest guest: Int?) -> Image.Symbol? {
    let index = guest ?? world.monitor?.currentIndex ?? 0
    if let symbol = image(ofGuest: index)?.symbol(named: name) { return symbol }
    let (owner, rest) = split(name)
    return owner.flatMap { image(ofGuest: $0)?.symbol(named: rest) }
  }

  /// `GUEST.rest` in two; without a guest of that name the whole is the rest.
  public func split(_ name: String) -> (guest: Int?, rest: String) {
    guard let dot = name.firstIndex(of: "."), let index = guestIndex(String(name[..<dot])) else {
      return (nil, name)
    }
    return (index, String(name[name.index(after: dot)...]))
  }

  func index(ofGuest name: String, _ column: Int) throws(ConditionError) -> Int {
    if let index = guestIndex(name) { return index }
    guard let monitor = world.monitor else {
      throw ConditionError(
        message: "'\(name)' is no guest; load one with 'load --guest FILE.s'", column: column)
    }
    let names = monitor.guests.map { "'\($0.name)'" }.joined(separator: " or ")
    throw ConditionError(message: "there is no guest '\(name)'; it is \(names)", column: column)
  }

  /// What to say of a name that means nothing; another guest may have it.
  func unknown(
    _ name: String, _ column: Int, _ guest: Int?, isLabel: Bool = false
  ) -> ConditionError {
    let what = isLabel ? "there is no label '\(name)'" : "'\(name)' is not known"
    if let monitor = world.monitor, !name.contains(".") {
      let current = guest ?? monitor.currentIndex
      let others = monitor.guests.indices.filter {
        $0 != current && image(ofGuest: $0)?.symbol(named: name) != nil
      }
      if let first = others.first {
        let (here, there) = (monitor.guests[current].name, monitor.guests[first].name)
        return ConditionError(
          message: "\(what) in \(here); \(there)'s is '\(there).\(name)'", column: column)
      }
    }
    let known =
      isLabel
      ? image(ofGuest: guest ?? world.monitor?.currentIndex ?? 0)?.symbols
        .filter { $0.kind == .label }.map(\.name) ?? [] : knownNames
    let hint =
      Suggestion.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
    return ConditionError(message: what + hint, column: column)
  }

  /// Why the expression has no value now though it is well written; nil if it has one.
  ///
  /// Throws for what no moment mends: a name that isn't known, anywhere in it.
  public func momentaryFault(
    in query: Query, asGuest guest: Int? = nil
  ) throws(ConditionError) -> ConditionError? {
    for part in query.parts {
      do throws(ConditionError) {
        _ = try value(of: part, asGuest: guest)
      } catch {
        if !error.isMomentary { throw error }
      }
    }
    do throws(ConditionError) {
      _ = try value(of: query, asGuest: guest)
      return nil
    } catch {
      return error
    }
  }

  /// Names in an expression that mean something of the machine's there, and are labels of the program as well.
  public func shadowedLabels(in query: Query, asGuest guest: Int? = nil) -> [String] {
    query.parts.compactMap { part in
      guard case .name(let name, _) = part, label(named: name, asGuest: guest) != nil,
        isMachineValue(name, guest)
      else { return nil }
      return name
    }
  }

  /// In an expression the name is a register or another value of the machine's, whatever labels there are.
  private func isMachineValue(_ name: String, _ guest: Int?) -> Bool {
    if Register(name: name) != nil || machineValue(name, guest) != nil { return true }
    let (owner, rest) = split(name)
    guard let owner else { return false }
    return Register(name: rest) != nil || guestValue(owner, [rest]) != nil
  }
}

extension Query {
  /// It, and all that it is made of.
  var parts: [Query] {
    switch self {
    case .number, .name, .label, .variable, .call: [self]
    case .memory(_, _, let inner, _), .unary(_, let inner): [self] + inner.parts
    // What is in there is that guest's.
    case .ofGuest: [self]
    case .binary(_, let left, let right, _): [self] + left.parts + right.parts
    }
  }

  /// It means something else for another guest: a register, a label, memory.
  var isGuestBound: Bool {
    parts.contains { part in
      switch part {
      case .number, .variable, .call, .ofGuest, .unary, .binary: return false
      case .label(let name, _): return !name.contains(".")
      case .memory(_, let space, _, _): return space != .machine
      case .name(let name, _):
        if name.contains(".") {
          let first = name.prefix { $0 != "." }
          return (first == "vmm" && name != "vmm.guests") || first == "console"
        }
        return Register(name: name) != nil || name == "pc" || name == "instructions"
          || !Session.isMachineName(name)
      }
    }
  }
}

// The parts of a guest, whoever has the CPU. Without a VMM, and for nil, it is what runs.
extension World {
  func guest(_ index: Int?) -> Guest? {
    guard let monitor else { return nil }
    guard let index, index != monitor.currentIndex else { return monitor.guest }
    let guests = monitor.guests
    return guests.indices.contains(index) ? guests[index] : nil
  }

  private func isCurrent(_ guest: Int?) -> Bool {
    guard let monitor, let guest else { return true }
    return guest == monitor.currentIndex
  }

  func value(of register: Register, ofGuest guest: Int?) -> UInt32 {
    guard let monitor, let guest, !isCurrent(guest) else { return machine[register] }
    let registers = monitor.position(of: guest).registers
    return registers.indices.contains(Int(register.number)) ? registers[Int(register.number)] : 0
  }

  func pc(ofGuest guest: Int?) -> VirtualAddress {
    guard let monitor, let guest, !isCurrent(guest) else { return pc }
    return monitor.position(of: guest).pc
  }

  func isPagingOn(forGuest index: Int?) -> Bool {
    guest(index)?.cpu.isPagingOn ?? machine.isPagingOn
  }

  /// The machine address of an address of that guest's; nil if it leads nowhere. Changes nothing.
  func machineAddress(
    of address: UInt32, in space: MemorySpace, ofGuest index: Int?
  ) -> MachineAddress? {
    guard !isCurrent(index), space != .machine else {
      return machineAddress(of: address, in: space)
    }
    guard let guest = guest(index) else { return nil }
    guard space == .virtual, guest.cpu.isPagingOn else {
      guard space == .physical || address < guest.memorySize else { return nil }
      return guest.machineAddress(of: GuestPhysicalAddress(address))
    }
    let walk = PageWalk(
      VirtualAddress(address), directory: guest.cpu.ptbr, memorySize: guest.memorySize
    ) { place in
      guest.machineAddress(of: GuestPhysicalAddress(place)).flatMap { machine.memory.word(at: $0) }
        ?? 0
    }
    return walk.physicalAddress.flatMap { guest.machineAddress(of: GuestPhysicalAddress($0)) }
  }
}
