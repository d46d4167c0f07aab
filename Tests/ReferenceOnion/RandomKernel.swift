import OnionISA

/// A random guest kernel that ends by switching itself off: segments of random instructions in all
/// rings, with handlers that log what they are told and step over what faulted.
///
/// Equivalence leaves out timing and stale TLB entries, so the code reads no cycle counter and every
/// change of a table is followed by `invlpg`. Memory map (identity, 1 MiB):
/// 0 handlers' data · 1000 trap table · 2000 handlers · 3000 ring-0 stack · 4000 ring-1 stack ·
/// 6000 outer stack · 8000–B000 code of rings 0 to 3 · 10000 data · 20000 tables · 30000 log.
public struct RandomKernel: KernelBuilder {
  /// What may interrupt it.
  public enum Flavour: String, Sendable {
    case plain, timer
    /// Disk and network too; their commands are waited for, by polling or by `hlt`.
    case devices
  }

  var random: SplitMix64
  let flavour: Flavour
  var words: [UInt32: UInt32] = [:]
  /// Interrupts may come.
  private var isTimed: Bool { flavour != .plain }
  /// Where the next segment of each ring goes.
  private var place: [UInt32] = [0x8000, 0x9000, 0xA000, 0xB000]
  private var segmentTable: UInt32 = 0x2C00

  static let dispatcher: UInt32 = 0x2800
  static let boot: UInt32 = 0x2A00
  /// Registers that the random code may write: not sp, and not t2, where fetch faults go on.
  private static let free: [UInt32] = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15]

  /// Where the handlers of interrupts are, and the ports at which they acknowledge them.
  private static let acknowledgers: [UInt32: (place: UInt32, port: Int32)] = [
    16: (0x2700, 0x21), 18: (0x2720, 0x33), 19: (0x2740, 0x44),
  ]

  /// Frames that an interrupt may leave different: the handlers' data and the ring-0 stack.
  public static let timedFrames: Set<Int> = [0, 3]
  /// The sector of disk 0 where a kernel keeps its tables.
  public static let tableSector: UInt32 = 7
  /// Frames that hold page tables.
  public static let tableFrames = 0x20..<0x25

  public static func image(seed: UInt64, _ flavour: Flavour) -> Image {
    var kernel = RandomKernel(random: SplitMix64(seed: seed), flavour)
    kernel.build()
    return kernel.image(entry: Self.boot)
  }

  private init(random: SplitMix64, _ flavour: Flavour) {
    self.random = random
    self.flavour = flavour
  }

  // MARK: The fixed part

  private mutating func build() {
    tables()
    handlers()
    var at = Self.boot
    for (control, value) in [
      (ControlRegister.tvec, 0x1000), (.ksp0, 0x4000), (.ksp1, 0x5000), (.ksp2, 0x6000),
      (.ptbr, 0x20000),
    ] as [(ControlRegister, UInt32)] {
      li(&at, 13, value)
      emit(&at, .setcr, a: 13, Int32(control.rawValue))
    }
    if isTimed {
      li(&at, 13, UInt32.random(in: 300...3000, using: &random))
      emit(&at, .out, d: 13, 0x20)
    }
    jump(&at, to: Self.dispatcher)
    words[0x20] = 0x30000
    words[0x24] = segmentTable
    for _ in 0..<Int.random(in: 4...14, using: &random) { segment() }
    lastSegment()
  }

  private mutating func tables() {
    for (directory, table) in [(0x20000, 0x21000), (0x22000, 0x23000)] as [(UInt32, UInt32)] {
      words[directory] = table | 1
      func map(_ page: UInt32, _ frame: UInt32, _ ring: UInt32, writable: Bool = true) {
        words[table + page * 4] = frame << 12 | ring << 2 | (writable ? 2 : 0) | 1
      }
      for page in UInt32(0)..<4 { map(page, page, 0) }
      map(4, 4, 1)
      map(5, 5, 2)
      map(6, 6, 3)
      for ring in UInt32(0)..<4 { map(8 + ring, 8 + ring, ring, writable: ring != 3) }
      for page in UInt32(0x10)..<0x20 {
        words[table + page * 4] = randomEntry()
      }
      for page in UInt32(0x20)..<0x25 { map(page, page, 0) }
      for page in UInt32(0x30)..<0x40 { map(page, page, 0) }
      // The tables once more, at another address.
      map(0x50, 0x21, 0)
      if chance(4) {
        words[directory + 1023 * 4] = 0x24001
        words[0x24000] = randomEntry()
        words[0x24004] = randomEntry()
      }
    }
    let gates: [UInt32] = Array(0...8) + [16, 18, 19] + Array(32...39) + [40, 41, 45]
    for vector in gates {
      let admits: UInt32 = vector >= 40 ? 3 : pick([0, 1, 3])
      words[0x1000 + vector * 8] = vector == 40 ? Self.dispatcher : 0x2000 + vector * 12
      words[0x1004 + vector * 8] = 1 | admits << 1
    }
    // Gate 41's handler runs in ring 1; gate 45's isn't a multiple of 4.
    words[0x1000 + 41 * 8] = 0x9F00
    words[0x1000 + 45 * 8] = 0x2002
    var at: UInt32 = 0x9F00
    emit(&at, .int, 40)
  }

  /// An entry for a data page: mostly good, sometimes with bits that must be 0, or a frame outside
  /// memory. The frames of tables and code are left alone.
  private mutating func randomEntry() -> UInt32 {
    let frame = chance(12) ? 0x7FFFF : UInt32.random(in: 0x10..<0x20, using: &random)
    var entry = frame << 12 | UInt32.random(in: 0..<4, using: &random) << 2
    if !chance(6) { entry |= 1 }
    if !chance(3) { entry |= 2 }
    if chance(3) { entry |= 0x10 }
    if chance(4) { entry |= 0x20 }
    if chance(15) { entry |= 0x40 }
    return entry | UInt32.random(in: 0..<8, using: &random) << 9
  }

  private mutating func handlers() {
    for vector in UInt32(0)..<48 where vector != 40 {
      var at = 0x2000 + vector * 12
      emit(&at, .sw, d: 13, 0x10)
      emit(&at, .addi, d: 13, Int32(vector))
      jump(&at, to: Self.acknowledgers[vector]?.place ?? 0x2400)
    }
    for (place, port) in Self.acknowledgers.values {
      var at = place
      emit(&at, .out, d: 13, port)
      emit(&at, .lw, d: 13, 0x10)
      emit(&at, .iret)
    }
    var at: UInt32

    // The log: vector, error, pc, status, sp, badaddr.
    at = 0x2400
    emit(&at, .sw, d: 14, 0x14)
    emit(&at, .sw, d: 15, 0x18)
    emit(&at, .lw, d: 14, 0x20)
    emit(&at, .sw, d: 13, a: 14, 0)
    for index in Int32(0)..<4 {
      emit(&at, .lw, d: 15, a: 2, index * 4)
      emit(&at, .sw, d: 15, a: 14, index * 4 + 4)
    }
    emit(&at, .getcr, d: 15, Int32(ControlRegister.badaddr.rawValue))
    emit(&at, .sw, d: 15, a: 14, 20)
    emit(&at, .addi, d: 14, a: 14, 32)
    emit(&at, .andi, d: 14, a: 14, 0xFFFF)
    emit(&at, .lui, d: 15, 3)
    emit(&at, .or, d: 14, a: 14, b: 15)
    emit(&at, .sw, d: 14, 0x20)
    // A double fault goes on with the next segment.
    emit(&at, .addi, d: 15, 7)
    emit(&at, .bne, a: 13, b: 15, 2)
    jump(&at, to: Self.dispatcher)
    // Not a fault: nothing to step over.
    let done: UInt32 = 0x2600
    emit(&at, .sltiu, d: 14, a: 13, 8)
    emit(&at, .beq, a: 14, (Int32(done) - Int32(at)) / 4)
    emit(&at, .addi, d: 15, 0x79)
    emit(&at, .srl, d: 15, a: 15, b: 13)
    emit(&at, .andi, d: 15, a: 15, 1)
    emit(&at, .beq, a: 15, (Int32(done) - Int32(at)) / 4)
    // A fetch fault goes on at t2.
    emit(&at, .addi, d: 15, 5)
    emit(&at, .bne, a: 13, b: 15, 6)
    emit(&at, .lw, d: 15, a: 2, 0)
    emit(&at, .andi, d: 15, a: 15, 4)
    emit(&at, .beq, a: 15, 3)
    emit(&at, .sw, d: 12, a: 2, 4)
    jump(&at, to: done)
    emit(&at, .lw, d: 15, a: 2, 4)
    emit(&at, .addi, d: 15, a: 15, 4)
    emit(&at, .sw, d: 15, a: 2, 4)
    jump(&at, to: done)
    at = done
    emit(&at, .lw, d: 13, 0x10)
    emit(&at, .lw, d: 14, 0x14)
    emit(&at, .lw, d: 15, 0x18)
    emit(&at, .iret)

    at = Self.dispatcher
    emit(&at, .addi, d: 13, 1)
    emit(&at, .setcr, a: 13, Int32(ControlRegister.mode.rawValue))
    emit(&at, .addi, d: 2, 0x3F00)
    emit(&at, .lw, d: 13, 0x24)
    emit(&at, .addi, d: 14, a: 13, 12)
    emit(&at, .sw, d: 14, 0x24)
    for index in Int32(0)..<3 {
      emit(&at, .lw, d: 14, a: 13, index * 4)
      emit(&at, .sw, d: 14, a: 2, index * 4 + 4)
    }
    emit(&at, .iret)
  }

  // MARK: Segments

  private mutating func enter(_ ring: UInt32, status: UInt32) {
    words[segmentTable] = place[Int(ring)]
    words[segmentTable + 4] = status & ~3 | ring
    words[segmentTable + 8] = ring == 0 ? 0x3800 : 0x6800
    segmentTable += 12
  }

  private mutating func segment() {
    let ring = UInt32.random(in: 0..<4, using: &random)
    var status = isTimed ? UInt32(4) : pick([0, 4])
    status |= UInt32.random(in: 0..<4, using: &random) << 4
    if !isTimed, chance(5) { status |= 8 }
    enter(ring, status: status)
    var at = place[Int(ring)]
    for _ in 0..<Int.random(in: 3...14, using: &random) { something(&at, ring) }
    emit(&at, .int, 40)
    place[Int(ring)] = at
  }

  private mutating func lastSegment() {
    enter(0, status: 0)
    var at = place[0]
    emit(&at, .addi, d: 13, 1)
    emit(&at, .out, d: 13, 0x50)
  }

  private mutating func something(_ at: inout UInt32, _ ring: UInt32) {
    switch Int.random(in: 0..<10, using: &random) {
    case 0...2: arithmetic(&at, among: Self.free)
    case 3...5: memory(&at)
    case 6: trap(&at)
    case 7: system(&at, ring)
    case 8: jumpAway(&at)
    default:
      if ring != 0 {
        system(&at, ring)
      } else if flavour == .devices, chance(2) {
        transfer(&at)
      } else {
        changeTables(&at)
      }
    }
  }

  private mutating func memory(_ at: inout UInt32) {
    let address: UInt32 =
      switch Int.random(in: 0..<12, using: &random) {
      case 0: word()
      case 1: 0xFFC0_0000 + word() % 0x4000
      case 2: 0x2_0000 + word() % 0x4000
      default: 0x1_0000 + word() % 0x1_0000
      }
    let isTable = (0x2_0000..<0x2_5000).contains(address) || (0x5_0000..<0x5_1000).contains(address)
    let instruction: Instruction =
      isTable ? pick([.lw, .lh, .lb]) : pick([.lw, .lh, .lhu, .lb, .lbu, .sw, .sh, .sb, .swap])
    // Stores go to data pages only (and to where nothing is): code and tables have their own ways.
    let isStore = instruction.rawValue >= 0x40
    let place = isStore && address < 0x1_0000 ? address | 0x1_0000 : address
    if isStore, place > 0x2_0000, place < 0x10_0000 { return }
    li(&at, 1, chance(3) ? place : place & ~3)
    emit(&at, instruction, d: pick(Self.free), a: 1, 0)
  }

  private mutating func trap(_ at: inout UInt32) {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: emit(&at, .brk)
    case 1: emit(&at, .vmcall, Int32(word() & 0xFFFF))
    case 2:
      words[at] = word() & 0x00FF_FFFF | pick([0, 0x7F, 0xC0]) << 24
      at += 4
    default: emit(&at, .int, Int32(pick([32, 33, 34, 35, 36, 37, 38, 39, 45, 50, 63])))
    }
  }

  private mutating func system(_ at: inout UInt32, _ ring: UInt32) {
    let d = pick(Self.free)
    switch Int.random(in: 0..<9, using: &random) {
    case 0: emit(&at, .getst, d: d)
    case 1:
      // IOPL and IF as they come; TF only outside the timed flavour.
      li(&at, 1, word() & (isTimed ? 0x34 : 0x3C) | (isTimed ? 4 : 0))
      emit(&at, .setst, a: 1)
    case 2: emit(&at, .gettv, d: d)
    case 3: emit(&at, pick([.cli, .sti]))
    case 4: emit(&at, .getcr, d: d, Int32(pick([1, 2, 3, 4, 5, 6, 7, 12])))
    case 5:
      emit(&at, .setcr, a: pick(Self.free), 7)
    case 6:
      if ring == 0 {
        li(&at, 1, pick([0x20000, 0x22000]))
        emit(&at, .setcr, a: 1, 2)
        if chance(3) {
          emit(&at, .addi, d: 1, pick([0, 1]))
          emit(&at, .setcr, a: 1, 1)
        }
      } else {
        emit(&at, pick([.iret, .hlt]))
      }
    case 7: emit(&at, .out, d: d, Int32(pick([0x10, 0x10, 0x11, 0x77])))
    default: emit(&at, .in, d: d, Int32(pick([0x10, 0x11, 0x40, 0x50])))
    }
  }

  private mutating func jumpAway(_ at: inout UInt32) {
    let next = at + 16 + 4
    li(&at, 12, next)
    li(&at, 1, pick([0x8000, 0x9F00, 0xA000, 0x10000, 0x3000, 0x70000, word() & ~3, word()]))
    // Into another ring's page, data, nothing at all; back by t2. A jump into this ring's own code
    // would run it again and again: a register makes it happen never.
    let target =
      (words[at - 8].map { $0 & 0xFFFF } ?? 0) << 16 | (words[at - 4].map { $0 & 0xFFFF } ?? 0)
    if (0x8000..<0xC000).contains(target) || (0x1_0000..<0x2_0000).contains(target)
      || target < 0x4000
    {
      emit(&at, .addi, d: 1)
    } else {
      emit(&at, .jalr, d: 1, a: 1, 0)
    }
  }

  /// A new entry for a data page, by either address of the table, and the `invlpg` that it needs.
  private mutating func changeTables(_ at: inout UInt32) {
    let page = UInt32.random(in: 0x10..<0x20, using: &random)
    li(&at, 1, pick([0x21000, 0x23000, 0x50000]) + page * 4)
    li(&at, 3, randomEntry())
    emit(&at, pick([.sw, .swap]), d: 3, a: 1, 0)
    li(&at, 4, page << 12)
    emit(&at, .invlpg, a: 4)
  }

  /// A command of the disk or the network card, and the wait until it is done: nothing depends on when that is.
  private mutating func transfer(_ at: inout UInt32) {
    // Mostly data pages; the tables, what isn't a multiple of 4, and what is outside memory too. A sector never
    // reaches from the data into the tables: what a stale TLB still translates, and for how long, depends on timing.
    let address: UInt32 =
      switch Int.random(in: 0..<10, using: &random) {
      case 0: 0x21000
      case 1: 0x10000 + word() % 0xFE00
      case 2: pick([0xF_FF00, 0x10_0000, 0xFFFF_FFFC])
      default: 0x10000 + word() % 0x0FC0 * 16
      }
    let isDisk = !chance(3)
    var ports: [(port: Int32, value: UInt32)]
    if isDisk {
      let sector = word() % (chance(8) ? 5000 : 6)
      ports = [(0x30, sector), (0x31, address), (0x34, word() % 4), (0x32, chance(2) ? 2 : 1)]
    } else {
      ports = [(0x41, address), (0x42, pick([14, 60, 100, 13])), (0x43, 1)]
    }
    // The tables are only ever written out as they are and read back from where they were kept.
    let usesTables = address == 0x21000
    emit(&at, .cli)
    for (port, value) in ports {
      var value = value
      if usesTables, isDisk { value = port == 0x30 ? Self.tableSector : port == 0x34 ? 0 : value }
      if usesTables, isDisk, port == 0x32 { value = 2 }
      li(&at, 3, value)
      emit(&at, .out, d: 3, port)
    }
    if chance(2) {
      emit(&at, .sti)
      emit(&at, .hlt)
    }
    let status: Int32 = isDisk ? 0x33 : 0x44
    emit(&at, .addi, d: 4, 1)
    emit(&at, .in, d: 3, status)
    emit(&at, .beq, a: 3, b: 4, -1)
    emit(&at, .out, d: 3, status)
    emit(&at, .sti)
    // Nothing is to depend on whether a handler acknowledged it first.
    emit(&at, .addi, d: 3)
    guard usesTables, isDisk, chance(2) else { return }
    // Read back what was kept, over the table in use, and believe nothing older.
    for (port, value) in [(0x30, Self.tableSector), (0x31, 0x21000), (0x34, 0), (0x32, 1)]
      as [(Int32, UInt32)]
    {
      li(&at, 3, value)
      emit(&at, .out, d: 3, port)
    }
    emit(&at, .in, d: 3, status)
    emit(&at, .beq, a: 3, b: 4, -1)
    emit(&at, .out, d: 3, status)
    emit(&at, .getcr, d: 3, 2)
    emit(&at, .setcr, a: 3, 2)
  }
}
