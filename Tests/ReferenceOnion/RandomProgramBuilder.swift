/// Where things are in a random program's memory: a page's number is its frame's number, as the
/// first page table maps them one to one.
enum Layout {
  static let gates: UInt32 = 1
  static let directory: UInt32 = 2
  /// The tables of directory slots 0, 1 and 1023.
  static let lowTable: UInt32 = 3
  static let middleTable: UInt32 = 4
  static let highTable: UInt32 = 5
  static let handlers: UInt32 = 6
  static let restarts: UInt32 = 7
  /// Random code that gates may lead to: ring 1, ring 2, and ring 0 twice.
  static let handlerCode: ClosedRange<UInt32> = 8...11
  /// Of rings 0 to 3.
  static let stacks: ClosedRange<UInt32> = 12...15
  static let code: ClosedRange<UInt32> = 16...31
  static let data: ClosedRange<UInt32> = 32...47
  /// Second names of the page tables, the gates, code and data.
  static let aliases: ClosedRange<UInt32> = 48...63
  static let restartCount: UInt32 = 32
}

/// Makes the memory and the first state of a random program.
struct RandomProgramBuilder {
  var random: SplitMix64
  /// The privilege code of each code page: usually a run of pages has the same.
  var codeRings: [UInt32: UInt32] = [:]
  /// Where the restarts lead: code there runs more than once.
  var entries: [UInt32] = []

  init(random: SplitMix64) { self.random = random }

  mutating func build(_ program: inout RandomProgram) {
    chooseCodeRings()
    buildTables(&program)
    buildGates(&program)
    buildHandlers(&program)
    buildRestarts(&program)
    buildCode(&program)
    buildData(&program)
    buildState(&program)
    if program.isWild { makeWild(&program) }
  }

  private mutating func chooseCodeRings() {
    var ring: UInt32 = 0
    for page in Layout.code {
      // Every ring has a page, and neighbours often differ.
      ring = page < 20 ? page - 16 : (random.chance(50) ? ring : random.below(4))
      codeRings[page] = ring
    }
    for (page, ring) in zip(Layout.handlerCode, [1, 2, 0, 0] as [UInt32]) {
      codeRings[page] = ring
    }
  }

  // MARK: Page tables

  /// A present entry of a page table; the bits that are nobody's business are random.
  private mutating func entry(_ frame: UInt32, writable: Bool, ring: UInt32) -> UInt32 {
    let free = random.below(8) << 9
    let accessedAndDirty = random.below(4) << 4
    return frame << 12 | free | accessedAndDirty | ring << 2 | (writable ? 2 : 0) | 1
  }

  /// An entry of any kind: also absent, reserved, beyond memory.
  private mutating func anyEntry() -> UInt32 {
    switch random.below(10) {
    case 0: return random.word() & ~1
    case 1: return random.word()
    case 2: return random.word() & 0x000F_FFFF | 1
    case 3: return (256 + random.below(4)) << 12 | random.below(64) | 1
    default:
      let frame = random.chance(90) ? 16 + random.below(48) : random.below(256)
      return entry(frame, writable: random.chance(60), ring: random.below(4))
    }
  }

  private mutating func buildTables(_ program: inout RandomProgram) {
    func put(_ table: UInt32, _ index: UInt32, _ word: UInt32) {
      program.put(word, at: table << 12 + 4 * index)
    }
    for (slot, table) in [
      (0, Layout.lowTable), (1, Layout.middleTable), (1023, Layout.highTable),
    ] as [(UInt32, UInt32)] {
      put(Layout.directory, slot, entry(table, writable: false, ring: 0) & ~0x20)
    }
    for _ in 0..<8 {
      let slot = 2 + random.below(1021)
      let word: UInt32 =
        switch random.below(5) {
        case 0: (3 + random.below(3)) << 12 | 1
        case 1: (256 + random.below(4)) << 12 | 1
        case 2: (3 + random.below(3)) << 12 | random.below(512) | 1
        case 3: random.word()
        default: Layout.directory << 12 | 1  // the directory as a table: it maps itself
        }
      put(Layout.directory, slot, word)
    }

    for page in Layout.gates...Layout.restarts where random.below(300) != 0 {
      put(Layout.lowTable, page, entry(page, writable: random.chance(20), ring: 0))
    }
    for (page, ring) in zip(Layout.stacks, 0...3 as ClosedRange<UInt32>) {
      put(Layout.lowTable, page, entry(page, writable: random.chance(99), ring: ring))
    }
    for (page, ring) in codeRings.sorted(by: { $0.key < $1.key }) {
      put(Layout.lowTable, page, entry(page, writable: random.chance(60), ring: ring))
    }
    for page in Layout.data {
      let word =
        random.chance(85)
        ? entry(page, writable: random.chance(85), ring: random.choice([0, 1, 2, 3, 3, 3]))
        : anyEntry()
      put(Layout.lowTable, page, word)
    }
    for page in Layout.aliases {
      let frame =
        page < 52 ? [3, 2, 4, 1][Int(page - 48)] as UInt32 : 16 + random.below(32)
      let ring = random.choice([0, 0, 1, 2, 3] as [UInt32])
      put(Layout.lowTable, page, entry(frame, writable: random.chance(80), ring: ring))
    }
    // The same places in the TLBs as the low pages.
    for index in 0..<1024 as Range<UInt32> where index < 80 || index > 960 || random.chance(2) {
      put(Layout.middleTable, index, anyEntry())
      put(Layout.highTable, index, anyEntry())
    }
  }

  // MARK: Traps

  /// Where handler routine n begins; there are sixteen.
  static func routine(_ n: UInt32) -> UInt32 { Layout.handlers << 12 + 96 * n }

  private mutating func buildGates(_ program: inout RandomProgram) {
    program.tvec = Layout.gates << 12 + (random.chance(80) ? 0 : 8 * random.below(400))
    for vector in 0..<64 as Range<UInt32> {
      // See buildHandlers: 0–3 return, 4–9 skip an instruction, 10–15 start elsewhere.
      let routine: UInt32 =
        switch vector {
        case 1: random.chance(85) ? random.below(4) : 10 + random.below(6)
        case 16: random.chance(93) ? 1 : 10 + random.below(6)
        case 17: random.chance(93) ? 2 : 10 + random.below(6)
        case 5: random.chance(30) ? 4 + random.below(6) : 10 + random.below(6)
        case 7: 10 + random.below(6)
        case 0, 3, 4, 6: random.chance(60) ? 4 + random.below(6) : 10 + random.below(6)
        default: random.chance(60) ? random.below(4) : 10 + random.below(6)
        }
      var handler = Self.routine(routine)
      var flags: UInt32 = 1 | random.choice([0, 1, 2, 3, 3, 3]) << 1
      // An interrupt that comes again and again in its own handler soon fills the stack.
      if random.chance(vector == 16 || vector == 17 ? 1 : 15) { flags |= 8 }
      flags |= random.word() & ~0xF
      if vector != 7 || random.chance(3) {
        switch random.below(vector >= 32 ? 12 : 60) {
        case 0: flags &= ~1
        case 1: handler |= 1 + random.below(3)
        case 2: handler = codeAddress()
        case 3: handler = random.chance(50) ? random.word() : (0x400 + random.below(64)) << 12
        case 4, 5: handler = random.choice(Array(Layout.handlerCode)) << 12 + 4 * random.below(1000)
        default: break
        }
      }
      program.put(handler, at: program.tvec + 8 * vector)
      program.put(flags, at: program.tvec + 8 * vector + 4)
    }
  }

  private mutating func buildHandlers(_ program: inout RandomProgram) {
    for n in 0..<16 as Range<UInt32> {
      var words: [UInt32] = []
      if n % 4 == 1 || n >= 13 { words += [0xA100_0021] }  // out 0x21: acknowledge the timer
      if n % 4 == 2 || n >= 14 { words += [0xA0A0_0010] }  // in t0, 0x10
      if n % 4 == 3 { words += [0x93A0_0007 + random.below(3)] }  // getcr t0, badaddr or cycle
      switch n {
      case 0...3: break
      case 4...9:  // the saved pc is at sp+4
        words += [0x30A2_0004, 0x20AA_0004, 0x40A2_0004]
      default:  // sp ← one of the restarts, chosen by the cycle counter, for the iret to read
        words += [
          0x82A0_0000, 0x25AA_0000 | 16 * (Layout.restartCount - 1),
          0x202A_0000 | Layout.restarts << 12,
        ]
      }
      words += [0x8B00_0000]
      for (i, word) in words.enumerated() {
        program.put(word, at: Self.routine(n) + 4 * UInt32(i))
      }
    }
  }

  /// An address in a code page.
  mutating func codeAddress() -> UInt32 {
    (16 + random.below(16)) << 12 + 4 * random.below(1000)
  }

  /// The pc, status and sp of code that can run.
  private mutating func frame() -> [UInt32] {
    var pc = codeAddress()
    // Ring 0 gets enough to do in the handlers.
    if codeRings[pc >> 12] == 0 { pc = codeAddress() }
    let ring = random.chance(93) ? codeRings[pc >> 12] ?? 0 : random.below(4)
    var status = ring
    if random.chance(65) { status |= 4 }
    if random.chance(15) { status |= 8 }
    status |= random.choice([0, 0, 1, 2, 3]) << 4
    if random.chance(20) { status |= random.word() & ~0x3F }
    let sp = (12 + ring) << 12 + 0x400 + 16 * random.below(0xB0)
    return [pc, status, random.chance(96) ? sp : sp + random.below(4)]
  }

  private mutating func buildRestarts(_ program: inout RandomProgram) {
    for n in 0..<Layout.restartCount {
      let words = frame()
      entries.append(words[0])
      for (i, word) in words.enumerated() {
        program.put(word, at: Layout.restarts << 12 + 16 * n + 4 + 4 * UInt32(i))
      }
    }
    // Stacks full of frames, so that an iret out of the blue finds one.
    for stack in Layout.stacks {
      for n in 0..<16 as Range<UInt32> {
        var words = frame()
        if random.chance(4) { words[0] += random.below(4) }
        for part in 0..<16 as Range<UInt32> {
          let address = stack << 12 + 256 * part + 16 * n
          for i in 0..<3 as Range<UInt32> {
            program.put(words[Int(i)], at: address + 4 + 4 * i)
          }
        }
      }
    }
  }

  // MARK: Code, data, state

  private mutating func buildCode(_ program: inout RandomProgram) {
    var writer = RandomCode(random: random, entries: entries)
    for page in Array(Layout.handlerCode) + Array(Layout.code) {
      let ring = codeRings[page] ?? 0
      // An eighth of a page, eight times: quick to make, and code still runs into the next page.
      for (i, word) in writer.words(128, ring: ring).enumerated() {
        for part in 0..<8 as Range<UInt32> {
          program.put(word, at: page << 12 + 512 * part + 4 * UInt32(i))
        }
      }
    }
    random = writer.random
  }

  private mutating func buildData(_ program: inout RandomProgram) {
    for page in Layout.data {
      // Only the beginning: the rest is 0, which is data too.
      for i in 0..<32 as Range<UInt32> {
        program.put(random.word(), at: page << 12 + 4 * i)
      }
    }
  }

  private mutating func buildState(_ program: inout RandomProgram) {
    for i in 1..<16 {
      program.registers[i] =
        random.chance(50) ? random.choice([0, 1, 2, 0x7FFF_FFFF, 0x8000_0000, ~0]) : random.word()
    }
    let start = frame()
    program.pc = start[0]
    program.status = start[1] & 0x3F
    program.registers[2] = start[2]
    program.registers[13] = (32 + random.below(16)) << 12 + 4 * random.below(512)
    program.registers[14] = (16 + random.below(16)) << 12 + 4 * random.below(512)
    program.registers[15] = (48 + random.below(16)) << 12 + 4 * random.below(512)
    program.mode = random.chance(90) ? 1 : 0
    program.ptbr = Layout.directory << 12
    program.ksp = [0xCFF0, 0xDFF0, 0xEFF0]
    if random.chance(5) { program.ksp[Int(random.below(3))] = random.word() & ~3 }
    program.badaddr = random.word()
    program.consoleControl = random.choice([0, 1, 1, random.word()])
    for _ in 0..<random.below(20) {
      program.consoleInput.append(UInt8(truncatingIfNeeded: random.word()))
    }
    if random.chance(75) {
      program.timerInterval = 20 + random.below(random.choice([100, 1000, 5000]))
    }
  }

  private mutating func makeWild(_ program: inout RandomProgram) {
    if random.chance(30) { program.status = random.below(64) }
    if random.chance(30) { program.pc = random.word() }
    if random.chance(30) { program.ptbr = random.below(0x104) << 12 }
    if random.chance(30) { program.tvec = random.word() & ~7 }
    if random.chance(30) { program.registers[2] = random.word() }
    if random.chance(30) { program.ksp = (0..<3).map { _ in random.word() & ~3 } }
    if random.chance(30) { program.mode = random.below(2) }
    for _ in 0..<random.below(40) {
      let address = (1 + random.below(15)) << 12 + 4 * random.below(128)
      program.put(random.chance(50) ? random.word() : anyEntry(), at: address)
    }
  }
}
