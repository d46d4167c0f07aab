import Monitor
import Onion
import OnionISA

/// What a session steps through: a program on the bare machine, or a guest under the VMM.
public enum World {
  case bare(Machine)
  case guest(VirtualMachineMonitor)
}

/// A world at one moment.
enum WorldSnapshot: Sendable {
  case bare(MachineSnapshot)
  case guest(MonitorSnapshot)
}

extension World {
  /// The real machine.
  public var machine: Machine {
    switch self {
    case .bare(let machine): machine
    case .guest(let monitor): monitor.machine
    }
  }

  /// The VMM, if there is one.
  public var monitor: VirtualMachineMonitor? {
    if case .guest(let monitor) = self { monitor } else { nil }
  }

  /// Where the program is: the guest's pc also while the VMM has the CPU.
  public var pc: VirtualAddress { monitor?.guestPC ?? machine.pc }

  /// Nothing runs until an interrupt comes, or something is typed.
  var isWaiting: Bool { monitor?.isWaiting ?? machine.isWaiting }

  public var steps: UInt64 { monitor?.steps ?? machine.steps }

  public var stop: Stop? { monitor.map(\.stop) ?? machine.stop }

  /// What the program prints to and reads from: the guest's own devices under the VMM.
  public var devices: Devices { monitor?.guest.devices ?? machine.devices }

  /// The disks that the program's are, or are parts of; nil: one that was pulled.
  public var programDisks: [DiskContents?] {
    var disks = machine.devices.disks
    if let monitor {
      for number in monitor.missingDisks(of: monitor.currentIndex) where number < disks.count {
        disks[number] = nil
      }
    }
    return disks
  }

  /// A sector of one of the program's disks; nil where there is none.
  public func diskSector(_ disk: Int, _ sector: UInt32) -> [UInt8]? {
    let disks = programDisks
    guard disks.indices.contains(disk), sector < diskSlice.count else { return nil }
    return disks[disk]?[sector &+ diskSlice.first]
  }

  /// What of each real disk is the program's.
  public var diskSlice: DiskSlice {
    monitor?.diskSlice
      ?? DiskSlice(
        first: 0, count: machine.devices.disks.compactMap { $0?.sectorCount }.max() ?? 0)
  }

  /// Every console: the machine's, or each guest's with its name.
  public var consoles: [(name: String, output: ConsoleOutput)] {
    guard let monitor else { return [("", machine.devices.console.output)] }
    return monitor.guests.map { ($0.name, $0.devices.console.output) }
  }

  /// Real traps so far: deliveries on the bare machine, entries into the VMM under it.
  public var trapCount: UInt64 { monitor?.entryCount ?? machine.lastDelivery.number }

  /// The machine address of an address of the program; nil if the tables lead nowhere. Changes nothing.
  public func machineAddress(of address: VirtualAddress) -> MachineAddress? {
    monitor.map { $0.machineAddress(of: address) } ?? machine.machineAddress(of: address)
  }

  /// The byte at an address of the program, or nil. Changes nothing.
  public func byte(at address: VirtualAddress) -> UInt8? {
    machineAddress(of: address).flatMap { machine.memory.byte(at: $0) }
  }

  /// The byte at an address of one of the three memories, or nil. Changes nothing.
  public func byte(at address: UInt32, in space: MemorySpace) -> UInt8? {
    machineAddress(of: address, in: space).flatMap { machine.memory.byte(at: $0) }
  }

  /// Whether the program's addresses go through page tables: the guest's own under the VMM.
  public var isPagingOn: Bool { monitor?.guest.cpu.isPagingOn ?? machine.isPagingOn }

  /// The word at an aligned address of the program, or nil. Changes nothing.
  public func word(at address: VirtualAddress) -> UInt32? {
    guard address.isAligned(to: 4) else { return nil }
    return machineAddress(of: address).flatMap { machine.memory.word(at: $0) }
  }

  /// The machine address of a physical address of the program's machine: the guest's under the VMM.
  public func machineAddress(ofPhysical address: UInt32) -> MachineAddress? {
    if let monitor { return monitor.guest.machineAddress(of: GuestPhysicalAddress(address)) }
    return address < machine.memory.size ? MachineAddress(address) : nil
  }

  func step(recording: Bool) -> Pause {
    switch self {
    case .bare(let machine):
      settled(machine.step(recording: recording), recording: recording)
    case .guest(let monitor): monitor.step(recording: recording)
    }
  }

  /// A `hlt` that nothing or only typed input can end tells so with its own step, as under the VMM. A
  /// stop that took no step of its own would not be found again by going back and forward.
  private func settled(_ pause: Pause, recording: Bool) -> Pause {
    let machine = machine
    guard case .limit = pause, machine.isWaiting, machine.devices.pendingInterrupt == nil,
      machine.devices.nextEvent == .max
    else { return pause }
    return machine.step(recording: recording, appending: true)
  }

  func run(steps: UInt64, cycleLimit: UInt64, stops: RunStops) -> Pause {
    switch self {
    case .bare(let machine):
      settled(
        machine.run(steps: steps, cycleLimit: cycleLimit, stops: stops),
        recording: false)
    case .guest(let monitor):
      monitor.run(steps: steps, cycleLimit: cycleLimit, stops: stops)
    }
  }

  func snapshot() -> WorldSnapshot {
    switch self {
    case .bare(let machine): .bare(machine.snapshot())
    case .guest(let monitor): .guest(monitor.snapshot())
    }
  }

  func restore(_ snapshot: WorldSnapshot) {
    switch (self, snapshot) {
    case (.bare(let machine), .bare(let saved)): machine.restore(saved)
    case (.guest(let monitor), .guest(let saved)): monitor.restore(saved)
    default: break
    }
  }

  /// Every byte of the state in one fixed order, for digests.
  public func describeState(_ part: (UnsafeRawBufferPointer) -> Void) {
    switch self {
    case .bare(let machine): machine.describeState(part)
    case .guest(let monitor): monitor.describeState(part)
    }
  }

  /// What a step's record compares.
  public var context: MachineContext {
    MachineContext(
      pc: pc, status: machine.status, registers: Register.all.map { machine[$0] },
      cycles: machine.cycles, instructionsRetired: machine.instructionsRetired,
      virtual: monitor?.guest.cpu)
  }

  /// The same of one guest, which may have lost the CPU meanwhile; nil: of whatever runs.
  func context(ofGuest index: Int?) -> MachineContext {
    var context = context
    guard let monitor, let index, index != monitor.currentIndex else { return context }
    (context.pc, context.registers) = monitor.position(of: index)
    context.virtual = monitor.guests[index].cpu
    return context
  }
}
