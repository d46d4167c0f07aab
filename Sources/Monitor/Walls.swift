import Onion
import OnionISA

/// A wall that doesn't hold: what must never be (the CPU manual, section 9, resource control).
public enum Breach: Hashable, Sendable {
  /// A shadow entry, or a TLB entry, of that guest leads to a frame that isn't its own.
  case foreignFrame(guest: String, VirtualPage, MachineFrame)
  /// A page of that guest has code 00, which is the VMM's.
  case codeZero(guest: String, VirtualPage)
  /// A shadow directory of that guest names a table that isn't made of its own frames.
  case foreignTable(guest: String, slot: UInt32, MachineFrame)
  /// The place of the VMM's pages in that guest's address space leads elsewhere.
  case ownPages(guest: String)
  /// Two have that frame.
  case sharedFrame(MachineFrame)
  /// A word of the VMM's memory changed while a guest had the CPU.
  case changedOutside(MachineAddress)
  /// The real CPU runs that guest with rights that only the VMM may have.
  case lostControl(guest: String, Status)
}

/// Watches over the walls between guests, and between them and the VMM: before each entry that nothing of the
/// VMM's changed, after each that nothing leads where it must not.
///
/// It looks at every table that there is, each time, so it is for tests.
public final class WallWatch {
  /// What was found, the first thousand.
  public private(set) var breaches: [Breach] = []
  /// Entries into the VMM that were checked.
  public private(set) var entries = 0
  /// The VMM's memory as it left it.
  private var left: [(frame: UInt32, bytes: [UInt8])] = []
  /// What of the pools for shadow tables was free then: the other frames of the pools are in `left`.
  private var free: [[UInt32]] = []
  /// Tables that were found right, by frame, and for what: they need no second look before they change.
  private var found: [Finding?] = []

  private struct Finding {
    var guest: Int
    /// The directory entry that names the table; nil: it is a directory.
    var slot: UInt32?
    var bytes: [UInt8]
    /// The frames that the directory's entries name, by slot.
    var tables: [(slot: UInt32, frame: UInt32)]
  }
  /// The maps that were looked at last, and whose each machine frame is by them.
  private var maps: [MemoryMap] = []
  private var owners: [Owner] = []

  private enum Owner: Hashable {
    case nobody, monitor
    case pool(Int)
    case guest(Int)
  }

  public init() {}

  private func report(_ breach: Breach) {
    if breaches.count < 1000 { breaches.append(breach) }
  }

  /// The real CPU has entered ring 0, and the VMM has done nothing yet.
  func beforeEntry(_ monitor: VirtualMachineMonitor) {
    for (frame, old) in left where !Self.holds(old, frame, monitor) {
      let new = Self.bytes(of: frame, monitor)
      for (index, (old, new)) in zip(Self.words(old), Self.words(new)).enumerated()
      where old != new {
        let place = MachineAddress(frame << 12 + UInt32(index) * 4)
        // What the CPU itself writes: a trap's four words, and A and D.
        if place.rawValue & ~0xF == MonitorPages.savedFrame.rawValue { continue }
        let isTable = frame >= MonitorPages.tableFrame.number
        if isTable, (new ^ old) & ~UInt32(0x30) == 0, old & 1 != 0 { continue }
        report(.changedOutside(place))
      }
    }
  }

  /// The VMM is done.
  func afterEntry(_ monitor: VirtualMachineMonitor) {
    entries += 1
    let machines = monitor.allMachines
    checkMaps(machines, frames: Int(monitor.machine.memory.size >> 12))
    for (index, vm) in machines.enumerated() { check(vm, index, monitor) }
    let state = monitor.state
    if monitor.isGuestRunning {
      let status = monitor.machine.status
      if status.iopl != .ring0 || !status.interruptsEnabled {
        report(.lostControl(guest: state.guest.name, status))
      }
      checkBuffers(state.current, monitor)
    }
    remember(machines, monitor)
  }

  /// Keeps the VMM's memory as it is now. A frame that is as it was needs no second copy.
  private func remember(_ machines: [VirtualMachine], _ monitor: VirtualMachineMonitor) {
    let now = machines.map(\.shadows.free)
    if now == free, !left.isEmpty {
      for index in left.indices where !Self.holds(left[index].bytes, left[index].frame, monitor) {
        left[index].bytes = Self.bytes(of: left[index].frame, monitor)
      }
      return
    }
    free = now
    let frames =
      [MonitorPages.doorwayFrame, MonitorPages.trapTableFrame, MonitorPages.stackFrame]
      .map(\.number) + [MonitorPages.tableFrame.number] + machines.flatMap(\.shadows.tableFrames)
    left = frames.map { ($0, Self.bytes(of: $0, monitor)) }
  }

  private static func holds(
    _ bytes: [UInt8], _ frame: UInt32, _ monitor: VirtualMachineMonitor
  ) -> Bool {
    monitor.machine.memory.holds(bytes, at: MachineAddress(frame << 12))
  }

  private static func bytes(of frame: UInt32, _ monitor: VirtualMachineMonitor) -> [UInt8] {
    monitor.machine.memory.bytes(at: MachineAddress(frame << 12), count: 4096)
  }

  private static func words(_ bytes: [UInt8]) -> [UInt32] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 4).map {
        UInt32(littleEndian: buffer.load(fromByteOffset: $0 * 4, as: UInt32.self))
      }
    }
  }

  /// The table was found right, for that guest and in that place, as it is now.
  private func isSeen(
    _ frame: UInt32, _ guest: Int, slot: UInt32?, _ monitor: VirtualMachineMonitor
  ) -> Bool {
    guard let finding = found[Int(frame)], finding.guest == guest, finding.slot == slot else {
      return false
    }
    return Self.holds(finding.bytes, frame, monitor)
  }

  /// No frame is in two maps, nor both in a map and among those for shadow tables.
  private func checkMaps(_ machines: [VirtualMachine], frames: Int) {
    let now = machines.map(\.guest.memory)
    guard now != maps else { return }
    maps = now
    found = Array(repeating: nil, count: frames)
    owners = Array(repeating: .nobody, count: frames)
    func give(_ frame: UInt32, _ owner: Owner) {
      if owners[Int(frame)] != .nobody { report(.sharedFrame(MachineFrame(frame))) }
      owners[Int(frame)] = owner
    }
    for frame in 0..<MonitorPages.poolFrames.lowerBound { give(frame, .monitor) }
    for (index, vm) in machines.enumerated() {
      for frame in vm.shadows.pool { give(frame, .pool(index)) }
      for frame in vm.guest.memory.machineFrames { give(frame.number, .guest(index)) }
    }
  }

  private func isOwned(_ frame: UInt32, by index: Int) -> Bool {
    frame < owners.count && owners[Int(frame)] == .guest(index)
  }

  private func check(_ vm: VirtualMachine, _ guest: Int, _ monitor: VirtualMachineMonitor) {
    for case let directory? in vm.shadows.spaces.flatMap(\.directories) {
      if !isSeen(directory.number, guest, slot: nil, monitor) {
        check(directory: directory.number, vm, guest, monitor)
      }
      for (slot, frame) in found[Int(directory.number)]?.tables ?? []
      where !isSeen(frame, guest, slot: slot, monitor) {
        check(table: frame, slot, vm, guest, monitor)
      }
    }
  }

  private func check(
    directory frame: UInt32, _ vm: VirtualMachine, _ guest: Int, _ monitor: VirtualMachineMonitor
  ) {
    let bytes = Self.bytes(of: frame, monitor)
    var tables: [(slot: UInt32, frame: UInt32)] = []
    for (slot, word) in Self.words(bytes).enumerated() {
      let upper = PageTableEntry(rawValue: word)
      if slot == Int(vm.pages.directoryIndex) {
        if upper.frameNumber != MonitorPages.tableFrame.number {
          report(.ownPages(guest: vm.guest.name))
        }
      } else if upper.isPresent {
        if vm.shadows.pool.contains(upper.frameNumber) {
          tables.append((UInt32(slot), upper.frameNumber))
        } else {
          report(
            .foreignTable(
              guest: vm.guest.name, slot: UInt32(slot), MachineFrame(upper.frameNumber)))
        }
      }
    }
    found[Int(frame)] = Finding(guest: guest, slot: nil, bytes: bytes, tables: tables)
  }

  private func check(
    table frame: UInt32, _ slot: UInt32, _ vm: VirtualMachine, _ guest: Int,
    _ monitor: VirtualMachineMonitor
  ) {
    let bytes = Self.bytes(of: frame, monitor)
    for (index, word) in Self.words(bytes).enumerated() {
      let leaf = PageTableEntry(rawValue: word)
      guard leaf.isPresent else { continue }
      let page = VirtualAddress(slot << 22 | UInt32(index) << 12).frame
      if !isOwned(leaf.frameNumber, by: guest) {
        report(.foreignFrame(guest: vm.guest.name, page, MachineFrame(leaf.frameNumber)))
      }
      if leaf.ring == .ring0 { report(.codeZero(guest: vm.guest.name, page)) }
    }
    found[Int(frame)] = Finding(guest: guest, slot: slot, bytes: bytes, tables: [])
  }

  /// What the TLBs still hold is the running guest's, or the VMM's at its place.
  private func checkBuffers(_ vm: VirtualMachine, _ monitor: VirtualMachineMonitor) {
    let machine = monitor.machine
    for entry in machine.fetchTLBEntries + machine.dataTLBEntries where entry.isValid {
      if vm.pages.contains(entry.page.start) {
        if entry.frame.number > MonitorPages.tableFrame.number {
          report(.foreignFrame(guest: vm.guest.name, entry.page, entry.frame))
        }
      } else if entry.ring == .ring0 {
        report(.codeZero(guest: vm.guest.name, entry.page))
      } else if !isOwned(entry.frame.number, by: monitor.state.currentIndex) {
        report(.foreignFrame(guest: vm.guest.name, entry.page, entry.frame))
      }
    }
  }
}

extension VirtualMachineMonitor {
  /// Every virtual machine as it is, the current one's included.
  var allMachines: [VirtualMachine] {
    guard state.isShared else { return [state.current] }
    var machines = state.machines
    machines[state.currentIndex] = state.current
    return machines
  }
}

extension ShadowState {
  /// The frames of the pool that are in use.
  var tableFrames: [UInt32] {
    let free = Set(free)
    return pool.filter { !free.contains($0) }
  }
}
