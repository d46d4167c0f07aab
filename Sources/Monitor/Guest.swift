import Onion
import OnionISA

/// A guest: a whole machine's software, the same image that runs on the bare machine.
public struct Guest: Hashable, Sendable {
  public var name: String
  public var cpu = VirtualCPU()
  /// Its console, timer and power switch.
  public var devices = Devices()
  /// Where its memory begins in the machine's.
  public internal(set) var memoryStart: MachineAddress
  /// Bytes, a multiple of 4096.
  public let memorySize: UInt32
  public var counts = MonitorCounts()
  /// What the VMM's work for it cost, by cause.
  public var account = MonitorAccount()
  /// Traps and interrupts delivered to its kernel, one count for each of the 64 vectors.
  public var deliveries = [UInt64](repeating: 0, count: Gate.count)

  /// The machine address of a guest-physical one; nil outside the guest's memory.
  public func machineAddress(of address: GuestPhysicalAddress) -> MachineAddress? {
    address.rawValue < memorySize ? memoryStart + address.rawValue : nil
  }

  /// The guest-physical address of a machine one; nil if the memory isn't this guest's.
  public func guestAddress(of address: MachineAddress) -> GuestPhysicalAddress? {
    let distance = address.rawValue &- memoryStart.rawValue
    return distance < memorySize ? GuestPhysicalAddress(distance) : nil
  }
}
