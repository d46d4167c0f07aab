import OnionISA
import Testing

/// The CPU manual, section 2: the plain instructions.
@Suite struct ArithmeticTests {
  struct Case: Sendable {
    var instruction: Instruction
    var a: UInt32
    var b: UInt32
    var result: UInt32
    init(_ instruction: Instruction, _ a: UInt32, _ b: UInt32, _ result: UInt32) {
      (self.instruction, self.a, self.b, self.result) = (instruction, a, b, result)
    }
  }

  static let minimum: UInt32 = 0x8000_0000

  static let registerForms: [Case] = [
    Case(.add, 0xFFFF_FFFF, 2, 1),
    Case(.sub, 1, 2, 0xFFFF_FFFF),
    Case(.mul, 0x1_0001, 0x1_0001, 0x0002_0001),
    Case(.mulhu, 0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFE),
    Case(.div, 7, 0xFFFF_FFFE, 0xFFFF_FFFD),  // 7 / −2 = −3
    Case(.rem, 7, 0xFFFF_FFFE, 1),
    Case(.rem, 0xFFFF_FFF9, 2, 0xFFFF_FFFF),  // −7 rem 2 = −1
    Case(.div, minimum, 0xFFFF_FFFF, minimum),
    Case(.rem, minimum, 0xFFFF_FFFF, 0),
    Case(.divu, minimum, 0xFFFF_FFFF, 0),
    Case(.remu, minimum, 0xFFFF_FFFF, minimum),
    Case(.and, 0b1100, 0b1010, 0b1000),
    Case(.or, 0b1100, 0b1010, 0b1110),
    Case(.xor, 0b1100, 0b1010, 0b0110),
    Case(.sll, 1, 33, 2),
    Case(.srl, minimum, 31, 1),
    Case(.sra, minimum, 31, 0xFFFF_FFFF),
    Case(.sra, minimum, 32, minimum),
    Case(.slt, 0xFFFF_FFFF, 0, 1),
    Case(.sltu, 0xFFFF_FFFF, 0, 0),
  ]

  @Test(arguments: registerForms)
  func registerForm(_ it: Case) {
    let bench = Bench([op(it.instruction, d: 6, a: 4, b: 5)])
    bench.set(4, it.a)
    bench.set(5, it.b)
    bench.step()
    #expect(bench.register(6) == it.result)
  }

  /// The second number is the immediate's 16 bits.
  static let immediateForms: [Case] = [
    Case(.addi, 5, 0xFFFF, 4),
    Case(.andi, 0xFFFF_FFFF, 0xFFFF, 0xFFFF),
    Case(.ori, 0, 0xFFFF, 0xFFFF),
    Case(.xori, 0xFFFF_FFFF, 0xFFFF, 0xFFFF_0000),
    Case(.slli, 1, 0xFFE1, 2),  // only the low five bits of the immediate count
    Case(.srli, minimum, 0x001F, 1),
    Case(.srai, minimum, 0xABC4, 0xF800_0000),
    Case(.slti, 0xFFFF_FFFE, 0xFFFF, 1),
    Case(.sltiu, 5, 0xFFFF, 1),  // 5 < 0xFFFF_FFFF
  ]

  @Test(arguments: immediateForms)
  func immediateForm(_ it: Case) {
    let bench = Bench([UInt32(it.instruction.rawValue) << 24 | 6 << 20 | 4 << 16 | it.b])
    bench.set(4, it.a)
    bench.step()
    #expect(bench.register(6) == it.result)
  }

  @Test func luiPlacesItsImmediateInTheUpperHalf() {
    let bench = Bench([0x2F60_8001])
    bench.step()
    #expect(bench.register(6) == 0x8001_0000)
  }

  @Test func register0Reads0WhateverIsWrittenToIt() {
    let bench = Bench([op(.addi, d: 0, a: 0, 5), op(.add, d: 4, a: 0, b: 0)])
    bench.set(4, 9)
    bench.step(2)
    #expect(bench.register(0) == 0)
    #expect(bench.register(4) == 0)
  }

  @Test(arguments: [Instruction.div, .rem, .divu, .remu])
  func divisionByZeroTrapsAndChangesNothing(instruction: Instruction) {
    let bench = Bench([op(instruction, d: 6, a: 4, b: 5)])
    bench.set(4, 1)
    bench.set(6, 99)
    bench.step()
    #expect(bench.trap?.vector == 0)
    #expect(bench.trap?.error == 0)
    #expect(bench.trap?.pc == Place.code[0])
    #expect(bench.register(6) == 99)
    #expect(bench.machine.instructionsRetired == 0)
  }

  static let branches: [Case] = [
    Case(.beq, 1, 1, 1), Case(.beq, 1, 2, 0),
    Case(.bne, 1, 1, 0), Case(.bne, 1, 2, 1),
    Case(.blt, 0xFFFF_FFFF, 0, 1), Case(.blt, 0, 0, 0),
    Case(.bge, 0xFFFF_FFFF, 0, 0), Case(.bge, 0, 0, 1),
    Case(.bltu, 0xFFFF_FFFF, 0, 0), Case(.bltu, 0, 1, 1),
    Case(.bgeu, 0xFFFF_FFFF, 0, 1), Case(.bgeu, 0, 1, 0),
  ]

  @Test(arguments: branches)
  func branch(_ it: Case) {
    let bench = Bench([op(it.instruction, a: 4, b: 5, -2)])
    bench.put([op(it.instruction, a: 4, b: 5, -2)], at: Place.code[0] + 0x100)
    bench.reference.pc = Place.code[0] + 0x100
    bench.set(4, it.a)
    bench.set(5, it.b)
    bench.step()
    #expect(bench.pc == Place.code[0] + (it.result == 1 ? 0xF8 : 0x104))
  }

  @Test func jumpsLinkTheNextInstruction() {
    let bench = Bench([op(.jal, d: 1, 4)])
    bench.put([op(.jalr, d: 4, a: 4, -8)], at: Place.code[0] + 16)
    bench.set(4, Place.code[0] + 0x48)
    bench.step()
    #expect(bench.pc == Place.code[0] + 16)
    #expect(bench.register(1) == Place.code[0] + 4)
    bench.step()  // jalr reads a before it writes d
    #expect(bench.pc == Place.code[0] + 0x40)
    #expect(bench.register(4) == Place.code[0] + 20)
  }

  @Test func aJumpToAMisalignedAddressFaultsAtTheJump() {
    let bench = Bench([op(.jalr, d: 1, a: 4, 2)])
    bench.set(4, Place.code[0])
    bench.set(1, 77)
    bench.step()
    #expect(bench.trap?.vector == 6)
    #expect(bench.trap?.error == Place.code[0] + 2)
    #expect(bench.trap?.pc == Place.code[0])
    #expect(bench.register(1) == 77)
  }

  @Test func aJumpIntoAnotherRingsPageNeverChangesTheRing() {
    let bench = Bench([op(.jalr, a: 4)], ring: 3)
    bench.set(4, Place.code[0])
    bench.step()
    #expect(bench.pc == Place.code[0])
    bench.step()  // the fetch is what faults: P, fetch, CPL 3
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == 0b11_0101)
    #expect(bench.trap?.pc == Place.code[0])
  }

  @Test func branchesCountWholeWordsFromTheirOwnPC() {
    let bench = Bench([op(.beq, a: 0, b: 0, 0)])
    bench.step()
    #expect(bench.pc == Place.code[0])
  }
}
