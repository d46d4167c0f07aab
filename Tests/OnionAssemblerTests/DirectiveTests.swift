import Foundation
import OnionAssembler
import OnionISA
import Testing

/// The CPU manual, section 2, "Assembler": directives, places and labels.
struct DirectiveTests {
  @Test func dataAreLittleEndian() throws {
    #expect(try bytes(" .byte 1, -1, 255, 'a'") == [1, 255, 255, 97])
    #expect(try bytes(" .half 0x1234, -2") == [0x34, 0x12, 0xFE, 0xFF])
    #expect(try bytes(" .word 0x12345678, -1") == [0x78, 0x56, 0x34, 0x12, 255, 255, 255, 255])
  }

  @Test func textsHaveEscapesAndUTF8() throws {
    #expect(try bytes(#" .ascii "a\n\t\r\0\\\'\"\x7f""#) == [97, 10, 9, 13, 0, 92, 39, 34, 127])
    #expect(try bytes(" .asciz \"hé;#\"") == Array("hé;#".utf8) + [0])
    #expect(try bytes(" .asciz \"\"") == [0])
  }

  @Test func spaceAndAlignFillWithZeros() throws {
    #expect(
      try bytes(" .byte 1\n .align 4\n .byte 2\n .space 3\n .byte 3") == [
        1, 0, 0, 0, 2, 0, 0, 0, 3,
      ])
    #expect(try bytes(" .align 4096\n .byte 1\n .align 1\n .byte 2") == [1, 2])
  }

  @Test func aProgramStartsAtTheDefaultOrigin() throws {
    let image = try assembled(" nop")
    #expect(image.entry == 0x1000)
    #expect(image.pieces.map(\.address) == [0x1000])
    #expect(try assembled("").entry == 0x1000)
    #expect(try assembled("; nothing").pieces == [])
  }

  @Test func orgPlacesAndPiecesAreInOrder() throws {
    let image = try assembled(
      " .org 0x3000\n .word 3\n .org 0x2000\n .word 2\n .org 0x2004\n .word 4")
    #expect(image.pieces.map(\.address) == [0x2000, 0x3000])
    #expect(image.pieces.map(\.bytes.count) == [8, 4])
    // Entered at the first byte placed.
    #expect(image.entry == 0x3000)
  }

  @Test func entryMayNameALaterLabel() throws {
    #expect(try assembled(" .entry start\n nop\nstart: nop").entry == 0x1004)
  }

  @Test func theLastAddressCanBeUsed() throws {
    let image = try assembled(" .org 0xFFFFFFFC\n nop\nend:")
    #expect(image.pieces == [Image.Piece(address: 0xFFFF_FFFC, bytes: [0, 0, 0, 0x20])])
  }

  @Test func equMayComeLaterExceptForPlaces() throws {
    #expect(try words(" .word N\n .equ N, M + 1\n .equ M, 5") == ["00000006"])
    #expect(try bytes(" .equ N, 3\n .space N").count == 3)
    // What rests on labels above is known as well.
    #expect(
      try bytes("a: .word 1\nb: .equ SIZE, b - a\n .space 16 - SIZE\n .align SIZE").count == 16)
  }

  @Test func longChainsOfNamesAreFine() throws {
    let later = (0..<500).map { " .equ n\($0), n\($0 + 1) + 1\n" }.joined() + " .equ n500, 0\n"
    #expect(try words(later + " .word n0") == ["000001f4"])
    let earlier = "\n .equ n0, end\n" + (1...500).map { " .equ n\($0), n\($0 - 1) + 1\n" }.joined()
    #expect(try words(earlier + " .word n500\nend:") == ["000011f8"])
  }

  @Test func labels() throws {
    #expect(try words("a1_: nop\nA1_: j a1_\n j A1_") == ["20000000", "600fffff", "600fffff"])
    #expect(try words("one: two: three: j two") == ["60000000"])
    #expect(try words(" j end\nend:") == ["60000001"])
    // Mnemonics and control registers can be labels too.
    #expect(try words("add: mode: .word add, mode") == ["00001000", "00001000"])
  }

  @Test func localLabelsAreTheNearest() throws {
    let source = """
      1:  j 1f
      1:  j 1b
          j 1f
      1:
      99: nop
          j 99b
      """
    #expect(try words(source) == ["60000001", "60000000", "60000001", "20000000", "600fffff"])
  }

  @Test func controlRegistersGoByNameOrNumber() throws {
    #expect(try words(" getcr a0, tvec") == words(" getcr a0, 3"))
    #expect(try words(" .equ C, 4\n setcr C, a0") == words(" setcr ksp0, a0"))
    // A name that is near a control register's but defined is no typo.
    #expect(try words(" .equ modes, 1\n setcr modes, a0") == words(" setcr mode, a0"))
  }

  @Test func memoryOperands() throws {
    #expect(try words(" lw a0, (sp)") == words(" lw a0, 0(sp)"))
    #expect(try words(" lw a0, 2*(1+1)(sp)") == words(" lw a0, 4(sp)"))
    #expect(try words(" sw r4, lo(0x12340010)(r2)") == words(" sw a0, 16(sp)"))
    #expect(try words("x: lw a0, x(zero)") == ["30401000"])
  }

  @Test func commentsBeginWithEitherSign() throws {
    #expect(
      try words("; one\n# two\n nop ; three # four\n nop # five\n") == ["20000000", "20000000"])
  }

  @Test func otherLineEndsAndAByteOrderMarkAreFine() throws {
    #expect(try words("\u{FEFF}a: nop\r\n j a\r nop") == ["20000000", "600fffff", "20000000"])
  }

  @Test func pageMarksCoverWhatFollows() throws {
    let image = try assembled(
      """
          nop
          .page ring=1
          .org 0x2000
          nop
          .org 0x3000
          nop
          .page ring=3, write=no
          .org 0x5000
          .space 4097
          .page write=yes
          .org 0x9000
          nop
      """)
    #expect(
      image.pageMarks == [
        Image.PageMark(firstPage: 2, lastPage: 3, ring: .ring1, isWritable: true),
        Image.PageMark(firstPage: 5, lastPage: 6, ring: .ring3, isWritable: false),
        Image.PageMark(firstPage: 9, lastPage: 9, ring: .ring3, isWritable: true),
      ])
  }

  @Test func symbolsFromOutsideAreKnownButNotInTheImage() throws {
    let outside = [
      Image.Symbol(name: "kernel", value: 0x2000, kind: .label),
      Image.Symbol(name: "FIVE", value: 5, kind: .constant),
      Image.Symbol(name: "own", value: 1, kind: .constant),
    ]
    let result = Assembler.assemble(
      source: "own: li a0, FIVE\n la a1, kernel\n j own", file: "asm", origin: 0x1800,
      symbols: outside)
    let image = try #require(result.image)
    #expect(image.pieces.map(\.address) == [0x1800])
    #expect(image.symbols.map(\.name) == ["own"])
    #expect(image.word(at: 0x1800) == 0x2040_0005)
    #expect(image.word(at: 0x180C) == 0x600F_FFFD)
  }

  @Test func hugeProgramsAreRefusedNotBuilt() {
    let source = String(repeating: " .space 0x2000000\n", count: 10)
    #expect(messages(source) == ["test.s:3:2: with this the program is larger than 64 MiB"])
  }
}
