/// What an access wants to do.
enum Access {
  case fetch, load, store
  /// The translation of a trap handler's address. `ring` is then the old ring.
  case handler

  var isFetch: Bool { self == .fetch || self == .handler }
}

/// Where an access goes.
struct Place {
  /// Physical.
  var address: UInt32
  /// The privilege code of the page.
  var ring: UInt32
}

/// Sections 3 and 4.
extension ReferenceMachine {
  /// The physical place of a virtual address, after all checks for an access by `ring`.
  func translate(_ address: UInt32, _ access: Access, ring: UInt32) throws(Trap) -> Place {
    if mode & 1 == 0 {
      guard isInMemory(frame: address >> 12) else {
        throw pageFault(address, access, present: true, reserved: true)
      }
      try checkRights(address, access, ring: ring, code: 0, writable: true)
      return Place(address: address, ring: 0)
    }

    let page = address >> 12
    let slot = Int(page % 64)
    let entry = access.isFetch ? fetchTLB[slot] : dataTLB[slot]
    if let entry, entry.page == page,
      isAllowed(access, ring: ring, code: entry.ring, writable: entry.writable),
      access != .store || entry.dirty
    {
      return Place(address: entry.frame << 12 | address & 0xFFF, ring: entry.ring)
    }
    return try walk(address, access, ring: ring)
  }

  private func walk(_ address: UInt32, _ access: Access, ring: UInt32) throws(Trap) -> Place {
    guard isInMemory(frame: ptbr >> 12) else {
      throw pageFault(address, access, present: true, reserved: true)
    }
    let directoryAddress = ptbr + 4 * (address >> 22)
    let directoryEntry = readTableWord(directoryAddress)
    guard directoryEntry & 1 != 0 else {
      throw pageFault(address, access, present: false, reserved: false)
    }
    // W (bit 1), RING (3:2), D (5) and 8:6 must be 0 in the directory.
    guard directoryEntry & 0b1_1110_1110 == 0, isInMemory(frame: directoryEntry >> 12) else {
      throw pageFault(address, access, present: true, reserved: true)
    }

    let tableAddress = directoryEntry & 0xFFFF_F000 + 4 * (address >> 12 & 0x3FF)
    let tableEntry = readTableWord(tableAddress)
    guard tableEntry & 1 != 0 else {
      throw pageFault(address, access, present: false, reserved: false)
    }
    // Bits 8:6 must be 0.
    guard tableEntry & 0b1_1100_0000 == 0, isInMemory(frame: tableEntry >> 12) else {
      throw pageFault(address, access, present: true, reserved: true)
    }

    let writable = tableEntry & 0b10 != 0
    let code = tableEntry >> 2 & 3
    try checkRights(address, access, ring: ring, code: code, writable: writable)

    // Granted: only now is anything set or filled. Bit 4 is A, bit 5 is D.
    let isStore = access == .store
    writeWord(physical: directoryAddress, readWord(physical: directoryAddress) | 0b1_0000)
    writeWord(
      physical: tableAddress,
      readWord(physical: tableAddress) | 0b1_0000 | (isStore ? 0b10_0000 : 0))
    let entry = ReferenceTLBEntry(
      page: address >> 12, frame: tableEntry >> 12, writable: writable, ring: code,
      dirty: isStore || tableEntry & 0b10_0000 != 0)
    if access.isFetch {
      fetchTLB[Int(entry.page % 64)] = entry
    } else {
      dataTLB[Int(entry.page % 64)] = entry
    }
    return Place(address: entry.frame << 12 | address & 0xFFF, ring: code)
  }

  private func isAllowed(_ access: Access, ring: UInt32, code: UInt32, writable: Bool) -> Bool {
    switch access {
    case .fetch: code == ring
    case .handler: code <= ring
    case .load: ring <= code
    case .store: ring <= code && writable
    }
  }

  private func checkRights(
    _ address: UInt32, _ access: Access, ring: UInt32, code: UInt32, writable: Bool
  ) throws(Trap) {
    if isAllowed(access, ring: ring, code: code, writable: writable) { return }
    // A handler outward of the old ring is a bad gate, not a page fault.
    if access == .handler { throw Trap(vector: 4, error: 3) }
    throw pageFault(address, access, present: true, reserved: false)
  }

  /// Raises a page fault: the one place where `badaddr` is written by the CPU.
  private func pageFault(
    _ address: UInt32, _ access: Access, present: Bool, reserved: Bool
  ) -> Trap {
    badaddr = address
    var error: UInt32 = 0
    if present { error |= 0b0001 }
    if access == .store { error |= 0b0010 }
    if access.isFetch { error |= 0b0100 }
    if reserved { error |= 0b1000 }
    error |= cpl << 4
    return Trap(vector: 5, error: error)
  }

  private func isInMemory(frame: UInt32) -> Bool {
    Int(frame) < memory.count / 4096
  }

  /// A TLB miss costs 2 cycles for each word of a table that is read.
  private func readTableWord(_ address: UInt32) -> UInt32 {
    cycles &+= 2
    return readWord(physical: address)
  }

  /// Drops a page from both TLBs.
  func dropFromTLBs(page: UInt32) {
    let slot = Int(page % 64)
    if fetchTLB[slot]?.page == page { fetchTLB[slot] = nil }
    if dataTLB[slot]?.page == page { dataTLB[slot] = nil }
  }

  func emptyTLBs() {
    fetchTLB = [ReferenceTLBEntry?](repeating: nil, count: 64)
    dataTLB = [ReferenceTLBEntry?](repeating: nil, count: 64)
  }
}
