/// Writes pages of random code.
struct RandomCode {
  var random: SplitMix64
  /// Addresses of code that runs again and again.
  let entries: [UInt32]

  /// So many words of code that is to run in `ring`.
  mutating func words(_ count: Int, ring: UInt32) -> [UInt32] {
    var words: [UInt32] = []
    while words.count < count { words += piece(ring: ring) }
    return Array(words.prefix(count))
  }

  /// One instruction, or a few that belong together.
  private mutating func piece(ring: UInt32) -> [UInt32] {
    // Outside ring 0 fewer instructions that trap.
    switch random.below(ring == 0 || random.chance(30) ? 100 : 72) {
    case 0..<26: [arithmetic()]
    case 26..<45: [memory()]
    case 45..<54: [branch()]
    case 54..<56: [jal()]
    case 56..<59: jumpFar()
    case 59..<66: load(13 + random.below(3), address())
    case 66..<70: changeTable()
    case 70..<73: changeCode()
    case 73..<80: [softwareTrap()]
    case 80..<95: system(ring: ring)
    case 95..<97: setControl()
    case 97..<99: [nearlyValid()]
    default: [random.word()]
    }
  }

  // MARK: Operands

  private mutating func anyRegister() -> UInt32 { random.below(16) }

  /// A register to write: seldom the stack pointer or one that holds an address.
  private mutating func destination() -> UInt32 {
    switch random.below(200) {
    case 0: 2
    case 1..<8: 13 + random.below(3)
    case 8..<18: 0
    default: random.choice([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    }
  }

  private mutating func immediate() -> UInt32 {
    random.chance(50) ? random.below(16) : random.word() & 0xFFFF
  }

  /// An address of data, code, stacks, tables, or of the random region behind directory slot 1 or
  /// 1023; rarely anything.
  private mutating func address() -> UInt32 {
    let offset = 4 * random.below(512)
    switch random.below(20) {
    case 0: return random.word()
    case 1, 2: return (0x400 + random.below(80)) << 12 + offset
    case 3: return (0xF_FC00 + random.below(80)) << 12 + offset
    case 4, 5: return random.below(64) << 12 + offset
    case 6...8: return (16 + random.below(16)) << 12 + offset
    default: return (32 + random.below(32)) << 12 + offset
    }
  }

  private func load(_ register: UInt32, _ value: UInt32) -> [UInt32] {
    [
      0x2F00_0000 | register << 20 | value >> 16,
      0x2600_0000 | register << 20 | register << 16 | value & 0xFFFF,
    ]
  }

  // MARK: Plain instructions

  private mutating func arithmetic() -> UInt32 {
    let d = destination() << 20
    let a = anyRegister() << 16
    if random.chance(50) {
      return (0x10 + random.below(16)) << 24 | d | a | anyRegister() << 12
    }
    let opcode = random.choice([0x20, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C] as [UInt32])
    return opcode << 24 | d | a | immediate()
  }

  private mutating func memory() -> UInt32 {
    let opcode = random.choice(
      [0x30, 0x30, 0x31, 0x32, 0x33, 0x34, 0x40, 0x40, 0x41, 0x43, 0x48] as [UInt32])
    let isStore = opcode >= 0x40 && opcode != 0x48
    let d = isStore ? anyRegister() : destination()
    let base = random.choice([13, 13, 13, 14, 15, 15, 2, 0, anyRegister()])
    var offset = random.below(0x800)
    if random.chance(30) { offset = 0 &- offset }
    if random.chance(10) { offset = random.word() }
    if random.chance(92) { offset &= ~3 }
    return opcode << 24 | d << 20 | base << 16 | offset & 0xFFFF
  }

  private mutating func branch() -> UInt32 {
    let opcode = 0x50 + random.below(6)
    let offset = random.chance(95) ? 1 + random.below(8) : 0 &- random.below(5)
    return opcode << 24 | anyRegister() << 20 | anyRegister() << 16 | offset & 0xFFFF
  }

  private mutating func jal() -> UInt32 {
    let offset = random.chance(70) ? random.below(64) : random.below(2048) &- 1024
    return 0x6000_0000 | destination() << 20 | offset & 0xF_FFFF
  }

  /// A jump into some code page, maybe of another ring, maybe misaligned.
  private mutating func jumpFar() -> [UInt32] {
    var target = (16 + random.below(16)) << 12 + 4 * random.below(1000)
    if random.chance(8) { target += random.below(4) }
    let register = random.choice([1, 10, 11] as [UInt32])
    return load(register, target) + [0x6100_0000 | destination() << 20 | register << 16]
  }

  // MARK: Code and tables that change under the running program

  /// Flips a bit of a table's entry or of a gate through a second name of its page (48 to 51), and
  /// maybe forgets the `invlpg`.
  private mutating func changeTable() -> [UInt32] {
    let index = random.chance(80) ? 16 + random.below(48) : random.below(1024)
    let entry = (48 + random.choice([0, 0, 0, 2, 1, 3])) << 12 + 4 * index
    let bit = random.choice([0, 1, 1, 2, 3, 4, 5, 5, 6, 9, 12, 13] as [UInt32])
    var words = load(15, entry)
    words += [0x30AF_0000]  // lw t0, 0(s2)
    words += [0x20B0_0001, 0x28BB_0000 | bit, 0x17AA_B000]  // li t1,1; slli; xor
    words += [0x40AF_0000]  // sw t0, 0(s2)
    if random.chance(40) { words += load(11, index << 12) + [0x950B_0000] }  // invlpg t1
    return words
  }

  /// Copies a word of code to another place in code: one that has run, will run again, or is just
  /// ahead.
  private mutating func changeCode() -> [UInt32] {
    if random.chance(40) { return loopThatChangesItself() }
    let from = (16 + random.below(16)) << 12 + 4 * random.below(512)
    let to =
      random.chance(75)
      ? random.choice(entries) + 4 * random.below(6)
      : (52 + random.below(12)) << 12 + 4 * random.below(512)
    let width: UInt32 = random.choice([0x40, 0x40, 0x41, 0x43, 0x48])
    return load(14, from) + [0x30AE_0000] + load(14, to) + [width << 24 | 0xAE_0000]
  }

  /// Three rounds; the first round replaces the loop's first instruction.
  private mutating func loopThatChangesItself() -> [UInt32] {
    [
      0x20C0_0003,  // li t2, 3
      0x6010_0001,  // jal ra, the next: ra is its address
      arithmetic(),
      0x30A1_0014,  // lw t0, 20(ra): the instruction behind the loop
      0x40A1_0000,  // sw t0, 0(ra)
      0x20CC_FFFF,  // addi t2, t2, -1
      0x520C_FFFC,  // blt zero, t2, back to the changed instruction
      random.chance(70) ? arithmetic() : memory(),
    ]
  }

  // MARK: System instructions

  private mutating func softwareTrap() -> UInt32 {
    switch random.below(8) {
    case 0: 0x8100_0000  // brk
    case 1: 0xB000_0000 | random.word() & 0xFFFF  // vmcall
    default: 0x8000_0020 + random.below(32)  // int
    }
  }

  /// In outer rings they mostly trap; in ring 0 most of them should leave the program running.
  private mutating func system(ring: UInt32) -> [UInt32] {
    let d = destination() << 20
    let a = anyRegister() << 16
    let ports: [UInt32] = [
      0x10, 0x10, 0x11, 0x20, 0x21, 0x21, 0x30, 0x31, 0x32, 0x33, 0x34, 0x40, 0x42, 0x44, 0x50,
    ]
    let port = random.chance(95) ? random.choice(ports) : random.word() & 0xFFFF
    switch random.below(ring == 0 ? 34 : 30) {
    case 0, 1: return [0x8200_0000 | d]  // rdcycle
    case 2...4: return [0x8800_0000 | d]  // getst
    case 5: return [0x8900_0000 | a]  // setst of anything
    case 6, 7:  // setst that flips TF, IF or IOPL
      let bit = random.choice([4, 8, 8, 12, 16, 32] as [UInt32])
      return [0x88A0_0000, 0x27AA_0000 | bit, 0x890A_0000]
    case 8: return [0x8A00_0000 | d]  // gettv
    case 9: return [0x8B00_0000]  // iret
    case 10: return random.chance(30) ? [0x9000_0000] : [0x9200_0000, 0x9000_0000]  // hlt
    case 11: return [0x9100_0000]  // cli
    case 12, 13: return [0x9200_0000]  // sti
    case 14...17: return [0x9300_0000 | d | (1 + random.below(12))]  // getcr
    case 18, 19: return [0x9500_0000 | a]  // invlpg
    case 20, 21: return load(11, address()) + [0x950B_0000]
    case 22...25: return [0xA000_0000 | d | port]  // in
    case 26: return [0xA100_0000 | anyRegister() << 20 | port]  // out
    case 27:  // a new timer interval
      return [0x20A0_0000 | random.below(random.choice([30, 2000, 8000])), 0xA1A0_0020]
    case 28: return [0xA100_0021]  // acknowledge
    case 29: return [0x20A0_0000 | random.below(2), 0xA1A0_0011]  // console interrupt
    case 30: return transfer()
    case 31: return [0x9100_0000, 0x9200_0000]  // cli, sti: the delay
    default: return [0x9300_0000 | d | 8]  // getcr cycle
    }
  }

  /// A command to the disk or the network card that usually works, or an acknowledgement.
  private mutating func transfer() -> [UInt32] {
    func out(_ port: UInt32, _ value: UInt32) -> [UInt32] {
      load(10, value) + [0xA1A0_0000 | port]
    }
    let address = random.below(1 << 16) & (random.chance(95) ? ~3 : ~0)
    switch random.below(5) {
    case 0: return out(0x33, 0)
    case 1: return out(0x44, 0)
    case 2:
      let length = random.chance(90) ? 14 + random.below(100) : random.below(1 << 12)
      return out(0x41, address) + out(0x42, length) + out(0x43, 1)
    default:
      let sector = random.chance(95) ? random.below(8) : random.word()
      return out(0x30, sector) + out(0x31, address) + out(0x34, random.below(4))
        + out(0x32, random.below(3))
    }
  }

  /// A control register gets a value that usually keeps the program alive.
  private mutating func setControl() -> [UInt32] {
    let number = 1 + random.below(7)
    if random.chance(4) { return [0x9400_0000 | anyRegister() << 16 | number] }
    let value: UInt32 =
      switch number {
      case 1: random.chance(80) ? 1 : 0
      case 2: Layout.directory << 12 | random.below(4096)
      case 3: Layout.gates << 12 | random.below(8)
      case 4...6: (8 + number) << 12 + 0xE00 + random.below(64)
      default: random.word()
      }
    return load(10, value) + [0x940A_0000 | number]
  }

  /// An instruction, sometimes with a digit that isn't its own.
  private mutating func nearlyValid() -> UInt32 {
    let opcodes: [UInt32] = [
      0x10, 0x15, 0x1F, 0x2F, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8A, 0x8B, 0x90, 0x91, 0x92, 0x93,
      0x94,
      0x95, 0xA0, 0xA1, 0xB0,
    ]
    return random.choice(opcodes) << 24 | 1 << random.below(24) | 1 << random.below(24)
  }
}
