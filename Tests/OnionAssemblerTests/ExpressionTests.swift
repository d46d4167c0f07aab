import Foundation
import OnionAssembler
import Testing

/// The CPU manual, section 2, "Assembler": expressions are 64-bit signed with C's precedence.
struct ExpressionTests {
  @Test(arguments: [
    ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("7 - 2 - 1", 4), ("100 / 7 / 2", 7), ("100 % 7", 2),
    ("-7 / 2", -3), ("-7 % 2", -1), ("1 << 4 + 1", 32), ("1 | 2 ^ 3 & 2", 1), ("6 & 3 ^ 8", 10),
    ("0xF0 >> 4 & 3", 3), ("~0", -1), ("-~5", 6), ("--5", 5), ("+5", 5), ("2*-3", -6),
    ("-1 >> 63", -1), ("0x1_0000_0000 >> 16", 65536), ("1 << 40 >> 38", 4),
    ("0b1010_0101", 165), ("1_000", 1000), ("0xFf", 255), ("0XfF", 255), ("'a'", 97),
    (#"'\n'"#, 10), (#"'\''"#, 39), (#"'\x80'"#, 128), ("'é'", 0xE9), ("' '", 32), ("';'", 59),
    ("hi(0x12345678)", 0x1234), ("lo(0x12345678)", 0x5678), ("hi(-1)", 0xFFFF),
    ("lo(0x8000) + 1", 0x8001), ("hi(lo(-1) << 16)", 0xFFFF),
    ("0x7FFFFFFFFFFFFFFF - 0x7FFFFFFFFFFFFFFE", 1),
  ])
  func valueOf(expression: String, value: Int32) throws {
    let expected = [UInt8](withUnsafeBytes(of: value.littleEndian) { Array($0) })
    #expect(try bytes(" .word \(expression)") == expected)
  }

  @Test(arguments: [
    "0x7FFFFFFFFFFFFFFF * 2", "(-0x7FFFFFFFFFFFFFFF - 1) / -1", "(-0x7FFFFFFFFFFFFFFF - 1) % -1",
    "-(-0x7FFFFFFFFFFFFFFF - 1)", "-0x7FFFFFFFFFFFFFFF - 2", "1 << 63", "3 << 62",
  ])
  func overflowIsTold(expression: String) {
    let all = messages(" .word \(expression)")
    #expect(all.count == 1)
    #expect(all.first?.contains("the result does not fit 64 bits") == true, "\(all)")
  }

  @Test func hiAndLoAreNamesToo() throws {
    #expect(try words("hi: lo: .word hi, lo, hi(hi)") == ["00001000", "00001000", "00000000"])
  }

  /// A source of any shape is told about, never too much for the process.
  @Test(arguments: ["(", "-", "~", "hi(", "1+", "1|1&", "1<<0*"])
  func deepAndLongExpressionsAreRefused(part: String) {
    let all = messages(" .word " + String(repeating: part, count: 20_000) + "1")
    #expect(all.count == 1)
    #expect(all.first?.contains(".equ") == true, "\(all)")
  }

  @Test func whatAPersonWritesFits() throws {
    #expect(try words(" .word " + String(repeating: "1 + ", count: 200) + "0") == ["000000c8"])
    let nested = String(repeating: "(", count: 39) + "1" + String(repeating: ")", count: 39)
    #expect(try words(" .word \(nested)") == ["00000001"])
  }
}
