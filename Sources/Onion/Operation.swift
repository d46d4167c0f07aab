import OnionISA

/// A decoded instruction as the hot path wants it: 8 bytes.
struct Operation {
  var code: Code
  /// What is written; 16 where that is r0, so that nothing need ask. A store's or `swap`'s source.
  var d: UInt8
  var a: UInt8
  /// The second source; for `system` the opcode.
  var b: UInt8
  /// As the instruction reads it; a jump's in words.
  var immediate: Int32

  /// What the loop does with an operation.
  enum Code: UInt8 {
    /// Not decoded so far, or no instruction.
    case undecoded
    /// A word that is no instruction.
    case undefined
    /// A breakpoint may stand here.
    case breakpoint
    /// Behind the last word of a page.
    case pageEnd
    /// Not the loop's: it asks the machine's state, or changes it.
    case system

    case add, sub, and, or, xor, sll, srl, sra, slt, sltu
    case mul, mulhu, div, rem, divu, remu
    case addi, andi, ori, xori, slli, srli, srai, slti, sltiu, lui
    case lw, lh, lhu, lb, lbu
    case sw, sh, sb, swap
    case jalr
    // To a place in the same page, and out of it.
    case beq, bne, blt, bge, bltu, bgeu, jal
    case beqFar, bneFar, bltFar, bgeFar, bltuFar, bgeuFar, jalFar

    // Two instructions at once, where the first can't be refused and the second stands in the next slot.
    case addiAddi, addiAdd, addiLw, addiSw
    case addiBeq, addiBne, addiBlt, addiBge, addiBltu, addiBgeu
    case addAdd, addAddi, addLw, addBne, addXor, addSub
    case subBne, subSrli, xorSlli, xorAdd, slliAdd, slliSub, srliAnd, andBne, andiBne, andiBeq
    case luiOri
    // The first may be refused, and then it alone was begun.
    case lwAddi, lwAdd, lwLw
  }

  static let undecoded = Operation(code: .undecoded, d: 0, a: 0, b: 0, immediate: 0)
}

extension Operation {
  /// - Parameter slot: the word's place in its page, which tells a near jump from a far one.
  init(_ decoded: DecodedInstruction, slot: Int) {
    let target = slot + Int(decoded.immediate)
    let isNear = (0..<DecodedPages.slots).contains(target)
    let code = Code(decoded.instruction, isNear: isNear)
    var d = decoded.d.number
    if d == 0, code.writesD { d = 16 }
    self.init(
      code: code, d: d, a: decoded.a.number,
      b: code == .system ? decoded.instruction.rawValue : decoded.b.number,
      immediate: code == .lui ? decoded.immediate << 16 : decoded.immediate)
  }
}

extension Operation.Code {
  fileprivate init(_ instruction: Instruction, isNear: Bool) {
    self =
      switch instruction {
      case .add: .add
      case .sub: .sub
      case .and: .and
      case .or: .or
      case .xor: .xor
      case .sll: .sll
      case .srl: .srl
      case .sra: .sra
      case .slt: .slt
      case .sltu: .sltu
      case .mul: .mul
      case .mulhu: .mulhu
      case .div: .div
      case .rem: .rem
      case .divu: .divu
      case .remu: .remu
      case .addi: .addi
      case .andi: .andi
      case .ori: .ori
      case .xori: .xori
      case .slli: .slli
      case .srli: .srli
      case .srai: .srai
      case .slti: .slti
      case .sltiu: .sltiu
      case .lui: .lui
      case .lw: .lw
      case .lh: .lh
      case .lhu: .lhu
      case .lb: .lb
      case .lbu: .lbu
      case .sw: .sw
      case .sh: .sh
      case .sb: .sb
      case .swap: .swap
      case .beq: isNear ? .beq : .beqFar
      case .bne: isNear ? .bne : .bneFar
      case .blt: isNear ? .blt : .bltFar
      case .bge: isNear ? .bge : .bgeFar
      case .bltu: isNear ? .bltu : .bltuFar
      case .bgeu: isNear ? .bgeu : .bgeuFar
      case .jal: isNear ? .jal : .jalFar
      case .jalr: .jalr
      case .int, .brk, .rdcycle, .getst, .setst, .gettv, .iret, .hlt, .cli, .sti, .getcr, .setcr,
        .invlpg, .in, .out, .vmcall:
        .system
      }
  }

  /// Its digit d names what is written and nothing else.
  fileprivate var writesD: Bool {
    switch self {
    case .sw, .sh, .sb, .swap, .system: false
    default: true
    }
  }

  /// The two at once, or nil where that doesn't pay.
  func fused(with next: Self) -> Self? {
    switch (self, next) {
    case (.addi, .addi): .addiAddi
    case (.addi, .add): .addiAdd
    case (.addi, .lw): .addiLw
    case (.addi, .sw): .addiSw
    case (.addi, .beq): .addiBeq
    case (.addi, .bne): .addiBne
    case (.addi, .blt): .addiBlt
    case (.addi, .bge): .addiBge
    case (.addi, .bltu): .addiBltu
    case (.addi, .bgeu): .addiBgeu
    case (.add, .add): .addAdd
    case (.add, .addi): .addAddi
    case (.add, .lw): .addLw
    case (.add, .bne): .addBne
    case (.add, .xor): .addXor
    case (.add, .sub): .addSub
    case (.sub, .bne): .subBne
    case (.sub, .srli): .subSrli
    case (.xor, .slli): .xorSlli
    case (.xor, .add): .xorAdd
    case (.slli, .add): .slliAdd
    case (.slli, .sub): .slliSub
    case (.srli, .and): .srliAnd
    case (.and, .bne): .andBne
    case (.andi, .bne): .andiBne
    case (.andi, .beq): .andiBeq
    case (.lui, .ori): .luiOri
    case (.lw, .addi): .lwAddi
    case (.lw, .add): .lwAdd
    case (.lw, .lw): .lwLw
    default: nil
    }
  }

  /// The first of two at once; itself if it is one.
  var first: Self {
    switch self {
    case .addiAddi, .addiAdd, .addiLw, .addiSw, .addiBeq, .addiBne, .addiBlt, .addiBge, .addiBltu,
      .addiBgeu:
      .addi
    case .addAdd, .addAddi, .addLw, .addBne, .addXor, .addSub: .add
    case .subBne, .subSrli: .sub
    case .xorSlli, .xorAdd: .xor
    case .slliAdd, .slliSub: .slli
    case .srliAnd: .srli
    case .andBne: .and
    case .andiBne, .andiBeq: .andi
    case .luiOri: .lui
    case .lwAddi, .lwAdd, .lwLw: .lw
    default: self
    }
  }

  /// Bytes that a load or store moves; nil for all others.
  var accessSize: UInt32? {
    switch first {
    case .lw, .sw, .swap: 4
    case .lh, .lhu, .sh: 2
    case .lb, .lbu, .sb: 1
    default: nil
    }
  }

  var isStore: Bool {
    switch self {
    case .sw, .sh, .sb, .swap: true
    default: false
    }
  }
}
