import OnionAssembler
import OnionISA
import Testing

@testable import Shell

/// What `ringside disas` prints, and what a transcript knows a program by.
struct DisassemblyTests {
  static func image(_ program: String) throws -> Image {
    try FileFinder().image(at: shippedLessons + "/programs/" + program)
  }

  @Test(arguments: ["two-modes.s", "four-rings.s", "kernel.s"])
  func itAssemblesToTheSameBytes(program: String) throws {
    let image = try Self.image(program)
    let result = Assembler.assemble(source: DisassembleCommand.text(of: image), file: "back.s")
    let back = try #require(result.image, "\(result.diagnostics.first.map { "\($0)" } ?? "")")
    #expect(back.entry == image.entry)
    #expect(Self.memory(of: back) == Self.memory(of: image))
  }

  static func memory(of image: Image) -> [UInt32: UInt8] {
    var memory: [UInt32: UInt8] = [:]
    for piece in image.pieces {
      for (offset, byte) in piece.bytes.enumerated() {
        memory[piece.address + UInt32(offset)] = byte
      }
    }
    return memory
  }

  @Test func aProgramIsKnownByWhatItIsAndNotByItsPlace() throws {
    let image = try Self.image("kernel.s")
    let elsewhere = try ImageFile.image(from: ImageFile.text(of: image))
    #expect(elsewhere.digest == image.digest)
    #expect(try Self.image("two-modes.s").digest != image.digest)
  }
}
