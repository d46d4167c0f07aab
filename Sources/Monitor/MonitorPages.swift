import Onion
import OnionISA

/// Where the VMM's own pages lie, in the machine's memory and in every address space.
///
/// Machine frames: 0 doorway · 1 trap table · 2 the ring-0 stack · 3 the page table that maps these ·
/// from 4 on, frames for shadow tables. The guest's memory begins behind them.
public struct MonitorPages: Hashable, Sendable {
  /// The entry of every directory under which the pages lie; the top 4 MiB unless they had to move.
  public var directoryIndex: UInt32 = 1023

  public static let doorwayFrame = MachineFrame(0)
  public static let trapTableFrame = MachineFrame(1)
  public static let stackFrame = MachineFrame(2)
  public static let tableFrame = MachineFrame(3)
  /// Frames that shadow tables are made of.
  public static let poolFrames: Range<UInt32> = 4..<256
  /// Frames that another guest's shadow tables are made of.
  public static let poolSize: UInt32 = 252
  /// Where the guest's memory begins.
  public static let guestMemoryStart = MachineAddress(poolFrames.upperBound << 12)

  /// The pages' first address.
  public var start: VirtualAddress { VirtualAddress(directoryIndex << 22) }
  /// 64 words, one for each vector: a fetch in ring 0 hands over to the VMM.
  public var doorway: VirtualAddress { start }
  /// The real `iret` by which the VMM goes back.
  public var returnInstruction: VirtualAddress { start + 0x100 }
  public var trapTable: VirtualAddress { start + 0x1000 }
  /// The value of `ksp0`.
  public var stackTop: VirtualAddress { start + 0x3000 }

  /// True if `address` lies in the 4 MiB that the VMM's pages take.
  public func contains(_ address: VirtualAddress) -> Bool {
    address.directoryIndex == directoryIndex
  }

  /// The machine address of the frame that trap delivery pushes: error, pc, status, sp.
  static let savedFrame = MachineAddress(stackFrame.number << 12 + 0xFF0)

  /// The vectors that have a gate: those that can be raised.
  static let gates: [UInt8] = Array(0...8) + Array(16...19) + Array(Vector.software)
}

extension VirtualMachineMonitor {
  /// Writes doorway, trap table and the table that maps them, and points the real CPU at them.
  func placeOwnPages() {
    let pages = state.pages
    for vector in 0..<UInt32(Gate.count) {
      // Opcode FF is unassigned: outside the doorway it would be an undefined instruction.
      machine.write(0xFF00_0000 | vector, at: MachineAddress(vector * 4))
    }
    let back = DecodedInstruction(.iret).word
    machine.write(back, at: MonitorPages.doorwayFrame.start + 0x100)

    for vector in MonitorPages.gates {
      let gate = Gate(
        handler: pages.doorway + UInt32(vector) * 4,
        admits: Vector.software.contains(vector) ? .ring3 : .ring0)
      let place = MonitorPages.trapTableFrame.start + UInt32(vector) * Gate.size
      machine.write(gate.handler.rawValue, at: place)
      machine.write(gate.flags, at: place + 4)
    }
    let own = [
      (MonitorPages.doorwayFrame, false), (MonitorPages.trapTableFrame, false),
      (MonitorPages.stackFrame, true),
    ]
    for (index, (frame, writable)) in own.enumerated() {
      let entry = PageTableEntry(frameNumber: frame.number, writable: writable, ring: .ring0)
      machine.write(entry.rawValue, at: MonitorPages.tableFrame.start + UInt32(index) * 4)
    }
    machine.set(.tvec, pages.trapTable.rawValue)
    machine.set(.ksp0, pages.stackTop.rawValue)
    machine.doorway = MonitorPages.doorwayFrame
  }

  /// Moves the VMM's pages to another 4 MiB that the guest leaves free: by its directory, or beyond its memory
  /// with its paging off; false if there is none.
  func relocate() -> Bool {
    let old = state.pages
    let key = state.guest.cpu.shadowKey
    let free = (0..<UInt32(1024)).reversed().first { index in
      guard index != old.directoryIndex else { return false }
      return switch key {
      case .pagingOff: index << 22 >= state.guest.memorySize
      case .directory(let directory):
        !PageTableEntry(rawValue: guestWord(directory + index * 4)).isPresent
      }
    }
    guard let free else { return false }
    dropAllShadows()
    state.pages.directoryIndex = free
    placeOwnPages()
    state.guest.counts.relocations += 1
    note(
      .relocated(from: old.start, to: state.pages.start, .guestUsesPlace),
      machine.cycleTable.vmmRelocate)
    return true
  }

  /// Puts the VMM's pages where they lie in the address spaces of the guest that gets the CPU, if the real CPU has them
  /// elsewhere.
  func placeOwnPagesForGuest() {
    let old = VirtualAddress(machine.value(of: .tvec)) - 0x1000
    guard old != state.pages.start else { return }
    placeOwnPages()
    state.guest.counts.relocations += 1
    note(
      .relocated(from: old, to: state.pages.start, .guestSwitch), machine.cycleTable.vmmRelocate)
  }
}
