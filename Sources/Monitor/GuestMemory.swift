import Onion
import OnionISA

// The guest's memory and the guest's own page tables.
extension VirtualMachineMonitor {
  /// A word of the guest's memory; 0 outside it.
  func guestWord(_ address: GuestPhysicalAddress) -> UInt32 {
    state.guest.machineAddress(of: address).flatMap { machine.memory.word(at: $0) } ?? 0
  }

  /// Writes the word that holds an address of the guest's memory. What was derived from it, if it is a
  /// page-table entry, is dropped.
  public func writeGuest(_ value: UInt32, at address: GuestPhysicalAddress) {
    guard let place = state.guest.machineAddress(of: address) else { return }
    machine.write(value, at: place)
    if state.shadows.isTraced(address.frame) { dropDerived(from: address) }
  }

  /// The walk of an address through the guest's own tables; nil with its paging off. Changes nothing.
  public func guestWalk(_ address: VirtualAddress) -> PageWalk? {
    guard state.guest.cpu.isPagingOn else { return nil }
    return PageWalk(
      address, directory: state.guest.cpu.ptbr, memorySize: state.guest.memorySize
    ) { guestWord(GuestPhysicalAddress($0)) }
  }

  /// What the guest's tables make of an address, rights aside; nil if nothing.
  public func guestPhysicalAddress(of address: VirtualAddress) -> GuestPhysicalAddress? {
    guard state.guest.cpu.isPagingOn else {
      return address.rawValue < state.guest.memorySize
        ? GuestPhysicalAddress(address.rawValue) : nil
    }
    return guestWalk(address)?.physicalAddress.map { GuestPhysicalAddress($0) }
  }

  /// Where an address of the guest really lies: its tables, then the VMM's map.
  public func machineAddress(of address: VirtualAddress) -> MachineAddress? {
    guestPhysicalAddress(of: address).flatMap { state.guest.machineAddress(of: $0) }
  }

  /// An address as the guest's hardware would translate it.
  struct GuestTranslation {
    var physical: GuestPhysicalAddress
    /// The page's entry; with paging off one with code 00 that is writable and dirty.
    var entry: PageTableEntry
    var walk: PageWalk?
  }

  /// Translates with the rights of a virtual ring. What is granted sets A (and D) in the guest's
  /// tables, as the hardware would.
  ///
  /// - Parameter vector: set for a handler's fetch, which takes any code up to the ring's.
  func translate(
    _ address: VirtualAddress, _ access: Access, as ring: Ring, forHandler vector: Vector? = nil
  ) throws(Refusal) -> GuestTranslation {
    let translation = try check(address, access, as: ring, forHandler: vector)
    mark(translation, access)
    return translation
  }

  /// The same, without any mark in the guest's tables.
  func check(
    _ address: VirtualAddress, _ access: Access, as ring: Ring, forHandler vector: Vector?
  ) throws(Refusal) -> GuestTranslation {
    let walk = guestWalk(address)
    let cpl = state.guest.cpu.status.cpl
    func refusal(_ cause: PageRefusal.Cause) -> Refusal {
      .page(
        PageRefusal(
          address: address, access: access, ring: ring, cpl: cpl, cause: cause, walk: walk))
    }
    guard let walk else {
      let physical = GuestPhysicalAddress(address.rawValue)
      guard state.guest.memory[physical.frame] != nil else { throw refusal(.outsideMemory) }
      let entry = PageTableEntry(
        frameNumber: address.frame.number, writable: true, ring: .ring0, accessed: true,
        dirty: true)
      if vector == nil, let cause = PageRefusal.rights(of: entry, for: access, ring: ring) {
        throw refusal(cause)
      }
      return GuestTranslation(physical: physical, entry: entry, walk: nil)
    }
    if let failure = walk.failure { throw refusal(.walk(failure)) }
    guard let entry = walk.leaf, let physical = walk.physicalAddress,
      state.guest.memory[GuestPhysicalAddress(physical).frame] != nil
    else { throw refusal(.outsideMemory) }
    if let vector {
      if entry.ring.isOutward(of: ring) {
        throw .handlerOutward(vector, address, handler: entry.ring, ring: ring)
      }
    } else if let cause = PageRefusal.rights(of: entry, for: access, ring: ring) {
      throw refusal(cause)
    }
    let dirty = access == .store ? PageTableEntry.dirtyBit : 0
    return GuestTranslation(
      physical: GuestPhysicalAddress(physical),
      entry: PageTableEntry(rawValue: entry.rawValue | dirty), walk: walk)
  }

  /// Sets in the guest's entries what a granted access sets.
  func mark(_ translation: GuestTranslation, _ access: Access) {
    let dirty = access == .store ? PageTableEntry.dirtyBit : 0
    mark(translation.walk?.directory, PageTableEntry.accessedBit)
    mark(translation.walk?.table, PageTableEntry.accessedBit | dirty)
  }

  private func mark(_ read: PageWalk.Read?, _ bits: UInt32) {
    guard let read else { return }
    let place = GuestPhysicalAddress(read.location)
    let old = guestWord(place)
    guard old | bits != old else { return }
    note(.markedGuestEntry(place, old: old, new: old | bits))
    writeGuest(old | bits, at: place)
  }
}

extension VirtualCPU {
  /// Which guest tables the shadow stands for.
  var shadowKey: ShadowKey {
    isPagingOn ? .directory(GuestPhysicalAddress(ptbr)) : .pagingOff
  }
}
