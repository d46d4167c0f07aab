/// A machine in some state with some memory: all that follows from a seed.
///
/// Memory is 1 MiB. Most programs are *structured*: a trap table, handlers, stacks and page tables
/// that usually work, and code in all four rings that does everything that could break them, so
/// that a run goes on for hundreds of beats. One in ten is *wild*: nothing needs to make sense, and
/// the run soon ends.
public struct RandomProgram: Sendable {
  public static let memorySize = 1 << 20

  public let seed: UInt64
  public let profile: ReferenceProfile
  public let isWild: Bool

  /// The first 64 frames of memory, a word at a time; the rest is 0.
  public internal(set) var words = [UInt32](repeating: 0, count: 64 * 1024)
  public internal(set) var registers = [UInt32](repeating: 0, count: 16)
  public internal(set) var pc: UInt32 = 0
  public internal(set) var status: UInt32 = 0
  public internal(set) var mode: UInt32 = 0
  public internal(set) var ptbr: UInt32 = 0
  public internal(set) var tvec: UInt32 = 0
  public internal(set) var ksp: [UInt32] = [0, 0, 0]
  public internal(set) var badaddr: UInt32 = 0
  public internal(set) var consoleControl: UInt32 = 0
  public internal(set) var consoleInput: [UInt8] = []
  /// The first tick comes after one interval.
  public internal(set) var timerInterval: UInt32 = 0

  public init(seed: UInt64) {
    self.seed = seed
    var random = SplitMix64(seed: seed)
    profile = random.chance(50) ? .strict : .classic
    isWild = random.chance(10)
    var builder = RandomProgramBuilder(random: random)
    builder.build(&self)
  }

  /// Memory as bytes. Onion is little-endian, as are all computers that Swift runs on.
  public var memory: [UInt8] {
    var bytes = words.withUnsafeBytes { Array($0) }
    bytes += [UInt8](repeating: 0, count: Self.memorySize - bytes.count)
    return bytes
  }

  /// The reference machine in this state.
  public func makeReference() -> ReferenceMachine {
    let machine = ReferenceMachine(profile: profile, memorySize: Self.memorySize)
    machine.memory = memory
    machine.registers = registers
    machine.pc = pc
    machine.status = status
    machine.mode = mode
    machine.ptbr = ptbr
    machine.tvec = tvec
    machine.ksp = ksp
    machine.badaddr = badaddr
    machine.consoleControl = consoleControl
    machine.consoleInput = consoleInput
    machine.timerInterval = timerInterval
    machine.nextTick = UInt64(timerInterval)
    return machine
  }

  /// Places a word at a physical address.
  mutating func put(_ word: UInt32, at address: UInt32) { words[Int(address / 4)] = word }
}
