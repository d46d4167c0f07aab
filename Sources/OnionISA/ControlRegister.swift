/// A control register, read by `getcr` and written by `setcr` (the CPU manual, section 6).
public enum ControlRegister: UInt16, CaseIterable, Hashable, Sendable {
  case mode = 1
  case ptbr = 2
  case tvec = 3
  case ksp0 = 4
  case ksp1 = 5
  case ksp2 = 6
  case badaddr = 7
  case cycleLow = 8
  case cycleHigh = 9
  case instretLow = 10
  case instretHigh = 11
  case cpuid = 12

  /// The name that the assembler accepts.
  public var name: String {
    switch self {
    case .mode: "mode"
    case .ptbr: "ptbr"
    case .tvec: "tvec"
    case .ksp0: "ksp0"
    case .ksp1: "ksp1"
    case .ksp2: "ksp2"
    case .badaddr: "badaddr"
    case .cycleLow: "cycle"
    case .cycleHigh: "cycleh"
    case .instretLow: "instret"
    case .instretHigh: "instreth"
    case .cpuid: "cpuid"
    }
  }

  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// False for the counters and `cpuid`, to which a `setcr` is undefined.
  public var isWritable: Bool { rawValue <= 7 }

  /// The bits that a write can change.
  public var writeMask: UInt32 {
    switch self {
    case .mode: 1
    case .ptbr: 0xFFFF_F000
    case .tvec: 0xFFFF_FFF8
    case .ksp0, .ksp1, .ksp2: 0xFFFF_FFFC
    case .badaddr: 0xFFFF_FFFF
    case .cycleLow, .cycleHigh, .instretLow, .instretHigh, .cpuid: 0
    }
  }

  public var summary: String {
    switch self {
    case .mode: "bit 0 turns paging on; bit 31 reads 1 on the strict profile"
    case .ptbr: "physical address of the page directory (bits 11:0 dropped)"
    case .tvec: "virtual address of the trap table (bits 2:0 dropped)"
    case .ksp0: "stack pointer loaded on entry to ring 0 from an outer ring (bits 1:0 dropped)"
    case .ksp1: "stack pointer loaded on entry to ring 1 from an outer ring (bits 1:0 dropped)"
    case .ksp2: "stack pointer loaded on entry to ring 2 from ring 3 (bits 1:0 dropped)"
    case .badaddr: "the address of the last page fault"
    case .cycleLow: "cycle counter, bits 31:0"
    case .cycleHigh: "cycle counter, bits 63:32"
    case .instretLow: "completed instructions, bits 31:0"
    case .instretHigh: "completed instructions, bits 63:32"
    case .cpuid: "which CPU this is, from 0"
    }
  }
}
