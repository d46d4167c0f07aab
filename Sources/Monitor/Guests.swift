import Onion
import OnionISA

// Several guests on one machine: making them, and what is done to them from outside.
extension VirtualMachineMonitor {
  /// At most so many guests.
  public static let guestLimit = 16

  /// Every guest, in the order in which they were made.
  public var guests: [Guest] {
    guard state.isShared else { return [guest] }
    return state.machines.indices.map {
      $0 == state.currentIndex ? guest : state.machines[$0].guest
    }
  }

  /// Where a guest is, and its general registers, whoever has the CPU.
  public func position(of index: Int) -> (pc: VirtualAddress, registers: [UInt32]) {
    guard index != state.currentIndex, state.machines.indices.contains(index) else {
      return (guestPC, Register.all.map { machine[$0] })
    }
    return (state.machines[index].pc, state.machines[index].registers)
  }

  /// What each guest is to have of the CPU, and has had.
  public var shares: [CPUShare] {
    guard state.isShared else {
      var share = state.current.share
      share.used = machine.cycles - state.current.guest.counts.idleCycles
      return [share]
    }
    var shares = state.machines.map(\.share)
    shares[state.currentIndex] = state.current.share
    if !state.isStalled { shares[state.currentIndex].used += machine.cycles - state.onSince }
    return shares
  }

  /// Cycles that the VMM cost, for all guests.
  public var overheadCycles: UInt64 {
    guard state.isShared else { return state.guest.counts.cycles }
    return state.machines.indices.reduce(0) { sum, index in
      let vm = index == state.currentIndex ? state.current : state.machines[index]
      return sum &+ vm.guest.counts.cycles
    }
  }

  /// Virtual interrupts delivered so far, to all guests.
  public var interruptCount: UInt64 { total(\.interrupts) }

  /// Shadow tables loaded so far in place of another, for all guests.
  public var tableSwitchCount: UInt64 { total(\.tableSwitches) }

  private func total(_ count: KeyPath<MonitorCounts, UInt64>) -> UInt64 {
    var sum = state.current.guest.counts[keyPath: count]
    guard state.isShared else { return sum }
    for index in state.machines.indices where index != state.currentIndex {
      sum += state.machines[index].guest.counts[keyPath: count]
    }
    return sum
  }

  /// Cycles in which no guest had anything to run.
  public var idleCycles: UInt64 {
    state.isShared ? state.idleCycles : state.guest.counts.idleCycles
  }

  /// The name and the virtual CPU of the guest that has the CPU, as the VMM knew them at the last entry.
  public var running: (name: String, cpu: VirtualCPU) {
    (state.guest.name, state.guest.cpu)
  }

  /// Which guest has the CPU, or had it last.
  public var currentIndex: Int { state.currentIndex }

  /// To which guest what is typed goes.
  public var consoleIndex: Int { state.consoleIndex }

  /// Adds a guest. It begins paused.
  ///
  /// - Parameters:
  ///   - memorySize: bytes; its memory, and the frames for its shadow tables, come from the machine's that
  ///     nobody has.
  public func addGuest(name: String, image: Image, memorySize: UInt32) throws(MonitorError) {
    let size = min(max(memorySize, 1 << 20), 1 << 30) & ~0xFFF
    let before = state.freeFrames
    let (pool, memory) = try takeMemory(for: size)
    do {
      try load(image, into: memory)
    } catch {
      state.freeFrames = before
      throw error
    }
    var vm = VirtualMachine(Guest(name: name, memory: memory), pool: pool)
    vm.pc = VirtualAddress(image.entry)
    vm.registers = [UInt32](repeating: 0, count: 16)
    append(vm)
  }

  /// Frames that nobody has, from now on those of a guest to come: some for its shadow tables, and its memory.
  func takeMemory(
    for size: UInt32
  ) throws(MonitorError) -> (pool: Range<UInt32>, memory: MemoryMap) {
    guard state.machines.count < Self.guestLimit || !state.isShared else {
      throw .tooManyGuests
    }
    var free = state.freeFrames
    guard let pool = free.takeRange(MonitorPages.poolSize), let frames = free.take(size >> 12)
    else { throw .noRoom(memorySize: size) }
    state.freeFrames = free
    return (pool, MemoryMap(frames))
  }

  /// Puts an image into a guest's memory.
  func load(_ image: Image, into memory: MemoryMap) throws(MonitorError) {
    do {
      try image.check(fits: memory.count << 12)
    } catch {
      throw .imageDoesNotFit(error)
    }
    for piece in image.pieces {
      _ = GuestTransfers(machine, memory).write(piece.bytes, at: piece.address, by: nil)
    }
  }

  /// Adds a virtual machine, paused, with the memory that ``takeMemory(for:)`` gave for it. It keeps its network
  /// address if nobody else has it.
  func append(_ vm: VirtualMachine) {
    if !state.isShared { beginSharing() }
    var vm = vm
    let taken = Set(state.machines.map(\.guest.devices.network.ownAddress))
    if taken.contains(vm.guest.devices.network.ownAddress) {
      let address = (1...254 as ClosedRange<UInt8>).first { !taken.contains($0) }
      vm.guest.devices.network.ownAddress = address ?? 1
    }
    vm.share.isPaused = true
    vm.share.virtualTime = state.leastTime
    state.machines.append(vm)
  }

  /// From one guest to several.
  func beginSharing() {
    state.isShared = true
    state.idleCycles = state.current.guest.counts.idleCycles
    state.machines = [state.current]
    state.currentIndex = 0
    state.onSince = machine.cycles
    state.current.share.used = machine.cycles - state.current.guest.counts.idleCycles
    state.windowEnd = machine.cycles + Self.capWindow
    state.sliceStart = machine.cycles
    if state.current.guest.cpu.isWaiting || state.current.guest.cpu.stop != nil {
      if state.current.guest.cpu.isWaiting { state.current.share.haltedAt = machine.cycles }
      state.isStalled = true
      state.current.registers = Register.all.map { machine[$0] }
    }
    state.machines[0] = state.current
  }

  /// Changes what a guest is to have of the CPU, or whether it runs at all.
  public func changeShare(of index: Int, _ change: (inout CPUShare) -> Void) {
    if !state.isShared { beginSharing() }
    guard state.machines.indices.contains(index) else { return }
    withCPU {
      let wasPaused = state.machines[index].share.isPaused
      change(&state.machines[index].share)
      guard wasPaused else { return }
      // The time of a pause is neither stolen nor waited for.
      if state.machines[index].share.readySince != nil {
        state.machines[index].share.readySince = machine.cycles
      }
      if state.machines[index].share.haltedAt != nil {
        state.machines[index].share.haltedAt = machine.cycles
      }
      state.machines[index].share.virtualTime = max(
        state.machines[index].share.virtualTime, state.leastTime)
    }
  }

  /// Stops a guest for good, as if its power had been cut.
  public func stopGuest(_ index: Int) {
    if !state.isShared { beginSharing() }
    guard state.machines.indices.contains(index) else { return }
    withCPU {
      if state.machines[index].guest.cpu.stop == nil {
        state.machines[index].guest.cpu.stop = .switchedOff
      }
    }
  }

  /// What is typed goes to that guest from now on.
  public func useConsole(of index: Int) {
    guard index == 0 || state.machines.indices.contains(index) else { return }
    takeInput()  // what was typed before is the other's
    state.consoleIndex = index
  }

  /// Takes the CPU from the current guest, as a real interrupt would, does something, and gives it to the one
  /// whose turn it is then.
  func withCPU(_ body: () -> Void) {
    if isGuestRunning {
      state.current = caughtUp
      machine.status = Status(rawValue: 0)
      state.resumedAtCycle = machine.cycles
      state.resumedAtInstret = machine.instructionsRetired
    }
    state.cause = MonitorAccount.own
    if !state.isStalled {
      countUse()
      takeOff(isReady: true)
    }
    body()
    state.current = state.machines[state.currentIndex]
    state.isStalled = true
    settle()
  }

  // MARK: The switch

  /// Hands the frames that a guest has sent to those that they are for.
  func forward(_ frame: [UInt8], from sender: Int) {
    guard state.isShared, let destination = frame.first else { return }
    for index in state.machines.indices where index != sender {
      let own = state.machines[index].guest.devices.network.ownAddress
      guard destination == own || destination == NetworkCard.everyone else { continue }
      let vm = state.machines[index]
      // The clock of a guest that halts runs with the machine's.
      let now =
        vm.share.haltedAt.map { vm.guest.cpu.cycles + (machine.cycles - $0) } ?? vm.guest.cpu.cycles
      state.machines[index].guest.devices.network.arrive(frame, at: now)
    }
  }
}
