import Onion
import OnionISA
import SourceText

/// Turns what the CPU refused into sentences. Everything comes out of the refusal, which the machine made
/// as it refused.
struct RefusalWords {
  /// What to call who runs in a ring, such as `alpha's kernel`; nil on the bare machine.
  var guest: String?
  /// The ring that the guest believes to be in.
  var virtualRing: Ring?
  /// What was refused was refused to a virtual CPU, whose rings are virtual.
  var isVirtual = false

  private var ring: String { isVirtual ? "virtual ring" : "ring" }

  func access(_ access: Access) -> String {
    switch access {
    case .fetch: "run code from"
    case .load: "read"
    case .store: "write to"
    }
  }

  /// Why, in one or two sentences.
  func why(_ refusal: Refusal) -> String {
    switch refusal {
    case .privileged(let instruction, let ring):
      var text =
        "\(instruction) needs ring 0; the CPU is in ring \(ring), because this page's code is "
        + "\(ring.code)."
      if let guest, virtualRing == .ring0 {
        text += " The VMM moved \(guest)'s kernel to ring 1."
      }
      return text
    case .port(let instruction, let port, let ring, let iopl):
      let name = Port(rawValue: port)?.name ?? "no device"
      return
        "\(instruction) of port 0x\(hexadecimal(UInt32(port), digits: 2)) (\(name)): ring \(ring) "
        + "has no right to use ports. IOPL is \(iopl), so only "
        + (iopl == .ring0 ? "ring 0 has it." : "rings 0 to \(iopl) have it.")
    case .undefined(let word):
      return "\(hexadecimal(word)) is no instruction of Onion."
    case .divisionByZero(let instruction):
      return "\(instruction) divides by a register that holds 0."
    case .misaligned(let address, let access):
      return "It would \(self.access(access)) \(address), which is not a multiple of the size."
    case .page(let refusal): return page(refusal)
    case .gateAbsent(let vector): return "Gate \(vector) of the trap table is absent."
    case .gateRing(let vector, let ring, let admitted):
      return "Gate \(vector) admits an int from "
        + (admitted == .ring0 ? "ring 0 only" : "rings 0 to \(admitted)")
        + "; this code runs in \(self.ring) \(ring)."
    case .handlerMisaligned(let vector, let address):
      return "Gate \(vector)'s handler, \(address), is not a multiple of 4."
    case .handlerOutward(let vector, let address, let handler, let ring):
      return
        "Gate \(vector)'s handler, \(address), is in \(self.ring) \(handler), outward of ring \(ring): "
        + "a trap never goes outward."
    case .returnInward(let from, let to):
      return "iret would go from \(ring) \(from) inward to ring \(to): only a gate leads inward."
    }
  }

  private func page(_ refusal: PageRefusal) -> String {
    let does = "It would \(access(refusal.access)) \(refusal.address)"
    switch refusal.cause {
    case .outsideMemory: return "\(does), which is outside memory (paging is off)."
    case .walk(.notPresent(let level)):
      return "\(does), but \(entry(level)) is not present (P = 0)."
    case .walk(.reservedBits(let level, let bits)):
      return "\(does), but \(entry(level)) has bits set that must be 0 (\(hexadecimal(bits)))."
    case .walk(.tableOutsideMemory):
      return "\(does), but ptbr points outside memory."
    case .walk(.frameOutsideMemory(let level)):
      return "\(does), but \(entry(level)) names a frame outside memory."
    case .ringOutside(let code):
      return "\(does), but that page's code is \(code.code): it belongs to ring \(code), "
        + "and ring \(refusal.ring) lies outside it."
    case .fetchFromOtherRing(let code):
      return
        "\(does), but that page's code is \(code.code) and the CPU is in ring \(refusal.ring). "
        + "Code runs only in its own ring."
    case .notWritable: return "\(does), but the page is not writable (W = 0)."
    }
  }

  private func entry(_ level: PageTableEntry.Level) -> String {
    level == .directory ? "its entry in the page directory" : "its entry in the page table"
  }

  /// The smallest change that would have let it pass.
  func remedy(_ refusal: Refusal) -> String {
    switch refusal {
    case .privileged:
      guard let guest, virtualRing == .ring0 else {
        return "It would pass in ring 0, and only a gate leads there."
      }
      return "On the bare machine \(guest)'s kernel is in ring 0, and it would pass."
    case .port(_, _, let ring, _):
      return "It would pass if IOPL were \(ring) or more, which ring 0 can set with setst or iret."
    case .undefined: return "It would pass if the word were an instruction's, such as that of nop."
    case .divisionByZero: return "It would pass with any other divisor."
    case .misaligned: return "It would pass at a multiple of the access's size."
    case .page(let page): return remedy(page)
    case .gateAbsent(let vector):
      return "It would pass if bit 0 of gate \(vector)'s second word were 1."
    case .gateRing(let vector, let ring, _):
      return
        "It would pass if bits 2:1 of gate \(vector)'s second word were \(ring.code) (ring \(ring))."
    case .handlerMisaligned: return "It would pass with a handler at a multiple of 4."
    case .handlerOutward(_, _, _, let ring):
      return "It would pass with a handler in ring \(ring) or further in."
    case .returnInward(let from, _):
      return "It would pass if the status in the frame named ring \(from) or one further out."
    }
  }

  private func remedy(_ page: PageRefusal) -> String {
    switch page.cause {
    case .outsideMemory: "It would pass at an address inside memory."
    case .walk(.notPresent(let level)):
      "It would pass if bit 0 (P) of \(entry(level)) were 1 and the rest right."
    case .walk(.reservedBits(let level, _)):
      "It would pass if those bits of \(entry(level)) were 0."
    case .walk: "It would pass with a frame inside memory."
    case .ringOutside:
      "It would pass if the page's code (bits 3:2 of its entry) were \(page.ring.code)"
        + (page.ring == .ring3 ? "." : " or more.")
    case .fetchFromOtherRing:
      "It would pass if the page's code were \(page.ring.code), or after a gate or iret to that ring."
    case .notWritable: "It would pass if bit 1 (W) of the page's entry were 1."
    }
  }

  /// What an error word says, in a few words.
  static func error(_ trap: Trap) -> String {
    switch trap.vector {
    case .protection:
      switch trap.error {
      case 1: return "privileged instruction"
      case 2: return "gate: ring not allowed"
      case 3: return "gate: absent or bad"
      case 4: return "port"
      case 5: return "iret to an inner ring"
      default: return ""
      }
    case .page:
      let error = PageFaultError(rawValue: trap.error)
      var words = [error.isPresent ? (error.isReserved ? "reserved" : "rights") : "not present"]
      words.append(error.isFetch ? "fetch" : error.isWrite ? "write" : "read")
      words.append("from ring \(error.cpl)")
      return words.joined(separator: ", ")
    case .double: return "first vector \(trap.error)"
    case .misaligned: return "address \(hexadecimal(trap.error))"
    case .undefined: return "word \(hexadecimal(trap.error))"
    case .hypercall: return "number \(trap.error)"
    default: return ""
    }
  }

  /// `4 protection, error 1 (privileged instruction)`.
  static func name(_ trap: Trap) -> String {
    let meaning = error(trap)
    let hasError =
      ![.divide, .step, .breakpoint].contains(trap.vector) && trap.vector.kind != .interrupt
      && !Vector.software.contains(trap.vector.rawValue)
    guard hasError else { return "\(trap.vector) \(trap.vector.name)" }
    // As the word on the stack is shown: what has a digit more than one is hexadecimal.
    let value = trap.error < 10 ? "\(trap.error)" : hexadecimal(trap.error)
    return "\(trap.vector) \(trap.vector.name), error \(value)"
      + (meaning.isEmpty ? "" : " (\(meaning))")
  }
}
