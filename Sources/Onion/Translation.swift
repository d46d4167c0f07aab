import OnionISA

// Translation with the TLBs: what each access of the CPU goes through (the CPU manual, sections 3 and 4).
extension Machine {
  /// Walks the tables for an access, charges the words read, and on success sets A and D and fills
  /// the TLB. A handler's fetch (`forHandler`) takes any code up to the ring's.
  @inline(never)
  func walk(
    _ address: UInt32, _ access: Access, as ring: Ring, forHandler vector: Vector? = nil
  ) throws(Refusal) -> TLBEntry {
    let virtual = VirtualAddress(address)
    let memory = self.memory
    let walk = PageWalk(virtual, directory: cpu.pointee.ptbr, memorySize: memory.size) {
      memory.loadWord($0)
    }
    cpu.pointee.cycles += costs.pointee.tableWord * walk.wordsRead

    var cause: PageRefusal.Cause?
    if let failure = walk.failure {
      cause = .walk(failure)
    } else if let leaf = walk.leaf {
      if let vector {
        if leaf.ring.isOutward(of: ring) {
          throw .handlerOutward(vector, virtual, handler: leaf.ring, ring: ring)
        }
      } else {
        cause = PageRefusal.rights(of: leaf, for: access, ring: ring)
      }
    }
    guard cause == nil, let directory = walk.directory, let table = walk.table else {
      throw .page(
        PageRefusal(
          address: virtual, access: access, ring: ring, cpl: cpu.pointee.status.cpl,
          cause: cause ?? .outsideMemory, walk: walk))
    }

    set(PageTableEntry.accessedBit, in: directory)
    let dirty = access == .store ? PageTableEntry.dirtyBit : 0
    // A table entry may be its own directory entry: read it again.
    let leaf = PageWalk.Read(
      location: table.location,
      entry: PageTableEntry(rawValue: memory.loadWord(table.location)))
    set(PageTableEntry.accessedBit | dirty, in: leaf)

    let entry = TLBEntry(
      page: address, frame: table.entry.rawValue, ring: table.entry.ring,
      writable: table.entry.isWritable, dirty: table.entry.isDirty || dirty != 0)
    if access == .fetch {
      fetchTLB[address] = entry
      hostTLB.dropCode(address)
    } else {
      dataTLB[address] = entry
      hostTLB.dropData(address)
    }
    return entry
  }

  private func set(_ bits: UInt32, in read: PageWalk.Read) {
    let new = read.entry.rawValue | bits
    if new != read.entry.rawValue {
      if hooks.pointee.hasWatches { noteAccess(nil, read.location, 4, stored: new) }
      memory.storeWord(new, read.location)
      decoded.reset(read.location)
    }
  }

  private func refuseOutsideMemory(
    _ address: UInt32, _ access: Access, as ring: Ring
  ) -> Refusal {
    .page(
      PageRefusal(
        address: VirtualAddress(address), access: access, ring: ring, cpl: cpu.pointee.status.cpl,
        cause: .outsideMemory))
  }

  /// The physical address of an aligned load or store as `ring`.
  @inline(__always)
  func translate<Mode: EventMode>(
    _ address: UInt32, store: Bool, as ring: Ring, _ mode: Mode.Type
  ) throws(Refusal) -> UInt32 {
    if cpu.pointee.mode & 1 != 0 {
      let entry = dataTLB[address]
      if !Mode.records, entry.matches(address), ring.rawValue <= entry.ring.rawValue,
        !store || entry.value & 0x22 == 0x22
      {
        return entry.value & 0xFFFF_F000 | address & 0xFFF
      }
      return try translateSlowly(address, store: store, as: ring, mode)
    }
    guard address < memory.size else {
      throw refuseOutsideMemory(address, store ? .store : .load, as: ring)
    }
    return address
  }

  @inline(never)
  private func translateSlowly<Mode: EventMode>(
    _ address: UInt32, store: Bool, as ring: Ring, _ mode: Mode.Type
  ) throws(Refusal) -> UInt32 {
    let access: Access = store ? .store : .load
    var entry = dataTLB[address]
    let isHit =
      entry.matches(address) && ring.rawValue <= entry.ring.rawValue
      && (!store || entry.value & 0x22 == 0x22)
    let before = Mode.records && !isHit ? walk(VirtualAddress(address)) : nil
    if !isHit {
      do {
        entry = try walk(address, access, as: ring)
      } catch {
        record(mode, address, access, ring, before, nil)
        throw error
      }
    }
    let physical = entry.value & 0xFFFF_F000 | address & 0xFFF
    record(mode, address, access, ring, before, physical)
    return physical
  }

  /// The physical address of a fetch in the current ring; the code must be the ring's.
  @inline(never)
  func translateFetch<Mode: EventMode>(
    _ address: UInt32, _ mode: Mode.Type
  ) throws(Refusal) -> UInt32 {
    let ring = cpu.pointee.status.cpl
    guard cpu.pointee.mode & 1 != 0 else {
      // Every page has code 00 then: a ring outside 0 can't run there.
      guard address < memory.size else { throw refuseOutsideMemory(address, .fetch, as: ring) }
      guard ring == .ring0 else {
        throw .page(
          PageRefusal(
            address: VirtualAddress(address), access: .fetch, ring: ring, cpl: ring,
            cause: .fetchFromOtherRing(code: .ring0)))
      }
      return address
    }
    var entry = fetchTLB[address]
    let isHit = entry.matches(address) && entry.ring == ring
    let before = Mode.records && !isHit ? walk(VirtualAddress(address)) : nil
    if !isHit {
      do {
        entry = try walk(address, .fetch, as: ring)
      } catch {
        record(mode, address, .fetch, ring, before, nil)
        throw error
      }
    }
    let physical = entry.value & 0xFFFF_F000 | address & 0xFFF
    record(mode, address, .fetch, ring, before, physical)
    return physical
  }

  /// The code of a handler's page, translated as a fetch. A hit outward of the ring that runs counts
  /// as a miss.
  func handlerCode<Mode: EventMode>(
    _ address: UInt32, for vector: Vector, _ mode: Mode.Type
  ) throws(Refusal) -> Ring {
    let ring = cpu.pointee.status.cpl
    guard cpu.pointee.mode & 1 != 0 else {
      guard address < memory.size else { throw refuseOutsideMemory(address, .fetch, as: ring) }
      return .ring0
    }
    var entry = fetchTLB[address]
    let isHit = entry.matches(address) && !entry.ring.isOutward(of: ring)
    if isHit, !Mode.records { return entry.ring }
    let before = Mode.records && !isHit ? walk(VirtualAddress(address)) : nil
    if !isHit {
      do {
        entry = try walk(address, .fetch, as: ring, forHandler: vector)
      } catch {
        record(mode, address, .fetch, ring, before, nil)
        throw error
      }
    }
    record(mode, address, .fetch, ring, before, entry.value & 0xFFFF_F000 | address & 0xFFF)
    return entry.ring
  }

  @inline(__always)
  private func record<Mode: EventMode>(
    _ mode: Mode.Type, _ address: UInt32, _ access: Access, _ ring: Ring, _ walk: PageWalk?,
    _ physical: UInt32?
  ) {
    guard Mode.records, cpu.pointee.mode & 1 != 0 else { return }
    events.append(
      .translated(
        Translation(
          address: VirtualAddress(address), access: access, ring: ring, walk: walk,
          physical: physical.map { MachineAddress($0) })))
  }
}
