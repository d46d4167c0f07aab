import OnionISA

/// The devices behind the ports (the CPU manual, section 7). A value: a guest's virtual devices are another.
public struct Devices: Hashable, Sendable {
  public var console = Console()
  public var timer = Timer()
  public var disk = DiskController()
  public var network = NetworkCard()
  /// What the disks hold; nil: one that was pulled. Empty for a guest, whose disks are parts of the real ones.
  public var disks: [DiskContents?] = Array(repeating: DiskContents(), count: 3)
  /// The program wrote 1 to the power port.
  public var isSwitchedOff = false

  public init() {}

  public struct Console: Hashable, Sendable {
    /// Every byte printed since reset.
    public var output = ConsoleOutput()
    /// Every byte typed since reset; those before `consumed` have been read.
    public var input: [UInt8] = []
    public var consumed = 0
    /// What was written to port 0x11; bit 0 asks for interrupt 17 while input waits.
    public var control: UInt32 = 0

    @inlinable public var hasInput: Bool { consumed < input.count }
    @inlinable public var isInterruptPending: Bool { control & 1 != 0 && hasInput }
  }

  public struct Timer: Hashable, Sendable {
    /// Cycles between ticks; 0 = off.
    public var interval: UInt32 = 0
    /// The cycle of the next tick; `UInt64.max` if off.
    public var nextTick = UInt64.max
    public var isInterruptPending = false
    /// Since reset.
    public var ticks: UInt32 = 0

    /// Notes the ticks due at `cycle` and returns how many they were; they merge into one interrupt.
    public mutating func notice(at cycle: UInt64) -> UInt64 {
      guard cycle >= nextTick else { return 0 }
      let due = (cycle - nextTick) / UInt64(interval) + 1
      nextTick += due * UInt64(interval)
      ticks &+= UInt32(truncatingIfNeeded: due)
      isInterruptPending = true
      return due
    }
  }

  /// The pending interrupt that comes first, or nil.
  @inlinable public var pendingInterrupt: Vector? {
    if timer.isInterruptPending { return .timer }
    if console.isInterruptPending { return .console }
    if disk.isInterruptPending { return .disk }
    if network.isInterruptPending { return .network }
    return nil
  }

  /// What an `in` from `port` reads.
  public mutating func read(_ port: UInt16) -> UInt32 {
    switch Port(rawValue: port) {
    case .consoleData:
      guard console.hasInput else { return .max }
      console.consumed += 1
      return UInt32(console.input[console.consumed - 1])
    case .consoleControl: return console.control
    case .timerInterval: return timer.interval
    case .timerAcknowledge: return timer.ticks
    case .diskStatus: return disk.state.rawValue
    case .networkAddress: return UInt32(network.ownAddress)
    case .networkLength: return network.length
    case .networkStatus: return network.state.rawValue
    case .power, .diskSector, .diskAddress, .diskCommand, .diskSelect, .networkBuffer,
      .networkCommand, nil:
      return .max
    }
  }

  /// What an `out` of `value` to `port` does; `cycle` is the end of the `out`.
  ///
  /// - Parameter costs: how long disk and network take.
  public mutating func write(
    _ value: UInt32, to port: UInt16, at cycle: UInt64, costs: CycleTable
  ) {
    switch Port(rawValue: port) {
    case .consoleData: console.output.append(UInt8(truncatingIfNeeded: value))
    case .consoleControl: console.control = value
    case .timerInterval:
      timer.interval = value
      timer.nextTick = value == 0 ? .max : cycle + UInt64(value)
    case .timerAcknowledge: timer.isInterruptPending = false
    case .diskSector: disk.sector = value
    case .diskAddress: disk.address = value
    case .diskSelect: disk.selected = value
    case .diskCommand: disk.begin(value, at: cycle &+ costs.disk)
    case .diskStatus: disk.acknowledge()
    case .networkBuffer: network.buffer = value
    case .networkLength: network.length = value
    case .networkCommand: network.begin(value, until: cycle &+ costs.network)
    case .networkStatus: network.acknowledge()
    case .power: if value == 1 { isSwitchedOff = true }
    case .networkAddress, nil: break
    }
  }
}
