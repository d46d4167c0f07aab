import Onion
import OnionISA

/// One virtual machine with everything that the VMM remembers of it.
struct VirtualMachine: Hashable, Sendable {
  var guest: Guest
  /// Where the VMM's own pages lie in its address spaces.
  var pages = MonitorPages()
  var shadows: ShadowState
  /// The guest's pc while the VMM works; it is on the real CPU otherwise.
  var pc = VirtualAddress(0)
  /// The real TF is set to come back after one instruction: an interrupt waits behind a virtual `sti`.
  var stepsForInterrupt = false
  var usesCompressedTable = false
  /// Its general registers, while another has the CPU.
  var registers: [UInt32] = []
  var share = CPUShare()
  /// Disks of its own that were pulled.
  var missingDisks: Set<Int> = []
  /// It was made to know of its VMM, and its kernel's `vmcall` is the VMM's.
  var isParavirtual = false
  /// Frames that the VMM wants it to have given up.
  var balloonTarget: UInt32 = 0
  /// The VMM wants something of it: a `hlt` ends.
  var isCalled = false

  /// On the classic profile the guest may have changed TF, or gone to ring 2 or 3, without a trap.
  mutating func believe(_ real: Status) {
    if !stepsForInterrupt { guest.cpu.status.stepTrap = real.stepTrap }
    if real.cpl == .ring2 || real.cpl == .ring3 { guest.cpu.status.cpl = real.cpl }
  }

  /// - Parameter pool: machine frames that its shadow tables are made of, and nobody else's.
  init(_ guest: Guest, pool: Range<UInt32>) {
    self.guest = guest
    shadows = ShadowState(pool: pool)
  }
}

/// What a virtual machine is to have of the CPU, and has had.
public struct CPUShare: Hashable, Sendable {
  /// What it has of the CPU beside others that want it: twice the weight, twice the time.
  public var weight: UInt32 = 256
  /// At most so many hundredths of the CPU, whoever else wants it; nil: no limit.
  public var cap: UInt32?
  /// It isn't run until it is started again.
  public var isPaused = false
  /// Cycles of the real machine that it had the CPU for, the VMM's work for it included.
  public internal(set) var used: UInt64 = 0
  /// Cycles that it waited for the CPU though it had something to run: steal time.
  public internal(set) var stolen: UInt64 = 0
  /// Its place in the queue: cycles used, divided by the weight.
  var virtualTime: UInt64 = 0
  /// Of the present window of time.
  var usedInWindow: UInt64 = 0
  /// When it was last taken off the CPU with something to run; nil otherwise.
  var readySince: UInt64?
  /// The machine's cycle up to which its clock ran while it halted; nil otherwise.
  var haltedAt: UInt64?

  public init() {}
}
