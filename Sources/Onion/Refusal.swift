import OnionISA

/// Why the machine refused something.
///
/// What the architecture reports of it is ``Refusal/trap``: the one table that joins the two.
public enum Refusal: Error, Hashable, Sendable {
  /// A privileged instruction outside ring 0.
  case privileged(Instruction, ring: Ring)
  /// `in` or `out` in a ring beyond IOPL.
  case port(Instruction, port: UInt16, ring: Ring, iopl: Ring)
  /// A word that is no instruction.
  case undefined(word: UInt32)
  case divisionByZero(Instruction)
  /// An address that isn't a multiple of the access's size.
  case misaligned(VirtualAddress, Access)
  /// An address that paging doesn't grant.
  case page(PageRefusal)
  case gateAbsent(Vector)
  /// An `int` from a ring that the gate doesn't admit.
  case gateRing(Vector, ring: Ring, admitted: Ring)
  /// A handler that isn't a multiple of 4.
  case handlerMisaligned(Vector, VirtualAddress)
  /// A handler in a less privileged ring than the code that trapped.
  case handlerOutward(Vector, VirtualAddress, handler: Ring, ring: Ring)
  /// `iret` to a more privileged ring.
  case returnInward(from: Ring, to: Ring)

  /// What the architecture reports (the CPU manual, section 5).
  public var trap: Trap {
    switch self {
    case .divisionByZero: Trap(.divide, error: 0)
    case .undefined(let word): Trap(.undefined, error: word)
    case .privileged: Trap(.protection, error: 1)
    case .gateRing: Trap(.protection, error: 2)
    case .gateAbsent, .handlerMisaligned, .handlerOutward: Trap(.protection, error: 3)
    case .port: Trap(.protection, error: 4)
    case .returnInward: Trap(.protection, error: 5)
    case .page(let refusal): Trap(.page, error: refusal.error.rawValue)
    case .misaligned(let address, _): Trap(.misaligned, error: address.rawValue)
    }
  }

  /// What a page fault puts into `badaddr`; nil for all other refusals.
  public var badAddress: UInt32? {
    if case .page(let refusal) = self { refusal.address.rawValue } else { nil }
  }
}

/// A vector and its error word: what a trap handler is told.
public struct Trap: Hashable, Sendable {
  public var vector: Vector
  public var error: UInt32
  public init(_ vector: Vector, error: UInt32 = 0) {
    self.vector = vector
    self.error = error
  }
}

/// An address that paging doesn't grant: what was wanted, the walk, and what decided.
public struct PageRefusal: Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    /// Paging is off and the address lies outside memory.
    case outsideMemory
    /// The tables lead nowhere.
    case walk(PageWalk.Failure)
    /// A load or store of a ring outside the page's.
    case ringOutside(code: Ring)
    /// A fetch from a page with another code than the ring that runs.
    case fetchFromOtherRing(code: Ring)
    case notWritable
  }

  public var address: VirtualAddress
  public var access: Access
  /// The ring whose rights were asked for.
  public var ring: Ring
  /// The ring in `status`, which is what the error word reports.
  public var cpl: Ring
  public var cause: Cause
  /// Nil if paging is off.
  public var walk: PageWalk?

  public init(
    address: VirtualAddress, access: Access, ring: Ring, cpl: Ring, cause: Cause,
    walk: PageWalk? = nil
  ) {
    self.address = address
    self.access = access
    self.ring = ring
    self.cpl = cpl
    self.cause = cause
    self.walk = walk
  }

  public var error: PageFaultError {
    let present: Bool
    let reserved: Bool
    switch cause {
    case .outsideMemory: (present, reserved) = (true, true)
    case .walk(let failure): (present, reserved) = (failure.isPresent, failure.isPresent)
    case .ringOutside, .fetchFromOtherRing, .notWritable: (present, reserved) = (true, false)
    }
    return PageFaultError(
      present: present, write: access == .store, fetch: access == .fetch, reserved: reserved,
      cpl: cpl)
  }

  /// The rights that a good entry gives: nil if `ring` may do `access`.
  @inlinable
  public static func rights(of entry: PageTableEntry, for access: Access, ring: Ring) -> Cause? {
    switch access {
    case .fetch: entry.ring == ring ? nil : .fetchFromOtherRing(code: entry.ring)
    case .load: ring.isOutward(of: entry.ring) ? .ringOutside(code: entry.ring) : nil
    case .store:
      ring.isOutward(of: entry.ring)
        ? .ringOutside(code: entry.ring) : entry.isWritable ? nil : .notWritable
    }
  }
}
