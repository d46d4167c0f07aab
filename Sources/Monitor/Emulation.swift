import Onion
import OnionISA

// Sensitive instructions carried out on the virtual CPU.
extension VirtualMachineMonitor {
  /// Carries out an instruction that the guest's virtual ring allows.
  func emulate(_ decoded: DecodedInstruction) {
    beginInstruction()
    let old = state.guest.cpu.status
    let a = machine[decoded.a]
    var cost = machine.cycleTable.cost(of: decoded.instruction)
    state.guest.counts.emulated += 1
    state.cause = MonitorAccount.emulated(decoded.instruction)
    machine.cycles += machine.cycleTable.vmmEmulate

    switch decoded.instruction {
    case .getst: set(decoded.d, old.rawValue)
    case .gettv: set(decoded.d, state.guest.cpu.tvec)
    case .setst:
      let writable: UInt32 = 0x3C
      change(Status(rawValue: old.rawValue & ~writable | a & writable))
    case .cli: change(Status(rawValue: old.rawValue & ~Status.interruptBit))
    case .sti:
      if !old.interruptsEnabled { state.guest.cpu.holdsInterrupts = true }
      change(Status(rawValue: old.rawValue | Status.interruptBit))
    case .iret:
      do {
        let frame = try trapFrame(outerKeeps: Status.keptByOuterReturn)
        note(.returned(frame))
        enter(pc: frame.pc, status: frame.status, stackPointer: frame.stackPointer)
      } catch {
        state.guest.counts.emulated -= 1
        state.cause = MonitorAccount.own
        if isRecording {
          events.append(
            ChargedEvent(
              event: .emulationRefused(decoded), cycles: machine.cycleTable.vmmEmulate))
        }
        return reflect(error)
      }
    case .hlt: halt(old)
    case .getcr:
      if let control = decoded.controlRegister { set(decoded.d, value(of: control)) }
    case .setcr:
      if let control = decoded.controlRegister { change(control, a) }
    case .invlpg:
      machine.dropFromTLBs(VirtualAddress(a))
      note(.droppedTranslation(VirtualAddress(a)))
    case .in:
      let value = state.guest.devices.read(decoded.port)
      note(.portRead(decoded.port, value: value))
      set(decoded.d, value)
    case .out:
      let value = machine[decoded.d]
      state.guest.devices.write(
        value, to: decoded.port, at: state.guest.cpu.cycles + cost, costs: machine.cycleTable)
      note(.portWritten(decoded.port, value: value))
      if state.guest.devices.isSwitchedOff { state.guest.cpu.stop = .switchedOff }
    default:
      // Nothing else is refused by the CPU for its privilege.
      state.guest.counts.emulated -= 1
      state.cause = MonitorAccount.own
      cost = 0
      return
    }
    if isRecording {
      events.append(
        ChargedEvent(event: .emulated(decoded), cycles: machine.cycleTable.vmmEmulate))
    }
    complete(decoded.instruction, cost: cost, began: old)
  }

  /// An instruction that the VMM carried out counts as the guest's own; a step trap follows if it began
  /// with TF set.
  func complete(_ instruction: Instruction, cost: UInt64, began: Status) {
    if instruction != .iret { state.pc = state.pc + 4 }
    state.guest.cpu.cycles += cost
    state.guest.cpu.instret += 1
    if began.stepTrap, state.guest.cpu.stop == nil {
      deliverOrDouble(DeliveryRequest(Trap(.step), pc: state.pc))
    }
  }

  func set(_ register: Register, _ value: UInt32) {
    note(.registerChanged(register, old: machine[register], new: value))
    machine[register] = value
  }

  private func change(_ new: Status) {
    note(.statusChanged(old: state.guest.cpu.status, new: new))
    state.guest.cpu.status = new
  }

  private func change(_ control: ControlRegister, _ value: UInt32) {
    let old = self.value(of: control)
    state.guest.cpu.set(control, value)
    if control == .mode || control == .ptbr { machine.emptyTLBs() }
    note(.controlChanged(control, old: old, new: self.value(of: control)))
  }

  /// TF first, then IF, as on the bare machine.
  private func halt(_ status: Status) {
    if status.stepTrap { return note(.halted(.endsByStepTrap)) }
    if status.interruptsEnabled {
      state.guest.cpu.isWaiting = true
      note(.halted(.untilInterrupt))
    } else {
      state.guest.cpu.stop = .haltedForGood
      note(.halted(.forGood))
    }
  }
}
