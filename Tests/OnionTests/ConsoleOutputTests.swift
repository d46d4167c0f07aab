import Onion
import ReferenceOnion
import TestSupport
import Testing

/// What a console printed, held against a plain array.
struct ConsoleOutputTests {
  @Test func itIsWhatAnArrayIs() {
    var random = SplitMix64(seed: 7)
    var output = ConsoleOutput()
    var model: [UInt8] = []
    var kept: [(ConsoleOutput, [UInt8])] = []
    for _ in 0..<(isSoak ? 3000 : 300) {
      for _ in 0..<Int.random(in: 0...3000, using: &random) {
        let byte = UInt8.random(in: 0...255, using: &random)
        output.append(byte)
        model.append(byte)
      }
      #expect(output.count == model.count && output.last == model.last)
      kept.append((output, model))
      // Back to some moment, and on from there: the others stay what they were.
      if Int.random(in: 0...9, using: &random) == 0 {
        (output, model) = kept[Int.random(in: 0..<kept.count, using: &random)]
      }
      if kept.count > 20 { kept.removeFirst() }
    }
    for (output, model) in kept {
      #expect(output.bytes == model)
      #expect(Array(output) == model)
      var pieces: [UInt8] = []
      output.withPieces { pieces += $0 }
      #expect(pieces == model)
      let start = Int.random(in: 0...model.count, using: &random)
      #expect(Array(output.dropFirst(start)) == Array(model.dropFirst(start)))
      #expect(ConsoleOutput(model) == output && ConsoleOutput(model).hashValue == output.hashValue)
    }
  }

  @Test func anEmptyOneIsEmpty() {
    #expect(ConsoleOutput().isEmpty && ConsoleOutput().bytes == [])
    #expect(ConsoleOutput([1, 2]).bytes == [1, 2])
  }
}
