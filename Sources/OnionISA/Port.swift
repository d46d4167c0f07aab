/// An I/O port that has a device behind it (the CPU manual, section 7).
public enum Port: UInt16, CaseIterable, Hashable, Sendable {
  case consoleData = 0x10
  case consoleControl = 0x11
  case timerInterval = 0x20
  case timerAcknowledge = 0x21
  case power = 0x50

  public var name: String {
    switch self {
    case .consoleData: "console data"
    case .consoleControl: "console control"
    case .timerInterval: "timer interval"
    case .timerAcknowledge: "timer acknowledge"
    case .power: "power"
    }
  }

  /// What a write does.
  public var onWrite: String {
    switch self {
    case .consoleData: "prints the low byte"
    case .consoleControl: "bit 0: interrupt 17 is pending while input waits"
    case .timerInterval: "cycles between interrupts 16; 0 = off, clearing nothing pending"
    case .timerAcknowledge: "clears the pending interrupt"
    case .power: "1: switch off"
    }
  }

  /// What a read gives.
  public var onRead: String {
    switch self {
    case .consoleData: "the next typed byte, or -1"
    case .consoleControl, .timerInterval: "what was written"
    case .timerAcknowledge: "ticks since reset"
    case .power: "-1"
    }
  }
}
