import Foundation
import OnionAssembler
import OnionISA
import Testing

/// Image files: what is written is read as the same, and a damaged file says where.
struct ImageFileTests {
  static let image = Image(
    entry: 0x1004,
    pieces: [
      Image.Piece(address: 0x1000, bytes: (0..<70).map { UInt8($0) }),
      Image.Piece(address: 0xFFFF_FFFF, bytes: [7]),
    ],
    symbols: [
      Image.Symbol(name: "POWER", value: 0x50, kind: .constant),
      Image.Symbol(name: "boot", value: 0x1000, kind: .label),
      Image.Symbol(name: "start", value: 0x1000, kind: .label),
    ],
    lines: [Image.Line(address: 0x1000, size: 70, file: 1, line: 2)],
    pageMarks: [Image.PageMark(firstPage: 1, lastPage: 0xFFFFF, ring: .ring3, isWritable: false)],
    files: [
      Image.File(name: "my kernel.s", text: ""),
      Image.File(name: "b.s", text: "a: nop\r\n\n|é\u{2028} end 5\nlast"),
    ])

  @Test func comesBackWhole() throws {
    #expect(try ImageFile.image(from: ImageFile.text(of: Self.image)) == Self.image)
    let empty = Image(entry: 0, pieces: [])
    #expect(try ImageFile.image(from: ImageFile.text(of: empty)) == empty)
    #expect(ImageFile.isImage(ImageFile.text(of: empty)))
    #expect(!ImageFile.isImage("; onion image 1\n nop"))
  }

  @Test func isTextThatAPersonCanRead() throws {
    let image = try assembled(
      "\t.page ring=1\nboot:\taddi ra, sp, 5\n\t.equ POWER, 0x50\n\t.asciz \"hi\"\n")
    #expect(
      ImageFile.text(of: image) == """
        onion image 1
        entry 00001000
        bytes 00001000 05001220686900
        constant 00000050 POWER
        label 00001000 boot
        pages 00001 00001 1 write
        file test.s
        |\t.page ring=1
        |boot:\taddi ra, sp, 5
        |\t.equ POWER, 0x50
        |\t.asciz "hi"
        |
        line 00001000 4 0 2
        line 00001004 3 0 4
        end 14 \(Self.checksum(of: image))

        """)
  }

  private static func checksum(of image: Image) -> String {
    String(ImageFile.text(of: image).suffix(9).prefix(8))
  }

  /// Files with a right end but wrong lines, as a person may write them.
  @Test(arguments: [
    ("onion image 2", 1, "this is version '2'; version 1 can be read"),
    ("nop", 1, "an image begins with 'onion image 1'"),
    ("", 1, "an image begins with 'onion image 1'"),
    ("onion image 1\nentry 1000", 2, "'1000' should be 8 hexadecimal digits"),
    ("onion image 1\nentry 0000100G", 2, "'0000100G' should be 8 hexadecimal digits"),
    ("onion image 1\nentry +0001000", 2, "'+0001000' should be 8 hexadecimal digits"),
    ("onion image 1\nentry 00001000\nentry 00001000", 3, "there is an entry already"),
    ("onion image 1\nentry", 2, "this line should be 'entry ADDRESS'"),
    ("onion image 1\nbytes 00001000 0", 2, "bytes are pairs of hexadecimal digits"),
    ("onion image 1\nbytes 00001000 0g", 2, "bytes are pairs of hexadecimal digits"),
    ("onion image 1\nbytes 00001000 é", 2, "bytes are pairs of hexadecimal digits"),
    ("onion image 1\nbytes 00001000 ", 2, "bytes are pairs of hexadecimal digits"),
    ("onion image 1\nbytes ffffffff 0102", 2, "these bytes go beyond the last address"),
    (
      "onion image 1\nbytes 00001000 0102\nbytes 00001001 03", 3,
      "00001001 does not come after the bytes before"
    ),
    ("onion image 1\nlabel 00001000 1x", 2, "'1x' is no name"),
    (
      "onion image 1\nlabel 00001000 x\nlabel 00000fff y", 3,
      "'y' does not come after the name before"
    ),
    ("onion image 1\npages 00002 00001 1 write", 2, "the first page comes after the last"),
    ("onion image 1\npages 00001 00001 4 write", 2, "'4' is no ring; they are 0 to 3"),
    ("onion image 1\npages 00001 00001 1 yes", 2, "'yes' should be 'write' or 'read'"),
    ("onion image 1\n|text", 2, "a text line stands behind no 'file'"),
    ("onion image 1\nfile x\nentry 00000000", 3, "a file's text should be here, after a '|'"),
    ("onion image 1\nline 00001000 4 0 1", 2, "there is no file 0"),
    ("onion image 1\nfile x\n|\nline 00001000 0 0 1", 4, "'0' should be a number from 1"),
    ("onion image 1\nwhat is this", 2, "'what' begins no line of an image"),
    ("onion image 1\n", 2, "'' begins no line of an image"),
    (
      "onion image 1\nentry 00000000\nend 3 00000000", 3,
      "there should be 3 lines before this one, not 2"
    ),
    (
      "onion image 1\nentry 00000000\nend 2 00000000", 3,
      "the lines before were changed: their checksum is 3dc4543c, not 00000000"
    ),
  ])
  func saysWhatIsWrong(text: String, line: Int, message: String) {
    #expect(throws: ImageFileError(line: line, message: message)) {
      try ImageFile.image(from: text + "\n")
    }
  }

  /// Wherever a file is cut, the cut is noticed.
  @Test func aCutOffFileIsNoImage() {
    let text = ImageFile.text(of: Self.image)
    for count in 0..<text.unicodeScalars.count {
      let cut = String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
      #expect(throws: ImageFileError.self) { try ImageFile.image(from: cut) }
    }
    #expect(throws: ImageFileError.self) { try ImageFile.image(from: text + "more") }
    #expect(throws: ImageFileError.self) { try ImageFile.image(from: text + "\n") }
  }

  /// Any one byte that is changed is noticed.
  @Test func aChangedFileIsNoImage() throws {
    let bytes = Array(ImageFile.text(of: Self.image).utf8)
    for index in bytes.indices {
      for change: UInt8 in [1, 0x20] {
        var changed = bytes
        changed[index] ^= change
        #expect(throws: ImageFileError.self, "byte \(index)") {
          try ImageFile.image(from: String(decoding: changed, as: UTF8.self))
        }
      }
    }
  }
}
