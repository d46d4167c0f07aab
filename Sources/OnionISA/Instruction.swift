/// One of Onion's instructions; the raw value is its opcode, the first byte of the word.
///
/// Everything else that is known of an instruction is a row of ``InstructionTable``.
public enum Instruction: UInt8, CaseIterable, Hashable, Sendable {
  case add = 0x10
  case sub = 0x11
  case mul = 0x12
  case div = 0x13
  case rem = 0x14
  case and = 0x15
  case or = 0x16
  case xor = 0x17
  case sll = 0x18
  case srl = 0x19
  case sra = 0x1A
  case slt = 0x1B
  case sltu = 0x1C
  case divu = 0x1D
  case remu = 0x1E
  case mulhu = 0x1F
  case addi = 0x20
  case andi = 0x25
  case ori = 0x26
  case xori = 0x27
  case slli = 0x28
  case srli = 0x29
  case srai = 0x2A
  case slti = 0x2B
  case sltiu = 0x2C
  case lui = 0x2F
  case lw = 0x30
  case lh = 0x31
  case lhu = 0x32
  case lb = 0x33
  case lbu = 0x34
  case sw = 0x40
  case sh = 0x41
  case sb = 0x43
  case swap = 0x48
  case beq = 0x50
  case bne = 0x51
  case blt = 0x52
  case bge = 0x53
  case bltu = 0x54
  case bgeu = 0x55
  case jal = 0x60
  case jalr = 0x61
  case int = 0x80
  case brk = 0x81
  case rdcycle = 0x82
  case getst = 0x88
  case setst = 0x89
  case gettv = 0x8A
  case iret = 0x8B
  case hlt = 0x90
  case cli = 0x91
  case sti = 0x92
  case getcr = 0x93
  case setcr = 0x94
  case invlpg = 0x95
  case `in` = 0xA0
  case out = 0xA1
  case vmcall = 0xB0
}

extension Instruction: CustomStringConvertible {
  public var description: String { info.mnemonic }
}

extension Instruction {
  /// The instruction's row.
  public var info: InstructionInfo { InstructionTable.row(of: self) }
  public var form: Form { info.form }
  public var costClass: CostClass { info.cost }

  /// True if outside ring 0 the instruction traps (vector 4, error 1) on that profile.
  public func isPrivileged(on profile: Profile) -> Bool {
    switch info.privilege {
    case .anyRing, .portRight: false
    case .ring0: true
    case .ring0OnStrict: profile == .strict
    }
  }
}

/// How the digits behind the opcode are used; `d`, `a`, `b` name registers.
public enum Form: String, CaseIterable, Hashable, Sendable {
  /// `oo d a b 000`
  case register
  /// `oo d a iiii`
  case immediate
  /// `oo d 0 iiii`, the immediate goes to the upper half.
  case upper
  /// `oo d a iiii`: d and [a + imm16].
  case memory
  /// `oo a b iiii`: branch to pc + 4·imm16.
  case branch
  /// `oo d iiiii`: pc + 4·imm20.
  case jump
  /// `oo 000000`
  case bare
  /// `oo 0 0 nnnn`
  case number
  /// `oo d 0 0000`
  case destination
  /// `oo 0 a 0000`
  case source
  /// `oo d 0 cccc`
  case readControl
  /// `oo 0 a cccc`
  case writeControl
  /// `oo d 0 pppp`
  case port

  /// The digits as the manual writes them.
  public var digits: String {
    switch self {
    case .register: "oo d a b 000"
    case .immediate, .memory: "oo d a iiii"
    case .upper: "oo d 0 iiii"
    case .branch: "oo a b iiii"
    case .jump: "oo d iiiii"
    case .bare: "oo 000000"
    case .number: "oo 0 0 nnnn"
    case .destination: "oo d 0 0000"
    case .source: "oo 0 a 0000"
    case .readControl: "oo d 0 cccc"
    case .writeControl: "oo 0 a cccc"
    case .port: "oo d 0 pppp"
    }
  }
}

/// What a ring needs to run an instruction.
public enum Privilege: Hashable, Sendable {
  case anyRing
  /// Privileged on both profiles.
  case ring0
  /// Privileged on the strict profile; a hole on the classic one.
  case ring0OnStrict
  /// CPL ≤ IOPL.
  case portRight
}

/// How an instruction's immediate is read from its bits.
public enum ImmediateKind: Hashable, Sendable { case none, signed, unsigned }

/// What is known of an instruction besides its meaning, which the CPU alone defines.
public struct InstructionInfo: Sendable {
  public let instruction: Instruction
  public let mnemonic: String
  public let form: Form
  public let privilege: Privilege
  /// Reads or changes the state by which the machine is controlled.
  public let isSensitive: Bool
  public let cost: CostClass
  public let immediate: ImmediateKind
  /// One line: what it does.
  public let meaning: String
  /// The nearest x86 instruction.
  public let x86: String
  /// The nearest RISC-V instruction.
  public let riscv: String

  public var opcode: UInt8 { instruction.rawValue }

  /// A line of source with it; a branch goes to the label `here`.
  public var example: String {
    let operands =
      switch form {
      case .register: "t0, t1, t2"
      case .immediate: "t0, t1, 4"
      case .upper: "t0, 0x1234"
      case .memory: instruction == .swap ? "t0, (sp)" : "t0, 0(sp)"
      case .branch: "t0, t1, here"
      case .jump: "ra, here"
      case .bare: ""
      case .number: instruction == .int ? "32" : "1"
      case .destination: "t0"
      case .source: "t0"
      case .readControl: "t0, ptbr"
      case .writeControl: "ksp0, t0"
      case .port: instruction == .in ? "t0, 0x10" : "0x10, t0"
      }
    return operands.isEmpty ? mnemonic : "\(mnemonic) \(operands)"
  }

  /// The operands as the assembler takes them, such as `d, a, b` or `d, imm(a)`.
  public var operands: String {
    switch form {
    case .register: "d, a, b"
    case .immediate: "d, a, imm"
    case .upper: "d, imm"
    case .memory: "d, imm(a)"
    case .branch: "a, b, target"
    case .jump: "d, target"
    case .bare: ""
    case .number: "n"
    case .destination: "d"
    case .source: "a"
    case .readControl: "d, c"
    case .writeControl: "c, a"
    case .port: instruction == .in ? "d, p" : "p, d"
    }
  }
}
