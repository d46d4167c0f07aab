import Monitor
import Onion
import OnionISA

/// Something that a person did to the machine from outside. Going back and forward repeats it.
public enum Change: Hashable, Sendable {
  case register(Register, UInt32)
  case pc(VirtualAddress)
  /// A word at an address of the program.
  case word(VirtualAddress, UInt32)
  case byte(VirtualAddress, UInt8)
  /// What the assembler made, at addresses of the program: all of it or nothing.
  case code([Image.Piece])
  /// A word at a physical address of the program's machine.
  case physicalWord(UInt32, UInt32)
  case physicalByte(UInt32, UInt8)
  /// The real status; under the VMM the virtual one isn't touched.
  case status(Status)
  case control(ControlRegister, UInt32)
  /// What was typed at the console.
  case typed([UInt8])
  /// One compressed shadow table, or one for each view.
  case compressedTable(Bool)
  case cost(Int, UInt64)
  /// A disk is pulled, or an empty one put in its place: of the real machine, or of one guest.
  case disk(Int, isPresent: Bool, guest: Int?)
  /// Another guest beside those that there are; it begins paused.
  case addGuest(name: String, image: Image, memorySize: UInt32)
  /// Another guest that goes on from where one was kept; it begins paused.
  case addCopy(name: String, GuestCheckpoint, image: Image)
  /// A guest becomes what it was when it was kept.
  case restoreGuest(Int, GuestCheckpoint)
  /// The guest is to know of its VMM.
  case paravirtual(Int)
  /// Frames that the VMM asks the guest to give up.
  case balloon(Int, frames: UInt32)
  /// What a guest is to have of the CPU.
  case share(Int, ShareChange)
  case stopGuest(Int)
  /// What is typed goes to that guest.
  case useConsole(Int)
}

/// What is changed of a guest's share of the CPU.
public enum ShareChange: Hashable, Sendable {
  case weight(UInt32)
  case cap(UInt32?)
  case paused(Bool)
}

/// Why a change can't be made.
public enum ChangeError: Error, Hashable, Sendable {
  /// The address leads nowhere.
  case noMemory(VirtualAddress)
  /// Under the VMM only registers, memory and what is typed can be changed.
  case notUnderMonitor
  case noMonitor
  /// The machine has so many disks.
  case noDisk(count: Int)
  /// The guest can't be made.
  case guest(MonitorError)
  /// The guest can't go on from there.
  case restore(RestoreError)
}

extension World {
  func apply(_ change: Change) throws(ChangeError) {
    switch change {
    case .register(let register, let value): machine[register] = value
    case .word(let address, let value):
      try write(at: machineAddress(of: address), address) { _ in value }
    case .byte(let address, let value):
      try write(at: machineAddress(of: address), address) {
        $0.withByte(value, at: address.rawValue)
      }
    case .code(let pieces):
      let bytes = pieces.flatMap { piece in
        piece.bytes.enumerated().map {
          (VirtualAddress(piece.address &+ UInt32($0.offset)), $0.element)
        }
      }
      for (address, _) in bytes where byte(at: address) == nil { throw .noMemory(address) }
      for (address, byte) in bytes { try apply(.byte(address, byte)) }
    case .physicalWord(let address, let value):
      let place = machineAddress(ofPhysical: address)
      try write(at: place, VirtualAddress(address)) { _ in value }
    case .physicalByte(let address, let value):
      let place = machineAddress(ofPhysical: address)
      try write(at: place, VirtualAddress(address)) { $0.withByte(value, at: address) }
    case .pc(let address):
      guard monitor?.isGuestRunning ?? true else { throw .notUnderMonitor }
      machine.pc = address
    case .status(let status):
      guard monitor == nil else { throw .notUnderMonitor }
      machine.status = status
    case .control(let control, let value):
      guard monitor == nil else { throw .notUnderMonitor }
      machine.set(control, value)
    case .typed(let bytes): machine.type(bytes)
    case .compressedTable(let on):
      guard let monitor else { throw .noMonitor }
      monitor.usesCompressedTable = on
    case .disk(let number, let isPresent, let guest):
      let count = machine.devices.disks.count
      guard number >= 0, number < count else { throw .noDisk(count: count) }
      if let guest {
        guard let monitor else { throw .noMonitor }
        monitor.setDisk(number, isPresent: isPresent, of: guest)
        return
      }
      let size =
        monitor == nil ? DiskContents.usualSectorCount : VirtualMachineMonitor.realSectorCount
      machine.devices.disks[number] = isPresent ? DiskContents(sectorCount: size) : nil
    case .addGuest(let name, let image, let memorySize):
      guard let monitor else { throw .noMonitor }
      do throws(MonitorError) {
        try monitor.addGuest(name: name, image: image, memorySize: memorySize)
      } catch {
        throw .guest(error)
      }
    case .addCopy(let name, let checkpoint, _):
      guard let monitor else { throw .noMonitor }
      do throws(RestoreError) {
        try monitor.addGuest(from: checkpoint, name: name)
      } catch {
        throw .restore(error)
      }
    case .restoreGuest(let index, let checkpoint):
      guard let monitor else { throw .noMonitor }
      do throws(RestoreError) {
        try monitor.restoreGuest(index, from: checkpoint)
      } catch {
        throw .restore(error)
      }
    case .paravirtual(let index):
      guard let monitor else { throw .noMonitor }
      monitor.makeParavirtual(index)
    case .balloon(let index, let frames):
      guard let monitor else { throw .noMonitor }
      monitor.setBalloonTarget(frames, of: index)
    case .share(let index, let change):
      guard let monitor else { throw .noMonitor }
      monitor.changeShare(of: index) { share in
        switch change {
        case .weight(let weight): share.weight = weight
        case .cap(let cap): share.cap = cap
        case .paused(let isPaused): share.isPaused = isPaused
        }
      }
    case .stopGuest(let index):
      guard let monitor else { throw .noMonitor }
      monitor.stopGuest(index)
    case .useConsole(let index):
      guard let monitor else { throw .noMonitor }
      monitor.useConsole(of: index)
    case .cost(let index, let value):
      guard CycleTable.entries.indices.contains(index) else { return }
      machine.cycleTable[keyPath: CycleTable.entries[index].keyPath] = value
    }
  }

  /// Writes the word that holds a machine address. The VMM notices, as with a device: what it derived
  /// from a guest's page table that changes is dropped.
  private func write(
    at place: MachineAddress?, _ address: VirtualAddress, _ change: (UInt32) -> UInt32
  ) throws(ChangeError) {
    guard let place, let old = machine.memory.word(at: place) else { throw .noMemory(address) }
    if let monitor, let guestPlace = monitor.guest.guestAddress(of: place) {
      monitor.writeGuest(change(old), at: guestPlace)
    } else {
      machine.write(change(old), at: place)
    }
  }
}

extension UInt32 {
  /// The word with one of its bytes replaced: the one that an address names.
  fileprivate func withByte(_ byte: UInt8, at address: UInt32) -> UInt32 {
    let shift = 8 * (address & 3)
    return self & ~(0xFF << shift) | UInt32(byte) << shift
  }
}
