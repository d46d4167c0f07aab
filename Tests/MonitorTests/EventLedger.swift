import Onion
import OnionISA

@testable import Monitor

/// What the VMM says that it did in one step, held against the machine before and after it.
///
/// It begins with the machine as it was, believes each event in turn and does what it says to a model of its own:
/// what an event calls old must be what the model has, and in the end the model must be what the machine is. So
/// nothing is said that did not happen, and nothing that happened is left unsaid.
struct EventLedger {
  /// One guest of the model.
  struct Virtual {
    var status: Status
    var controls: [ControlRegister: UInt32]
    var pc: VirtualAddress
    /// Nil where code ran directly in this step.
    var registers: [UInt32]?
    var isWaiting: Bool
    var stop: Stop?
    var ticks: UInt32
    /// Words of its memory that were said to be written.
    var memory: [UInt32: UInt32] = [:]
    /// A device wrote more than the events tell.
    var hasDMA = false
    var paging: Bool { (controls[.mode] ?? 0) & 1 != 0 }
    var ring: Ring { status.cpl }
  }

  let before: VirtualMachineMonitor
  let after: VirtualMachineMonitor
  /// The virtual machines before the step.
  let old: [VirtualMachine]
  var current: Int
  var guests: [Virtual]
  var ptbr: UInt32
  var tvec: UInt32
  var entry: MonitorEntry?
  var instruction: DecodedInstruction?
  var gate: Gate?
  var portValue: UInt32?
  var armed: TimerPurpose?
  var isResumed = false
  /// Shadow tables were dropped or changed behind what was filled.
  var fills: [(guest: Int, key: ShadowKey, view: ShadowView, fill: ShadowFill)] = []
  var dropped: [VirtualAddress] = []
  var charged: UInt64 = 0
  var complaints: [String] = []

  static let controls: [ControlRegister] = [
    .mode, .ptbr, .tvec, .ksp0, .ksp1, .ksp2, .badaddr,
  ]

  init(before: VirtualMachineMonitor, after: VirtualMachineMonitor) {
    (self.before, self.after) = (before, after)
    old = before.allMachines
    current = before.state.currentIndex
    guests = old.map { Self.virtual($0, before) }
    guests[current].registers = Register.all.map { before.machine[$0] }
    guests[current].pc = before.guestPC
    if before.state.isShared, before.state.isStalled {
      guests[current].registers = before.state.current.registers
    }
    ptbr = before.machine.value(of: .ptbr)
    tvec = before.machine.value(of: .tvec)
  }

  static func virtual(_ vm: VirtualMachine, _ monitor: VirtualMachineMonitor) -> Virtual {
    let cpu = vm.guest.cpu
    return Virtual(
      status: cpu.status,
      controls: Dictionary(
        uniqueKeysWithValues: controls.map { ($0, cpu.value(of: $0, profile: .classic)) }),
      pc: vm.pc, registers: vm.registers, isWaiting: cpu.isWaiting, stop: cpu.stop,
      ticks: vm.guest.devices.timer.ticks)
  }

  mutating func expect(_ holds: Bool, _ complaint: @autoclosure () -> String) {
    if !holds { complaints.append(complaint()) }
  }

  // MARK: The model's memory and tables

  func word(_ address: UInt32, of guest: Int) -> UInt32 {
    if let word = guests[guest].memory[address & ~3] { return word }
    let memory = old[guest].guest
    return memory.machineAddress(of: GuestPhysicalAddress(address & ~3)).flatMap {
      before.machine.memory.word(at: $0)
    } ?? 0
  }

  func walk(_ address: VirtualAddress) -> PageWalk? {
    guard guests[current].paging else { return nil }
    return PageWalk(
      address, directory: guests[current].controls[.ptbr] ?? 0,
      memorySize: old[current].guest.memorySize
    ) { word($0, of: current) }
  }

  func physical(_ address: VirtualAddress) -> UInt32? {
    guests[current].paging ? walk(address)?.physicalAddress : address.rawValue
  }

  func word(at address: VirtualAddress) -> UInt32? {
    physical(address).map { word($0, of: current) }
  }

  var key: ShadowKey {
    guests[current].paging
      ? .directory(GuestPhysicalAddress(guests[current].controls[.ptbr] ?? 0)) : .pagingOff
  }

  var view: ShadowView {
    after.allMachines[current].usesCompressedTable
      ? .compressed : guests[current].ring == .ring0 ? .kernel : .outer
  }

  // MARK: The end

  /// What is wrong with the step, whose events have all been told.
  mutating func finish() -> [String] {
    let machines = after.allMachines
    checkCounts(machines)
    let passed = after.machine.cycles - before.machine.cycles
    let (told, here) = (charged + realCost, current)
    expect(here == after.state.currentIndex, "guest \(here) is said to have the CPU")
    expect(told == passed, "\(told) cycles are told, \(passed) passed")
    expect(ptbr == after.machine.value(of: .ptbr), "ptbr")
    expect(tvec == after.machine.value(of: .tvec), "tvec")
    expect(armed == after.state.timerPurpose, "the timer is set for another thing")
    expect(isResumed == after.isGuestRunning, "back in the guest or not")
    for (index, vm) in machines.enumerated() where index < guests.count {
      let own = guests[index]
      let cpu = vm.guest.cpu
      expect(own.status == cpu.status, "status of \(index): \(own.status), not \(cpu.status)")
      for control in Self.controls {
        expect(
          own.controls[control] == cpu.value(of: control, profile: .classic),
          "\(control) of \(index)")
      }
      expect(own.stop == cpu.stop, "stop of \(index)")
      expect(own.ticks == vm.guest.devices.timer.ticks, "ticks of \(index)")
      if own.stop == nil { expect(own.isWaiting == cpu.isWaiting, "hlt of \(index)") }
      let isHere = index == current && after.isGuestRunning
      expect(own.pc == (isHere ? after.machine.pc : vm.pc), "pc of \(index): \(own.pc)")
      if let registers = own.registers {
        let now =
          index == current && !(after.state.isShared && after.state.isStalled)
          ? Register.all.map { after.machine[$0] } : vm.registers
        expect(registers == now, "registers of \(index)")
      }
      if !own.hasDMA {
        for (address, word) in own.memory {
          let place = vm.guest.machineAddress(of: GuestPhysicalAddress(address))
          expect(
            place.flatMap { after.machine.memory.word(at: $0) } == word,
            "memory of \(index) at \(hexadecimal(address))")
        }
      }
    }
    checkFills(machines)
    for address in dropped where !machines[current].pages.contains(address) {
      let entries = after.machine.fetchTLBEntries + after.machine.dataTLBEntries
      expect(
        !entries.contains { $0.isValid && $0.page == address.frame }, "\(address) in the TLBs")
    }
    return complaints
  }

  /// The counts have grown by what the events tell, and account for each instruction.
  private mutating func checkCounts(_ machines: [VirtualMachine]) {
    let old = old
    func grown(_ count: KeyPath<MonitorCounts, UInt64>) -> UInt64 {
      machines.reduce(0) { $0 &+ $1.guest.counts[keyPath: count] }
        &- old.reduce(0) { $0 &+ $1.guest.counts[keyPath: count] }
    }
    var told: [KeyPath<MonitorCounts, UInt64>: UInt64] = [
      \.entries: 0, \.emulated: 0, \.hypercalls: 0, \.hiddenFaults: 0, \.tracedWrites: 0,
      \.trueFaults: 0, \.reflected: 0, \.tableSwitches: 0, \.relocations: 0,
    ]
    func tell(_ count: KeyPath<MonitorCounts, UInt64>) { told[count, default: 0] += 1 }
    for event in after.events.map(\.event) {
      switch event {
      case .entered: tell(\.entries)
      case .emulated: tell(\.emulated)
      case .hypercall: tell(\.hypercalls)
      case .filledShadow: tell(\.hiddenFaults)
      case .tracedWrite:
        tell(\.hiddenFaults)
        tell(\.tracedWrites)
      case .refused(.page): tell(\.trueFaults)
      case .delivered: tell(\.reflected)
      case .switchedShadow: tell(\.tableSwitches)
      case .relocated: tell(\.relocations)
      default: break
      }
    }
    for (count, number) in told {
      let counted = grown(count)
      expect(counted == number, "\(count): \(number) are told, \(counted) counted")
    }
    for (index, vm) in machines.enumerated() {
      let counts = vm.guest.counts
      let sum =
        counts.direct + counts.emulated + counts.tracedWrites + counts.softwareTraps
        + counts.hypercalls
      expect(
        sum == vm.guest.cpu.instret, "\(sum) of \(vm.guest.cpu.instret) instructions of \(index)")
    }
  }

  private mutating func checkFills(_ machines: [VirtualMachine]) {
    for item in fills {
      let vm = machines[item.guest]
      let directory =
        vm.shadows.spaces.first { $0.key == item.key }?.directories[item.view.rawValue]
      guard let directory else {
        complaints.append("no shadow table for \(item.key)")
        continue
      }
      let walk = PageWalk(
        item.fill.page.start, directory: directory.start.rawValue,
        memorySize: after.machine.memory.size
      ) { after.machine.memory.word(at: MachineAddress($0)) ?? 0 }
      let leaf = walk.leaf
      expect(
        leaf?.frameNumber == item.fill.machineFrame.number && leaf?.ring == item.fill.shadowRing
          && leaf?.isWritable == item.fill.isWritable
          && item.fill.isWritable == (item.fill.withheld == nil),
        "the shadow entry of \(item.fill.page) is another")
      expect(
        vm.guest.memory[item.fill.guestFrame] == item.fill.machineFrame,
        "frame \(item.fill.guestFrame) lies elsewhere")
    }
  }

  /// What the real CPU's own part of the step costs, by its own record.
  private var realCost: UInt64 {
    let table = after.machine.cycleTable
    var cost: UInt64 = 0
    var fetched: Instruction?
    for event in after.machine.events {
      switch event {
      case .translated(let translation):
        cost += table.tableWord * (translation.walk?.wordsRead ?? 0)
      case .fetched(_, _, let decoded): fetched = decoded.instruction
      case .delivered: cost += table.trapEntry
      case .completed:
        if let fetched { cost += table.cost(of: fetched) }
      default: break
      }
    }
    return cost
  }
}
