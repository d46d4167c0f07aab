import Onion
import OnionISA

/// A guest: a whole machine's software, the same image that runs on the bare machine.
public struct Guest: Hashable, Sendable {
  public var name: String
  public var cpu = VirtualCPU()
  /// Its console, timer and power switch.
  public var devices = Devices()
  /// Where its memory lies in the machine's.
  public internal(set) var memory: MemoryMap
  public var counts = MonitorCounts()
  /// What the VMM's work for it cost, by cause.
  public var account = MonitorAccount()
  /// Traps and interrupts delivered to its kernel, one count for each of the 64 vectors.
  public var deliveries = [UInt64](repeating: 0, count: Gate.count)

  init(name: String, memory: MemoryMap) {
    self.name = name
    self.memory = memory
  }

  /// Bytes that it was made with, a multiple of 4096.
  public var memorySize: UInt32 { memory.count << 12 }

  /// The machine address of a guest-physical one; nil where the guest has no memory.
  public func machineAddress(of address: GuestPhysicalAddress) -> MachineAddress? {
    memory[address.frame].map { $0.start + address.offset }
  }

  /// The guest-physical address of a machine one; nil if the memory isn't this guest's.
  public func guestAddress(of address: MachineAddress) -> GuestPhysicalAddress? {
    memory.guestFrame(of: address.frame).map { $0.start + (address.rawValue & 0xFFF) }
  }
}
