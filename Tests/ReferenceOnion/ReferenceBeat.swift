extension ReferenceMachine {
  /// One beat: the delivery of a pending interrupt, or one instruction with any trap it causes.
  public func step() -> ReferenceOutcome {
    written = []
    raised = []
    if let stop { return .stopped(stop) }

    if waiting {
      guard passTimeUntilAnInterruptIsPending() else {
        stop = .nothingCanCome
        return .stopped(.nothingCanCome)
      }
      waiting = false
    }
    noticeTicks()

    if let vector = pendingInterrupt, interruptsOn, !stiDelay {
      raise(Trap(vector: vector, error: 0), savedPC: pc)
      return outcome(.interrupt)
    }

    stiDelay = false
    runInstruction()
    return outcome(.instruction)
  }

  private func outcome(_ usual: ReferenceOutcome) -> ReferenceOutcome {
    if let stop { .stopped(stop) } else { usual }
  }

  /// False if none can ever come.
  private func passTimeUntilAnInterruptIsPending() -> Bool {
    if pendingInterrupt != nil { return true }
    guard let next = nextEvent else { return false }
    if cycles < next { cycles = next }
    return true
  }

  /// What remains to be done once an instruction has completed.
  enum Completion {
    /// Nothing but the step trap, if the instruction began with TF = 1.
    case ordinary
    /// Its own trap, which saves the next pc: no step trap.
    case trap(Trap)
    /// No step trap: it has delivered its trap itself, or the machine is off.
    case nothing
  }

  private func runInstruction() {
    let beganWithStepTrap = stepTrapOn
    do throws(Trap) {
      if pc % 4 != 0 { throw Trap(vector: 6, error: pc) }
      let place = try translate(pc, .fetch, ring: cpl)
      let word = readWord(physical: place.address)
      guard Self.isInstruction(word) else { throw Trap(vector: 3, error: word) }
      try checkPrivilege(word)

      let completion = try execute(word)
      cycles &+= Self.cost(word)
      instret &+= 1
      switch completion {
      case .ordinary:
        if beganWithStepTrap { raise(Trap(vector: 1, error: 0), savedPC: pc) }
      case .trap(let trap): raise(trap, savedPC: pc)
      case .nothing: break
      }
    } catch {
      // A fault: the instruction has changed nothing.
      raise(error, savedPC: pc)
    }
  }

  /// Section 8: what a completed instruction costs.
  static func cost(_ word: UInt32) -> UInt64 {
    switch word >> 24 {
    case 0x12, 0x1F: 3  // mul, mulhu
    case 0x13, 0x14, 0x1D, 0x1E: 20  // div, rem, divu, remu
    case 0x8B: 20  // iret
    case 0xA0, 0xA1: 10  // in, out
    default: 1
    }
  }
}
