import Testing

@testable import Shell

/// Bad input gets one line that says what is wrong and what would be right, and changes nothing.
struct ErrorTests {
  @Test(arguments: [
    ("stpe", "there is no command 'stpe'; did you mean 'step'?"),
    ("frobnicate", "there is no command 'frobnicate'; 'help' lists the commands"),
    ("st x", "'x' is not known (column 1 of 'x')"),
    ("step 0", "'0' is too few steps; give 1 or more"),
    ("step -1", "'-1' is too few steps; give 1 or more"),
    ("wh", nil),
    ("dis", "'dis' may be disable, display, disas, disks, disk; type more of it"),
    ("load nosuch.s", nil),
    ("load kernell.s", "there is no file 'kernell.s'; did you mean 'kernel.s'?"),
    ("load --gest kernel.s", "there is no option '--gest'; there is --guest"),
    ("load --memory 3 kernel.s", "memory is given as 1M to 1024M"),
    ("load --memory 18446744073709551615G kernel.s", "memory is given as 1M to 1024M"),
    ("load --profile x kernel.s", "the profile is strict or classic"),
    ("break nowhere", "'nowhere' is not known (column 1 of 'nowhere')"),
    ("break 0x1001", "00001001 is not the place of an instruction; those are multiples of 4"),
    ("break 30", "no code is at 0000001e; two-modes.s:30 is the line, *30 the address"),
    ("until 30", "no code is at 0000001e; two-modes.s:30 is the line, *30 the address"),
    ("info line nowhere", "'nowhere' is not known (column 1 of 'nowhere')"),
    ("foo\u{1b}[31mred", "there is no command 'foo^[[31mred'; 'help' lists the commands"),
    ("p \u{1b}]0;x\u{7}", "'^[' is no value (column 1 of '^[]0;x^G')"),
    ("set boot = 1", "'boot' can't be set; 'help set' says what can"),
    ("set CODE_11 = 3", "'CODE_11' can't be set; 'help set' says what can"),
    ("break boot if", "what is the condition after 'if'?"),
    ("delete 7", "there is no breakpoint '7'; there are none"),
    ("catch page_fault", nil),
    ("print", "print which value? 'print a0 + 4'"),
    ("print 1 / 0", "division by zero (column 3 of '1 / 0')"),
    ("print/q 1", "'/q' is no format; there is /x /z /d /u /o /t (binary) /c /a"),
    ("x/99999xw 0", "x shows 1 to 4096 at a time; '99999' is too many or none"),
    ("x/8qw 0", "'q' is neither a format (x z d u o t c s i a) nor a size (b h w): 'x/8xw sp'"),
    ("set a0", "set is written 'set PLACE = EXPR', as in 'set a0 = 5'"),
    ("set a0 == 5", "set is written 'set PLACE = EXPR', as in 'set a0 = 5'"),
    ("set zero = 5", "zero is always 0"),
    ("set a0 = 0x100000000", "4294967296 does not fit into 32 bits"),
    ("set cycle = 5", "cycle is read only"),
    ("set IF = 2", "IF is 0 or 1"),
    ("set mem[0x2001] = 5", "00002001 is not a multiple of 4; mem8[…] sets a byte"),
    ("set cost.plan = 2", "there is no cost 'plan'; did you mean 'plain'?"),
    ("goto boot", "'boot' is a place in the program and no moment: 'until boot' runs to it"),
    ("goto -1", "steps are counted from 0; -1 is none"),
    ("undo", "nothing was changed here; 'back' undoes steps"),
    ("why", nil),
    ("vcpu", "there is no VMM here; 'load --guest FILE.s' brings one"),
    ("shadow", "there is no VMM here; 'load --guest FILE.s' brings one"),
    ("explain clii", "'clii' is not known here; did you mean 'cli'?"),
    ("asm addd a0, a0, 1", nil),
    ("hint", "no lesson is open; 'lesson' opens one, 'lesson list' lists them"),
    ("record x.md", "recording begins at the prompt"),
    ("regs now", "regs takes no arguments; 'now' is too much"),
    (#"type "\q""#, #"after a backslash there is n, r, t, 0, \, " or xHH"#),
    ("source /nonexistent", nil),
    ("rtrap", "there was no trap before this one"),
    ("help nosuch", "there is no command 'nosuch'; 'help' lists the commands"),
  ])
  func refusedLines(line: String, message: String?) throws {
    let shell = try makeInterpreter(width: 120)
    shell.say("load two-modes.s")
    let before = shell.stateDigest()
    let outcome = shell.run(line: line)
    #expect(!outcome.succeeded)
    #expect(outcome.output.hasSuffix("\n"))
    #expect(outcome.output.split(separator: "\n").count == 1, "one line: \(outcome.output)")
    if let message { #expect(outcome.output == message + "\n") }
    #expect(shell.stateDigest() == before)
  }

  @Test func withoutAProgramNothingRuns() throws {
    let shell = try makeInterpreter()
    for line in ["step", "next", "continue", "trap", "run 3", "back", "goto 1"] {
      let outcome = shell.run(line: line)
      #expect(!outcome.succeeded)
      #expect(outcome.output == "no program is loaded; 'load FILE.s' loads one\n", "\(line)")
    }
  }

  @Test func aProgramThatDoesNotAssembleLeavesTheOldOneInPlace() throws {
    let folder = try TemporaryProgram("        ad      a0, a0, 1\n        addi    a0\n")
    let shell = try makeInterpreter(folders: [folder.path])
    shell.say("load two-modes.s", "step")
    let before = shell.stateDigest()
    let outcome = shell.run(line: "load program.s")
    #expect(!outcome.succeeded)
    #expect(outcome.output.contains("program.s:1:9: error:"))
    #expect(outcome.output.contains("program.s:2:"))
    #expect(outcome.output.contains("^"))
    #expect(shell.stateDigest() == before)
  }

  @Test func anImageThatDoesNotFitLeavesTheOldOneInPlace() throws {
    let folder = try TemporaryProgram("        .org    0x200000\n        nop\n")
    let shell = try makeInterpreter(folders: [folder.path])
    shell.say("load two-modes.s", "step")
    let before = shell.stateDigest()
    let outcome = shell.run(line: "load --memory 1M program.s")
    #expect(
      outcome.output == """
        the 4 bytes at 00200000 lie outside the memory of 1 MiB; give more --memory

        """)
    #expect(shell.stateDigest() == before)
  }
}
