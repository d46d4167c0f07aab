import OnionISA
import Testing

/// The CPU manual, section 2: words and what they mean.
@Suite struct EncodingTests {
  /// Numbers that look random and are the same each time.
  private static func samples(_ count: Int) -> [UInt32] {
    var state: UInt32 = 0x2545_F491
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      return state
    }
  }

  @Test(arguments: Instruction.allCases)
  func everyWordThatDecodesEncodesToItself(instruction: Instruction) {
    let opcode = UInt32(instruction.rawValue) << 24
    var found = 0
    for sample in Self.samples(4000) {
      // Whole digits are left out at random, so that every form gets its zeros.
      for mask: UInt32 in [
        0xFF_FFFF, 0xFF_F000, 0xF0_FFFF, 0x0F_FFFF, 0xF0_000F, 0x0F_000F, 0x3F, 0,
      ] {
        let word = opcode | sample & mask
        guard let decoded = DecodedInstruction(word: word) else { continue }
        found += 1
        #expect(decoded.instruction == instruction)
        #expect(decoded.word == word)
      }
    }
    #expect(found > 0)
  }

  @Test func theExamplesOfTheManual() {
    let addi = DecodedInstruction(word: 0x2012_0005)
    #expect(addi == DecodedInstruction(.addi, d: .ra, a: .sp, immediate: 5))
    #expect(DecodedInstruction(word: 0x2F40_ABCD)?.immediate == 0xABCD)
    #expect(DecodedInstruction(word: 0x2544_FFFF)?.immediate == 0xFFFF)
    #expect(DecodedInstruction(word: 0x2044_FFFF)?.immediate == -1)
    #expect(DecodedInstruction(word: 0x6018_0000)?.immediate == -0x8_0000)
    #expect(DecodedInstruction(word: 0xA140_FFFF)?.port == 0xFFFF)
    #expect(DecodedInstruction(word: 0xB000_FFFF)?.immediate == 0xFFFF)
    #expect(DecodedInstruction(word: 0x9340_000C)?.controlRegister == .cpuid)
    #expect(DecodedInstruction(word: 0x8000_003F)?.vector == Vector(rawValue: 63))
  }

  @Test func branchesGoToTheirOwnPCPlusFourTimesTheImmediate() {
    let here = VirtualAddress(0x1000)
    #expect(DecodedInstruction(word: 0x5000_FFFF)?.target(from: here).rawValue == 0xFFC)
    #expect(DecodedInstruction(word: 0x5000_7FFF)?.target(from: here).rawValue == 0x2_0FFC)
    #expect(DecodedInstruction(word: 0x600F_FFFF)?.target(from: here).rawValue == 0xFFC)
    #expect(DecodedInstruction(word: 0x6000_0000)?.target(from: here) == here)
  }

  @Test(
    arguments: [
      0x0000_0000, 0x0012_3456, 0x2100_0000, 0x2D00_0000, 0x3500_0000, 0x4200_0000, 0x4700_0000,
      0x5600_0000, 0x6200_0000, 0x7000_0000, 0x8300_0000, 0x8C00_0000, 0x9600_0000, 0xA200_0000,
      0xB100_0000, 0xFFFF_FFFF,  // unassigned opcodes
      0x1012_3001, 0x1012_3800,  // R: three zeros at the end
      0x2F41_0000,  // lui has no a
      0x8010_0020, 0x8001_0020, 0x8000_001F, 0x8000_0040, 0x8000_0000, 0x8000_FFFF,  // int 32 to 63
      0x8100_0001, 0x8B01_0000, 0x9080_0000, 0x9100_0010, 0x9200_0001,  // nothing but the opcode
      0x8241_0000, 0x8240_0001, 0x8841_0000, 0x8A40_8000,  // d only
      0x8914_0000, 0x8904_0001, 0x9514_0000, 0x9504_1000,  // a only
      0x9341_0001, 0x9340_0000, 0x9340_000D, 0x9340_FFFF,  // getcr 1 to 12
      0x9414_0001, 0x9404_0000, 0x9404_0008, 0x9404_000B, 0x9404_000C, 0x9404_000D,  // setcr 1 to 7
      0xA041_0010, 0xA141_0010, 0xB010_0000, 0xB001_0000,
    ] as [UInt32])
  func theseWordsAreNoInstructions(word: UInt32) {
    #expect(DecodedInstruction(word: word) == nil)
  }

  @Test func shiftImmediatesMayHaveAnyUpperBits() {
    for opcode: UInt32 in [0x28, 0x29, 0x2A] {
      #expect(DecodedInstruction(word: opcode << 24 | 0x45_FFE3) != nil)
    }
  }
}
