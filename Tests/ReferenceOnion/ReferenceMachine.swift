/// The two kinds of hardware of the CPU manual, section 2.
public enum ReferenceProfile: String, Sendable, CaseIterable { case strict, classic }

/// An entry of a TLB: what the CPU manual, section 4, says that it holds, and whose page it is.
public struct ReferenceTLBEntry: Hashable, Sendable {
  /// Address / 4096. Its low six bits are the entry's place in the TLB.
  public var page: UInt32
  public var frame: UInt32
  public var writable: Bool
  /// The page's privilege code, 0 to 3.
  public var ring: UInt32
  public var dirty: Bool

  public init(page: UInt32, frame: UInt32, writable: Bool, ring: UInt32, dirty: Bool) {
    self.page = page
    self.frame = frame
    self.writable = writable
    self.ring = ring
    self.dirty = dirty
  }
}

/// Why the machine stopped for good.
public enum ReferenceStop: String, Sendable {
  /// 1 was written to port 0x50.
  case poweredOff
  /// `hlt` with IF = 0.
  case haltedWithInterruptsOff
  /// `hlt` with IF = 1, but no interrupt can come any more.
  case nothingCanCome
  /// A trap, and then the double fault, could not be delivered.
  case tripleFault
}

/// What one beat was.
public enum ReferenceOutcome: Equatable, Sendable {
  /// An instruction, with any trap that it caused.
  case instruction
  /// The delivery of an interrupt.
  case interrupt
  /// Nothing more will happen.
  case stopped(ReferenceStop)
}

/// A second Onion, written from the CPU manual alone and for clarity alone.
///
/// It shares nothing with the machine that the product uses: it decodes the words itself, keeps
/// memory as bytes and walks the tables anew each time. Tests run both in lockstep. Everything that
/// the architecture can see is a property here, and may be set before and between beats.
///
/// Where the CPU manual is silent, this is what was chosen:
///
/// - The delay after an `sti` ends as soon as the next instruction *begins*, also if its very fetch
///   faults.
/// - `brk` and `vmcall` are completed instructions (1 cycle, counted in `instret`) even if the
///   delivery of their trap ends as a double or triple fault.
/// - The `out` that switches the machine off completes and no step trap follows it.
/// - With paging off and CPL > 0, an address outside memory is `reserved` rather than a refused
///   ring: the order of a walk puts the frame before the rights.
/// - A misaligned `sp` at an `iret` faults at `sp`+4, the first word read.
/// - A `hlt` that can be woken by nothing has completed; the machine stops at the start of the
///   next beat.
/// - After a triple fault pc and registers are what they were before the delivery.
public final class ReferenceMachine {
  public let profile: ReferenceProfile

  // The CPU: sections 1 and 6.
  public var registers = [UInt32](repeating: 0, count: 16)
  public var pc: UInt32 = 0
  public var status: UInt32 = 0
  /// Only bit 0 is kept; bit 31 is a property of the profile.
  public var mode: UInt32 = 0
  public var ptbr: UInt32 = 0
  public var tvec: UInt32 = 0
  public var ksp: [UInt32] = [0, 0, 0]
  public var badaddr: UInt32 = 0
  public var cycles: UInt64 = 0
  public var instret: UInt64 = 0
  /// An `sti` turned IF on and no instruction has begun since.
  public var stiDelay = false
  /// A `hlt` waits for an interrupt.
  public var waiting = false

  // The MMU: section 4.
  public var fetchTLB = [ReferenceTLBEntry?](repeating: nil, count: 64)
  public var dataTLB = [ReferenceTLBEntry?](repeating: nil, count: 64)

  // Devices: section 7.
  public var consoleOutput: [UInt8] = []
  public var consoleInput: [UInt8] = []
  public var consoleControl: UInt32 = 0
  public var timerInterval: UInt32 = 0
  /// The cycle of the next tick; meaningless while the interval is 0.
  public var nextTick: UInt64 = 0
  public var timerPending = false
  /// Ticks since reset.
  public var ticks: UInt64 = 0
  public var diskSector: UInt32 = 0
  public var diskAddress: UInt32 = 0
  public var diskSelect: UInt32 = 0
  public var diskStatus: UInt32 = 0
  public var diskPending = false
  public var diskDone: UInt64 = 0
  public var diskLatched: (isWrite: Bool, disk: UInt32, sector: UInt32, address: UInt32) = (
    false, 0, 0, 0
  )
  /// The bytes of three disks that were ever written.
  public var disks: [[Int: UInt8]] = [[:], [:], [:]]
  public var networkBuffer: UInt32 = 0
  public var networkLength: UInt32 = 0
  public var networkStatus: UInt32 = 0
  public var networkPending = false
  public var networkDone: UInt64 = 0
  public var networkLatched: (address: UInt32, length: UInt32) = (0, 0)
  public var sentFrames: [[UInt8]] = []

  public var memory: [UInt8]
  /// Set once the machine has stopped for good.
  public var stop: ReferenceStop?

  // For tests only: what the last beat did.
  /// The physical addresses of the bytes that the last beat wrote, tables' A and D bits included.
  public var written: [UInt32] = []
  /// The vectors whose delivery the last beat began, in order.
  public var raised: [UInt32] = []

  /// A machine just reset, memory all 0.
  ///
  /// - Parameter memorySize: bytes, a multiple of 4096.
  public init(profile: ReferenceProfile, memorySize: Int) {
    self.profile = profile
    memory = [UInt8](repeating: 0, count: memorySize)
  }

  /// The current ring.
  public var cpl: UInt32 { status & 3 }
  public var interruptsOn: Bool { status & 0b100 != 0 }
  public var stepTrapOn: Bool { status & 0b1000 != 0 }
  public var iopl: UInt32 { status >> 4 & 3 }

  /// Writes a register; a write to `r0` is dropped.
  func set(_ register: Int, _ value: UInt32) {
    if register != 0 { registers[register] = value }
  }
}
