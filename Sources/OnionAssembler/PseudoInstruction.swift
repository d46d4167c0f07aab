import OnionISA

/// The pseudo-instructions: what they take, and what they stand for (the CPU manual, section 2).
public enum PseudoInstruction: String, CaseIterable, Sendable {
  case nop, mv, not, neg, seqz, snez, la, li, push, pop
  case beqz, bnez, bltz, bgez, bgt, ble, bgtu, bleu
  case j, jr, call, ret

  /// What its operands are.
  public var operands: String {
    switch self {
    case .nop, .ret: ""
    case .mv, .not, .neg, .seqz, .snez: "d, a"
    case .la, .li: "d, x"
    case .push, .pop: "r"
    case .beqz, .bnez, .bltz, .bgez: "a, target"
    case .bgt, .ble, .bgtu, .bleu: "a, b, target"
    case .j, .call: "target"
    case .jr: "a"
    }
  }

  /// What the assembler writes for it.
  public var expansion: String {
    switch self {
    case .nop: "addi zero, zero, 0"
    case .mv: "addi d, a, 0"
    case .not: "sub d, zero, a and addi d, d, -1"
    case .neg: "sub d, zero, a"
    case .seqz: "sltiu d, a, 1"
    case .snez: "sltu d, zero, a"
    case .la: "lui and ori"
    case .li: "the first that fits of addi, ori, lui, and lui with ori"
    case .push: "addi sp, sp, -4 and sw r, 0(sp)"
    case .pop: "lw r, 0(sp) and addi sp, sp, 4"
    case .beqz: "beq a, zero, L"
    case .bnez: "bne a, zero, L"
    case .bltz: "blt a, zero, L"
    case .bgez: "bge a, zero, L"
    case .bgt: "blt b, a, L"
    case .ble: "bge b, a, L"
    case .bgtu: "bltu b, a, L"
    case .bleu: "bgeu b, a, L"
    case .j: "jal zero, L"
    case .jr: "jalr zero, 0(a)"
    case .call: "jal ra, L"
    case .ret: "jalr zero, 0(ra)"
    }
  }

  /// Words that it becomes; `li` has one or two.
  var wordCount: Int {
    switch self {
    case .not, .la, .push, .pop: 2
    default: 1
    }
  }

  /// The branch that it becomes.
  var branch: Instruction? {
    switch self {
    case .beqz: .beq
    case .bnez: .bne
    case .bltz: .blt
    case .bgez: .bge
    case .bgt: .blt
    case .ble: .bge
    case .bgtu: .bltu
    case .bleu: .bgeu
    default: nil
    }
  }

  /// The shortest way to put `value` into a register: the first that fits of `addi`, `ori`, `lui`, and
  /// `lui` with `ori`. Nil if it doesn't fit 32 bits.
  static func load(_ value: Int64, into d: Register) -> [DecodedInstruction]? {
    guard (-0x8000_0000...0xFFFF_FFFF).contains(value) else { return nil }
    if let small = Int16(exactly: value) {
      return [DecodedInstruction(.addi, d: d, immediate: Int32(small))]
    }
    if let half = UInt16(exactly: value) {
      return [DecodedInstruction(.ori, d: d, immediate: Int32(half))]
    }
    let word = UInt32(truncatingIfNeeded: value)
    if word & 0xFFFF == 0 {
      return [DecodedInstruction(.lui, d: d, immediate: Int32(word >> 16))]
    }
    return loadInTwo(word, into: d)
  }

  /// `lui` and `ori`, always both.
  static func loadInTwo(_ word: UInt32, into d: Register) -> [DecodedInstruction] {
    [
      DecodedInstruction(.lui, d: d, immediate: Int32(word >> 16)),
      DecodedInstruction(.ori, d: d, a: d, immediate: Int32(word & 0xFFFF)),
    ]
  }
}
