/// The one table of instructions: decoder, assembler, disassembler, completion, explanations and the
/// manual's tables come from it.
public enum InstructionTable {
  /// The row of `instruction`.
  public static func row(of instruction: Instruction) -> InstructionInfo {
    rows[Int(indexByOpcode[Int(instruction.rawValue)])]
  }

  /// The instruction with that opcode, or nil.
  public static func instruction(opcode: UInt8) -> Instruction? { Instruction(rawValue: opcode) }

  /// The instruction with that mnemonic, or nil.
  public static func instruction(mnemonic: String) -> Instruction? { byMnemonic[mnemonic] }

  private static let byMnemonic: [String: Instruction] = Dictionary(
    uniqueKeysWithValues: rows.map { ($0.mnemonic, $0.instruction) })

  private static let indexByOpcode: [UInt8] = {
    var indices = [UInt8](repeating: .max, count: 256)
    for (index, row) in rows.enumerated() { indices[Int(row.opcode)] = UInt8(index) }
    return indices
  }()

  /// Every instruction, in the order of its opcode.
  public static let rows: [InstructionInfo] = arithmetic + immediates + memory + control + system

  private static let arithmetic: [InstructionInfo] = [
    row("add", .add, .register, "d ← a + b", x86: "add", riscv: "add"),
    row("sub", .sub, .register, "d ← a − b", x86: "sub", riscv: "sub"),
    row(
      "mul", .mul, .register, "d ← low 32 bits of a · b", x86: "imul", riscv: "mul", cost: .multiply
    ),
    row(
      "div", .div, .register, "d ← a ÷ b, signed, toward zero; b = 0 traps", x86: "idiv",
      riscv: "div",
      cost: .divide),
    row(
      "rem", .rem, .register, "d ← remainder of a ÷ b, signed; b = 0 traps", x86: "idiv",
      riscv: "rem",
      cost: .divide),
    row("and", .and, .register, "d ← a and b, bit by bit", x86: "and", riscv: "and"),
    row("or", .or, .register, "d ← a or b, bit by bit", x86: "or", riscv: "or"),
    row("xor", .xor, .register, "d ← a exclusive-or b", x86: "xor", riscv: "xor"),
    row("sll", .sll, .register, "d ← a shifted left by b (low 5 bits)", x86: "shl", riscv: "sll"),
    row("srl", .srl, .register, "d ← a shifted right, zeros come in", x86: "shr", riscv: "srl"),
    row("sra", .sra, .register, "d ← a shifted right, the sign comes in", x86: "sar", riscv: "sra"),
    row("slt", .slt, .register, "d ← 1 if a < b signed, else 0", x86: "cmp, setl", riscv: "slt"),
    row(
      "sltu", .sltu, .register, "d ← 1 if a < b unsigned, else 0", x86: "cmp, setb", riscv: "sltu"),
    row(
      "divu", .divu, .register, "d ← a ÷ b, unsigned; b = 0 traps", x86: "div", riscv: "divu",
      cost: .divide),
    row(
      "remu", .remu, .register, "d ← remainder of a ÷ b, unsigned; b = 0 traps", x86: "div",
      riscv: "remu", cost: .divide),
    row(
      "mulhu", .mulhu, .register, "d ← high 32 bits of a · b, unsigned", x86: "mul", riscv: "mulhu",
      cost: .multiply),
  ]

  private static let immediates: [InstructionInfo] = [
    row("addi", .addi, .immediate, "d ← a + imm", x86: "add, lea", riscv: "addi"),
    row(
      "andi", .andi, .immediate, "d ← a and imm (zero-extended)", x86: "and", riscv: "andi",
      .unsigned),
    row(
      "ori", .ori, .immediate, "d ← a or imm (zero-extended)", x86: "or", riscv: "ori", .unsigned),
    row(
      "xori", .xori, .immediate, "d ← a xor imm (zero-extended)", x86: "xor", riscv: "xori",
      .unsigned),
    row(
      "slli", .slli, .immediate, "d ← a shifted left by imm (low 5 bits)", x86: "shl", riscv: "slli"
    ),
    row("srli", .srli, .immediate, "d ← a shifted right, zeros come in", x86: "shr", riscv: "srli"),
    row(
      "srai", .srai, .immediate, "d ← a shifted right, the sign comes in", x86: "sar", riscv: "srai"
    ),
    row(
      "slti", .slti, .immediate, "d ← 1 if a < imm signed, else 0", x86: "cmp, setl", riscv: "slti"),
    row(
      "sltiu", .sltiu, .immediate, "d ← 1 if a < imm unsigned, else 0", x86: "cmp, setb",
      riscv: "sltiu"),
    row(
      "lui", .lui, .upper, "d ← imm in the upper half, 0 below", x86: "mov", riscv: "lui", .unsigned
    ),
  ]

  private static let memory: [InstructionInfo] = [
    row("lw", .lw, .memory, "d ← word at a + imm", x86: "mov", riscv: "lw"),
    row("lh", .lh, .memory, "d ← half-word at a + imm, sign-extended", x86: "movsx", riscv: "lh"),
    row(
      "lhu", .lhu, .memory, "d ← half-word at a + imm, zero-extended", x86: "movzx", riscv: "lhu"),
    row("lb", .lb, .memory, "d ← byte at a + imm, sign-extended", x86: "movsx", riscv: "lb"),
    row("lbu", .lbu, .memory, "d ← byte at a + imm, zero-extended", x86: "movzx", riscv: "lbu"),
    row("sw", .sw, .memory, "word at a + imm ← d", x86: "mov", riscv: "sw"),
    row("sh", .sh, .memory, "half-word at a + imm ← d", x86: "mov", riscv: "sh"),
    row("sb", .sb, .memory, "byte at a + imm ← d", x86: "mov", riscv: "sb"),
    row(
      "swap", .swap, .memory, "d and the word at a + imm change places", x86: "xchg",
      riscv: "amoswap.w"),
  ]

  private static let control: [InstructionInfo] = [
    row("beq", .beq, .branch, "branch if a = b", x86: "cmp, je", riscv: "beq"),
    row("bne", .bne, .branch, "branch if a ≠ b", x86: "cmp, jne", riscv: "bne"),
    row("blt", .blt, .branch, "branch if a < b signed", x86: "cmp, jl", riscv: "blt"),
    row("bge", .bge, .branch, "branch if a ≥ b signed", x86: "cmp, jge", riscv: "bge"),
    row("bltu", .bltu, .branch, "branch if a < b unsigned", x86: "cmp, jb", riscv: "bltu"),
    row("bgeu", .bgeu, .branch, "branch if a ≥ b unsigned", x86: "cmp, jae", riscv: "bgeu"),
    row("jal", .jal, .jump, "d ← pc + 4, jump to the target", x86: "call, jmp", riscv: "jal"),
    row(
      "jalr", .jalr, .memory, "d ← pc + 4, jump to a + imm", x86: "call, jmp, ret", riscv: "jalr"),
  ]

  private static let system: [InstructionInfo] = [
    row(
      "int", .int, .number, "software trap through gate n, 32 to 63", x86: "int n", riscv: "ecall"),
    row("brk", .brk, .bare, "breakpoint trap, vector 2", x86: "int3", riscv: "ebreak"),
    row(
      "rdcycle", .rdcycle, .destination, "d ← low 32 bits of the cycle counter", x86: "rdtsc",
      riscv: "rdcycle"),
    row(
      "getst", .getst, .destination, "d ← status, the real ring and IF included",
      x86: "pushf, mov from cs", riscv: "csrr sstatus", privilege: .ring0OnStrict),
    row(
      "setst", .setst, .source, "IF, TF, IOPL ← a; the ring never changes", x86: "popf",
      riscv: "csrw sstatus", privilege: .ring0OnStrict),
    row(
      "gettv", .gettv, .destination, "d ← address of the trap table", x86: "sidt",
      riscv: "csrr stvec",
      privilege: .ring0OnStrict),
    row(
      "iret", .iret, .bare, "return from a trap: pc, status, sp from the stack", x86: "iret",
      riscv: "sret", privilege: .ring0OnStrict, cost: .trapReturn),
    row("hlt", .hlt, .bare, "wait for an interrupt", x86: "hlt", riscv: "wfi", privilege: .ring0),
    row(
      "cli", .cli, .bare, "IF ← 0: interrupts off", x86: "cli", riscv: "csrc sstatus, SIE",
      privilege: .ring0),
    row(
      "sti", .sti, .bare, "IF ← 1: interrupts on, after the next instruction", x86: "sti",
      riscv: "csrs sstatus, SIE", privilege: .ring0),
    row(
      "getcr", .getcr, .readControl, "d ← control register c", x86: "mov from cr", riscv: "csrr",
      .unsigned,
      privilege: .ring0),
    row(
      "setcr", .setcr, .writeControl, "control register c ← a", x86: "mov to cr", riscv: "csrw",
      .unsigned,
      privilege: .ring0),
    row(
      "invlpg", .invlpg, .source, "drop the TLB entries of the page of address a", x86: "invlpg",
      riscv: "sfence.vma", privilege: .ring0),
    row(
      "in", .in, .port, "d ← port p", x86: "in", riscv: "a load from device memory", .unsigned,
      privilege: .portRight, cost: .port),
    row(
      "out", .out, .port, "port p ← d", x86: "out", riscv: "a store to device memory", .unsigned,
      privilege: .portRight, cost: .port),
    row(
      "vmcall", .vmcall, .number, "hypercall n, vector 8", x86: "vmcall",
      riscv: "ecall from VS-mode"),
  ]

  /// A row; what is sensitive follows from what is privileged, as on Onion the two differ only in
  /// what the classic profile lets run.
  private static func row(
    _ mnemonic: String, _ instruction: Instruction, _ form: Form, _ meaning: String, x86: String,
    riscv: String,
    _ immediate: ImmediateKind? = nil, privilege: Privilege = .anyRing, cost: CostClass = .plain
  ) -> InstructionInfo {
    let usual: ImmediateKind =
      switch form {
      case .immediate, .memory, .branch, .jump: .signed
      case .upper, .number, .readControl, .writeControl, .port: .unsigned
      case .register, .bare, .destination, .source: .none
      }
    return InstructionInfo(
      instruction: instruction, mnemonic: mnemonic, form: form,
      privilege: privilege, isSensitive: privilege != .anyRing, cost: cost,
      immediate: immediate ?? usual, meaning: meaning, x86: x86, riscv: riscv)
  }
}
