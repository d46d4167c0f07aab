import Onion
import OnionISA

// An entry into the VMM: why, what to do about it, and back.
extension VirtualMachineMonitor {
  /// The real CPU came through the gate of `vector`.
  func enter(_ vector: Vector) {
    let entry = savedEntry(vector)
    account()
    state.guest.counts.entries += 1
    state.entries += 1
    state.lastEntry = entry
    state.cause = MonitorAccount.own
    state.causeBeforeSwitch = nil
    let purpose = state.timerPurpose
    silenceTimer()
    state.pc = entry.pc
    machine[.sp] = entry.stackPointer
    note(.entered(entry), machine.cycleTable.vmmDispatch)
    if vector == .timer, let purpose { note(.timerCame(purpose)) }
    if vector == .step, state.stepsForInterrupt { note(.steppedForInterrupt) }
    // The instruction before a step trap began with this TF, whatever it made of it.
    let began = state.guest.cpu.status
    if machine.profile == .classic { believe(entry.status) }
    noticeTicks()
    dispatch(entry, began: began)
    settle()
  }

  private func dispatch(_ entry: MonitorEntry, began: Status) {
    switch entry.vector {
    case .timer: break
    case .console: takeInput()
    case .step:
      if began.stepTrap || state.guest.cpu.status.stepTrap {
        deliverOrDouble(DeliveryRequest(Trap(.step), pc: entry.pc))
      }
    case .hypercall where answersHypercalls:
      beginInstruction()
      hypercall(entry.error)
    case .breakpoint, .hypercall:
      beginInstruction()
      countAsSoftwareTrap()
      if entry.vector == .hypercall {
        let cpl = state.guest.cpu.status.cpl
        note(
          .declinedHypercall(
            number: entry.error,
            state.current.isParavirtual ? .outerRing(cpl) : .notParavirtual))
      }
      deliverOrDouble(DeliveryRequest(Trap(entry.vector, error: entry.error), pc: entry.pc))
    case .protection: protection(entry)
    case .page: pageFault(PageFaultError(rawValue: entry.error))
    case .undefined: reflect(.undefined(word: entry.error))
    case .divide:
      if let instruction = readInstruction() { reflect(.divisionByZero(instruction.instruction)) }
    case .misaligned: reflect(.misaligned(VirtualAddress(entry.error), misalignedAccess(entry)))
    case let vector where Vector.software.contains(vector.rawValue): softwareTrap(entry)
    default: deliverOrDouble(DeliveryRequest(Trap(entry.vector, error: entry.error), pc: entry.pc))
    }
  }

  /// What the delivery pushed onto the VMM's stack.
  private func savedEntry(_ vector: Vector) -> MonitorEntry {
    func word(_ offset: UInt32) -> UInt32 {
      machine.memory.word(at: MonitorPages.savedFrame + offset) ?? 0
    }
    return MonitorEntry(
      vector: vector, error: word(0), pc: VirtualAddress(word(4)),
      status: Status(rawValue: word(8)), stackPointer: word(12))
  }

  /// Adds to guest time and count what ran directly since the guest was resumed.
  private func account() {
    state.guest.cpu.cycles += machine.lastDeliveryStart - state.resumedAtCycle
    state.guest.cpu.instret += machine.instructionsRetired - state.resumedAtInstret
    let direct = machine.instructionsRetired - state.resumedAtInstret
    state.guest.counts.direct += direct
    // The delay of a virtual `sti` ended with the next instruction begun.
    if direct > 0 { state.guest.cpu.holdsInterrupts = false }
  }

  /// The instruction that trapped has begun for the guest: the delay of a virtual `sti` before it is over. One that
  /// comes again after a hidden fault has not.
  func beginInstruction() { state.guest.cpu.holdsInterrupts = false }

  /// On the classic profile the guest may have changed TF, or gone to ring 2 or 3, without a trap.
  private func believe(_ real: Status) {
    let old = state.guest.cpu.status
    state.current.believe(real)
    if state.guest.cpu.status != old {
      note(.statusChanged(old: old, new: state.guest.cpu.status))
    }
  }

  /// A refused instruction: emulated if the guest's virtual state allows it, else told to its kernel.
  private func protection(_ entry: MonitorEntry) {
    guard let instruction = readInstruction() else { return }
    let status = state.guest.cpu.status
    let needed: Ring
    let refusal: Refusal
    switch instruction.instruction {
    case .in, .out:
      needed = status.iopl
      refusal = .port(
        instruction.instruction, port: instruction.port, ring: status.cpl, iopl: status.iopl)
    case .iret where machine.profile == .classic:
      // In ring 1 it was a frame with CPL 0; whether that is inward depends on the virtual ring.
      needed = status.cpl
      refusal = .privileged(.iret, ring: status.cpl)
    default:
      needed = .ring0
      refusal = .privileged(instruction.instruction, ring: status.cpl)
    }
    let isAllowed = !status.cpl.isOutward(of: needed)
    note(.checkedRing(virtual: status.cpl, needed: needed, isAllowed: isAllowed))
    if isAllowed {
      emulate(instruction)
    } else {
      reflect(refusal)
    }
  }

  /// An `int`: its delivery is part of the instruction, so what fails is the `int`'s own fault.
  private func softwareTrap(_ entry: MonitorEntry) {
    beginInstruction()
    do {
      delivered(
        try deliver(DeliveryRequest(Trap(entry.vector), pc: entry.pc, isSoftware: true)))
      state.guest.cpu.cycles += machine.cycleTable.plain
      countAsSoftwareTrap()
    } catch {
      // The real `int` completed and was counted; the guest's didn't.
      state.guest.cpu.instret -= 1
      state.guest.counts.direct -= 1
      state.pc = entry.pc - 4
      reflect(error)
    }
  }

  /// The real instruction completed, but what it is for the guest the VMM did: it didn't run directly.
  private func countAsSoftwareTrap() {
    state.guest.counts.direct -= 1
    state.guest.counts.softwareTraps += 1
  }

  /// Tells the guest's kernel of a fault of the instruction at the guest's pc.
  func reflect(_ refusal: Refusal) {
    beginInstruction()
    note(.refused(refusal))
    if let address = refusal.badAddress { state.guest.cpu.badaddr = address }
    if case .page = refusal { state.guest.counts.trueFaults += 1 }
    deliverOrDouble(DeliveryRequest(refusal.trap, pc: state.pc))
  }

  /// The guest's instruction, read through the guest's tables; nil only if a program changed it under
  /// the VMM's hands, in which case the guest runs it again.
  func readInstruction() -> DecodedInstruction? {
    guard let place = machineAddress(of: state.pc), let word = machine.memory.word(at: place),
      let instruction = DecodedInstruction(word: word)
    else { return nil }
    note(
      .readInstruction(pc: state.pc, word: word, instruction),
      machine.cycleTable.vmmReadInstruction)
    return instruction
  }

  private func misalignedAccess(_ entry: MonitorEntry) -> Access {
    guard entry.pc.isAligned(to: 4), let instruction = readInstruction() else { return .fetch }
    switch instruction.instruction {
    case .jalr, .iret: return .fetch
    case .sw, .sh, .sb, .swap: return .store
    default: return .load
    }
  }

  /// Hands what was typed at the real console to the guest's.
  func takeInput() {
    let waiting = machine.devices.console.input.count - machine.devices.console.consumed
    guard waiting > 0 else { return }
    for _ in 0..<waiting {
      let byte = UInt8(truncatingIfNeeded: machine.devices.read(Port.consoleData.rawValue))
      if state.isShared, state.consoleIndex != state.currentIndex {
        state.machines[state.consoleIndex].guest.devices.console.input.append(byte)
      } else {
        state.guest.devices.console.input.append(byte)
        if state.isShared {
          state.machines[state.currentIndex].guest.devices.console.input.append(byte)
        }
      }
    }
    note(
      .receivedInput(waiting, guest: state.isShared ? state.consoleIndex : state.currentIndex))
  }
}
