import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

/// Turns what the VMM recorded into sentences, one for each thing that it did.
struct MonitorWords {
  var guest: String
  var arrow: String
  /// The guest's paging was on.
  var paging: Bool
  var name: (VirtualAddress) -> String
  /// A guest's name, by its place.
  var guestName: (Int) -> String
  /// The guest that is spoken of has got the CPU from the one that made the step.
  var isAnother = false

  /// Nil for events that the card shows elsewhere.
  func sentence(_ event: MonitorEvent) -> String? {
    switch event {
    // The card's first lines, and the sentences about what came of it, say these.
    case .entered, .timerCame, .steppedForInterrupt, .emulated, .emulationRefused, .readGate,
      .armedTimer:
      return nil
    case .readInstruction(let pc, _, _):
      return paging
        ? "reads the instruction at \(pc) through \(guest)'s page tables"
        : "reads the instruction at \(pc) in \(guest)'s memory"
    case .checkedRing(let virtual, let needed, let isAllowed):
      if isAllowed { return "\(guest)'s virtual ring is \(virtual), so \(guest) may do this" }
      return "\(guest)'s virtual ring is \(virtual), and this needs ring \(needed): "
        + "refused on the bare machine too"
    case .statusChanged(let old, let new): return status(old, new)
    case .controlChanged(let control, let old, let new):
      return "virtual \(control.name): \(hexadecimal(old)) \(arrow) \(hexadecimal(new))"
    case .registerChanged(let register, _, let new):
      return register == .zero ? nil : "\(register): \(arrow) \(hexadecimal(new))"
    case .portRead(let port, let value):
      return "\(guest)'s own \(device(port)) gives \(Int32(bitPattern: value))"
    case .portWritten(let port, let value): return written(port, value)
    case .returned(let frame):
      return
        "pops \(guest)'s trap frame: to \(name(frame.pc)) in virtual ring \(frame.status.cpl), "
        + "interrupts \(frame.status.interruptsEnabled ? "on" : "off")"
    case .droppedTranslation(let address):
      return "drops page \(address.frame) from the real TLBs; the shadow is right already, "
        + "because stores to page tables are traced"
    case .halted(let halt): return halted(halt)
    case .hypercall(let call, let number, let argument, let result):
      return hypercall(call, number, argument, result)
    case .declinedHypercall(_, let refusal): return declined(refusal)
    case .walkedGuest(let address, let access, let ring, let walk, let refusal):
      return walked(address, access, ring, walk, refusal)
    case .markedGuestEntry(let place, let old, let new):
      let bits = (new ^ old) & 0x20 != 0 ? ((new ^ old) & 0x10 != 0 ? "A and D" : "D") : "A"
      return "sets \(bits) in \(guest)'s own entry at \(place), as the hardware would"
    case .filledShadow(let fill): return filled(fill)
    case .tracedWrite(let place, let size, let old, let new):
      return
        "\(place) holds a page-table entry: carries out the \(size == 4 ? "store" : "\(size)-byte store"), "
        + "\(hexadecimal(old, digits: Int(size) * 2)) \(arrow) \(hexadecimal(new, digits: Int(size) * 2))"
    case .tracedPush(let place, let old, let new):
      return
        "\(place) holds a page-table entry: pushes to it, \(hexadecimal(old)) \(arrow) \(hexadecimal(new))"
    case .droppedShadow(let entries):
      return "drops \(entries) shadow entr\(entries == 1 ? "y" : "ies") made from what changed"
    case .switchedShadow(_, let to, _, let view):
      let whose = isAnother ? "\(guest)'s" : "the"
      return "loads \(whose) shadow table for \(viewName(view)): real ptbr \(arrow) \(to.start)"
    case .recycledShadows: return "has no frame left for shadow tables: drops them all"
    case .relocated(let from, let to, .guestUsesPlace):
      return "\(guest) uses \(from) itself: the VMM's own pages move to \(to)"
    case .relocated(_, let to, .guestSwitch):
      return "moves its own pages to \(to), where they lie beside \(guest)"
    case .tracing(let frame):
      return "write-protects \(guest)'s frame \(frame): it holds a page table now"
    case .refused(let refusal):
      return "so \(guest)'s own kernel has to be told: vector \(RefusalWords.name(refusal.trap))"
    case .ticked(let count):
      return count == 1
        ? "\(guest)'s timer has ticked" : "\(guest)'s timer has ticked \(count) times"
    case .switchedGuest(let old, let new, let reason): return switched(old, new, reason)
    case .device(let event): return DeviceWords(owner: "\(guest)'s").sentence(event)
    case .receivedInput(let count, let index):
      return "hands \(count) typed byte\(count == 1 ? "" : "s") to \(guestName(index))'s console"
    case .delivered(let delivery): return delivered(delivery)
    case .deliveryFailed(let trap, let refusal):
      let text = FailedDelivery(trap, refusal).sentences.joined(separator: " ")
      return text.prefix(1).lowercased() + text.dropFirst()
    case .idled(let cycles, let end): return idled(cycles, end)
    case .waits(.input): return "waits: nobody has anything to run until somebody types"
    case .waits(.command): return "waits: no guest may run until a command starts one"
    case .stopped(let index, let stop): return stopped(guestName(index), stop)
    case .resumed(let pc, let status): return "goes back to \(name(pc)) in ring \(status.cpl)"
    }
  }

  func viewName(_ view: ShadowView) -> String {
    switch view {
    case .kernel: "virtual ring 0"
    case .outer: "virtual rings 1 to 3"
    case .compressed: "all rings at once"
    }
  }

  private func status(_ old: Status, _ new: Status) -> String? {
    var words: [String] = []
    func bit(_ value: Bool) -> String { value ? "1" : "0" }
    if old.cpl != new.cpl { words.append("virtual ring: \(old.cpl) \(arrow) \(new.cpl)") }
    let hasIF = old.interruptsEnabled != new.interruptsEnabled
    if hasIF {
      words.append(
        "virtual IF: \(bit(old.interruptsEnabled)) \(arrow) \(bit(new.interruptsEnabled))")
    }
    if old.stepTrap != new.stepTrap {
      words.append("virtual TF: \(bit(old.stepTrap)) \(arrow) \(bit(new.stepTrap))")
    }
    if old.iopl != new.iopl { words.append("virtual IOPL: \(old.iopl) \(arrow) \(new.iopl)") }
    if words.isEmpty { return "virtual status stays as it was" }
    let text = words.joined(separator: ", ")
    return hasIF ? text + "  (the real IF is the VMM's: 1 whenever \(guest) runs)" : text
  }

  private func hypercall(
    _ call: Hypercall?, _ number: UInt32, _ argument: UInt32, _ result: UInt32
  ) -> String {
    guard let call else { return "there is no hypercall \(number): a0 \(arrow) -1" }
    let answer = result == .max ? "-1, which means no" : "\(result)"
    let subject =
      call == .giveUpFrame || call == .takeBackFrame
      ? " (\(guest)'s frame \(GuestFrame(argument)))" : ""
    return "\(guest) knows of the VMM and asks it \(call.meaning)\(subject): a0 \(arrow) \(answer)"
  }

  private func device(_ port: UInt16) -> String {
    Port(rawValue: port)?.name ?? "port 0x\(hexadecimal(UInt32(port), digits: 2)) (no device)"
  }

  private func written(_ port: UInt16, _ value: UInt32) -> String {
    switch Port(rawValue: port) {
    case .consoleData:
      let byte = UInt8(truncatingIfNeeded: value)
      let shown = (32..<127).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
      return "\(guest)'s own console prints \(shown)"
    case .timerInterval:
      return value == 0
        ? "\(guest)'s own timer is off" : "\(guest)'s own timer ticks every \(value) cycles"
    case .timerAcknowledge: return "\(guest)'s own timer interrupt is acknowledged"
    case .power where value == 1: return "\(guest) switches its virtual machine off"
    default: return "\(guest)'s own \(device(port)) takes \(hexadecimal(value))"
    }
  }

  private func walked(
    _ address: VirtualAddress, _ access: Access, _ ring: Ring, _ walk: PageWalk?,
    _ refusal: PageRefusal?
  ) -> String {
    guard walk != nil else {
      return refusal == nil
        ? "\(guest)'s paging is off, and \(address) is in its memory: a hidden fault"
        : "\(guest)'s paging is off, and \(address) is not in its memory: a true fault"
    }
    let what = "walks \(guest)'s own tables for \(address)"
    return refusal == nil
      ? "\(what): they grant this \(access). A hidden fault"
      : "\(what): they refuse this \(access) too. A true fault"
  }

  private func filled(_ fill: ShadowFill) -> String {
    var text = "fills its shadow entry: page \(fill.page) is machine frame \(fill.machineFrame)"
    text += " (\(guest)'s frame \(fill.guestFrame)), "
    return text + rights(of: fill)
  }

  /// Code and W of a shadow entry, and why they differ from the guest's.
  func rights(of fill: ShadowFill) -> String {
    var text = "code \(fill.guestRing.code)"
    if fill.shadowRing != fill.guestRing { text += " \(arrow) \(fill.shadowRing.code)" }
    switch fill.withheld {
    case nil: text += ", writable"
    case .guestForbids: text += ", read-only as in \(guest)'s entry"
    case .notDirty: text += ", no W until the first store sets D"
    case .traced: text += ", no W because stores to a page table are traced"
    }
    return text
  }

  private func delivered(_ delivery: Delivery) -> String {
    let vector = delivery.request.trap.vector
    var text =
      "delivers vector \(vector) (\(vector.name)) to \(guest)'s handler \(name(delivery.gate.handler)), "
    text += "virtual ring \(delivery.toRing)"
    if delivery.switchedStack { text += ", on the stack of virtual ksp\(delivery.toRing)" }
    return text
  }
}
