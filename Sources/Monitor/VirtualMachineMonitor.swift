import Onion
import OnionISA

/// Why a virtual machine could not be made.
public enum MonitorError: Error, Hashable, Sendable {
  /// The host has no room for the machine.
  case noRoom(memorySize: UInt32)
  case imageDoesNotFit(ImageDoesNotFit)
  /// There are as many guests as there may be.
  case tooManyGuests
}

/// The virtual machine monitor: owns ring 0 of a real machine and runs a guest's kernel in ring 1
/// (the CPU manual, section 9).
///
/// The guest's instructions run on the real CPU. What it may not do really traps; the real CPU walks the
/// real trap table and fetches a doorway word, which hands over to this class.
public final class VirtualMachineMonitor {
  /// The real machine. While the guest runs, general registers and pc are the guest's.
  public let machine: Machine
  // Touched many times in each trap, by the one thread that runs the machine; no change of it calls
  // anything that looks at it meanwhile.
  @exclusivity(unchecked) var state: MonitorState
  var isRecording = false
  /// What the VMM did in the last recorded step; empty if it wasn't entered.
  public internal(set) var events: [ChargedEvent] = []

  /// Looks at the walls at each entry into the VMM, if there is one: for tests.
  public var wallWatch: WallWatch?

  /// A machine with the VMM in ring 0 and a guest about to run its first instruction.
  ///
  /// - Parameters:
  ///   - memorySize: the guest's, in bytes; the machine has more.
  ///   - roomForGuests: bytes that the machine has at least, for guests to come.
  public init(
    name: String = "alpha", image: Image, profile: Profile = .strict,
    memorySize: UInt32 = 4 << 20, roomForGuests: UInt32 = 0
  ) throws(MonitorError) {
    let size = min(max(memorySize, 1 << 20), (1 << 30) - (1 << 20)) & ~0xFFF
    let start = MonitorPages.guestMemoryStart
    let room = max(start.rawValue + size, roomForGuests)
    guard let machine = Machine(profile: profile, memorySize: room) else {
      throw .noRoom(memorySize: size)
    }
    self.machine = machine
    let first = start.frame.number
    let memory = MemoryMap(Array(first..<first + size >> 12))
    state = MonitorState(
      VirtualMachine(Guest(name: name, memory: memory), pool: MonitorPages.poolFrames),
      free: FreeFrames(from: first + size >> 12, to: machine.memory.size >> 12))
    try load(image, into: memory)
    placeOwnPages()
    // The VMM takes what is typed at the real console and hands it on.
    machine.devices.console.control = 1
    let disk = DiskContents(sectorCount: Self.realSectorCount)
    machine.devices.disks = machine.devices.disks.map { _ in disk }
    machine.set(.mode, 1)
    state.pc = VirtualAddress(image.entry)
    // A fetch that faults is a step, as on the bare machine, and needs no entry into the VMM: it has the CPU.
    if state.pc.isAligned(to: 4) { resume() } else { state.deliversAgain = true }
  }

  /// The same VMM with the same guests at the same moment, on a machine of its own; nil if the host has no room
  /// for one. Who watches the walls of the one doesn't see the other.
  public convenience init?(copying other: VirtualMachineMonitor) {
    guard let machine = Machine(copying: other.machine) else { return nil }
    self.init(on: machine, state: other.state)
  }

  private init(on machine: Machine, state: MonitorState) {
    self.machine = machine
    self.state = state
  }

  /// What the VMM did for the guest; of what ran directly, all before the guest was resumed last.
  public var counts: MonitorCounts { state.guest.counts }

  /// The guest as it is now, its clock and its count up to date.
  public var guest: Guest {
    var guest = state.guest
    catchUp(&guest)
    return guest
  }

  /// Adds to guest time and count what has run directly since the guest was resumed.
  private func catchUp(_ guest: inout Guest) {
    guard isGuestRunning else { return }
    let direct = machine.instructionsRetired - state.resumedAtInstret
    guest.cpu.cycles += machine.cycles - state.resumedAtCycle
    guest.cpu.instret += direct
    guest.counts.direct += direct
    // The delay of a virtual `sti` ended with the next instruction begun.
    if direct > 0 { guest.cpu.holdsInterrupts = false }
  }

  /// The current virtual machine as it would be if the VMM had been entered now.
  var caughtUp: VirtualMachine {
    var vm = state.current
    guard isGuestRunning else {
      if !state.isShared || !state.isStalled {
        vm.registers = Register.all.map { machine[$0] }
      }
      return vm
    }
    catchUp(&vm.guest)
    vm.pc = machine.pc
    vm.registers = Register.all.map { machine[$0] }
    if machine.profile == .classic { vm.believe(machine.status) }
    return vm
  }

  /// The virtual CPU's status as the VMM will have it when it is entered now: on the classic profile a guest may
  /// have gone to ring 2 or 3, or changed TF, without a trap, and until then the VMM's record is behind.
  public var statusToCome: Status { caughtUp.guest.cpu.status }

  /// The real CPU is in the guest's code; otherwise the VMM has it, because the guest stopped or waits.
  public var isGuestRunning: Bool { machine.status.cpl != .ring0 }

  /// Where the guest is, whoever has the CPU.
  public var guestPC: VirtualAddress { isGuestRunning ? machine.pc : state.pc }

  /// Why no guest will run any further; nil while one may.
  public var stop: Stop? {
    guard state.isShared else { return state.guest.cpu.stop }
    guard state.isStalled else { return nil }
    let stops = state.machines.map(\.guest.cpu.stop)
    return stops.contains(nil) ? nil : stops[state.currentIndex]
  }

  /// No guest has anything to run, and only what is typed or done from outside can go on.
  public var isWaiting: Bool { state.isShared ? state.isStalled : state.guest.cpu.isWaiting }

  /// Entries into the VMM, for all guests.
  public var entryCount: UInt64 { state.entries }

  /// The last entry into the VMM.
  public var lastEntry: MonitorEntry? { state.lastEntry }

  /// What the last entry turned out to be: the first thing that the VMM found, decided or did for the guest that had
  /// the CPU.
  public var lastCause: MonitorCause {
    MonitorAccount.cause(of: Int(state.causeBeforeSwitch ?? state.cause)) ?? .own
  }

  /// Where the VMM's pages lie.
  public var ownPages: MonitorPages { state.pages }

  /// Steps of the guest since reset: one is an instruction, or a real trap with all that the VMM did
  /// until its `iret`.
  public var steps: UInt64 { machine.steps - state.ownSteps + state.extraSteps }

  /// One compressed shadow table instead of one for each view: a learner may see what leaks.
  public var usesCompressedTable: Bool {
    get { state.usesCompressedTable }
    set {
      // What stays as it is costs nothing: the TLBs keep what they have.
      guard newValue != state.usesCompressedTable else { return }
      state.usesCompressedTable = newValue
      dropAllShadows()
      // Somebody does this from outside: no guest's work, and no VMM's, is charged for it.
      _ = putShadowInForce()
    }
  }

  /// What somebody typed at the real console.
  public func type(_ bytes: [UInt8]) { machine.type(bytes) }

  /// Somebody may type: a guest that waits for input isn't stopped for good.
  public var acceptsInput: Bool {
    get { machine.acceptsInput }
    set { machine.acceptsInput = newValue }
  }

  // MARK: Running

  /// Makes one step of the guest.
  @discardableResult
  public func step(recording: Bool = false) -> Pause {
    isRecording = recording
    defer { isRecording = false }
    if recording {
      events.removeAll(keepingCapacity: true)
      machine.forgetEvents()
    }
    if let stop { return .stopped(stop) }
    if isWaiting { return wake() }
    if state.deliversAgain { return deliverAgain() }
    _ = machine.step(recording: recording)
    return serve()
  }

  /// Runs the guest without keeping a record.
  ///
  /// - Parameters:
  ///   - steps: at most so many steps of the guest.
  ///   - cycleLimit: no step begins at or after that cycle of the real machine.
  ///   - stops: what else ends the run, after the step in which it happened; a trap or a system step is
  ///     one in which the VMM was entered.
  public func run(
    steps: UInt64, cycleLimit: UInt64 = .max, stops: RunStops = RunStops()
  ) -> Pause {
    let (sum, overflow) = self.steps.addingReportingOverflow(steps)
    let end = overflow ? UInt64.max : sum
    var entries = state.entries
    while self.steps < end, machine.cycles < cycleLimit {
      if let stop { return .stopped(stop) }
      let values = stops.registers.isEmpty ? [] : stops.registers.map { machine[$0] }
      let pause: Pause
      var isOwn = false
      if isWaiting {
        pause = wake()
        isOwn = true
      } else if state.deliversAgain {
        pause = deliverAgain()
        isOwn = true
      } else {
        let reached = machine.run(steps: end - self.steps, cycleLimit: cycleLimit, stops: stops)
        pause = serve()
        if case .breakpoint = reached, case .limit = pause { return reached }
      }
      guard case .limit = pause else { return pause }
      if machine.wasWatched { return .watched }
      if !values.isEmpty, stops.registers.map({ machine[$0] }) != values { break }
      guard state.entries != entries || isOwn else { continue }
      if stops.atTrap || stops.atSystem { break }
      if machine.hasBreakpoints, machine.breakpoints.contains(guestPC) { return .breakpoint }
      entries = state.entries
    }
    return .limit
  }

  /// Serves the guest for as long as the real CPU is in ring 0.
  private func serve() -> Pause {
    while machine.status.cpl == .ring0 {
      switch machine.step(recording: isRecording, appending: true) {
      case .doorway(let vector):
        wallWatch?.beforeEntry(self)
        enter(vector)
        wallWatch?.afterEntry(self)
      case .stopped(let stop): state.guest.cpu.stop = stop
      case .limit, .waitingForInput, .breakpoint, .watched: break
      }
      if let stop { return .stopped(stop) }
      if isWaiting { return .waitingForInput }
      if state.deliversAgain { return .limit }
    }
    if let stop = machine.stop { state.guest.cpu.stop = stop }
    return stop.map { .stopped($0) } ?? .limit
  }

  /// One more interrupt before the handler's first instruction: a step of its own.
  private func deliverAgain() -> Pause {
    state.extraSteps += 1
    state.cause = MonitorAccount.own
    settle()
    wallWatch?.afterEntry(self)
    if let stop { return .stopped(stop) }
    return isWaiting ? .waitingForInput : .limit
  }

  /// The guest halted and only typed input can go on: looks whether there is any.
  private func wake() -> Pause {
    takeInput()
    let isAwake =
      state.isShared
      ? state.machines.contains {
        $0.guest.cpu.stop == nil && $0.guest.devices.pendingInterrupt != nil
      }
      : state.guest.devices.pendingInterrupt != nil
    guard isAwake else { return .waitingForInput }
    state.extraSteps += 1
    state.cause = MonitorAccount.own
    settle()
    wallWatch?.afterEntry(self)
    if let stop { return .stopped(stop) }
    return isWaiting ? .waitingForInput : .limit
  }

  /// Notes an event and charges the machine for it.
  func note(_ event: @autoclosure () -> MonitorEvent, _ cycles: UInt64 = 0) {
    machine.cycles += cycles
    if isRecording { events.append(ChargedEvent(event: event(), cycles: cycles)) }
  }
}
