import OnionISA

// One instruction with everything that it may ask for: what the loop doesn't do by itself.
extension Machine {
  /// Carries out the instruction at pc, which stands decoded at `place`; what is refused has changed
  /// nothing.
  func execute<Mode: EventMode>(
    _ place: UnsafeMutablePointer<Operation>, _ mode: Mode.Type
  ) throws(Refusal) -> Completion {
    let operation = place.pointee
    switch operation.code.first {
    case .system: return try system(operation, mode)
    case .div, .rem, .divu, .remu:
      if registers[Int(operation.b)] == 0 { throw .divisionByZero(operation.code.division) }
    case .jalr:
      let target = registers[Int(operation.a)] &+ UInt32(bitPattern: operation.immediate)
      guard target & 3 == 0 else { throw .misaligned(VirtualAddress(target), .fetch) }
    default:
      if let size = operation.code.accessSize {
        try access(operation, size, mode)
        return .jumped
      }
    }
    _ = loop(Careful.self, budget: 1)
    return .jumped
  }

  /// Carries out a load or store: has its address translated, tells who wants to know, and opens the
  /// host's door to the page for the loop. The door stays open if nobody has to hear of the next access.
  private func access<Mode: EventMode>(
    _ operation: Operation, _ size: UInt32, _ mode: Mode.Type
  ) throws(Refusal) {
    let address = registers[Int(operation.a)] &+ UInt32(bitPattern: operation.immediate)
    let ring = cpu.pointee.status.cpl
    let code = operation.code.first
    let isStore = code.isStore
    guard address & (size &- 1) == 0 else {
      throw .misaligned(VirtualAddress(address), isStore ? .store : .load)
    }
    let physical = try translate(address, store: isStore, as: ring, mode)
    let source = isStore ? registers[Int(operation.d)] : 0
    if hooks.pointee.hasWatches {
      if !isStore || code == .swap { noteAccess(address, physical, size, stored: nil) }
      if isStore { noteAccess(address, physical, size, stored: source) }
    }
    if Mode.records {
      if !isStore || code == .swap { recordLoad(physical, size) }
      if isStore { recordStore(source, physical, size) }
    }
    if isStore { memory.markDirty(Int(physical >> 12)) }

    fillBank(address, physical, as: ring)
    let page = address & 0xFFFF_F000
    _ = throughDoor(
      HostEntry(
        readTag: page, writeTag: isStore ? page : HostEntry.noTag, addend: addend(page, physical)),
      to: address, as: ring)
    if isStore { decoded.reset(physical) }
  }

  /// Makes the load or store at pc, for which the bank of `ring` is given that entry and no longer.
  func throughDoor(_ door: HostEntry, to address: UInt32, as ring: Ring) -> LoopExit {
    let entry = hostTLB.data(of: ring) + HostTLB.index(address)
    let kept = entry.pointee
    entry.pointee = door
    let exit = loop(Careful.self, budget: 1)
    entry.pointee = kept
    return exit
  }

  /// Lets the bank of `ring` know a page to which it was granted an access, as far as the next access
  /// need not be looked at.
  func fillBank(_ address: UInt32, _ physical: UInt32, as ring: Ring) {
    let page = address & 0xFFFF_F000
    let frame = physical & 0xFFFF_F000
    let entry = HostEntry(
      readTag: page,
      writeTag: isFreeToStore(address, physical) ? page : HostEntry.noTag,
      addend: addend(page, physical))
    if hooks.pointee.hasWatches, watches.contains(where: { $0.concerns(page: page, frame: frame) })
    {
      hostTLB.watched.pointee = WatchedPage(entry: entry, ring: ring)
    } else {
      (hostTLB.data(of: ring) + HostTLB.index(address)).pointee = entry
    }
  }

  private func addend(_ page: UInt32, _ physical: UInt32) -> Int {
    Int(bitPattern: memory.base) &+ Int(physical & 0xFFFF_F000) &- Int(page)
  }

  /// A store to that page changes bytes and nothing else: no dirty bit, no decoded code, no snapshot.
  private func isFreeToStore(_ address: UInt32, _ physical: UInt32) -> Bool {
    let frame = physical >> 12
    guard memory.isDirty(Int(frame)), decoded.existing(frame: frame) == nil else { return false }
    return cpu.pointee.mode & 1 == 0 || dataTLB[address].value & 0x22 == 0x22
  }

  // MARK: Writing

  /// Writes a word to memory and lets decoded code follow.
  @inline(__always)
  func put<Mode: EventMode>(
    _ value: UInt32, _ physical: UInt32, _ mode: Mode.Type, at virtual: UInt32
  ) {
    if hooks.pointee.hasWatches { noteAccess(virtual, physical, 4, stored: value) }
    if Mode.records { recordStore(value, physical, 4) }
    memory.storeWord(value, physical)
    decoded.reset(physical)
  }

  private func recordLoad(_ physical: UInt32, _ size: UInt32) {
    events.append(
      .loaded(MachineAddress(physical), size: size, value: memory.value(at: physical, size: size)))
  }

  private func recordStore(_ value: UInt32, _ physical: UInt32, _ size: UInt32) {
    events.append(
      .stored(
        MachineAddress(physical), size: size, old: memory.value(at: physical, size: size),
        new: size == 4 ? value : value & (1 << (8 * size) - 1)))
  }
}

extension Operation.Code {
  /// Which division it is.
  fileprivate var division: Instruction {
    switch self {
    case .rem: .rem
    case .divu: .divu
    case .remu: .remu
    default: .div
    }
  }
}
