import OnionISA

// The CPU as something on which traps are delivered (the CPU manual, section 5).
extension Machine: TrapTarget {
  @inline(__always)
  public func load(_ address: VirtualAddress, as ring: Ring) throws(Refusal) -> UInt32 {
    // What the bank knows nobody has to hear of; a recorded step is told everything.
    if !hooks.pointee.isRecording,
      let word = DataBank(entries: hostTLB.data(of: ring)).load(address.rawValue, as: UInt32.self)
    {
      return word
    }
    return try loadSlowly(address, as: ring)
  }

  @inline(never)
  private func loadSlowly(_ address: VirtualAddress, as ring: Ring) throws(Refusal) -> UInt32 {
    guard address.isAligned(to: 4) else { throw .misaligned(address, .load) }
    let physical =
      hooks.pointee.isRecording
      ? try translate(address.rawValue, store: false, as: ring, Recording.self)
      : try translate(address.rawValue, store: false, as: ring, Silent.self)
    let value = memory.loadWord(physical)
    if hooks.pointee.hasWatches { noteAccess(address.rawValue, physical, 4, stored: nil) }
    if hooks.pointee.isRecording {
      events.append(.loaded(MachineAddress(physical), size: 4, value: value))
    }
    fillBank(address.rawValue, physical, as: ring)
    return value
  }

  /// What it read it tells as a load.
  @inline(__always)
  public func hasRead(_ gate: Gate, for vector: Vector, at address: VirtualAddress) {}

  @inline(__always)
  public func handlerRing(_ address: VirtualAddress, for vector: Vector) throws(Refusal) -> Ring {
    hooks.pointee.isRecording
      ? try handlerCode(address.rawValue, for: vector, Recording.self)
      : try handlerCode(address.rawValue, for: vector, Silent.self)
  }

  /// A word of the stack that a delivery may push to.
  public struct CheckedStore {
    var address: UInt32
    /// Where the bank has it in the host's memory; nil if somebody has to hear of the store.
    var place: UnsafeMutablePointer<UInt32>?
    var physical: UInt32
  }

  @inline(__always)
  public func check(store address: VirtualAddress, as ring: Ring) throws(Refusal) -> CheckedStore {
    if !hooks.pointee.isRecording,
      let place = DataBank(entries: hostTLB.data(of: ring)).place(ofWord: address.rawValue)
    {
      return CheckedStore(address: address.rawValue, place: place, physical: 0)
    }
    return try checkSlowly(address, as: ring)
  }

  @inline(never)
  private func checkSlowly(
    _ address: VirtualAddress, as ring: Ring
  ) throws(Refusal) -> CheckedStore {
    guard address.isAligned(to: 4) else { throw .misaligned(address, .store) }
    let physical =
      hooks.pointee.isRecording
      ? try translate(address.rawValue, store: true, as: ring, Recording.self)
      : try translate(address.rawValue, store: true, as: ring, Silent.self)
    fillBank(address.rawValue, physical, as: ring)
    return CheckedStore(address: address.rawValue, place: nil, physical: physical)
  }

  @inline(__always)
  public func commit(_ store: CheckedStore, _ value: UInt32) {
    if let place = store.place {
      place.pointee = value.littleEndian
    } else {
      commitSlowly(store, value)
    }
  }

  @inline(never)
  private func commitSlowly(_ store: CheckedStore, _ value: UInt32) {
    if hooks.pointee.isRecording {
      put(value, store.physical, Recording.self, at: store.address)
    } else {
      put(value, store.physical, Silent.self, at: store.address)
    }
  }

  public func enter(pc: VirtualAddress, status: Status, stackPointer: UInt32) {
    cpu.pointee.pc = pc.rawValue
    cpu.pointee.status = status
    registers[2] = stackPointer
  }

  public func delivered(_ delivery: Delivery) {
    cpu.pointee.cycles += costs.pointee.trapEntry
    deliveryCounts[Int(delivery.request.trap.vector.rawValue)] += 1
    let number = cpu.pointee.lastDelivery.number + 1
    cpu.pointee.lastDelivery = DeliveryNote(
      number: number, trap: delivery.request.trap, pc: delivery.request.pc,
      fromRing: delivery.fromRing, toRing: delivery.toRing)
    if hooks.pointee.isRecording { events.append(.delivered(delivery)) }
  }

  public func deliveryFailed(_ trap: Trap, _ refusal: Refusal) {
    notice(refusal)
    if hooks.pointee.isRecording { events.append(.deliveryFailed(trap, refusal)) }
  }

  public func stop(_ fault: TripleFault) {
    cpu.pointee.stop = .tripleFault(fault)
    if hooks.pointee.isRecording { events.append(.stopped(.tripleFault(fault))) }
  }

  /// What a refusal does to the machine besides its trap.
  func notice(_ refusal: Refusal) {
    if let address = refusal.badAddress { cpu.pointee.badaddr = address }
  }

  /// Delivers a trap that isn't part of an instruction.
  func raise(_ trap: Trap, pc: UInt32) {
    cpu.pointee.deliveryStart = cpu.pointee.cycles
    deliverOrDouble(DeliveryRequest(trap, pc: VirtualAddress(pc)))
  }
}
