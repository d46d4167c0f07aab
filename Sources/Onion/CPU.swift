import OnionISA

/// A CPU's own state, apart from memory and devices, which several CPUs may share one day.
///
/// General registers and TLBs are held beside it (``Machine``), where the hot path wants them.
struct CPUState: Hashable, Sendable {
  var pc: UInt32 = 0
  var status = Status(rawValue: 0)
  var mode: UInt32 = 0
  var ptbr: UInt32 = 0
  var tvec: UInt32 = 0
  var ksp0: UInt32 = 0
  var ksp1: UInt32 = 0
  var ksp2: UInt32 = 0
  var badaddr: UInt32 = 0
  var cycles: UInt64 = 0
  var instret: UInt64 = 0
  /// Steps since reset: what `back` and `goto` count.
  var steps: UInt64 = 0
  /// Cycles when the last delivery began: up to there the time was the trapped code's own.
  var deliveryStart: UInt64 = 0
  var lastDelivery = DeliveryNote()
  /// `hlt` waits for an interrupt.
  var isWaiting = false
  /// An `sti` turned IF on; no interrupt is taken before the next instruction.
  var holdsInterrupts = false
  var stop: Stop?
}

/// The last delivery in short, kept whether or not a record is made.
public struct DeliveryNote: Hashable, Sendable {
  /// Deliveries since reset, this one included; 0: there was none.
  public internal(set) var number: UInt64 = 0
  public internal(set) var trap = Trap(.divide)
  /// The pc that was saved.
  public internal(set) var pc = VirtualAddress(0)
  public internal(set) var fromRing = Ring.ring0
  public internal(set) var toRing = Ring.ring0
}

/// The whole state of a CPU as a value.
public struct CPUSnapshot: Hashable, Sendable {
  var state: CPUState
  public var registers: [UInt32]
  var deliveryCounts: [UInt64]
  public var fetchTLB: [TLBEntry]
  public var dataTLB: [TLBEntry]
}
