import OnionISA

/// Something that writes a random kernel, word by word.
protocol KernelBuilder {
  var words: [UInt32: UInt32] { get set }
  var random: SplitMix64 { get set }
}

extension KernelBuilder {
  /// What was written, as an image.
  func image(entry: UInt32) -> Image {
    let pieces = words.sorted { $0.key < $1.key }.map { address, word in
      Image.Piece(address: address, bytes: withUnsafeBytes(of: word.littleEndian) { [UInt8]($0) })
    }
    return Image(entry: entry, pieces: pieces)
  }

  mutating func emit(
    _ at: inout UInt32, _ instruction: Instruction, d: UInt32 = 0, a: UInt32 = 0, b: UInt32 = 0,
    _ immediate: Int32 = 0
  ) {
    words[at] =
      DecodedInstruction(
        instruction, d: Register(bits: d), a: Register(bits: a), b: Register(bits: b),
        immediate: immediate
      ).word
    at += 4
  }

  mutating func li(_ at: inout UInt32, _ d: UInt32, _ value: UInt32) {
    emit(&at, .lui, d: d, Int32(value >> 16))
    emit(&at, .ori, d: d, a: d, Int32(value & 0xFFFF))
  }

  mutating func jump(_ at: inout UInt32, to target: UInt32) {
    emit(&at, .jal, (Int32(bitPattern: target) - Int32(bitPattern: at)) / 4)
  }

  mutating func chance(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &random) == 0 }
  mutating func pick<T>(_ list: [T]) -> T {
    list[Int.random(in: 0..<list.count, using: &random)]
  }
  mutating func word() -> UInt32 { UInt32.random(in: 0...UInt32.max, using: &random) }

  /// An instruction of the kinds that only calculate, with any operands.
  mutating func arithmetic(_ at: inout UInt32, among registers: [UInt32]) {
    let instruction = pick(Instruction.allCases.filter { $0.rawValue < 0x30 })
    let unsigned = [.andi, .ori, .xori, .lui].contains(instruction)
    emit(
      &at, instruction, d: pick(registers), a: instruction == .lui ? 0 : pick(registers),
      b: pick(registers),
      Int32(unsigned ? Int(word() & 0xFFFF) : Int(Int16(truncatingIfNeeded: word()))))
  }
}
