import OnionISA

/// What is to be delivered through a gate.
public struct DeliveryRequest: Hashable, Sendable {
  public var trap: Trap
  /// The pc to save: the instruction's own for a fault, the next one otherwise.
  public var pc: VirtualAddress
  /// By `int`: the gate must admit the ring.
  public var isSoftware: Bool

  public init(_ trap: Trap, pc: VirtualAddress, isSoftware: Bool = false) {
    self.trap = trap
    self.pc = pc
    self.isSoftware = isSoftware
  }
}

/// A delivery as it was carried out: which gate, which stack, what was pushed.
public struct Delivery: Hashable, Sendable {
  public var request: DeliveryRequest
  /// Where the gate lies.
  public var gateAddress: VirtualAddress
  public var gate: Gate
  public var fromRing: Ring
  public var toRing: Ring
  public var oldStatus: Status
  public var newStatus: Status
  public var oldStackPointer: UInt32
  /// sp' of the CPU manual, section 5: `sp`, or `ksp` of the new ring.
  public var stackTop: UInt32

  /// The words at stackTop − 4, −8, −12, −16: sp, status, pc, error.
  public var pushed: [UInt32] {
    [oldStackPointer, oldStatus.rawValue, request.pc.rawValue, request.trap.error]
  }

  /// The stack was switched to `ksp` of the new ring.
  public var switchedStack: Bool { toRing.isInward(of: fromRing) }
}

/// What `iret` read and what it will make of it.
public struct TrapReturn: Hashable, Sendable {
  public var from: Ring
  public var oldStatus: Status
  public var pc: VirtualAddress
  public var status: Status
  public var stackPointer: UInt32
}

/// Something on which a trap can be delivered: the CPU, or a virtual CPU of the VMM.
///
/// The algorithms of the CPU manual, section 5, stand here once; who conforms says how addresses are
/// translated, what that costs, and where the words go.
public protocol TrapTarget: AnyObject {
  /// A store that was checked and not yet made.
  associatedtype CheckedStore

  var status: Status { get }
  var stackPointer: UInt32 { get }
  func value(of control: ControlRegister) -> UInt32

  /// The word at an address, read with the rights of `ring`.
  func load(_ address: VirtualAddress, as ring: Ring) throws(Refusal) -> UInt32
  /// A delivery has read a gate; whether it lets through is still to be seen.
  func hasRead(_ gate: Gate, for vector: Vector, at address: VirtualAddress)
  /// Translates a handler's address as a fetch and returns its page's code. A code outward of the ring
  /// in `status` is refused with `handlerOutward` and leaves no trace.
  func handlerRing(_ address: VirtualAddress, for vector: Vector) throws(Refusal) -> Ring
  /// Checks a store with the rights of `ring`: alignment first, then translation.
  func check(store address: VirtualAddress, as ring: Ring) throws(Refusal) -> CheckedStore
  func commit(_ store: CheckedStore, _ value: UInt32)
  /// Goes on at `pc` with that status and stack.
  func enter(pc: VirtualAddress, status: Status, stackPointer: UInt32)

  /// A delivery was completed: it is to be charged, counted and noted.
  func delivered(_ delivery: Delivery)
  /// A delivery was refused. A page refusal has raised a page fault: `badaddr` is to be written.
  func deliveryFailed(_ trap: Trap, _ refusal: Refusal)
  /// The double fault failed too: nothing runs any further.
  func stop(_ fault: TripleFault)
}

extension TrapTarget {
  /// Delivers; what fails becomes a double fault, and if that fails too, a stop.
  public func deliverOrDouble(_ request: DeliveryRequest) {
    let first: Refusal
    do {
      delivered(try deliver(request))
      return
    } catch {
      first = error
    }
    deliveryFailed(request.trap, first)
    let double = Trap(.double, error: UInt32(request.trap.vector.rawValue))
    do {
      delivered(try deliver(DeliveryRequest(double, pc: request.pc)))
    } catch {
      deliveryFailed(double, error)
      stop(
        TripleFault(
          first: request.trap, firstRefusal: first, secondRefusal: error, pc: request.pc))
    }
  }

  /// Delivers through a gate. What is refused has changed nothing but what translations granted.
  public func deliver(_ request: DeliveryRequest) throws(Refusal) -> Delivery {
    let vector = request.trap.vector
    let old = status
    let ring = old.cpl

    // 1 to 4: the gate.
    let gateAddress =
      VirtualAddress(value(of: .tvec)) + UInt32(vector.rawValue) * Gate.size
    let handler = VirtualAddress(try load(gateAddress, as: .ring0))
    let gate = Gate(handler: handler, flags: try load(gateAddress + 4, as: .ring0))
    hasRead(gate, for: vector, at: gateAddress)
    guard gate.isPresent else { throw .gateAbsent(vector) }
    if request.isSoftware, ring.isOutward(of: gate.admittedRing) {
      throw .gateRing(vector, ring: ring, admitted: gate.admittedRing)
    }
    guard handler.isAligned(to: 4) else { throw .handlerMisaligned(vector, handler) }

    // 5 and 6: the handler's ring, which chooses the stack.
    let newRing = try handlerRing(handler, for: vector)
    let oldStack = stackPointer
    let top = newRing.isInward(of: ring) ? value(of: .stack(of: newRing)) : oldStack

    // 7: all four stores are checked before the first is made.
    let address = VirtualAddress(top)
    let first = try check(store: address - 4, as: newRing)
    let second = try check(store: address - 8, as: newRing)
    let third = try check(store: address - 12, as: newRing)
    let fourth = try check(store: address - 16, as: newRing)
    commit(first, oldStack)
    commit(second, old.rawValue)
    commit(third, request.pc.rawValue)
    commit(fourth, request.trap.error)

    // 8: the new state.
    var new = old
    new.cpl = newRing
    new.stepTrap = false
    if !gate.keepsInterruptFlag { new.interruptsEnabled = false }
    enter(pc: handler, status: new, stackPointer: top &- 16)
    return Delivery(
      request: request, gateAddress: gateAddress, gate: gate, fromRing: ring, toRing: newRing,
      oldStatus: old, newStatus: new, oldStackPointer: oldStack, stackTop: top)
  }

  /// Reads and checks what an `iret` would return to; `outerKeeps` are the status bits that keep their
  /// value outside ring 0 (on the classic profile).
  public func trapFrame(outerKeeps: UInt32 = 0) throws(Refusal) -> TrapReturn {
    let old = status
    let frame = VirtualAddress(stackPointer)
    let pc = VirtualAddress(try load(frame + 4, as: old.cpl))
    var new = Status(rawValue: try load(frame + 8, as: old.cpl))
    let stack = try load(frame + 12, as: old.cpl)
    if new.cpl.isInward(of: old.cpl) { throw .returnInward(from: old.cpl, to: new.cpl) }
    guard pc.isAligned(to: 4) else { throw .misaligned(pc, .fetch) }
    if old.cpl != .ring0 {
      new.rawValue = new.rawValue & ~outerKeeps | old.rawValue & outerKeeps
    }
    return TrapReturn(from: old.cpl, oldStatus: old, pc: pc, status: new, stackPointer: stack)
  }
}

extension ControlRegister {
  /// The stack register that an entry to `ring` from an outer one loads. There is none for ring 3,
  /// to which nothing enters inward.
  static func stack(of ring: Ring) -> ControlRegister {
    switch ring {
    case .ring0: .ksp0
    case .ring1: .ksp1
    case .ring2, .ring3: .ksp2
    }
  }
}

extension Status {
  /// IF and IOPL, which an `iret` outside ring 0 can't change on the classic profile.
  public static let keptByOuterReturn: UInt32 = 0x34
}
