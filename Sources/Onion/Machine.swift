import OnionISA

/// The machine: one CPU, its MMU, memory and devices (the CPU manual).
///
/// It is a function of its image, its settings and what is typed: it reads no clock and no
/// environment. A *step* is one instruction with any trap that it causes, or the delivery of one
/// interrupt.
public final class Machine {
  public let profile: Profile
  public let memory: PhysicalMemory
  /// Somebody may type on the console: a waiting `hlt` isn't for good.
  public var acceptsInput = false
  /// The frame whose first 64 words hand over to the VMM when ring 0 fetches them; nil without one.
  public var doorway: MachineFrame?
  /// Where runs pause: before the instruction at such an address of whatever program runs.
  public var breakpoints: Set<VirtualAddress> = [] {
    didSet {
      hooks.pointee.hasBreakpoints = !breakpoints.isEmpty
      replant(oldValue.symmetricDifference(breakpoints))
    }
  }
  /// Accesses after whose step runs pause.
  @exclusivity(unchecked) public var watches: [MemoryWatch] = [] {
    didSet {
      hooks.pointee.hasWatches = !watches.isEmpty
      hooks.pointee.watchedVirtual = WatchedSpan(of: watches, in: .virtual)
      hooks.pointee.watchedMachine = WatchedSpan(of: watches, in: .machine)
      hostTLB.dropAll()
    }
  }
  /// The accesses of the last step that ``watches`` asked for.
  public internal(set) var watchHits: [WatchHit] = []
  /// What moves data now; nil while the CPU is at work.
  var transferringDevice: TransferDevice?
  /// What devices have stored to memory since this was taken last, as far as it is kept; no part of the state.
  private(set) var transfers: [MemoryTransfer] = []
  /// What happened since ``step(recording:)`` was last called with recording on.
  public internal(set) var events: [MachineEvent] = []

  // The hot path's state. Invariants: each pointer is allocated in `init`, lives as long as the
  // machine, and is used by the thread that runs the machine only. `registers` has 17 slots:
  // r0 to r15, and one that takes what is written to r0.
  let registers: UnsafeMutablePointer<UInt32>
  let cpu: UnsafeMutablePointer<CPUState>
  /// Completed deliveries since reset, one count for each of the 64 vectors.
  let deliveryCounts: UnsafeMutablePointer<UInt64>
  let devicesPointer: UnsafeMutablePointer<Devices>
  let costs: UnsafeMutablePointer<CycleTable>
  let fetchTLB = TLB()
  let dataTLB = TLB()
  let decoded: DecodedPages
  let hostTLB = HostTLB()
  let hooks: UnsafeMutablePointer<Hooks>
  /// Room for the registers that a careful run watches.
  let watchedPairs: UnsafeMutablePointer<(slot: Int, value: UInt32)>
  var watchedRegisters = WatchedRegisters.none
  /// Which instructions ask for a right: for each opcode nothing, ring 0, or a port right.
  let privileges: PrivilegeTable

  /// A machine after reset with empty memory, or nil if the host has no room for it.
  ///
  /// - Parameter memorySize: bytes, brought into ``PhysicalMemory/allowedSizes``.
  public init?(profile: Profile = .strict, memorySize: UInt32 = 4 << 20) {
    guard let memory = PhysicalMemory(size: memorySize) else { return nil }
    self.profile = profile
    self.memory = memory
    registers = .allocate(capacity: 17)
    registers.initialize(repeating: 0, count: 17)
    cpu = .allocate(capacity: 1)
    cpu.initialize(to: CPUState())
    deliveryCounts = .allocate(capacity: Gate.count)
    deliveryCounts.initialize(repeating: 0, count: Gate.count)
    devicesPointer = .allocate(capacity: 1)
    devicesPointer.initialize(to: Devices())
    costs = .allocate(capacity: 1)
    costs.initialize(to: CycleTable())
    decoded = DecodedPages(frames: memory.frameCount)
    hooks = .allocate(capacity: 1)
    hooks.initialize(to: Hooks())
    watchedPairs = .allocate(capacity: 16)
    watchedPairs.initialize(repeating: (0, 0), count: 16)
    privileges = PrivilegeTable(profile)
  }

  deinit {
    registers.deallocate()
    cpu.deinitialize(count: 1)
    cpu.deallocate()
    deliveryCounts.deallocate()
    devicesPointer.deinitialize(count: 1)
    devicesPointer.deallocate()
    costs.deallocate()
    fetchTLB.deallocate()
    dataTLB.deallocate()
    decoded.deallocate()
    hostTLB.deallocate()
    hooks.deallocate()
    watchedPairs.deallocate()
    privileges.deallocate()
  }

  // MARK: State

  public var pc: VirtualAddress {
    get { VirtualAddress(cpu.pointee.pc) }
    set { cpu.pointee.pc = newValue.rawValue }
  }

  public var status: Status {
    get { cpu.pointee.status }
    set { cpu.pointee.status = newValue }
  }

  public subscript(register: Register) -> UInt32 {
    get { registers[Int(register.number)] }
    set { if register != .zero { registers[Int(register.number)] = newValue } }
  }

  public var stackPointer: UInt32 { registers[2] }

  public var devices: Devices {
    // Looked at in place: a copy would retain all that the devices hold, in each trap into the VMM.
    _read { yield devicesPointer.pointee }
    _modify { yield &devicesPointer.pointee }
  }

  public var cycleTable: CycleTable {
    get { costs.pointee }
    set { costs.pointee = newValue }
  }

  /// Cycles since reset. The VMM adds what its own work is charged.
  public var cycles: UInt64 {
    get { cpu.pointee.cycles }
    set { cpu.pointee.cycles = newValue }
  }

  /// Instructions completed since reset.
  public var instructionsRetired: UInt64 {
    get { cpu.pointee.instret }
    set { cpu.pointee.instret = newValue }
  }

  /// Cycles when the last delivery of a trap or interrupt began.
  public var lastDeliveryStart: UInt64 { cpu.pointee.deliveryStart }

  /// The last trap or interrupt delivered.
  public var lastDelivery: DeliveryNote { cpu.pointee.lastDelivery }

  /// Traps and interrupts of that vector delivered since reset.
  public func deliveries(of vector: Vector) -> UInt64 { deliveryCounts[Int(vector.rawValue)] }

  /// Steps since reset.
  public var steps: UInt64 { cpu.pointee.steps }

  /// Why the machine will run no further, or nil.
  public var stop: Stop? { cpu.pointee.stop }

  public var isPagingOn: Bool { cpu.pointee.mode & 1 != 0 }

  /// `hlt` waits for an interrupt.
  public var isWaiting: Bool { cpu.pointee.isWaiting }

  public func value(of control: ControlRegister) -> UInt32 {
    switch control {
    case .mode: cpu.pointee.mode | (profile == .strict ? 1 << 31 : 0)
    case .ptbr: cpu.pointee.ptbr
    case .tvec: cpu.pointee.tvec
    case .ksp0: cpu.pointee.ksp0
    case .ksp1: cpu.pointee.ksp1
    case .ksp2: cpu.pointee.ksp2
    case .badaddr: cpu.pointee.badaddr
    case .cycleLow: UInt32(truncatingIfNeeded: cpu.pointee.cycles)
    case .cycleHigh: UInt32(truncatingIfNeeded: cpu.pointee.cycles >> 32)
    case .instretLow: UInt32(truncatingIfNeeded: cpu.pointee.instret)
    case .instretHigh: UInt32(truncatingIfNeeded: cpu.pointee.instret >> 32)
    case .cpuid: 0
    }
  }

  /// What `setcr` does: bits that don't exist are dropped; `ptbr` and `mode` empty the TLBs.
  public func set(_ control: ControlRegister, _ value: UInt32) {
    let value = value & control.writeMask
    switch control {
    case .mode: cpu.pointee.mode = value
    case .ptbr: cpu.pointee.ptbr = value
    case .tvec: cpu.pointee.tvec = value
    case .ksp0: cpu.pointee.ksp0 = value
    case .ksp1: cpu.pointee.ksp1 = value
    case .ksp2: cpu.pointee.ksp2 = value
    case .badaddr: cpu.pointee.badaddr = value
    case .cycleLow, .cycleHigh, .instretLow, .instretHigh, .cpuid: break
    }
    if control == .mode || control == .ptbr { emptyTLBs() }
  }

  public func emptyTLBs() {
    fetchTLB.empty()
    dataTLB.empty()
    hostTLB.dropAll()
  }

  /// What `invlpg` does.
  public func dropFromTLBs(_ address: VirtualAddress) {
    fetchTLB.drop(address.rawValue)
    dataTLB.drop(address.rawValue)
    hostTLB.dropCode(address.rawValue)
    hostTLB.dropData(address.rawValue)
  }

  public var fetchTLBEntries: [TLBEntry] { fetchTLB.all }
  public var dataTLBEntries: [TLBEntry] { dataTLB.all }

  // MARK: Looking

  /// The page walk of an address with the tables as they are; nil with paging off. Changes nothing.
  public func walk(_ address: VirtualAddress) -> PageWalk? {
    guard isPagingOn else { return nil }
    return PageWalk(address, directory: cpu.pointee.ptbr, memorySize: memory.size) {
      memory.loadWord($0)
    }
  }

  /// The machine address that the tables give, rights aside; nil if none. Changes nothing.
  public func machineAddress(of address: VirtualAddress) -> MachineAddress? {
    let physical = isPagingOn ? walk(address)?.physicalAddress : address.rawValue
    return physical.flatMap { $0 < memory.size ? MachineAddress($0) : nil }
  }

  // MARK: Transfers

  /// Takes what devices have stored to memory since this was asked last; of very many the last ones.
  public func takeTransfers() -> [MemoryTransfer] {
    defer { if !transfers.isEmpty { transfers = [] } }
    return transfers
  }

  func note(_ transfer: MemoryTransfer) {
    if transfers.count >= 32 { transfers.removeFirst() }
    transfers.append(transfer)
  }

  // MARK: Writing from outside

  /// Writes a word at an aligned machine address below the memory's size; decoded code follows.
  public func write(_ value: UInt32, at address: MachineAddress) {
    guard memory.contains(address.rawValue & ~3, count: 4) else { return }
    if hooks.pointee.hasWatches {
      noteAccess(nil, address.rawValue & ~3, 4, stored: value)
    }
    memory.storeWord(value, address.rawValue & ~3)
    decoded.reset(address.rawValue)
  }

  /// Writes a byte at a machine address below the memory's size; decoded code follows.
  public func writeByte(_ value: UInt8, at address: MachineAddress) {
    guard memory.contains(address.rawValue) else { return }
    memory.storeByte(value, address.rawValue)
    decoded.reset(address.rawValue)
  }

  /// What somebody typed at the console.
  public func type(_ bytes: [UInt8]) {
    devicesPointer.pointee.console.input += bytes
  }
}
