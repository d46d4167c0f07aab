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
}

/// Why a change can't be made.
public enum ChangeError: Error, Hashable, Sendable {
  /// The address leads nowhere.
  case noMemory(VirtualAddress)
  /// Under the VMM only registers, memory and what is typed can be changed.
  case notUnderMonitor
  case noMonitor
}

extension World {
  func apply(_ change: Change) throws(ChangeError) {
    switch change {
    case .register(let register, let value): machine[register] = value
    case .word(let address, let value):
      guard let place = machineAddress(of: address) else { throw .noMemory(address) }
      machine.write(value, at: place)
    case .byte(let address, let value):
      guard let place = machineAddress(of: address) else { throw .noMemory(address) }
      machine.writeByte(value, at: place)
    case .physicalWord(let address, let value):
      guard let place = machineAddress(ofPhysical: address) else {
        throw .noMemory(VirtualAddress(address))
      }
      machine.write(value, at: place)
    case .physicalByte(let address, let value):
      guard let place = machineAddress(ofPhysical: address) else {
        throw .noMemory(VirtualAddress(address))
      }
      machine.writeByte(value, at: place)
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
    case .cost(let index, let value):
      guard CycleTable.entries.indices.contains(index) else { return }
      machine.cycleTable[keyPath: CycleTable.entries[index].keyPath] = value
    }
  }
}
