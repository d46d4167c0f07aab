import Foundation
import OnionAssembler
import OnionISA
import Testing

/// What an address is called, where it came from, and the listing.
struct LookupTests {
  static let source = """
            .equ    SIZE, 0x1004
    start:
    begin:  li      a0, 0x12345678
    loop:   j       loop
            .org    0x3000
    text:   .ascii  "hello, world, hello"
            .space  5000
    """

  @Test func linesOfAddresses() throws {
    let image = try assembled(Self.source)
    #expect(image.lineName(at: 0x0FFF) == nil)
    #expect([0x1000, 0x1003, 0x1004, 0x1007].map { image.line(at: $0)?.line } == [3, 3, 3, 3])
    #expect(image.line(at: 0x1008)?.line == 4)
    #expect(image.line(at: 0x100C) == nil)
    #expect(image.line(at: 0x3012)?.line == 6)
    #expect(image.line(at: 0x3013)?.line == 7)
    #expect(image.line(at: 0xFFFF_FFFF) == nil)
    #expect(image.text(file: 0, line: 4) == "loop:   j       loop")
    #expect(image.text(file: 0, line: 99) == nil)
    #expect(image.text(file: 9, line: 1) == nil)
  }

  @Test func namesOfAddresses() throws {
    let image = try assembled(Self.source)
    #expect(image.labels(at: 0x1000) == ["begin", "start"])
    // A constant that happens to be the same number is no place.
    #expect(image.labels(at: 0x1004) == [])
    #expect(image.symbolicName(of: 0x1004) == "begin+4")
    #expect(image.symbolicName(of: 0x1008) == "loop")
    #expect(image.symbolicName(of: 0x1008 + 4095) == "loop+4095")
    #expect(image.symbolicName(of: 0x1008 + 4096) == nil)
    #expect(image.symbolicName(of: 0) == nil)
    #expect(image.symbol(named: "SIZE")?.kind == .constant)
    #expect(image.symbol(named: "size") == nil)
  }

  @Test func wordsOfAddresses() throws {
    let image = try assembled(Self.source)
    #expect(image.word(at: 0x1000) == 0x2F40_1234)
    #expect(image.word(at: 0x1008) == 0x6000_0000)
    #expect(image.word(at: 0x1009) == nil)
    #expect(image.word(at: 0x2000) == nil)
    #expect(Image(entry: 0, pieces: []).word(at: 0) == nil)
  }

  @Test func listing() throws {
    let image = try assembled(Self.source)
    #expect(
      image.listing == """
                                   .equ    SIZE, 0x1004
                           start:
        00001000 2f401234  begin:  li      a0, 0x12345678
        00001004 26445678
        00001008 60000000  loop:   j       loop
                                   .org    0x3000
        00003000 6c6c6568  text:   .ascii  "hello, world, hello"
        00003004 77202c6f
        00003008 646c726f
        0000300c 6568202c
                           ; ... 19 bytes
        00003013 00000000          .space  5000
        00003017 00000000
        0000301b 00000000
        0000301f 00000000
                           ; ... 5000 bytes

        """)
  }
}
