import Onion
import OnionISA

// The virtual CPU as something on which traps are delivered: the architecture's own algorithm with
// virtual rings, the guest's tables and the guest's memory.
extension VirtualMachineMonitor: TrapTarget {
  public var status: Status { state.guest.cpu.status }
  public var stackPointer: UInt32 { machine[.sp] }

  public func value(of control: ControlRegister) -> UInt32 {
    state.guest.cpu.value(of: control, profile: machine.profile)
  }

  public func load(_ address: VirtualAddress, as ring: Ring) throws(Refusal) -> UInt32 {
    guard address.isAligned(to: 4) else { throw .misaligned(address, .load) }
    return guestWord(try translate(address, .load, as: ring).physical)
  }

  public func hasRead(_ gate: Gate, for vector: Vector, at address: VirtualAddress) {
    note(.readGate(vector, at: address, gate))
  }

  public func handlerRing(_ address: VirtualAddress, for vector: Vector) throws(Refusal) -> Ring {
    try translate(address, .fetch, as: status.cpl, forHandler: vector).entry.ring
  }

  public func check(
    store address: VirtualAddress, as ring: Ring
  ) throws(Refusal) -> GuestPhysicalAddress {
    guard address.isAligned(to: 4) else { throw .misaligned(address, .store) }
    return try translate(address, .store, as: ring).physical
  }

  public func commit(_ store: GuestPhysicalAddress, _ value: UInt32) {
    if state.shadows.isTraced(store.frame) {
      let old = guestWord(store)
      note(.tracedPush(store, old: old, new: value), machine.cycleTable.vmmTracedWrite)
    }
    writeGuest(value, at: store)
  }

  public func enter(pc: VirtualAddress, status: Status, stackPointer: UInt32) {
    state.pc = pc
    state.guest.cpu.status = status
    machine[.sp] = stackPointer
  }

  public func delivered(_ delivery: Delivery) {
    state.guest.cpu.cycles += machine.cycleTable.trapEntry
    state.guest.deliveries[Int(delivery.request.trap.vector.rawValue)] += 1
    state.guest.counts.reflected += 1
    if state.cause == MonitorAccount.own {
      state.cause = MonitorAccount.delivered(delivery.request.trap.vector)
    }
    note(.delivered(delivery), machine.cycleTable.vmmReflect)
  }

  public func deliveryFailed(_ trap: Trap, _ refusal: Refusal) {
    if let address = refusal.badAddress { state.guest.cpu.badaddr = address }
    note(.deliveryFailed(trap, refusal))
  }

  public func stop(_ fault: TripleFault) { state.guest.cpu.stop = .tripleFault(fault) }
}
