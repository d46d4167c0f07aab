import OnionISA

/// Something that the machine did or decided, in the order in which it happened.
///
/// Trap cards, `why` and `trace` are made from these and from nothing else.
public enum MachineEvent: Hashable, Sendable {
  /// `hlt` let that many cycles pass.
  case waited(cycles: UInt64)
  /// The timer ticked, so often.
  case ticked(UInt64)
  /// A device has moved data by itself.
  case device(DeviceEvent)
  /// An address was translated with paging on.
  case translated(Translation)
  /// The instruction that was fetched and decoded.
  case fetched(pc: VirtualAddress, word: UInt32, DecodedInstruction)
  /// Something was refused; the trap is what the architecture makes of it.
  case refused(Refusal)
  case delivered(Delivery)
  /// A delivery was refused; what follows is the double fault, or the end.
  case deliveryFailed(Trap, Refusal)
  case returned(TrapReturn)
  case loaded(MachineAddress, size: UInt32, value: UInt32)
  case stored(MachineAddress, size: UInt32, old: UInt32, new: UInt32)
  case controlWritten(ControlRegister, old: UInt32, new: UInt32)
  case statusWritten(old: Status, new: Status)
  case portRead(UInt16, value: UInt32)
  case portWritten(UInt16, value: UInt32)
  case completed
  case stopped(Stop)
}

/// One address translated.
public struct Translation: Hashable, Sendable {
  public var address: VirtualAddress
  public var access: Access
  public var ring: Ring
  /// Nil if the TLB had the answer.
  public var walk: PageWalk?
  /// Nil if it was refused.
  public var physical: MachineAddress?

  public var isHit: Bool { walk == nil }
}
