import Monitor
import Onion
import OnionISA

/// What is not the same at two moments.
public struct Difference: Hashable, Sendable {
  /// Something with a number for its value.
  public enum Field: Hashable, Sendable {
    case pc
    case ring, interruptFlag, stepFlag, ioLevel
    case register(Register)
    case control(ControlRegister)
    case cycles, instructions
    /// 1: `hlt` waits.
    case waiting
    /// Cycles between the timer's ticks.
    case timerInterval
    case timerTicks
    /// 1: the timer's interrupt waits to be taken.
    case timerPending
    /// What the program asked of the console.
    case consoleControl
    /// Bytes that were typed, and those of them that the program has read.
    case typed, consumed
    /// 0: the program switched the machine off.
    case power
  }

  public struct Value: Hashable, Sendable {
    public var field: Field
    /// What the guest believes, not what is true.
    public var isVirtual: Bool
    public var old: UInt64
    public var new: UInt64
  }

  /// An entry of a TLB; nil where the slot was empty.
  public struct BufferedPage: Hashable, Sendable {
    public var access: Access
    public var old: TLBEntry?
    public var new: TLBEntry?
  }

  /// Words without a gap that all changed.
  public struct MemoryRange: Hashable, Sendable {
    public var words: [ChangedWord]
    public var owner: MemoryOwner
  }

  /// Steps made before the one moment and before the other.
  public var steps: (from: UInt64, to: UInt64) { (fromStep, toStep) }
  private var fromStep: UInt64
  private var toStep: UInt64
  public private(set) var values: [Value] = []
  public private(set) var buffered: [BufferedPage] = []
  /// What the program printed in between; printed already at the first moment if that is the later one.
  public private(set) var printed: [UInt8]
  /// The program's memory first, then that of other guests, then the VMM's own.
  public private(set) var memory: [MemoryRange]

  /// The moments are of one history.
  public init(from old: Moment, to new: Moment) {
    fromStep = old.step
    toStep = new.step
    let outputs = [old, new].map(\.devices.console.output).sorted { $0.count < $1.count }
    printed = Array(outputs[1].dropFirst(outputs[0].count))
    memory = Self.ranges(old.memory.changedWords(to: new.memory), owners: new.owners)
    compareCPUs(old, new)
    compareBeliefs(old.context.virtual, new.context.virtual, new.context)
    compareDevices(old.devices, new.devices)
    buffered =
      Self.buffered(.fetch, old.fetchTLB, new.fetchTLB)
      + Self.buffered(.load, old.dataTLB, new.dataTLB)
  }

  public var isEmpty: Bool {
    values.isEmpty && buffered.isEmpty && printed.isEmpty && memory.isEmpty
  }

  private mutating func note(
    _ field: Field, _ old: UInt64, _ new: UInt64, isVirtual: Bool = false
  ) {
    guard old != new else { return }
    values.append(Value(field: field, isVirtual: isVirtual, old: old, new: new))
  }

  private mutating func note(_ field: Field, _ old: Bool, _ new: Bool) {
    note(field, old ? 1 : 0, new ? 1 : 0)
  }

  private mutating func note(_ old: Status, _ new: Status, isVirtual: Bool) {
    for (field, value) in Self.statusFields {
      note(field, value(old), value(new), isVirtual: isVirtual)
    }
  }

  private static let statusFields: [(Field, @Sendable (Status) -> UInt64)] = [
    (.ring, { UInt64($0.cpl.rawValue) }),
    (.interruptFlag, { $0.interruptsEnabled ? 1 : 0 }),
    (.stepFlag, { $0.stepTrap ? 1 : 0 }),
    (.ioLevel, { UInt64($0.iopl.rawValue) }),
  ]

  private mutating func compareCPUs(_ old: Moment, _ new: Moment) {
    let (before, after) = (old.context, new.context)
    note(.pc, UInt64(before.pc.rawValue), UInt64(after.pc.rawValue))
    note(before.status, after.status, isVirtual: false)
    for (register, values) in zip(Register.all, zip(before.registers, after.registers)) {
      note(.register(register), UInt64(values.0), UInt64(values.1))
    }
    for (control, values) in zip(ControlRegister.stateful, zip(old.controls, new.controls)) {
      note(.control(control), UInt64(values.0), UInt64(values.1))
    }
    note(.waiting, old.isWaiting, new.isWaiting)
    note(.instructions, before.instructionsRetired, after.instructionsRetired)
    note(.cycles, before.cycles, after.cycles)
  }

  private mutating func compareBeliefs(
    _ old: VirtualCPU?, _ new: VirtualCPU?, _ context: MachineContext
  ) {
    guard let old, let new else { return }
    note(old.status, new.status, isVirtual: true)
    for control in ControlRegister.stateful {
      note(
        .control(control), UInt64(old.value(of: control, profile: .classic)),
        UInt64(new.value(of: control, profile: .classic)), isVirtual: true)
    }
    note(.instructions, old.instret, new.instret, isVirtual: true)
    note(.cycles, old.cycles, new.cycles, isVirtual: true)
  }

  private mutating func compareDevices(_ old: Devices, _ new: Devices) {
    note(.timerInterval, UInt64(old.timer.interval), UInt64(new.timer.interval))
    note(.timerTicks, UInt64(old.timer.ticks), UInt64(new.timer.ticks))
    note(.timerPending, old.timer.isInterruptPending, new.timer.isInterruptPending)
    note(.consoleControl, UInt64(old.console.control), UInt64(new.console.control))
    note(.typed, UInt64(old.console.input.count), UInt64(new.console.input.count))
    note(.consumed, UInt64(old.console.consumed), UInt64(new.console.consumed))
    note(.power, !old.isSwitchedOff, !new.isSwitchedOff)
  }

  private static func buffered(
    _ access: Access, _ old: [TLBEntry], _ new: [TLBEntry]
  ) -> [BufferedPage] {
    zip(old, new).filter { $0.0 != $0.1 }.map { old, new in
      BufferedPage(
        access: access, old: old.isValid ? old : nil, new: new.isValid ? new : nil)
    }
  }

  private static func ranges(
    _ words: [ChangedWord], owners: [MachineFrame: MemoryOwner]?
  ) -> [MemoryRange] {
    var ranges: [MemoryRange] = []
    for word in words {
      let owner = owners.map { $0[word.address.frame] ?? .monitor } ?? .program
      if let last = ranges.last, let end = last.words.last?.address, end + 4 == word.address,
        last.owner == owner
      {
        ranges[ranges.count - 1].words.append(word)
      } else {
        ranges.append(MemoryRange(words: [word], owner: owner))
      }
    }
    return ranges.filter { $0.owner == .program }
      + ranges.filter { $0.owner != .program && $0.owner != .monitor }
      + ranges.filter { $0.owner == .monitor }
  }
}
