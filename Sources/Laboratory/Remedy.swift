import Monitor
import Onion
import OnionISA

/// A change of the machine under which an instruction that was refused runs. It was tried.
public struct Remedy: Hashable, Sendable {
  /// What to change before the instruction, one or a few things.
  public var changes: [Change]
}

// What would have let a refused instruction pass: thought up from the refusal, then tried.
extension Session {
  /// Changes that are tried one upon the other before giving up: a page that is made present may still
  /// have the wrong code.
  private static let remedyLimit = 4

  /// The smallest change under which the step of a record, one of this history, isn't refused; nil if
  /// nothing was refused or nothing that was tried helps. It is tried in a copy: the session stays as it is.
  public func remedy(for record: StepRecord) -> Remedy? {
    guard var refusal = record.ownRefusal else { return nil }
    return excursion { (there) -> Remedy? in
      there.goTo(step: record.number)
      let world = there.world
      guard world.steps == record.number else { return nil }
      let start = world.snapshot()
      var changes: [Change] = []
      while changes.count < Self.remedyLimit {
        guard let more = RemedySearch(world, record).changes(for: refusal),
          !more.isEmpty, !changes.contains(where: more.contains)
        else { return nil }
        changes += more
        world.restore(start)
        for change in changes where (try? world.apply(change)) == nil { return nil }
        guard let next = there.tried(record) else { return Remedy(changes: changes) }
        // From here on the search looks at the machine as it is changed so far.
        world.restore(start)
        for change in changes { try? world.apply(change) }
        refusal = next
      }
      return nil
    } ?? nil
  }

  /// Makes the step; why it is still refused, or nil.
  private func tried(_ record: StepRecord) -> Refusal? {
    _ = world.step(recording: true)
    return StepRecord(
      number: record.number, guest: record.guest, before: record.before, after: record.before,
      machine: world.machine.events, monitor: world.monitor?.events ?? []
    ).ownRefusal
  }
}

extension StepRecord {
  /// Why the program's own machine refused the step: under the VMM what its guest is told, not what the
  /// real CPU found.
  public var ownRefusal: Refusal? {
    guard guest != nil else { return refusal }
    for event in monitor.map(\.event) {
      switch event {
      case .refused(let refusal): return refusal
      case .walkedGuest(_, _, _, _, let own?): return .page(own)
      default: break
      }
    }
    // What the VMM hands on as it came.
    switch refusal {
    case .divisionByZero, .misaligned, .undefined: return refusal
    default: return nil
    }
  }
}

/// Thinks up what to change against a refusal.
private struct RemedySearch {
  let world: World
  let instruction: DecodedInstruction?

  init(_ world: World, _ record: StepRecord) {
    self.world = world
    instruction = record.instruction?.decoded ?? record.monitorInstruction
  }

  private var machine: Machine { world.machine }
  private var status: Status { world.monitor?.guest.cpu.status ?? machine.status }

  func changes(for refusal: Refusal) -> [Change]? {
    switch refusal {
    case .privileged: return inRing0()
    case .port(_, _, let ring, _):
      var status = machine.status
      status.iopl = ring
      return [.status(status)]
    case .undefined:
      let nop = DecodedInstruction(.addi).word
      return [.word(world.pc, nop)]
    case .divisionByZero:
      guard let instruction, instruction.b != .zero else { return nil }
      return [.register(instruction.b, 1)]
    case .misaligned(let address, _): return aligned(address)
    case .page(let refusal): return page(refusal)
    case .gateAbsent(let vector):
      guard let gate = gate(vector) else { return nil }
      return [.word(gate.place + 4, gate.flags | 1)]
    case .gateRing(let vector, let ring, _):
      guard let gate = gate(vector) else { return nil }
      return [.word(gate.place + 4, gate.flags & ~6 | ring.bits << 1)]
    case .handlerMisaligned(let vector, let address):
      guard let gate = gate(vector) else { return nil }
      return [.word(gate.place, address.rawValue & ~3)]
    case .handlerOutward(_, let address, _, let ring):
      return entry(of: address).map { [$0.with(ring: ring)] }
    case .returnInward(let from, _):
      let place = VirtualAddress(machine.stackPointer) + 8
      guard let old = world.word(at: place) else { return nil }
      return [.word(place, old & ~3 | from.bits)]
    }
  }

  /// The page's code and the CPU's ring go together.
  private func inRing0() -> [Change]? {
    guard world.monitor == nil, let entry = entry(of: world.pc) else { return nil }
    var status = machine.status
    status.cpl = .ring0
    return [.status(status), entry.with(ring: .ring0)]
  }

  private func aligned(_ address: VirtualAddress) -> [Change]? {
    guard let instruction else { return nil }
    if instruction.instruction == .iret {
      let place = VirtualAddress(machine.stackPointer) + 4
      return world.word(at: place).map { [.word(place, $0 & ~3)] }
    }
    guard instruction.a != .zero else { return nil }
    let size: UInt32 = [.lh, .lhu, .sh].contains(instruction.instruction) ? 2 : 4
    return [.register(instruction.a, machine[instruction.a] &- (address.rawValue & (size - 1)))]
  }

  private func page(_ refusal: PageRefusal) -> [Change]? {
    guard let walk = refusal.walk else { return insideMemory(refusal) }
    switch refusal.cause {
    case .outsideMemory: return insideMemory(refusal)
    case .ringOutside, .fetchFromOtherRing:
      return entry(walk.table).map { [$0.with(ring: refusal.ring)] }
    case .notWritable: return entry(walk.table).map { [$0.with(bits: 2)] }
    case .walk(.notPresent(.table)):
      guard var entry = entry(walk.table) else { return nil }
      if entry.value >> 12 == 0 { entry.value |= refusal.address.rawValue & 0xFFFF_F000 }
      return [entry.with(bits: refusal.access == .store ? 3 : 1, ring: refusal.ring)]
    case .walk(.notPresent(.directory)):
      guard let entry = entry(walk.directory), let free = freeFrame() else { return nil }
      return [.physicalWord(entry.location, free << 12 | 1)]
    case .walk(.reservedBits(let level, let bits)):
      return entry(level == .directory ? walk.directory : walk.table)
        .map { [.physicalWord($0.location, $0.value & ~bits)] }
    case .walk(.frameOutsideMemory(.table)):
      guard let entry = entry(walk.table) else { return nil }
      let frame = refusal.address.rawValue & 0xFFFF_F000
      return [
        .physicalWord(entry.location, entry.value & 0xFFF | (frame < memorySize ? frame : 0))
      ]
    case .walk(.tableOutsideMemory), .walk(.frameOutsideMemory(.directory)): return nil
    }
  }

  /// The base register, so that the access lies in memory.
  private func insideMemory(_ refusal: PageRefusal) -> [Change]? {
    guard refusal.access != .fetch, let instruction, instruction.a != .zero else { return nil }
    let wanted = refusal.address.rawValue % memorySize
    return [
      .register(instruction.a, machine[instruction.a] &- refusal.address.rawValue &+ wanted)
    ]
  }

  private var memorySize: UInt32 { world.monitor?.guest.memorySize ?? machine.memory.size }

  /// A frame near the end of the program's memory that holds nothing.
  private func freeFrame() -> UInt32? {
    var frame = memorySize >> 12
    while frame > 1 {
      frame -= 1
      let words = stride(from: frame << 12, to: frame << 12 + 4096, by: 4)
      let isEmpty = words.allSatisfy { address in
        world.machineAddress(ofPhysical: address).flatMap { machine.memory.word(at: $0) } == 0
      }
      if isEmpty { return frame }
    }
    return nil
  }

  // MARK: Tables

  /// A word of a page table, in the program's physical memory.
  private struct Entry {
    var location: UInt32
    var value: UInt32

    func with(bits: UInt32 = 0, ring: Ring? = nil) -> Change {
      let code = ring.map { $0.bits << 2 } ?? value & PageTableEntry.ringMask
      return .physicalWord(location, value & ~PageTableEntry.ringMask | code | bits)
    }
  }

  private func entry(_ read: PageWalk.Read?) -> Entry? {
    guard let read,
      let place = world.machineAddress(ofPhysical: read.location),
      let value = machine.memory.word(at: place)
    else { return nil }
    return Entry(location: read.location, value: value)
  }

  private func entry(of address: VirtualAddress) -> Entry? {
    let walk = world.monitor.map { $0.guestWalk(address) } ?? machine.walk(address)
    return entry(walk?.table)
  }

  private func gate(_ vector: Vector) -> (place: VirtualAddress, flags: UInt32)? {
    let table =
      world.monitor?.guest.cpu.value(of: .tvec, profile: machine.profile)
      ?? machine.value(of: .tvec)
    let place = VirtualAddress(table &+ UInt32(vector.rawValue) * Gate.size)
    return world.word(at: place + 4).map { (place, $0) }
  }
}

extension StepRecord {
  /// What the VMM read where the real CPU couldn't.
  fileprivate var monitorInstruction: DecodedInstruction? {
    for case .readInstruction(_, _, let decoded) in monitor.map(\.event) { return decoded }
    return nil
  }
}
