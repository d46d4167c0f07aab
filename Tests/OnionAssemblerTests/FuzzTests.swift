import Foundation
import OnionAssembler
import OnionISA
import SourceText
import TestSupport
import Testing

/// Whatever it is given, the assembler answers with an image or with messages that can be shown.
struct FuzzTests {
  static let seeds = (0..<(isSoak ? 400 : 8)).map { UInt64($0) }

  static let originals: [String] = ProgramTests.sources.compactMap {
    try? String(
      contentsOf: repositoryFolder.appending(path: "lessons/\($0)"), encoding: .utf8)
  }

  static func check(_ source: String, _ seed: UInt64) throws {
    let result = Assembler.assemble(source: source, file: "fuzz.s") {
      (name, _) throws(IncludeFailure) in
      guard name.count < 3 else { throw IncludeFailure("there is no such file") }
      return source
    }
    guard let image = result.image else {
      try #require(!result.diagnostics.isEmpty, "seed \(seed)")
      for diagnostic in result.diagnostics.prefix(20) {
        let text = diagnostic.rendered(width: 60)
        let isSound =
          text.width <= 60 && diagnostic.line >= 1 && diagnostic.column >= 1
          && !diagnostic.message.isEmpty && !text.plain.contains("\u{1B}")
        try #require(isSound, "seed \(seed): \(text.plain)")
      }
      return
    }
    try #require(result.diagnostics.isEmpty, "seed \(seed)")
    for (left, right) in zip(image.pieces, image.pieces.dropFirst()) {
      try #require(
        UInt64(left.address) + UInt64(left.bytes.count) < UInt64(right.address), "seed \(seed)")
    }
    // What programs have is small; a soak may have made a large one.
    guard image.pieces.reduce(0, { $0 + $1.bytes.count }) < 1 << 16 else { return }
    try #require(ImageFile.image(from: ImageFile.text(of: image)) == image, "seed \(seed)")
    _ = image.listing
  }

  /// A few lines of a program, some of them damaged.
  @Test(arguments: seeds)
  func damagedPrograms(seed: UInt64) throws {
    var dice = Dice(seed: seed)
    let pool = Self.originals.flatMap { $0.split(separator: "\n").map(String.init) }
    try #require(!pool.isEmpty)
    for _ in 0..<250 {
      var lines = (0..<dice.below(12)).map { _ in dice.choice(pool) }
      for _ in 0..<dice.below(5) where !lines.isEmpty {
        let index = dice.below(lines.count)
        lines[index] = Self.damaged(lines[index], dice.choice(pool), &dice)
      }
      try Self.check(lines.joined(separator: "\n"), seed)
    }
  }

  static func damaged(_ line: String, _ other: String, _ dice: inout Dice) -> String {
    var characters = Array(line)
    let place = dice.below(characters.count + 1)
    switch dice.below(6) {
    case 0: return String(characters[..<place]) + other.suffix(dice.below(12))
    case 1 where place < characters.count: characters.remove(at: place)
    case 2 where place < characters.count:
      characters[place] = dice.choice(Array("()+-*/%&|^~<>:=,.;#'\"\\\t 019axbf_é漢\u{1B}\u{0}"))
    case 3: characters.insert(contentsOf: "\(Int64(bitPattern: dice.next()))", at: place)
    case 4: characters.insert(contentsOf: dice.choice(words), at: place)
    default: characters.insert(contentsOf: characters[..<place], at: place)
    }
    return String(characters)
  }

  static let words = [
    " .org ", " .align ", " .space ", " .equ x, ", " .include \"a\"", " .page ring=", " 1: ",
    " 1b ",
    " 1f ", " hi( ", " lo( ", " x ", " li a0, ", " 0x ", " << 60 ", " / 0 ", " 0xffffffff ",
    " .entry ",
    " .byte ", " .word ", " zero ", " mode ", " \u{301} ", " \"", " '", " .space 0x3000000 ",
  ]

  /// Pieces of the language in any order.
  @Test(arguments: seeds)
  func heapsOfTokens(seed: UInt64) throws {
    var dice = Dice(seed: seed ^ 0xFFFF)
    let tokens =
      Self.words + InstructionTable.rows.map(\.mnemonic) + Register.names
      + ["\n", "\n ", ", ", ", ", "(", ")", ":", " 4", " -1", "+", "=", "a:\n", "a", "b:\n", "b"]
    for _ in 0..<250 {
      let source = (0..<dice.below(60)).map { _ in dice.choice(tokens) }.joined(separator: "")
      try Self.check(source, seed)
    }
  }

  @Test(arguments: seeds)
  func randomBytes(seed: UInt64) throws {
    var dice = Dice(seed: ~seed)
    for _ in 0..<100 {
      let bytes = (0..<dice.below(200)).map { _ in UInt8(truncatingIfNeeded: dice.word()) }
      try Self.check(String(decoding: bytes, as: UTF8.self), seed)
      try Self.check(String(decoding: bytes.map { $0 & 0x7F }, as: UTF8.self), seed)
    }
  }
}
