/// What becomes of an instruction in a ring of a profile.
public enum Verdict: Hashable, Sendable {
  /// It does what its line in the CPU manual says.
  case runs
  /// It traps to this vector with this error word.
  case traps(vector: UInt32, error: UInt32)
  /// It runs, and silently does something else.
  case differs(Difference)
  /// Runs where CPL ≤ IOPL, else traps to vector 4 with error 4.
  case needsPort
}

/// The holes of the classic profile, outside ring 0.
public enum Difference: String, Hashable, Sendable {
  /// `getst` shows the real ring and the real IF.
  case showsStatus
  /// `setst` writes only TF.
  case writesOnlyTF
  /// `gettv` shows where the real trap table is.
  case showsTrapTable
  /// `iret` leaves IF and IOPL as they are.
  case keepsIFAndIOPL
}

/// One line: an instruction, an example of its word, and its fate in rings 0, 1, 2 and 3.
public struct InstructionRule: Sendable {
  public let mnemonic: String
  public let word: UInt32
  public let strict: [Verdict]
  public let classic: [Verdict]

  /// The verdict, with a port right decided.
  public func verdict(on profile: ReferenceProfile, ring: UInt32, iopl: UInt32) -> Verdict {
    let verdict = (profile == .strict ? strict : classic)[Int(ring)]
    if verdict != .needsPort { return verdict }
    return ring <= iopl ? .runs : .traps(vector: 4, error: 4)
  }
}

/// What every instruction may do in every ring, on both profiles: the CPU manual, section 2, as data.
public enum InstructionRules {
  private static let runs: [Verdict] = [.runs, .runs, .runs, .runs]
  private static let ring0Only: [Verdict] = [
    .runs, .traps(vector: 4, error: 1), .traps(vector: 4, error: 1), .traps(vector: 4, error: 1),
  ]
  private static let port: [Verdict] = [.needsPort, .needsPort, .needsPort, .needsPort]
  private static func always(_ vector: UInt32, _ error: UInt32) -> [Verdict] {
    [Verdict](repeating: .traps(vector: vector, error: error), count: 4)
  }
  /// Through a gate whose bits 2:1 are `ring`.
  private static func gate(_ vector: UInt32, upTo ring: UInt32) -> [Verdict] {
    (0..<4).map { $0 <= ring ? .traps(vector: vector, error: 0) : .traps(vector: 4, error: 2) }
  }
  private static func hole(_ difference: Difference) -> [Verdict] {
    [.runs, .differs(difference), .differs(difference), .differs(difference)]
  }

  private static func rule(
    _ mnemonic: String, _ word: UInt32, strict: [Verdict], classic: [Verdict]
  ) -> InstructionRule {
    InstructionRule(mnemonic: mnemonic, word: word, strict: strict, classic: classic)
  }

  /// Unprivileged on both profiles. Memory instructions use the word at s0 (r13), which every ring
  /// may read and write; `div` and its kin have a divisor other than 0 in a2 (r6); `jalr` jumps to
  /// the address in ra (r1), in the running page; the others have no operand that could trap.
  private static let plain: [InstructionRule] = [
    rule("add", 0x1045_6000, strict: runs, classic: runs),
    rule("sub", 0x1145_6000, strict: runs, classic: runs),
    rule("mul", 0x1245_6000, strict: runs, classic: runs),
    rule("div", 0x1345_6000, strict: runs, classic: runs),
    rule("rem", 0x1445_6000, strict: runs, classic: runs),
    rule("and", 0x1545_6000, strict: runs, classic: runs),
    rule("or", 0x1645_6000, strict: runs, classic: runs),
    rule("xor", 0x1745_6000, strict: runs, classic: runs),
    rule("sll", 0x1845_6000, strict: runs, classic: runs),
    rule("srl", 0x1945_6000, strict: runs, classic: runs),
    rule("sra", 0x1A45_6000, strict: runs, classic: runs),
    rule("slt", 0x1B45_6000, strict: runs, classic: runs),
    rule("sltu", 0x1C45_6000, strict: runs, classic: runs),
    rule("divu", 0x1D45_6000, strict: runs, classic: runs),
    rule("remu", 0x1E45_6000, strict: runs, classic: runs),
    rule("mulhu", 0x1F45_6000, strict: runs, classic: runs),
    rule("addi", 0x2045_0001, strict: runs, classic: runs),
    rule("andi", 0x2545_0001, strict: runs, classic: runs),
    rule("ori", 0x2645_0001, strict: runs, classic: runs),
    rule("xori", 0x2745_0001, strict: runs, classic: runs),
    rule("slli", 0x2845_0001, strict: runs, classic: runs),
    rule("srli", 0x2945_0001, strict: runs, classic: runs),
    rule("srai", 0x2A45_0001, strict: runs, classic: runs),
    rule("slti", 0x2B45_0001, strict: runs, classic: runs),
    rule("sltiu", 0x2C45_0001, strict: runs, classic: runs),
    rule("lui", 0x2F40_0001, strict: runs, classic: runs),
    rule("lw", 0x304D_0000, strict: runs, classic: runs),
    rule("lh", 0x314D_0000, strict: runs, classic: runs),
    rule("lhu", 0x324D_0000, strict: runs, classic: runs),
    rule("lb", 0x334D_0000, strict: runs, classic: runs),
    rule("lbu", 0x344D_0000, strict: runs, classic: runs),
    rule("sw", 0x404D_0000, strict: runs, classic: runs),
    rule("sh", 0x414D_0000, strict: runs, classic: runs),
    rule("sb", 0x434D_0000, strict: runs, classic: runs),
    rule("swap", 0x484D_0000, strict: runs, classic: runs),
    rule("beq", 0x5045_0002, strict: runs, classic: runs),
    rule("bne", 0x5145_0002, strict: runs, classic: runs),
    rule("blt", 0x5245_0002, strict: runs, classic: runs),
    rule("bge", 0x5345_0002, strict: runs, classic: runs),
    rule("bltu", 0x5445_0002, strict: runs, classic: runs),
    rule("bgeu", 0x5545_0002, strict: runs, classic: runs),
    rule("jal", 0x6040_0002, strict: runs, classic: runs),
    rule("jalr", 0x6141_0000, strict: runs, classic: runs),
  ]

  /// The system instructions. Gates 32 to 35 admit rings up to 0, 1, 2 and 3; `iret` returns to the
  /// ring that it runs in.
  private static let system: [InstructionRule] = [
    rule("int", 0x8000_0020, strict: gate(32, upTo: 0), classic: gate(32, upTo: 0)),
    rule("int", 0x8000_0021, strict: gate(33, upTo: 1), classic: gate(33, upTo: 1)),
    rule("int", 0x8000_0022, strict: gate(34, upTo: 2), classic: gate(34, upTo: 2)),
    rule("int", 0x8000_0023, strict: gate(35, upTo: 3), classic: gate(35, upTo: 3)),
    rule("brk", 0x8100_0000, strict: always(2, 0), classic: always(2, 0)),
    rule("rdcycle", 0x8240_0000, strict: runs, classic: runs),
    rule("getst", 0x8840_0000, strict: ring0Only, classic: hole(.showsStatus)),
    rule("setst", 0x8904_0000, strict: ring0Only, classic: hole(.writesOnlyTF)),
    rule("gettv", 0x8A40_0000, strict: ring0Only, classic: hole(.showsTrapTable)),
    rule("iret", 0x8B00_0000, strict: ring0Only, classic: hole(.keepsIFAndIOPL)),
    rule("hlt", 0x9000_0000, strict: ring0Only, classic: ring0Only),
    rule("cli", 0x9100_0000, strict: ring0Only, classic: ring0Only),
    rule("sti", 0x9200_0000, strict: ring0Only, classic: ring0Only),
    rule("getcr", 0x9340_0002, strict: ring0Only, classic: ring0Only),
    rule("setcr", 0x9404_0007, strict: ring0Only, classic: ring0Only),
    rule("invlpg", 0x9504_0000, strict: ring0Only, classic: ring0Only),
    rule("in", 0xA040_0010, strict: port, classic: port),
    rule("out", 0xA140_0010, strict: port, classic: port),
    rule("vmcall", 0xB000_0007, strict: always(8, 7), classic: always(8, 7)),
  ]

  /// Words that are no instruction trap in every ring with their own word: an unassigned opcode, a
  /// digit that must be 0, a vector outside 32 to 63, a control register that isn't there or can't
  /// be written.
  private static let undefined: [InstructionRule] = [
    0x0000_0000, 0x2100_0000, 0x3500_0000, 0x4200_0000, 0x5600_0000, 0x6200_0000, 0x8300_0000,
    0x9600_0000, 0xA200_0000, 0xB100_0000, 0xFFFF_FFFF,
    0x1045_6001, 0x2F41_0001, 0x8010_0020, 0x8001_0020, 0x8000_001F, 0x8000_0040, 0x8100_0001,
    0x8240_0001, 0x8841_0000, 0x8914_0000, 0x8A40_0001, 0x8B10_0000, 0x9000_0001, 0x9101_0000,
    0x9200_1000, 0x9340_0000, 0x9340_000D, 0x9341_0002, 0x9404_0000, 0x9404_0008, 0x9404_000C,
    0x9414_0007, 0x9504_0001, 0xA041_0010, 0xA141_0010, 0xB001_0007,
  ].map { word in
    rule("undefined", word, strict: always(3, word), classic: always(3, word))
  }

  /// All lines, in the order of their opcodes; the words that are none at the end.
  public static let all = plain + system + undefined
}
