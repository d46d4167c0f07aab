import OnionISA

// Where the next instruction comes from, and its decoding.
extension Machine {
  /// Where the instruction at pc stands, decoded; nil at a doorway word in ring 0.
  func fetch<Mode: EventMode>(
    _ mode: Mode.Type
  ) throws(Refusal) -> UnsafeMutablePointer<Operation>? {
    let pc = cpu.pointee.pc
    guard pc & 3 == 0 else { throw .misaligned(VirtualAddress(pc), .fetch) }
    let ring = cpu.pointee.status.cpl
    let entry = hostTLB.code(of: ring) + HostTLB.index(pc)
    if Mode.records || entry.pointee.tag != pc & 0xFFFF_F000 {
      let physical = try translateFetch(pc, mode)
      entry.pointee = HostCode(tag: pc & 0xFFFF_F000, operations: operations(physical >> 12))
    }
    guard let page = entry.pointee.operations else { return nil }
    let place = page + Int(pc >> 2 & 0x3FF)
    if place.pointee.code == .undecoded { decode(page, pc) }
    if place.pointee.code == .undefined {
      let physical = physical(page, pc)
      if let doorway, ring == .ring0, physical >> 12 == doorway.number, physical & 0xFFF < 256 {
        return nil
      }
      throw .undefined(word: memory.loadWord(physical))
    }
    if Mode.records { recordFetch(page, pc) }
    return place
  }

  private func operations(_ frame: UInt32) -> DecodedPages.Page {
    if let page = decoded.existing(frame: frame) { return page }
    // Stores to the frame have to be seen from now on.
    hostTLB.dropWrites()
    return decoded.make(frame: frame)
  }

  /// Decodes the word at pc, whose page's operations are given.
  @inline(never)
  func decode(_ page: DecodedPages.Page, _ pc: UInt32) {
    let slot = Int(pc >> 2 & 0x3FF)
    decoded.decode(
      page, slot: slot, word: memory.loadWord(physical(page, pc)),
      isBreakable: hooks.pointee.hasBreakpoints
        && breakpoints.contains { $0.rawValue >> 2 & 0x3FF == slot }
    )
  }

  private func physical(_ page: DecodedPages.Page, _ pc: UInt32) -> UInt32 {
    UInt32(bitPattern: page[DecodedPages.slots].immediate) << 12 | pc & 0xFFF
  }

  private func recordFetch(_ page: DecodedPages.Page, _ pc: UInt32) {
    let word = memory.loadWord(physical(page, pc))
    guard let instruction = DecodedInstruction(word: word) else { return }
    events.append(.fetched(pc: VirtualAddress(pc), word: word, instruction))
  }

  // MARK: Breakpoints

  /// Breakpoints came or went: what stands at their slots is decoded anew, in whatever page.
  func replant(_ changed: Set<VirtualAddress>) {
    for slot in Set(changed.map { Int($0.rawValue >> 2 & 0x3FF) }) {
      decoded.reset(slotOfAllPages: slot)
    }
  }

  /// Does `body` with the instruction itself at `place`, should a breakpoint be planted there.
  func lifting<Result>(
    _ place: UnsafeMutablePointer<Operation>, _ body: () throws(Refusal) -> Result
  ) throws(Refusal) -> Result {
    guard place.pointee.code == .breakpoint else { return try body() }
    let pc = cpu.pointee.pc
    let slot = Int(pc >> 2 & 0x3FF)
    let page = place - slot
    decoded.decode(page, slot: slot, word: memory.loadWord(physical(page, pc)), isBreakable: false)
    // It is planted again when it is decoded next.
    defer { decoded.reset(page, slot: slot) }
    return try body()
  }
}
