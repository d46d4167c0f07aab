import Foundation
import Onion
import OnionISA
import ReferenceOnion

/// A machine in the state of a reference machine whose TLBs are empty.
///
/// - Parameter words: memory from address 0; the rest is 0.
func makeMachine(like reference: ReferenceMachine, words: [UInt32]) -> Machine? {
  let size = UInt32(reference.memory.count)
  guard
    let machine = Machine(
      profile: reference.profile == .strict ? .strict : .classic, memorySize: size)
  else { return nil }
  // A plain loop: sixty thousand words are many in a debug build.
  words.withUnsafeBufferPointer { words in
    var index = 0
    while index < words.count {
      if words[index] != 0 { machine.write(words[index], at: MachineAddress(UInt32(index) * 4)) }
      index += 1
    }
  }
  for number in 1..<16 { machine[Register(bits: UInt32(number))] = reference.registers[number] }
  machine.set(.mode, reference.mode)
  machine.set(.ptbr, reference.ptbr)
  machine.set(.tvec, reference.tvec)
  machine.set(.ksp0, reference.ksp[0])
  machine.set(.ksp1, reference.ksp[1])
  machine.set(.ksp2, reference.ksp[2])
  machine.set(.badaddr, reference.badaddr)
  machine.pc = VirtualAddress(reference.pc)
  machine.status = Status(rawValue: reference.status)
  machine.cycles = reference.cycles
  machine.instructionsRetired = reference.instret
  machine.devices.console.control = reference.consoleControl
  machine.devices.console.input = reference.consoleInput
  machine.devices.timer.interval = reference.timerInterval
  machine.devices.timer.nextTick = reference.timerInterval == 0 ? .max : reference.nextTick
  machine.devices.timer.isInterruptPending = reference.timerPending
  return machine
}

/// How much of two machines is compared.
enum Thoroughness {
  /// Registers, control registers, counters, devices, what the last beat wrote.
  case quick
  /// The TLBs too.
  case thorough
  /// All of memory too.
  case complete
}

/// What differs between a machine and the reference, in words; empty if nothing does.
func differences(
  _ machine: Machine, _ reference: ReferenceMachine, _ thoroughness: Thoroughness
) -> [String] {
  var found: [String] = []
  func same<Value: Equatable>(_ name: @autoclosure () -> String, _ a: Value, _ b: Value) {
    if a != b { found.append("\(name()): machine \(hex(a)), reference \(hex(b))") }
  }

  for number in 0..<16 {
    same("r\(number)", machine[Register(bits: UInt32(number))], reference.registers[number])
  }
  same("pc", machine.pc.rawValue, reference.pc)
  same("status", machine.status.rawValue, reference.status)
  for number in [1, 2, 3, 4, 5, 6, 7, 12] as [UInt16] {
    guard let control = ControlRegister(rawValue: number) else { continue }
    same(control.name, machine.value(of: control), reference.readControl(UInt32(number)))
  }
  same("cycles", machine.cycles, reference.cycles)
  same("instret", machine.instructionsRetired, reference.instret)
  if reference.stop == nil { same("waiting", machine.isWaiting, reference.waiting) }
  same("stop", reason(machine.stop), reference.stop)

  let console = machine.devices.console
  same("console output", console.output.bytes, reference.consoleOutput)
  same("console input", console.input.count - console.consumed, reference.consoleInput.count)
  same("console control", console.control, reference.consoleControl)
  let timer = machine.devices.timer
  same("timer interval", timer.interval, reference.timerInterval)
  same(
    "next tick", timer.nextTick, reference.timerInterval == 0 ? .max : reference.nextTick)
  same("timer pending", timer.isInterruptPending, reference.timerPending)
  same("ticks", timer.ticks, UInt32(truncatingIfNeeded: reference.ticks))
  let disk = machine.devices.disk
  same("disk status", disk.state.rawValue, reference.diskStatus)
  same("disk pending", disk.isInterruptPending, reference.diskPending)
  same("disk due", disk.due, reference.diskStatus == 1 ? reference.diskDone : .max)
  let network = machine.devices.network
  same("network status", network.state.rawValue, reference.networkStatus)
  same("network pending", network.isInterruptPending, reference.networkPending)
  same("network length", network.length, reference.networkLength)
  same("frames sent", Int(network.sent.count), reference.sentFrames.count)

  for address in reference.written {
    let byte = machine.memory.byte(at: MachineAddress(address))
    same("byte at \(hex(address))", byte, reference.memory[Int(address)])
  }
  if thoroughness != .quick {
    compareTLBs("fetch", machine.fetchTLBEntries, reference.fetchTLB, &found)
    compareTLBs("data", machine.dataTLBEntries, reference.dataTLB, &found)
  }
  if thoroughness == .complete {
    compareMemory(machine, reference, &found)
    if network.sent != SentFrames(reference.sentFrames) { found.append("frames sent differ") }
    for (number, bytes) in reference.disks.enumerated() {
      for (place, byte) in bytes {
        let sector = machine.devices.disks[number]?[UInt32(place / 512)]
        same("byte \(place) of disk \(number)", sector?[place % 512], byte)
      }
    }
  }
  return found
}

private func compareTLBs(
  _ name: String, _ entries: [TLBEntry], _ wanted: [ReferenceTLBEntry?], _ found: inout [String]
) {
  for (slot, (entry, want)) in zip(entries, wanted).enumerated() {
    let have = entry.isValid ? referenceEntry(entry) : nil
    if have != want {
      found.append(
        "\(name) TLB \(slot): machine \(have.map { "\($0)" } ?? "empty"), "
          + "reference \(want.map { "\($0)" } ?? "empty")")
    }
  }
}

private func referenceEntry(_ entry: TLBEntry) -> ReferenceTLBEntry {
  ReferenceTLBEntry(
    page: entry.page.number, frame: entry.frame.number, writable: entry.isWritable,
    ring: entry.ring.bits, dirty: entry.isDirty)
}

private func compareMemory(
  _ machine: Machine, _ reference: ReferenceMachine, _ found: inout [String]
) {
  let bytes = machine.memory.bytes(at: MachineAddress(0), count: machine.memory.size)
  let isSame = bytes.withUnsafeBytes { a in
    reference.memory.withUnsafeBytes { b in
      guard let first = a.baseAddress, let second = b.baseAddress else { return false }
      return a.count == b.count && memcmp(first, second, a.count) == 0
    }
  }
  if isSame { return }
  for index in bytes.indices where bytes[index] != reference.memory[index] {
    found.append(
      "memory at \(hex(index)): machine \(hex(bytes[index])), "
        + "reference \(hex(reference.memory[index]))")
    if found.count > 20 { return }
  }
}

/// The reference's word for why the machine stopped.
func reason(_ stop: Stop?) -> ReferenceStop? {
  switch stop {
  case nil, .noRoomForMonitor: nil
  case .switchedOff: .poweredOff
  case .haltedForGood: .haltedWithInterruptsOff
  case .haltedNothingCanCome: .nothingCanCome
  case .tripleFault: .tripleFault
  }
}

/// Numbers in hexadecimal, anything else as it prints.
private func hex<Value>(_ value: Value) -> String {
  if let number = value as? any FixedWidthInteger & UnsignedInteger {
    return "0x" + String(UInt64(number), radix: 16)
  }
  if let number = value as? Int { return "0x" + String(number, radix: 16) }
  return "\(value)"
}
