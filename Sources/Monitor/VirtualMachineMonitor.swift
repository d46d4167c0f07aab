import Onion
import OnionISA

/// Why a virtual machine could not be made.
public enum MonitorError: Error, Hashable, Sendable {
  /// The host has no room for the machine.
  case noRoom(memorySize: UInt32)
  case imageDoesNotFit(ImageDoesNotFit)
}
