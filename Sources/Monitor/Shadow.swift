import Onion
import OnionISA

/// What the VMM remembers of its shadow tables besides the tables themselves, which are in the
/// machine's memory, where the real CPU walks them.
struct ShadowState: Hashable, Sendable {
  /// A set of shadow tables that stands for one guest directory (or for paging off).
  struct Space: Hashable, Sendable {
    var key: ShadowKey
    /// The shadow directory of each view, where it was made.
    var directories: [MachineFrame?] = [nil, nil, nil]
    /// The guest's table frame under each directory entry from which shadow entries were derived.
    var tables: [UInt32: GuestFrame] = [:]
  }

  /// In the order in which they were made.
  var spaces: [Space] = []
  /// The frames that shadow tables are made of.
  let pool: Range<UInt32>
  /// Those that are free; the last is taken first.
  var free: [UInt32]
  /// Guest frames that are write-protected, with the number of reasons.
  var traced: [UInt32: Int] = [:]
  /// The shadow directory in the real `ptbr`.
  var loaded: MachineFrame?

  init(pool: Range<UInt32>) {
    self.pool = pool
    free = Array(pool.reversed())
  }

  func isTraced(_ frame: GuestFrame) -> Bool { traced[frame.number] != nil }
}

/// The shadow tables of one guest directory, for views.
public struct ShadowTables: Hashable, Sendable {
  public var key: ShadowKey
  public var directories: [(view: ShadowView, frame: MachineFrame)] {
    ShadowView.allCases.compactMap { view in frames[view.rawValue].map { (view, $0) } }
  }
  var frames: [MachineFrame?]
}

extension VirtualMachineMonitor {
  /// Every set of shadow tables that exists.
  public var shadows: [ShadowTables] {
    state.shadows.spaces.map { ShadowTables(key: $0.key, frames: $0.directories) }
  }

  /// The machine frames that a guest's shadow tables are made of.
  public func shadowPool(of index: Int) -> Range<UInt32> {
    index == state.currentIndex ? state.shadows.pool : state.machines[index].shadows.pool
  }

  /// The guest's frames whose stores are traced, in order.
  public var tracedFrames: [GuestFrame] {
    state.shadows.traced.keys.sorted().map { GuestFrame($0) }
  }

  /// The view that serves the guest's ring.
  public var currentView: ShadowView {
    state.usesCompressedTable ? .compressed : state.guest.cpu.ring == .ring0 ? .kernel : .outer
  }

  // MARK: Loading

  /// Makes the real `ptbr` point to the shadow directory for the guest's tables and ring. The first table of all takes
  /// no other's place.
  func loadShadow() {
    guard let (old, directory) = putShadowInForce(), old != MonitorPages.doorwayFrame else {
      return
    }
    state.guest.counts.tableSwitches += 1
    note(
      .switchedShadow(
        from: old, to: directory, state.guest.cpu.shadowKey, view: currentView),
      machine.cycleTable.vmmSwitchTables)
  }

  /// Loads the shadow directory for the guest's tables and ring; which was loaded before and is now, or nil if it was
  /// loaded already.
  func putShadowInForce() -> (old: MachineFrame, new: MachineFrame)? {
    let directory = directory(of: spaceIndex(), currentView)
    guard state.shadows.loaded != directory else { return nil }
    let old = MachineAddress(machine.value(of: .ptbr)).frame
    state.shadows.loaded = directory
    machine.set(.ptbr, directory.start.rawValue)
    return (old, directory)
  }

  /// The index of the space for the guest's present tables; made if there is none.
  private func spaceIndex() -> Int {
    let key = state.guest.cpu.shadowKey
    if let index = state.shadows.spaces.firstIndex(where: { $0.key == key }) { return index }
    state.shadows.spaces.append(ShadowState.Space(key: key))
    if case .directory(let directory) = key { startTracing(directory.frame) }
    return state.shadows.spaces.count - 1
  }

  private func directory(of space: Int, _ view: ShadowView) -> MachineFrame {
    if let frame = state.shadows.spaces[space].directories[view.rawValue] { return frame }
    guard let frame = takeFrame() else {
      recycle()
      return directory(of: spaceIndex(), view)
    }
    // The entry for the VMM's pages never comes from the guest.
    let own = PageTableEntry(tableFrameNumber: MonitorPages.tableFrame.number)
    machine.write(own.rawValue, at: frame.start + state.pages.directoryIndex * 4)
    state.shadows.spaces[space].directories[view.rawValue] = frame
    return frame
  }

  /// A frame of zeros from the pool; nil if it is empty.
  private func takeFrame() -> MachineFrame? {
    guard let number = state.shadows.free.popLast() else { return nil }
    let frame = MachineFrame(number)
    for offset in stride(from: UInt32(0), to: 4096, by: 4) {
      if machine.memory.word(at: frame.start + offset) != 0 {
        machine.write(0, at: frame.start + offset)
      }
    }
    return frame
  }

  // MARK: Filling

  /// Write-protects the guest's tables through which a translation went.
  func trace(_ translation: GuestTranslation, at address: VirtualAddress) {
    guard let table = translation.walk?.table else { return }
    let space = spaceIndex()
    let frame = GuestPhysicalAddress(table.location).frame
    let slot = address.directoryIndex
    let old = state.shadows.spaces[space].tables[slot]
    guard old != frame else { return }
    if let old { stopTracing(old) }
    state.shadows.spaces[space].tables[slot] = frame
    startTracing(frame)
  }

  /// Folds the guest's tables and the VMM's map into one shadow entry; false if there was no frame for a table, and all
  /// shadows were dropped instead.
  func fill(_ address: VirtualAddress, _ translation: GuestTranslation) -> Bool {
    guard let fold = folded(address, translation.entry, translation.physical),
      let table = shadowTable(for: address)
    else { return false }
    state.guest.counts.hiddenFaults += 1
    if state.cause == MonitorAccount.own { state.cause = MonitorAccount.hiddenFault }
    let shadow = PageTableEntry(
      frameNumber: fold.machineFrame.number, writable: fold.isWritable, ring: fold.shadowRing)
    machine.write(shadow.rawValue, at: table.start + address.tableIndex * 4)
    machine.dropFromTLBs(address)
    note(.filledShadow(fold), machine.cycleTable.vmmFillShadow)
    return true
  }

  /// What the guest's entry for a page and the VMM's map make together; nil where the shadow table in
  /// force has no place for it: a page of virtual ring 0 while the guest runs further out.
  private func folded(
    _ address: VirtualAddress, _ entry: PageTableEntry, _ physical: GuestPhysicalAddress
  ) -> ShadowFill? {
    guard let place = state.guest.machineAddress(of: physical),
      let code = currentView.code(for: entry.ring)
    else { return nil }
    let withheld: WriteWithheld? =
      !entry.isWritable
      ? .guestForbids
      : state.shadows.isTraced(physical.frame) ? .traced : entry.isDirty ? nil : .notDirty
    return ShadowFill(
      page: address.frame, guestFrame: physical.frame, machineFrame: place.frame,
      guestRing: entry.ring, shadowRing: code, isWritable: withheld == nil, withheld: withheld)
  }

  /// The shadow entry that an address has or would get, as things are; nil where the guest's tables lead
  /// nowhere or the shadow table in force has no place for it. Nothing is changed.
  public func composition(of address: VirtualAddress) -> ShadowFill? {
    guard let physical = guestPhysicalAddress(of: address) else { return nil }
    let pagingOff = PageTableEntry(
      frameNumber: address.frame.number, writable: true, ring: .ring0, accessed: true, dirty: true)
    guard let entry = state.guest.cpu.isPagingOn ? guestWalk(address)?.leaf : pagingOff else {
      return nil
    }
    return folded(address, entry, physical)
  }

  /// The shadow table under the present directory for `address`; made if there is none.
  private func shadowTable(for address: VirtualAddress) -> MachineFrame? {
    let directory = directory(of: spaceIndex(), currentView)
    let place = directory.start + address.directoryIndex * 4
    let entry = PageTableEntry(rawValue: machine.memory.word(at: place) ?? 0)
    if entry.isPresent { return MachineFrame(entry.frameNumber) }
    guard let frame = takeFrame() else {
      recycle()
      return nil
    }
    machine.write(PageTableEntry(tableFrameNumber: frame.number).rawValue, at: place)
    return frame
  }
}
