import Onion
import OnionISA

@testable import Monitor

// Each event, believed and checked. The switch has no default: a new event has to be told here what it says.
extension EventLedger {
  mutating func tell(_ charged: ChargedEvent) {
    self.charged += charged.cycles
    switch charged.event {
    case .entered(let entry): entered(entry)
    case .timerCame(let purpose): timerCame(purpose)
    case .steppedForInterrupt:
      expect(before.state.stepsForInterrupt && entry?.vector == .step, "no step was asked for")
    case .readInstruction(let pc, let word, let decoded):
      expect(pc == guests[current].pc && self.word(at: pc) == word, "no such instruction at \(pc)")
      instruction = decoded
    case .checkedRing(let virtual, let needed, let isAllowed):
      expect(virtual == guests[current].ring, "virtual ring \(virtual)")
      expect(isAllowed == (virtual.rawValue <= needed.rawValue), "allowed or not")
    case .statusChanged(let old, let new):
      expect(old == guests[current].status, "old status \(old)")
      guests[current].status = new
    case .controlChanged(let control, let old, let new):
      if let own = guests[current].controls[control] {
        // Bit 31 of mode tells the profile, and is the hardware's.
        expect(own & ~(1 << 31) == old & ~(1 << 31), "old \(control)")
        guests[current].controls[control] = new & ~(control == .mode ? 1 << 31 : 0)
      }
      expect(
        register(instruction?.a).map { $0 & control.writeMask == new & control.writeMask } ?? true,
        "new \(control)")
    case .registerChanged(let register, let old, let new):
      expect(self.register(register) ?? old == old, "old \(register)")
      if register != .zero { guests[current].registers?[Int(register.number)] = new }
      if let value = portValue { expect(value == new, "what the port gave") }
      portValue = nil
    case .portRead(let port, let value):
      expect(instruction?.port == port, "port \(port)")
      portValue = value
    case .portWritten(let port, let value):
      expect(instruction?.port == port, "port \(port)")
      expect(register(instruction?.d) ?? value == value, "what was written to port \(port)")
      if port == Port.power.rawValue, value == 1 { guests[current].stop = .switchedOff }
    case .returned(let frame): returned(frame)
    case .droppedTranslation(let address): dropped.append(address)
    case .halted(let halt): halted(halt)
    case .emulated(let decoded):
      expect(decoded == instruction, "another instruction was emulated")
      if decoded.instruction != .iret { guests[current].pc = guests[current].pc + 4 }
    case .emulationRefused(let decoded):
      expect(decoded == instruction && decoded.instruction == .iret, "\(decoded) can't be refused")
    case .hypercall(let call, let number, let argument, let result):
      expect(before.isParavirtual(current) && guests[current].ring == .ring0, "a call of nobody's")
      expect(entry?.vector == .hypercall && entry?.error == number, "number \(number)")
      expect((call == nil) == (number > 3), "call \(number)")
      expect(register(.a0) ?? argument == argument, "argument")
      guests[current].registers?[Int(Register.a0.number)] = result
    case .declinedHypercall(let number, let refusal):
      expect(entry?.vector == .hypercall && entry?.error == number, "number \(number)")
      switch refusal {
      case .notParavirtual: expect(!before.isParavirtual(current), "it is paravirtual")
      case .outerRing(let ring):
        expect(before.isParavirtual(current) && ring != .ring0, "it may call")
        expect(ring == guests[current].ring, "ring \(ring)")
      }
    case .walkedGuest(let address, let access, let ring, let walk, let refusal):
      walked(address, access, ring, walk, refusal)
    case .markedGuestEntry(let place, let old, let new):
      expect(word(place.rawValue, of: current) == old, "old entry at \(place)")
      expect(new == old | new && new & ~old & ~0x30 == 0 && new != old, "bits \(old) \(new)")
      guests[current].memory[place.rawValue & ~3] = new
    case .filledShadow(let fill):
      expect(physical(fill.page.start).map { $0 >> 12 } == fill.guestFrame.number, "\(fill.page)")
      expect(leaf(fill.page.start).ring == fill.guestRing, "code of \(fill.page)")
      expect(view.code(for: fill.guestRing) == fill.shadowRing, "shadow code of \(fill.page)")
      fills.append((current, key, view, fill))
    case .tracedWrite(let place, let size, let old, let new): traced(place, size, old, new)
    case .tracedPush(let place, let old, let new):
      expect(word(place.rawValue, of: current) == old, "old word at \(place)")
      guests[current].memory[place.rawValue] = new
    case .droppedShadow(let entries):
      expect(entries > 0, "none dropped")
      fills.removeAll()
    case .switchedShadow(let from, let to, let key, let view):
      expect(from.start.rawValue == ptbr, "another table was loaded before")
      expect(key == self.key && view == self.view, "a table for something else")
      ptbr = to.start.rawValue
    case .recycledShadows: fills.removeAll()
    case .relocated(let from, let to, let reason):
      expect(from.rawValue == tvec - 0x1000, "the VMM's pages lay elsewhere")
      if reason == .guestUsesPlace {
        expect(leafIsPresent(from), "the guest has nothing at \(from)")
      } else {
        expect(old[current].pages.start == to, "they lie elsewhere there")
      }
      tvec = to.rawValue + 0x1000
      fills.removeAll()
    case .tracing(let frame):
      fills.removeAll { $0.fill.guestFrame == frame && $0.fill.isWritable }
    case .refused(let refusal):
      bad(refusal)
      // An `int` that is refused is a fault of the `int` itself.
      if let entry, Vector.software.contains(entry.vector.rawValue) {
        guests[current].pc = entry.pc - 4
      }
    case .readGate(let vector, let place, let gate):
      let table = guests[current].controls[.tvec] ?? 0
      expect(place.rawValue == table &+ UInt32(vector.rawValue) * 8, "gate \(vector) at \(place)")
      expect(
        word(at: place) == gate.handler.rawValue && word(at: place + 4) == gate.flags,
        "gate \(vector) is another")
      self.gate = gate
    case .ticked(let count):
      guests[current].ticks &+= UInt32(truncatingIfNeeded: count)
    case .switchedGuest(let from, let to, let reason): switched(from, to, reason)
    case .device: guests[current].hasDMA = true
    case .receivedInput(let count, let guest):
      let (old, new) = (before.guests[guest], after.guests[guest])
      expect(
        new.devices.console.input.count - old.devices.console.input.count == count, "input")
    case .delivered(let delivery): delivered(delivery)
    case .deliveryFailed(let trap, let refusal):
      bad(refusal)
      if trap.vector == .double, case .tripleFault(let fault)? = after.guests[current].cpu.stop {
        expect(fault.secondRefusal == refusal, "another refusal")
        guests[current].stop = .tripleFault(fault)
      }
    case .idled(let cycles, let end): idled(cycles, end, charged.cycles)
    case .waits(let wait):
      expect(after.isWaiting, "it doesn't wait")
      let asks = after.allMachines.contains {
        $0.guest.cpu.stop == nil && !$0.share.isPaused && $0.guest.devices.console.control & 1 != 0
      }
      expect((wait == .input) == asks, "what is waited for")
    case .stopped(let guest, let stop):
      expect(after.guests[guest].cpu.stop == stop, "\(guest) has not stopped")
      // What became of it was told before, but for these.
      if stop == .haltedNothingCanCome || stop == .noRoomForMonitor { guests[guest].stop = stop }
      expect(guests[guest].stop == stop, "stops of itself")
    case .armedTimer(let cycles, let purpose): armedTimer(cycles, purpose)
    case .resumed(let pc, let status):
      expect(pc == guests[current].pc && pc == after.machine.pc, "resumed at \(pc)")
      expect(status == after.machine.status, "resumed with \(status)")
      expect(
        status.cpl == (guests[current].ring == .ring0 ? .ring1 : guests[current].ring),
        "ring \(status.cpl)")
      expect(status.interruptsEnabled && status.iopl == .ring0, "the machine is lost")
      isResumed = true
    }
  }

  private func register(_ register: Register?) -> UInt32? {
    guard let register, let registers = guests[current].registers else { return nil }
    return registers[Int(register.number)]
  }

  private mutating func setStack(_ value: UInt32) {
    guests[current].registers?[Int(Register.sp.number)] = value
  }

  private mutating func bad(_ refusal: Refusal) {
    if let address = refusal.badAddress { guests[current].controls[.badaddr] = address }
  }

  func leaf(_ address: VirtualAddress) -> PageTableEntry {
    walk(address)?.leaf
      ?? PageTableEntry(frameNumber: address.frame.number, writable: true, ring: .ring0)
  }

  /// The guest reaches something of its own in the 4 MiB from there.
  private func leafIsPresent(_ start: VirtualAddress) -> Bool {
    guard guests[current].paging else {
      return start.rawValue < old[current].guest.memorySize
    }
    let directory = guests[current].controls[.ptbr] ?? 0
    return word(directory + start.directoryIndex * 4, of: current) & 1 != 0
  }

  private mutating func entered(_ entry: MonitorEntry) {
    self.entry = entry
    var real: Delivery?
    for case .delivered(let delivery) in after.machine.events where real == nil { real = delivery }
    expect(
      real?.request.trap == Trap(entry.vector, error: entry.error)
        && real?.request.pc == entry.pc && real?.oldStatus == entry.status
        && real?.oldStackPointer == entry.stackPointer && real?.toRing == .ring0,
      "the real trap was another")
    guests[current].pc = entry.pc
    if entry.vector == .step { guests[current].registers = nil }
    setStack(entry.stackPointer)
    // What a step trap on the classic profile says of the ring is believed without more.
    if case .page = entry.vector { checkShadow() }
  }

  /// What the CPU found in the shadow was there.
  private mutating func checkShadow() {
    for case .refused(.page(let refusal)) in after.machine.events {
      let walk = before.machine.walk(refusal.address)
      expect(walk?.failure == refusal.walk?.failure, "the real walk failed otherwise")
      expect(
        walk?.leaf?.isWritable == refusal.walk?.leaf?.isWritable
          && walk?.leaf?.ring == refusal.walk?.leaf?.ring, "the shadow was another")
      return
    }
  }

  private mutating func timerCame(_ purpose: TimerPurpose) {
    let state = before.state
    expect(purpose == state.timerPurpose && entry?.vector == .timer, "set for another thing")
    let cycle = after.machine.lastDeliveryStart
    let clock = state.guest.cpu.cycles + (cycle - state.resumedAtCycle)
    let devices = state.guest.devices
    switch purpose {
    case .own(.tick): expect(clock >= devices.timer.nextTick, "no tick is due")
    case .own(.disk): expect(clock >= devices.disk.due, "no disk is done")
    case .own(.network): expect(clock >= devices.network.next, "no frame is due")
    case .sliceEnd:
      expect(
        cycle - state.sliceStart >= VirtualMachineMonitor.slice, "the slice isn't over")
      expect(state.machines.count > 1, "nobody else wants the CPU")
    case .capReached:
      let cap = UInt64(state.current.share.cap ?? 100)
      let used = state.current.share.usedInWindow + (cycle - state.onSince)
      expect(used >= VirtualMachineMonitor.capWindow * cap / 100, "the cap isn't reached")
    case .wakes(let guest, let what):
      let vm = state.machines[guest]
      let now = vm.guest.cpu.cycles + (cycle - (vm.share.haltedAt ?? cycle))
      expect(vm.share.haltedAt != nil && vm.guest.cpu.isWaiting, "\(guest) doesn't halt")
      let isDue =
        vm.isCalled || vm.guest.devices.pendingInterrupt != nil
        || now >= vm.guest.devices.nextEvent
      expect(isDue, "nothing wakes \(guest)")
      if let what { expect(vm.guest.devices.appointment()?.what == what, "\(what) of \(guest)") }
    case .capWindow(let guest):
      expect(cycle >= state.windowEnd, "the window isn't over")
      let cap = guest == current ? state.current.share.cap : state.machines[guest].share.cap
      expect(cap != nil, "\(guest) has no cap")
    }
  }

  private mutating func armedTimer(_ cycles: UInt64, _ purpose: TimerPurpose) {
    armed = purpose
    expect(after.machine.devices.timer.nextTick == after.machine.cycles + cycles, "the real timer")
    let state = after.state
    let devices = state.guest.devices
    let clock = state.guest.cpu.cycles
    switch purpose {
    case .own(.tick): expect(max(devices.timer.nextTick, clock + 1) == clock + cycles, "tick")
    case .own(.disk): expect(max(devices.disk.due, clock + 1) == clock + cycles, "disk")
    case .own(.network): expect(max(devices.network.next, clock + 1) == clock + cycles, "network")
    case .wakes(let guest, _), .capWindow(let guest):
      expect(state.machines.indices.contains(guest), "no guest \(guest)")
      expect(cycles > 1 || state.machines.count > 1, "nobody else")
    case .sliceEnd, .capReached: break
    }
  }

  private mutating func returned(_ frame: TrapReturn) {
    expect(frame.from == guests[current].ring, "returns from \(frame.from)")
    if let sp = register(.sp) {
      let place = VirtualAddress(sp)
      expect(word(at: place + 4) == frame.pc.rawValue, "pc in the frame")
      expect(word(at: place + 12) == frame.stackPointer, "sp in the frame")
    }
    guests[current].status = frame.status
    guests[current].pc = frame.pc
    setStack(frame.stackPointer)
  }

  private mutating func halted(_ halt: Halt) {
    let status = guests[current].status
    switch halt {
    case .endsByStepTrap: expect(status.stepTrap, "TF is 0")
    case .forGood:
      expect(!status.stepTrap && !status.interruptsEnabled, "it could wake")
      guests[current].stop = .haltedForGood
    case .untilInterrupt:
      expect(!status.stepTrap && status.interruptsEnabled, "it can't wake")
      guests[current].isWaiting = true
    }
  }

  private mutating func walked(
    _ address: VirtualAddress, _ access: Access, _ ring: Ring, _ walk: PageWalk?,
    _ refusal: PageRefusal?
  ) {
    expect(ring == guests[current].ring, "walked as ring \(ring)")
    expect(walk == self.walk(address), "another walk of \(address)")
    for case .refused(.page(let real)) in after.machine.events {
      expect(real.address == address && real.access == access, "another access")
      break
    }
    let vm = old[current]
    let frame = physical(address).map { GuestPhysicalAddress($0).frame }
    let hasMemory = frame.map { vm.guest.memory[$0] != nil } ?? false
    let isGranted =
      walk?.failure == nil && hasMemory
      && PageRefusal.rights(of: leaf(address), for: access, ring: ring) == nil
    expect(isGranted == (refusal == nil), "\(address) is granted or not")
  }

  private mutating func traced(
    _ place: GuestPhysicalAddress, _ size: UInt32, _ old: UInt32, _ new: UInt32
  ) {
    let shift = 8 * (place.rawValue & 3)
    let mask: UInt32 = size == 4 ? .max : (1 << (8 * size)) - 1
    let word = word(place.rawValue, of: current)
    expect(word >> shift & mask == old, "old word at \(place)")
    expect(register(instruction?.d).map { $0 & mask == new } ?? true, "what was stored")
    guests[current].memory[place.rawValue & ~3] = word & ~(mask << shift) | new << shift
    guests[current].pc = guests[current].pc + 4
  }

  private mutating func switched(_ from: Int, _ to: Int, _ reason: SwitchReason) {
    expect(from == current && to != from, "from \(from) to \(to)")
    let (cycle, share) = (after.machine.cycles, before.state.current.share)
    switch reason {
    case .halted: expect(guests[from].isWaiting && guests[from].stop == nil, "it doesn't halt")
    case .stopped: expect(guests[from].stop != nil, "it hasn't stopped")
    case .sliceOver:
      expect(cycle - before.state.sliceStart >= VirtualMachineMonitor.slice, "not over")
    case .capReached: expect(share.cap != nil || from != before.state.currentIndex, "no cap")
    case .woke(let guest):
      expect(before.state.machines[guest].share.haltedAt != nil, "\(guest) didn't halt")
    case .idle: expect(before.state.isStalled, "it had the CPU")
    }
    current = to
    // What ended its hlt is in its devices; that it goes on is what the switch says.
    guests[to].isWaiting = false
    instruction = nil
    gate = nil
  }

  private mutating func delivered(_ delivery: Delivery) {
    let request = delivery.request
    expect(request.pc == guests[current].pc, "delivered at \(request.pc)")
    expect(delivery.oldStatus == guests[current].status, "delivered with another status")
    expect(delivery.fromRing == guests[current].ring, "from ring \(delivery.fromRing)")
    expect(delivery.gate == gate, "through a gate that nobody read")
    expect(register(.sp) ?? delivery.oldStackPointer == delivery.oldStackPointer, "old sp")
    if request.trap.vector.kind == .interrupt {
      expect(delivery.oldStatus.interruptsEnabled, "interrupts are off")
      guests[current].isWaiting = false
    }
    for (index, word) in delivery.pushed.enumerated() {
      let place = VirtualAddress(delivery.stackTop) - UInt32(index + 1) * 4
      if let physical = physical(place) { guests[current].memory[physical] = word }
    }
    guests[current].status = delivery.newStatus
    guests[current].pc = delivery.gate.handler
    setStack(delivery.stackTop &- 16)
  }

  private mutating func idled(_ cycles: UInt64, _ end: WaitEnd, _ charged: UInt64) {
    expect(cycles == charged, "\(cycles) cycles passed")
    switch end {
    case .appointment(_, let guest):
      expect(guests[guest].isWaiting, "\(guest) doesn't halt")
      if !before.state.isShared { guests[guest].isWaiting = false }
    case .capWindow(let guest): expect(before.shares[guest].cap != nil, "no cap")
    }
  }
}
