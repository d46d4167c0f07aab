import Foundation
import OnionAssembler
import OnionISA
import Testing

/// The CPU manual, section 2, "Assembler": each pseudo-instruction is what the table says.
struct PseudoInstructionTests {
  @Test(arguments: [
    ("nop", "addi zero, zero, 0"),
    ("mv a0, s1", "addi a0, s1, 0"),
    ("not a0, s1", "sub a0, zero, s1\n addi a0, a0, -1"),
    ("neg a0, s1", "sub a0, zero, s1"),
    ("seqz a0, s1", "sltiu a0, s1, 1"),
    ("snez a0, s1", "sltu a0, zero, s1"),
    ("push s1", "addi sp, sp, -4\n sw s1, 0(sp)"),
    ("pop s1", "lw s1, 0(sp)\n addi sp, sp, 4"),
    ("beqz a0, 0x1040", "beq a0, zero, 0x1040"),
    ("bnez a0, 0x1040", "bne a0, zero, 0x1040"),
    ("bltz a0, 0x1040", "blt a0, zero, 0x1040"),
    ("bgez a0, 0x1040", "bge a0, zero, 0x1040"),
    ("bgt a0, s1, 0x1040", "blt s1, a0, 0x1040"),
    ("ble a0, s1, 0x1040", "bge s1, a0, 0x1040"),
    ("bgtu a0, s1, 0x1040", "bltu s1, a0, 0x1040"),
    ("bleu a0, s1, 0x1040", "bgeu s1, a0, 0x1040"),
    ("j 0x1040", "jal zero, 0x1040"),
    ("jr s1", "jalr zero, 0(s1)"),
    ("call 0x1040", "jal ra, 0x1040"),
    ("ret", "jalr zero, 0(ra)"),
    ("la a0, 5", "lui a0, 0\n ori a0, a0, 5"),
    ("la a0, 0x12345678", "lui a0, 0x1234\n ori a0, a0, 0x5678"),
  ])
  func standsFor(pseudo: String, real: String) throws {
    #expect(try words(" \(pseudo)") == words(" \(real)"))
  }

  @Test(arguments: [
    ("0", ["20400000"]),
    ("-1", ["2040ffff"]),
    ("32767", ["20407fff"]),
    ("-32768", ["20408000"]),
    ("32768", ["26408000"]),
    ("0xFFFF", ["2640ffff"]),
    ("0x10000", ["2f400001"]),
    ("0xFFFF0000", ["2f40ffff"]),
    ("-0x10000", ["2f40ffff"]),
    ("-32769", ["2f40ffff", "26447fff"]),
    ("0xFFFFFFFF", ["2f40ffff", "2644ffff"]),
    ("0x12345678", ["2f401234", "26445678"]),
    ("-0x80000000", ["2f408000"]),
  ])
  func liTakesTheFirstThatFits(value: String, expected: [String]) throws {
    #expect(try words(" li a0, \(value)") == expected)
  }

  @Test func liOfALabelIsTwoWords() throws {
    #expect(try words("x: li a0, x") == ["2f400000", "26441000"])
    #expect(try words("x: nop\ny: li a0, y - x").count == 3)
    #expect(try words("1: li a0, 1b") == ["2f400000", "26441000"])
  }

  @Test func liOfAnEquIsShortOnlyBehindIt() throws {
    #expect(try words(" .equ N, 5\n li a0, N") == ["20400005"])
    #expect(try words(" li a0, N\n .equ N, 5") == ["2f400000", "26440005"])
    // An .equ that rests on a label is a label.
    #expect(try words("x: nop\n .equ N, x - 0x1000\n li a0, N").count == 3)
  }

  @Test func everyPseudoInstructionSaysWhatItTakes() {
    for pseudo in PseudoInstruction.allCases {
      #expect(InstructionTable.instruction(mnemonic: pseudo.rawValue) == nil)
      #expect(!pseudo.expansion.isEmpty)
    }
  }

  @Test(arguments: [
    ("jal ra, 0x1000 + 2097148", true), ("jal ra, 0x1000 + 2097152", false),
    ("jal ra, 0x300000 - 0x200000", true), ("beq a0, a1, 0x1000 + 131068", true),
    ("beq a0, a1, 0x1000 + 131072", false),
  ])
  func jumpsReachSoFar(jump: String, fits: Bool) {
    #expect(messages(" \(jump)").isEmpty == fits)
  }

  @Test func jumpsReachBackJustAsFar() throws {
    #expect(try words(" .org 0x200000\n j 0") == ["60080000"])
    #expect(!messages(" .org 0x200004\n j 0").isEmpty)
    #expect(try words(" .org 0x20000\n beq zero, zero, 0") == ["50008000"])
    #expect(!messages(" .org 0x20004\n beq zero, zero, 0").isEmpty)
    // Round the end of the address space.
    #expect(try words(" .org 0\n j 0xFFFFFFFC") == ["600fffff"])
    #expect(try words(" .org 0xFFFFFFFC\n j 0") == ["60000001"])
  }
}
