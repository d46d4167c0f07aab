import Foundation
import OnionAssembler
import OnionISA
import TestSupport
import Testing

/// What the disassembler writes, the assembler reads as the same words.
struct RoundTripTests {
  /// Assembles the disassembly of words that lie one after the other from `origin`.
  static func expectRoundTrip(
    _ words: [UInt32], from origin: UInt32, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var source = " .org 0x\(hexadecimal(origin))\n"
    for (index, word) in words.enumerated() {
      let pc = VirtualAddress(origin &+ UInt32(4 * index))
      source += " \(Disassembler.disassemble(word, at: pc).text)\n"
    }
    let bytes = words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { [UInt8]($0) } }
    let image = try assembled(source, sourceLocation: sourceLocation)
    try #require(image.pieces.count == 1, comment, sourceLocation: sourceLocation)
    guard image.pieces[0].bytes != bytes else { return }
    // Only now, because naming each word takes long.
    for (index, word) in words.enumerated() {
      let address = origin &+ UInt32(4 * index)
      let text = Disassembler.disassemble(word, at: VirtualAddress(address)).text
      #expect(image.word(at: address) == word, "\(text)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: Instruction.allCases)
  func everyInstruction(instruction: Instruction) throws {
    var dice = Dice(seed: UInt64(instruction.rawValue))
    let opcode = UInt32(instruction.rawValue) << 24
    let masks: [UInt32] = [
      0xFF_FFFF, 0xFF_F000, 0xF0_FFFF, 0x0F_FFFF, 0xF0_000F, 0x0F_000F, 0x00_003F, 0,
    ]
    let origins: [UInt32] = [0, 0x1000, 0x8000_0000, 0xFFFF_0000]
    var found = 0
    for origin in origins {
      var words: [UInt32] = []
      for _ in 0..<(isSoak ? 4000 : 80) {
        let random = dice.word()
        // Whole digits are left out, so that every form gets its zeros.
        words += masks.map { opcode | random & $0 }.filter { DecodedInstruction(word: $0) != nil }
      }
      found += words.count
      try Self.expectRoundTrip(Array(words.prefix(0x4000)), from: origin)
    }
    #expect(found >= origins.count)
  }

  /// Words of any kind: instructions come back as themselves, the others as `.word`.
  @Test func anyWord() throws {
    var dice = Dice(seed: 1)
    for round in 0..<(isSoak ? 200 : 4) {
      let words = (0..<4000).map { _ in dice.word() }
      for word in words where DecodedInstruction(word: word) == nil {
        let text = Disassembler.disassemble(word, at: VirtualAddress(0x1000)).text
        if text != ".word 0x" + hexadecimal(word) { Issue.record("\(text)") }
      }
      try Self.expectRoundTrip(words, from: 0x1000, "round \(round), seed 1")
    }
  }

  /// The words around what is defined: opcodes, vectors, control registers.
  @Test func theEdgesOfWhatIsDefined() throws {
    var words: [UInt32] = (0...255).map { $0 << 24 }
    words += (0...70).map { 0x8000_0000 | $0 }
    words += (0...16).flatMap { [0x9310_0000 | $0, 0x9401_0000 | $0, 0x9300_0000 | $0 << 16] }
    words += words.map { $0 | 1 } + words.map { $0 | 0x10_0000 } + words.map { $0 | 0xFFFF }
    try Self.expectRoundTrip(words, from: 0x1000)
    #expect(Disassembler.disassemble(0, at: VirtualAddress(0)).text == ".word 0x00000000")
    #expect(Disassembler.disassemble(0x8000_001F, at: VirtualAddress(0)).instruction == nil)
    #expect(Disassembler.disassemble(0x9401_0008, at: VirtualAddress(0)).instruction == nil)
  }

  @Test(
    arguments: [
      (0x2012_0005, "addi ra, sp, 5"), (0x2512_FFFF, "andi ra, sp, 0xffff"),
      (0x3042_FFFC, "lw a0, -4(sp)"), (0x2F40_ABCD, "lui a0, 0xabcd"),
      (0x5045_FFFF, "beq a0, a1, 0x00000ffc"), (0x601F_FFFF, "jal ra, 0x00000ffc"),
      (0x6110_0000, "jalr ra, 0(zero)"), (0x8000_0020, "int 32"), (0x8B00_0000, "iret"),
      (0x9340_0003, "getcr a0, tvec"), (0x9404_0002, "setcr ptbr, a0"),
      (0xA040_0010, "in a0, 0x10"), (0xA140_0010, "out 0x10, a0"), (0xB000_0007, "vmcall 7"),
    ] as [(UInt32, String)])
  func texts(word: UInt32, text: String) {
    #expect(Disassembler.disassemble(word, at: VirtualAddress(0x1000)).text == text)
  }
}
