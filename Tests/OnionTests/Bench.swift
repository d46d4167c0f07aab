import Onion
import OnionISA
import ReferenceOnion
import Testing

/// Where things are on the bench. Pages are mapped one to one.
enum Place {
  static let gates: UInt32 = 0x1000
  /// Sixteen bytes for each vector's handler; a page of code 00.
  static let handlers: UInt32 = 0x2000
  /// The stacks of rings 0 to 3 end at these addresses: pages 3 to 6.
  static let stacks: [UInt32] = [0x4000, 0x5000, 0x6000, 0x7000]
  /// A page of code for each ring: pages 8 to B.
  static let code: [UInt32] = [0x8000, 0x9000, 0xA000, 0xB000]
  /// Code 11, writable; code 00, writable; code 11, not writable; not present.
  static let data: UInt32 = 0xC000
  static let innerData: UInt32 = 0xD000
  static let constant: UInt32 = 0xE000
  static let absent: UInt32 = 0xF000
  static let directory: UInt32 = 0x10000
  static let table: UInt32 = 0x11000
  /// The table itself, code 00 and writable, under a second name.
  static let tableWindow: UInt32 = 0x12000

  static func handler(_ vector: UInt32) -> UInt32 { handlers + 16 * vector }
  /// The table's entry for a page, physical.
  static func entry(of address: UInt32) -> UInt32 { table + 4 * (address >> 12) }
}

/// The machine and the reference in the same small world; every step is made on both and compared.
///
/// The machine is there twice: one records what happens, the other takes the quick paths.
///
/// Gates 0 to 63 are there, admit every ring, and lead to handlers in ring 0. All is set up through
/// the reference's properties before the first step; the machine is made then.
final class Bench {
  let reference: ReferenceMachine
  private var made: (recording: Machine, quick: Machine)?

  init(
    _ code: [UInt32] = [], ring: UInt32 = 0, profile: ReferenceProfile = .strict,
    paging: Bool = true
  ) {
    reference = ReferenceMachine(profile: profile, memorySize: 1 << 20)
    reference.tvec = Place.gates
    reference.ksp = Array(Place.stacks.prefix(3))
    reference.ptbr = Place.directory
    reference.mode = paging ? 1 : 0
    reference.status = ring
    reference.pc = Place.code[Int(ring)]
    reference.registers[2] = Place.stacks[Int(ring)]
    for vector in 0..<64 as Range<UInt32> {
      gate(vector, handler: Place.handler(vector), flags: 0b111)
      for word in 0..<4 as Range<UInt32> {
        put([op(.addi)], at: Place.handler(vector) + 4 * word)
      }
    }
    put([Place.table | 1], at: Place.directory)
    for page in [1, 2] as [UInt32] { map(page << 12, ring: 0, writable: false) }
    for ring in 0..<4 as Range<UInt32> {
      map(Place.stacks[Int(ring)] - 0x1000, ring: ring)
      map(Place.code[Int(ring)], ring: ring)
    }
    map(Place.data, ring: 3)
    map(Place.innerData, ring: 0)
    map(Place.constant, ring: 3, writable: false)
    map(Place.tableWindow, to: Place.table, ring: 0)
    put(code, at: reference.pc)
  }

  // MARK: Setting up

  /// Places words at a physical address.
  func put(_ words: [UInt32], at address: UInt32) {
    for (index, word) in words.enumerated() {
      reference.writeWord(physical: address + 4 * UInt32(index), word)
    }
  }

  /// Maps a page; A and D are 0, other bits as given.
  func map(
    _ page: UInt32, to frame: UInt32? = nil, ring: UInt32, writable: Bool = true, bits: UInt32 = 0
  ) {
    put(
      [(frame ?? page) | bits | ring << 2 | (writable ? 2 : 0) | 1],
      at: Place.entry(of: page))
  }

  func gate(_ vector: UInt32, handler: UInt32, flags: UInt32) {
    put([handler, flags], at: Place.gates + 8 * vector)
  }

  func set(_ register: Int, _ value: UInt32) { reference.registers[register] = value }

  // MARK: Running

  /// The machine that records. The first use of it ends the setting up.
  var machine: Machine { machines.recording }

  private var machines: (recording: Machine, quick: Machine) {
    if let made { return made }
    guard let recording = makeMachine(), let quick = makeMachine() else {
      fatalError("the host has no room for machines of 1 MiB")
    }
    made = (recording, quick)
    return (recording, quick)
  }

  /// A machine like the reference as it is now.
  func makeMachine() -> Machine? {
    // Nothing is placed beyond the first 128 KiB.
    let words = reference.memory.withUnsafeBytes {
      Array($0.bindMemory(to: UInt32.self).prefix(0x8000))
    }
    return OnionTests.makeMachine(like: reference, words: words)
  }

  /// Somebody may type on the console.
  func acceptInput() {
    machines.recording.acceptsInput = true
    machines.quick.acceptsInput = true
  }

  func type(_ bytes: [UInt8]) {
    reference.consoleInput += bytes
    machines.recording.type(bytes)
    machines.quick.type(bytes)
  }

  /// Makes a step on all, and holds that all that can be seen is the same.
  @discardableResult
  func step(_ count: Int = 1, _ location: SourceLocation = #_sourceLocation) -> Pause {
    let (recording, quick) = machines
    var pause = Pause.limit
    for _ in 0..<count {
      pause = recording.step(recording: true)
      #expect(quick.run(steps: 1) == pause, sourceLocation: location)
      _ = reference.step()
      for machine in [recording, quick] {
        let found = differences(machine, reference, .complete)
        #expect(found.isEmpty, sourceLocation: location)
      }
    }
    return pause
  }

  // MARK: Looking

  var pc: UInt32 { machine.pc.rawValue }
  var status: UInt32 { machine.status.rawValue }
  var cycles: UInt64 { machine.cycles }
  func register(_ number: UInt32) -> UInt32 { machine[Register(bits: number)] }
  func word(_ address: UInt32) -> UInt32? { machine.memory.word(at: MachineAddress(address)) }

  /// The trap whose handler is about to run: its vector, error word, saved pc, status and sp.
  var trap: TrapSeen? {
    let distance = pc &- Place.handlers
    guard distance < 1024, distance % 16 == 0 else { return nil }
    let frame = (0..<4 as Range<UInt32>).map { word(register(2) + 4 * $0) ?? 0 }
    return TrapSeen(
      vector: distance / 16, error: frame[0], pc: frame[1], status: frame[2], sp: frame[3])
  }
}

struct TrapSeen: Equatable {
  var vector: UInt32
  var error: UInt32
  var pc: UInt32
  var status: UInt32
  var sp: UInt32
}

/// The word of an instruction.
func op(
  _ instruction: Instruction, d: UInt32 = 0, a: UInt32 = 0, b: UInt32 = 0, _ immediate: Int32 = 0
) -> UInt32 {
  DecodedInstruction(
    instruction, d: Register(bits: d), a: Register(bits: a), b: Register(bits: b),
    immediate: immediate
  ).word
}

/// The words that put a value into a register.
func li(_ register: UInt32, _ value: UInt32) -> [UInt32] {
  [
    op(.lui, d: register, Int32(value >> 16)),
    op(.ori, d: register, a: register, Int32(value & 0xFFFF)),
  ]
}
