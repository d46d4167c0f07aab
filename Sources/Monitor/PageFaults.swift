import Onion
import OnionISA

// Real page faults: true ones are the guest's own, hidden ones the VMM's business.
extension VirtualMachineMonitor {
  func pageFault(_ error: PageFaultError) {
    let address = VirtualAddress(machine.value(of: .badaddr))
    let access: Access = error.isFetch ? .fetch : error.isWrite ? .store : .load
    let ring = state.guest.cpu.ring

    let translation: GuestTranslation
    do {
      translation = try check(address, access, as: ring, forHandler: nil)
    } catch {
      if case .page(let refusal) = error {
        note(.walkedGuest(address, access, virtualRing: ring, refusal.walk, refusal))
      }
      return reflect(error)
    }
    note(.walkedGuest(address, access, virtualRing: ring, translation.walk, nil))
    mark(translation, access)

    if state.pages.contains(address), !relocate() {
      state.guest.cpu.stop = .noRoomForMonitor
      return
    }
    trace(translation, at: address)
    if access == .store, state.shadows.isTraced(translation.physical.frame) {
      tracedStore(to: translation.physical)
    } else if !fill(address, translation) {
      // Room was made by dropping all shadows, and with them went what is traced.
      trace(translation, at: address)
      _ = fill(address, translation)
    }
  }

  /// Carries out the store at the guest's pc, which is to one of its page tables, with the
  /// instruction's own meaning.
  private func tracedStore(to place: GuestPhysicalAddress) {
    guard let decoded = readInstruction() else { return }
    let began = state.guest.cpu.status
    let size: UInt32
    switch decoded.instruction {
    case .sw, .swap: size = 4
    case .sh: size = 2
    case .sb: size = 1
    default: return
    }
    beginInstruction()
    let word = GuestPhysicalAddress(place.rawValue & ~3)
    let shift = 8 * (place.rawValue & 3)
    let mask: UInt32 = (size == 4 ? .max : (1 << (8 * size)) - 1) << shift
    let old = guestWord(word)
    let value = machine[decoded.d]
    let new = old & ~mask | value << shift & mask

    state.guest.counts.hiddenFaults += 1
    state.guest.counts.tracedWrites += 1
    state.cause = MonitorAccount.tracedWrite
    note(
      .tracedWrite(place, size: size, old: (old & mask) >> shift, new: value & mask >> shift),
      machine.cycleTable.vmmTracedWrite)
    writeGuest(new, at: word)
    if decoded.instruction == .swap { set(decoded.d, old) }
    complete(decoded.instruction, cost: machine.cycleTable.plain, began: began)
  }
}
