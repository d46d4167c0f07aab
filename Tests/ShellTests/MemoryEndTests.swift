import TestSupport
import Testing

@testable import Shell

/// Memory is looked at where it ends.
struct MemoryEndTests {
  /// Its memory ends with `tailtail`, and no 0 behind it.
  private func shell() throws -> CommandInterpreter {
    let program = try TemporaryProgram(
      """
      start:  li t1, 1
              out 0x50, t1
      s:      .asciz "hello"
      empty:  .asciz ""
      last:   .asciz "third"
              .org 0x2000
      long:   .ascii "\(String(repeating: "a", count: 1000))"
              .org 0x3ffff8
      tail:   .ascii "tailtail"
      """)
    let shell = try makeInterpreter(folders: [program.path])
    #expect(shell.run(line: "load program.s").succeeded)
    return shell
  }

  @Test(arguments: [
    ("x/s s", " 00001008  \"hello\"\n"),
    ("x/3s s", " 00001008  \"hello\"\n 0000100e  \"\"\n 0000100f  \"third\"\n"),
    ("x/s 0x400000", " 00400000  no memory: that is beyond its end.\n"),
    ("xp/s 0x400000", " 00400000  no memory: that is beyond its end.\n"),
    ("x/s 0xffffffff", " ffffffff  no memory: that is beyond its end.\n"),
    ("x/2s tail", " 003ffff8  \"tailtail\" with no 0 behind it: memory ends before 00400000\n"),
    ("xp/s tail+7", " 003fffff  \"l\" with no 0 behind it: memory ends before 00400000\n"),
    ("x/xw 0x400000", " 00400000  ????????\n ?? = no memory: that is beyond its end.\n"),
    ("x/2xw 0x3ffffc", " 003ffffc  6c696174 ????????\n ?? = no memory: that is beyond its end.\n"),
    ("x/xw 0x3ffffe", " 003ffffe  ????????\n ?? = no memory: that is beyond its end.\n"),
    (
      "x/8xb 0xfffffffe",
      " fffffffe  ?? ??\n ?? = no memory: that is beyond its end.\n That was the last address.\n"
    ),
    ("x/3i 0xfffffffc", "  fffffffc  no memory here\n That was the last address.\n"),
    ("disas 0xfffffffc, 3", "  fffffffc  no memory here\n That was the last address.\n"),
    ("disas 0x400000, 1", "  00400000  no memory here\n"),
    ("print mem[0x400000]", "00400000 lies outside memory (column 1 of 'mem[0x400000]')\n"),
    (
      "print mem[0x3ffffe]",
      "of the 4 bytes at 003ffffe: 00400000 lies outside memory (column 1 of\n  'mem[0x3ffffe]')\n"
    ),
    ("print mem16[0x3ffffe]", "$1 = 27753  (0x6c69)\n"),
    ("print phys[0x400000]", "00400000 lies outside memory (column 1 of 'phys[0x400000]')\n"),
  ])
  func theEndIsSaid(line: String, wanted: String) throws {
    #expect(try shell().say(line) == wanted)
  }

  @Test func aCutTextIsSaidToBeCutAndGoesOn() throws {
    let shell = try shell()
    let first = shell.say("x/s long")
    #expect(first.contains("and so on: 400 bytes without a 0"))
    #expect(shell.say("x").contains("00002190"), "no byte is left out")
    let third = shell.say("x")
    #expect(third.contains("00002320") && !third.contains("and so on"))
    #expect((first + third).filter { $0 == "a" }.count >= 600)
  }

  @Test func withPagingTheTablesAreNamed() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s", "run 3000")
    #expect(shell.session.world.isPagingOn)
    let said = shell.say("x/s 0xf0000000").split(whereSeparator: \.isWhitespace)
    #expect(
      said.joined(separator: " ")
        == "f0000000 no memory: the page tables lead nowhere there. 'walk f0000000' shows why.")
    #expect(shell.say("x/xw 0xf0000000").contains("the page tables lead nowhere there"))
  }
}
