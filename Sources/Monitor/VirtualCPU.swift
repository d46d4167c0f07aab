import Onion
import OnionISA

/// What a guest believes of its CPU. General registers and `pc` are on the real CPU while it runs.
public struct VirtualCPU: Hashable, Sendable {
  /// Virtual ring, IF, TF, IOPL.
  public var status = Status(rawValue: 0)
  public var mode: UInt32 = 0
  public var ptbr: UInt32 = 0
  public var tvec: UInt32 = 0
  public var ksp0: UInt32 = 0
  public var ksp1: UInt32 = 0
  public var ksp2: UInt32 = 0
  public var badaddr: UInt32 = 0
  /// Guest time: the cycles of the guest's own instructions and deliveries, and of its waiting.
  public var cycles: UInt64 = 0
  /// The guest's own completed instructions, emulated ones included.
  public var instret: UInt64 = 0
  /// An emulated `sti` turned IF on; no interrupt before the next instruction.
  public var holdsInterrupts = false
  /// An emulated `hlt` waits.
  public var isWaiting = false
  public var stop: Stop?

  public init() {}

  public var ring: Ring { status.cpl }
  public var isPagingOn: Bool { mode & 1 != 0 }

  /// The ring in which the guest really runs: 0 and 1 in ring 1, the others as they are.
  public var realRing: Ring { status.cpl == .ring0 ? .ring1 : status.cpl }

  public func value(of control: ControlRegister, profile: Profile) -> UInt32 {
    switch control {
    case .mode: mode | (profile == .strict ? 1 << 31 : 0)
    case .ptbr: ptbr
    case .tvec: tvec
    case .ksp0: ksp0
    case .ksp1: ksp1
    case .ksp2: ksp2
    case .badaddr: badaddr
    case .cycleLow: UInt32(truncatingIfNeeded: cycles)
    case .cycleHigh: UInt32(truncatingIfNeeded: cycles >> 32)
    case .instretLow: UInt32(truncatingIfNeeded: instret)
    case .instretHigh: UInt32(truncatingIfNeeded: instret >> 32)
    case .cpuid: 0
    }
  }

  mutating func set(_ control: ControlRegister, _ value: UInt32) {
    let value = value & control.writeMask
    switch control {
    case .mode: mode = value
    case .ptbr: ptbr = value
    case .tvec: tvec = value
    case .ksp0: ksp0 = value
    case .ksp1: ksp1 = value
    case .ksp2: ksp2 = value
    case .badaddr: badaddr = value
    case .cycleLow, .cycleHigh, .instretLow, .instretHigh, .cpuid: break
    }
  }
}

/// What the VMM did for a guest, by kind.
public struct MonitorCounts: Hashable, Sendable {
  /// Entries into the VMM.
  public var entries: UInt64 = 0
  /// Instructions carried out on the virtual CPU.
  public var emulated: UInt64 = 0
  /// Traps and interrupts delivered into the guest's kernel.
  public var reflected: UInt64 = 0
  /// Hidden page faults: those that the guest never hears of, traced stores among them.
  public var hiddenFaults: UInt64 = 0
  /// True page faults: the guest's own, reflected.
  public var trueFaults: UInt64 = 0
  /// Hidden page faults that were stores to the guest's page tables, carried out for it; for all others a shadow entry
  /// was filled.
  public var tracedWrites: UInt64 = 0
  /// Virtual interrupts delivered.
  public var interrupts: UInt64 = 0
  /// Calls of a paravirtual guest's kernel that the VMM answered.
  public var hypercalls: UInt64 = 0
  /// Loads of another shadow table.
  public var tableSwitches: UInt64 = 0
  public var relocations: UInt64 = 0
  /// `int`, `brk` and `vmcall` whose trap the VMM delivered to the guest's kernel.
  public var softwareTraps: UInt64 = 0
  /// Instructions of the guest that ran directly on the CPU, and the VMM had no part in them. With those that were
  /// emulated, traced, delivered as software traps and answered as hypercalls they are all of the guest's.
  public var direct: UInt64 = 0
  /// Cycles that passed while the guest halted.
  public var idleCycles: UInt64 = 0
  /// Cycles that the VMM cost: its work, the real trap entries and returns.
  public var cycles: UInt64 = 0

  public init() {}

  /// Each count with the name that `--stats` and conditions use.
  public var named: [(name: String, value: UInt64)] {
    [
      ("entries", entries), ("emulated", emulated), ("reflected", reflected),
      ("hidden", hiddenFaults), ("true", trueFaults), ("traced", tracedWrites),
      ("interrupts", interrupts), ("hypercalls", hypercalls), ("switches", tableSwitches),
      ("relocations", relocations), ("software", softwareTraps),
      ("direct", direct), ("idle", idleCycles),
      ("cycles", cycles),
    ]
  }
}
