import OnionISA
import ReferenceOnion
import Testing

/// The decoder and the reference agree which words are instructions.
@Suite struct DecodingTests {
  @Test func overAllOpcodesAndManyDigits() {
    var random = SplitMix64(seed: 2)
    let digits: [UInt32] = [
      0, 0x10_0000, 0x1_0000, 0x1000, 0x100, 0x10, 1, 0x20, 0x3F, 0x40, 8, 12, 13,
    ]
    for opcode in 0..<256 as Range<UInt32> {
      for first in digits {
        for second in digits {
          agree(opcode << 24 | first | second)
        }
      }
      for _ in 0..<100 { agree(opcode << 24 | random.word() >> 8) }
    }
  }

  private func agree(_ word: UInt32) {
    let decodes = DecodedInstruction(word: word) != nil
    if decodes != ReferenceMachine.isInstruction(word) {
      Issue.record("\(hexadecimal(word)): decoder \(decodes), reference \(!decodes)")
    }
  }
}
