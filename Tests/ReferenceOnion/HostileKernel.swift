import OnionISA

/// A random guest kernel that tries to reach what isn't its own: page-table entries that name any frame, DMA to any
/// address, forged frames, ports, changes of tables that are believed stale.
///
/// It lives long: whatever trap comes, its handler goes on with the next of its segments, round and round. Memory map
/// (1 MiB): 1000 trap table · 2000 handler · 3000 ring-0 stack · 8000–B000 segments of rings 0 to 3 · 20000 and 22000
/// directories · 21000 and 23000 their first tables, of which the kernel's own pages are good and the rest is random.
public struct HostileKernel: KernelBuilder {
  var random: SplitMix64
  var words: [UInt32: UInt32] = [:]
  private var place: [UInt32] = [0x8000, 0x9000, 0xA000, 0xB000]
  private var segments: UInt32 = 0

  public static let memorySize: UInt32 = 1 << 20
  private static let boot: UInt32 = 0x2A00
  private static let handler: UInt32 = 0x2000
  private static let segmentTable: UInt32 = 0x2C00
  private static let registers: [UInt32] = [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15]
  /// Pages of the first 4 MiB that are as they should be.
  private static let ownPages: UInt32 = 0x40

  public static func image(seed: UInt64) -> Image {
    var kernel = HostileKernel(random: SplitMix64(seed: seed))
    kernel.build()
    return kernel.image(entry: boot)
  }

  private mutating func build() {
    for directory in [0x20000, 0x22000] as [UInt32] { tables(directory) }
    for vector in UInt32(0)..<64 {
      words[0x1000 + vector * 8] = Self.handler
      words[0x1004 + vector * 8] = chance(20) ? 0 : 7 | (chance(10) ? 8 : 0)
    }
    for _ in 0..<Int.random(in: 6...24, using: &random) { segment() }
    goOn()
    var at = Self.boot
    for (control, value) in [
      (ControlRegister.tvec, 0x1000), (.ksp0, 0x3E00), (.ksp1, 0x5000), (.ksp2, 0x6000),
    ] as [(ControlRegister, UInt32)] {
      li(&at, 13, value)
      emit(&at, .setcr, a: 13, Int32(control.rawValue))
    }
    li(&at, 13, UInt32.random(in: 500...5000, using: &random))
    emit(&at, .out, d: 13, 0x20)
    jump(&at, to: Self.handler)
  }

  private mutating func tables(_ directory: UInt32) {
    let table = directory + 0x1000
    for slot in UInt32(1)..<1024 where !chance(3) {
      words[directory + slot * 4] = anyDirectoryEntry()
    }
    words[directory] = table | 1
    for page in Self.ownPages..<1024 { words[table + page * 4] = anyEntry() }
    for page in UInt32(0)..<Self.ownPages {
      let ring: UInt32 = (8..<12).contains(page) ? page - 8 : 0
      words[table + page * 4] = page << 12 | ring << 2 | 3
    }
  }

  /// A frame of its own, of others, of the VMM, or of nobody.
  private mutating func anyFrame() -> UInt32 {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: UInt32.random(in: 0x100..<0x800, using: &random)
    case 1: word() >> 12
    case 2: pick([0x20, 0x21, 0x22, 0x23, 1, 2])
    default: UInt32.random(in: 0..<0x100, using: &random)
    }
  }

  private mutating func anyEntry() -> UInt32 {
    var entry = anyFrame() << 12 | UInt32.random(in: 0..<4, using: &random) << 2
    if !chance(8) { entry |= 1 }
    if !chance(3) { entry |= 2 }
    if chance(2) { entry |= 0x30 }
    if chance(20) { entry |= 0x1C0 }
    return entry
  }

  private mutating func anyDirectoryEntry() -> UInt32 {
    // Mostly a table that there is; sometimes a directory as a table, or anything as one.
    let frame: UInt32 = chance(4) ? anyFrame() : pick([0x21, 0x23, 0x24, 0x25, 0x20])
    return frame << 12 | 1
  }

  /// Goes on with the next segment: what the handler of every trap does.
  private mutating func goOn() {
    var at = Self.handler
    emit(&at, .addi, d: 2, 0x3F00)
    for port in [0x21, 0x33, 0x44] as [Int32] { emit(&at, .out, d: 0, port) }
    li(&at, 13, 0x20000)
    emit(&at, .lw, d: 14, 0x28)
    emit(&at, .slli, d: 14, a: 14, 13)
    emit(&at, .add, d: 13, a: 13, b: 14)
    emit(&at, .setcr, a: 13, 2)
    emit(&at, .addi, d: 13, 1)
    emit(&at, .setcr, a: 13, 1)
    emit(&at, .lw, d: 13, 0x24)
    emit(&at, .addi, d: 14, a: 13, 1)
    emit(&at, .addi, d: 15, Int32(segments))
    emit(&at, .bltu, a: 14, b: 15, 2)
    emit(&at, .addi, d: 14)
    emit(&at, .sw, d: 14, 0x24)
    emit(&at, .slli, d: 14, a: 13, 3)
    emit(&at, .slli, d: 13, a: 13, 2)
    emit(&at, .add, d: 13, a: 13, b: 14)
    emit(&at, .addi, d: 13, a: 13, Int32(Self.segmentTable))
    for index in Int32(0)..<3 {
      emit(&at, .lw, d: 14, a: 13, index * 4)
      emit(&at, .sw, d: 14, a: 2, index * 4 + 4)
    }
    emit(&at, .iret)
  }

  private mutating func segment() {
    let ring = UInt32.random(in: 0..<4, using: &random)
    let row = Self.segmentTable + segments * 12
    words[row] = place[Int(ring)]
    words[row + 4] = ring | 4 | UInt32.random(in: 0..<4, using: &random) << 4
    words[row + 8] = ring == 0 ? 0x3800 : 0x40000 + word() % 0x10000 & ~3
    segments += 1
    var at = place[Int(ring)]
    for _ in 0..<Int.random(in: 2...8, using: &random) { attack(&at, ring) }
    if chance(2) {
      // Some honest work.
      li(&at, 3, UInt32.random(in: 100...4000, using: &random))
      let start = at
      arithmetic(&at, among: [4, 5, 6, 7])
      emit(&at, .addi, d: 3, a: 3, -1)
      emit(&at, .bne, a: 3, (Int32(start) - Int32(at)) / 4)
    }
    if chance(3) { jump(&at, to: at) } else { emit(&at, .int, Int32(32 + word() % 32)) }
    place[Int(ring)] = at
  }

  private mutating func anyAddress() -> UInt32 {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: word()
    case 1: 0xFFC0_0000 + word() % 0x5000
    case 2: 0x2_0000 + word() % 0x6000
    default: 0x4_0000 + word() % 0x3C_0000
    }
  }

  private mutating func attack(_ at: inout UInt32, _ ring: UInt32) {
    let d = pick(Self.registers)
    switch Int.random(in: 0..<12, using: &random) {
    case 0...3:
      li(&at, 1, chance(9) ? anyAddress() : anyAddress() & ~3)
      emit(&at, pick([.lw, .lb, .sw, .sb, .swap, .sh]), d: d, a: 1)
    case 4:
      li(&at, 1, anyAddress() & ~3)
      emit(&at, .jalr, d: 12, a: 1)
    case 5: changeTable(&at)
    case 6: transfer(&at)
    case 7:
      // A made-up trap frame.
      emit(&at, .addi, d: 2, 0x3700)
      for (offset, value) in [
        (4, pick([0x8000, 0x9000, anyAddress()])), (8, word() & 0x3F), (12, anyAddress() & ~3),
      ] as [(Int32, UInt32)] {
        li(&at, 1, value)
        emit(&at, .sw, d: 1, a: 2, offset)
      }
      emit(&at, .iret)
    case 8:
      li(&at, 1, anyAddress())
      emit(&at, .invlpg, a: 1)
    case 9:
      li(&at, 1, chance(3) ? word() : pick([0x20000, 0x22000, 0x1000, 0x3E00, 1, 0]))
      emit(&at, .setcr, a: 1, Int32(pick([1, 2, 4, 5, 6, 7])))
    case 10: emit(&at, pick([.getst, .gettv, .cli, .sti, .rdcycle]), d: 0)
    default:
      li(&at, 1, word() & 0x3C)
      emit(&at, .setst, a: 1)
    }
  }

  /// A new entry for a page or a slot, mostly away from the kernel's own, with `invlpg` or without.
  private mutating func changeTable(_ at: inout UInt32) {
    let table: UInt32 = pick([0x20000, 0x21000, 0x22000, 0x23000, 0x24000, 0x25000])
    let isDirectory = table == 0x20000 || table == 0x22000
    let index = UInt32.random(in: isDirectory ? 1..<1024 : Self.ownPages..<1024, using: &random)
    li(&at, 1, table + index * 4)
    li(&at, 3, isDirectory ? anyDirectoryEntry() : anyEntry())
    emit(&at, pick([.sw, .sw, .swap]), d: 3, a: 1)
    guard !chance(3) else { return }
    li(&at, 4, isDirectory ? index << 22 : index << 12)
    emit(&at, .invlpg, a: 4)
    emit(&at, pick([.lw, .sw]), d: 5, a: 4)
  }

  /// The disk or the network card is told to move something to or from anywhere.
  private mutating func transfer(_ at: inout UInt32) {
    let address: UInt32 =
      switch Int.random(in: 0..<4, using: &random) {
      case 0: word()
      case 1: 0xF_FE00 + word() % 0x400 & ~3
      case 2: 0x2_0000 + word() % 0x6000 & ~3
      default: 0x4_0000 + word() % 0xC_0000 & ~3
      }
    let commands: [[(Int32, UInt32)]] = [
      [(0x30, word() % 4000), (0x31, address), (0x34, word() % 4), (0x32, 1 + word() % 2)],
      [(0x41, address), (0x42, word() % 1600), (0x43, 1 + word() % 2)],
    ]
    for (port, value) in pick(commands) {
      li(&at, 3, value)
      emit(&at, .out, d: 3, port)
    }
  }
}
