/// An I/O port that has a device behind it (the CPU manual, section 7).
public enum Port: UInt16, CaseIterable, Hashable, Sendable {
  case consoleData = 0x10
  case consoleControl = 0x11
  case timerInterval = 0x20
  case timerAcknowledge = 0x21
  case diskSector = 0x30
  case diskAddress = 0x31
  case diskCommand = 0x32
  case diskStatus = 0x33
  case diskSelect = 0x34
  case networkAddress = 0x40
  case networkBuffer = 0x41
  case networkLength = 0x42
  case networkCommand = 0x43
  case networkStatus = 0x44
  case power = 0x50

  public var name: String {
    switch self {
    case .consoleData: "console data"
    case .consoleControl: "console control"
    case .timerInterval: "timer interval"
    case .timerAcknowledge: "timer acknowledge"
    case .diskSector: "disk sector"
    case .diskAddress: "disk address"
    case .diskCommand: "disk command"
    case .diskStatus: "disk status"
    case .diskSelect: "disk select"
    case .networkAddress: "network own address"
    case .networkBuffer: "network buffer"
    case .networkLength: "network length"
    case .networkCommand: "network command"
    case .networkStatus: "network status"
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
    case .diskSector: "the sector, of 512 bytes, for the next command"
    case .diskAddress: "the physical address for the next command, a multiple of 4 (DMA)"
    case .diskCommand: "1 reads, 2 writes; completes later with interrupt 18; ignored while busy"
    case .diskStatus: "when not busy: acknowledges, and clears the interrupt and the error"
    case .diskSelect: "which disk the next command is for, from 0"
    case .networkAddress: "nothing"
    case .networkBuffer: "the physical address of a frame or buffer, a multiple of 4"
    case .networkLength: "bytes of the frame to send, 14 to 1514"
    case .networkCommand:
      "1 sends, 2 hands the buffer over to receive into; both end with interrupt 19"
    case .networkStatus: "when not busy: acknowledges, and clears the interrupt and the error"
    case .power: "1: switch off"
    }
  }

  /// What a read gives.
  public var onRead: String {
    switch self {
    case .consoleData: "the next typed byte, or -1"
    case .consoleControl, .timerInterval: "what was written"
    case .timerAcknowledge: "ticks since reset"
    case .diskStatus, .networkStatus: "0 ready, 1 busy, 2 error"
    case .networkAddress: "its address, 1 to 254"
    case .networkLength: "what was written, or the length of the frame that came last"
    case .diskSector, .diskAddress, .diskCommand, .diskSelect, .networkBuffer, .networkCommand,
      .power:
      "-1"
    }
  }
}
