import Onion
import OnionISA

// Dropping what was derived, and tracing what it was derived from.
extension VirtualMachineMonitor {
  // MARK: Tracing

  func startTracing(_ frame: GuestFrame) {
    state.shadows.traced[frame.number, default: 0] += 1
    guard state.shadows.traced[frame.number] == 1 else { return }
    note(.tracing(frame))
    withdrawWrites(to: frame)
  }

  func stopTracing(_ frame: GuestFrame) {
    guard let count = state.shadows.traced[frame.number] else { return }
    state.shadows.traced[frame.number] = count > 1 ? count - 1 : nil
  }

  /// Takes W from every shadow entry that maps the frame.
  private func withdrawWrites(to guestFrame: GuestFrame) {
    guard let frame = state.guest.machineAddress(of: guestFrame.start)?.frame else { return }
    forEachShadowEntry { address, place, entry in
      guard entry.frameNumber == frame.number, entry.isWritable else { return }
      machine.write(entry.rawValue & ~PageTableEntry.writableBit, at: place)
      machine.dropFromTLBs(address)
    }
  }

  /// Drops every shadow entry that maps the frame.
  func dropEntries(to guestFrame: GuestFrame) {
    guard let frame = state.guest.memory[guestFrame] else { return }
    var dropped = 0
    forEachShadowEntry { address, place, entry in
      guard entry.frameNumber == frame.number else { return }
      machine.write(0, at: place)
      machine.dropFromTLBs(address)
      dropped += 1
    }
    if dropped > 0 { note(.droppedShadow(entries: dropped)) }
  }

  /// Calls `body` with each present shadow entry, the VMM's own pages left out.
  private func forEachShadowEntry(
    _ body: (VirtualAddress, MachineAddress, PageTableEntry) -> Void
  ) {
    for directory in state.shadows.spaces.flatMap({ $0.directories.compactMap { $0 } }) {
      for slot in UInt32(0)..<1024 where slot != state.pages.directoryIndex {
        guard let table = shadowTable(directory, slot) else { continue }
        for index in UInt32(0)..<1024 {
          let place = table.start + index * 4
          let entry = PageTableEntry(rawValue: machine.memory.word(at: place) ?? 0)
          if entry.isPresent { body(VirtualAddress(slot << 22 | index << 12), place, entry) }
        }
      }
    }
  }

  private func shadowTable(_ directory: MachineFrame, _ slot: UInt32) -> MachineFrame? {
    let word = machine.memory.word(at: directory.start + slot * 4) ?? 0
    let entry = PageTableEntry(rawValue: word)
    return entry.isPresent ? MachineFrame(entry.frameNumber) : nil
  }

  // MARK: Dropping

  /// Drops what was derived from the guest's page-table entry at `address`.
  func dropDerived(from address: GuestPhysicalAddress) {
    forgetUnusedSpace(address.frame)
    let index = address.offset >> 2
    var dropped = 0
    for space in state.shadows.spaces.indices {
      for (slot, frame) in state.shadows.spaces[space].tables.sorted(by: { $0.key < $1.key })
      where frame == address.frame {
        dropped += dropEntry(space, VirtualAddress(slot << 22 | index << 12))
      }
      if state.shadows.spaces[space].key == .directory(address.frame.start) {
        dropped += dropTable(space, slot: index)
      }
    }
    if dropped > 0 { note(.droppedShadow(entries: dropped)) }
  }

  /// A directory that isn't in use and is written may not be one any more: its shadows go, and with
  /// them the tracing.
  private func forgetUnusedSpace(_ directory: GuestFrame) {
    let key = ShadowKey.directory(directory.start)
    guard key != state.guest.cpu.shadowKey,
      let index = state.shadows.spaces.firstIndex(where: { $0.key == key })
    else { return }
    for slot in state.shadows.spaces[index].tables.keys.sorted() {
      _ = dropTable(index, slot: slot)
    }
    let space = state.shadows.spaces.remove(at: index)
    for case let frame? in space.directories {
      for slot in UInt32(0)..<1024 where slot != state.pages.directoryIndex {
        if let table = shadowTable(frame, slot) { state.shadows.free.append(table.number) }
      }
      state.shadows.free.append(frame.number)
      if state.shadows.loaded == frame { state.shadows.loaded = nil }
    }
    stopTracing(directory)
  }

  private func dropEntry(_ space: Int, _ address: VirtualAddress) -> Int {
    var dropped = 0
    for case let directory? in state.shadows.spaces[space].directories {
      guard let table = shadowTable(directory, address.directoryIndex),
        address.directoryIndex != state.pages.directoryIndex
      else { continue }
      let place = table.start + address.tableIndex * 4
      if machine.memory.word(at: place) != 0 {
        machine.write(0, at: place)
        dropped += 1
      }
    }
    machine.dropFromTLBs(address)
    return dropped
  }

  /// Drops the shadow tables under one entry of a guest directory.
  private func dropTable(_ space: Int, slot: UInt32) -> Int {
    if let frame = state.shadows.spaces[space].tables.removeValue(forKey: slot) {
      stopTracing(frame)
    }
    guard slot != state.pages.directoryIndex else { return 0 }
    var dropped = 0
    for case let directory? in state.shadows.spaces[space].directories {
      guard let table = shadowTable(directory, slot) else { continue }
      machine.write(0, at: directory.start + slot * 4)
      state.shadows.free.append(table.number)
      dropped += 1
    }
    if dropped > 0 { machine.emptyTLBs() }
    return dropped
  }

  /// Drops every shadow table: the VMM's pages move, or the views change.
  func dropAllShadows() {
    state.shadows.spaces.removeAll()
    state.shadows.free = Array(state.shadows.pool.reversed())
    state.shadows.traced.removeAll()
    state.shadows.loaded = nil
    machine.emptyTLBs()
  }

  /// Makes room when the pool is empty.
  func recycle() {
    dropAllShadows()
    note(.recycledShadows)
  }
}
