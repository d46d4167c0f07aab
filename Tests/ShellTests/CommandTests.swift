import Testing

@testable import Shell

/// Commands as a person types them, and what they say.
struct CommandTests {
  @Test func stepsShowWhereTheProgramIs() throws {
    let shell = try makeInterpreter()
    #expect(
      shell.say("load two-modes.s") == """
        two-modes.s: 8 540 bytes on the bare machine, with 4 MiB
         00001000  lui t0, 0x0               two-modes.s:25

        """)
    #expect(shell.say("step").hasPrefix(" 00001004  ori t0, t0, 0x4000"))
    #expect(shell.say("").hasPrefix(" 00001008  setcr ptbr, t0"), "Enter steps again")
    #expect(shell.say("step 2").hasPrefix(" 00001010"))
    #expect(shell.say("back 3").hasPrefix(" 00001004"))
  }

  @Test func enterRepeatsStepsAndNothingElse() throws {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s", "step", "regs")
    #expect(shell.run(line: "").output == "")
    #expect(try shell.value(of: "steps") == 1)
    #expect(shell.say("x/2xw 0x1000").hasPrefix(" 00001000  2fa00000 26aa4000"))
    #expect(shell.say("").hasPrefix(" 00001008  940a0002"), "x goes on where it ended")
  }

  @Test func breakpointsStopRuns() throws {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s")
    #expect(shell.say("b program") == "breakpoint 1: 00008000 program, two-modes.s:126\n")
    #expect(
      shell.say("c").hasPrefix("breakpoint 1: 00008000 program\n 00008000  addi t0, zero, 10"))
    #expect(shell.say("info breakpoints").contains("1     1  breakpoint  00008000 program"))
    #expect(shell.say("delete 1") == "removed 1\n")
    #expect(shell.say("break two-modes.s:131").hasPrefix("breakpoint 2: 0000"))
    #expect(
      shell.say("break ask if t0 == 7")
        == "breakpoint 3: 00008030 ask, two-modes.s:140 if t0 == 7\n")
    #expect(shell.say("delete") == "removed 2 breakpoints\n")
  }

  @Test func theProgramsOutputIsShownAsItsOwn() throws {
    let folder = try TemporaryProgram(tidyProgram)
    let shell = try makeInterpreter(folders: [folder.path])
    shell.say("load program.s")
    #expect(shell.say("continue") == " console | ok\nthe machine is switched off\n")
    let again = shell.run(line: "continue")
    #expect(!again.succeeded)
    #expect(
      again.output == """
        the machine is switched off; 'back' goes back, 'reset' starts the program again

        """)
    #expect(shell.say("reset").hasPrefix(" 00001000"))
  }

  @Test func goingBackAndForwardIsExact() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "run 5000")
    let there = shell.stateDigest()
    shell.say("back 1234")
    #expect(shell.stateDigest() != there)
    shell.say("goto 5000")
    #expect(shell.stateDigest() == there)
  }

  @Test func changesAreMadeAndUndone() throws {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s", "step 3")
    let before = shell.stateDigest()
    #expect(shell.say("set a0 = 5 + 2") == "a0 = 00000007\n")
    #expect(shell.say("print a0") == "$1 = 7\n")
    #expect(shell.say("undo") == "undone: a0 is 00000000 again\n")
    #expect(shell.stateDigest() == before)
    #expect(shell.say("set mem[0x2000] = -1") == "mem[00002000] = ffffffff\n")
    #expect(shell.say("x/1xw 0x2000") == " 00002000  ffffffff\n")
    #expect(shell.say("set IF = 1", "p IF") == "status = 00000004\n$2 = 1\n")
  }

  @Test func instructionsAreWrittenInPlace() throws {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s")
    #expect(shell.say("asm addi a0, zero, 42").contains("addi a0, zero, 42"))
    shell.say("step")
    #expect(try shell.value(of: "a0") == 42)
    #expect(shell.say("asm j boot").contains("<boot>"), "labels of the program are known")
    shell.say("undo")
    let before = shell.stateDigest()
    let shown = shell.say("asm li a0, 0x12345678 ;; .byte 1, 2, 3")
    #expect(shown.contains("lui") && shown.split(separator: "\n").count == 3)
    #expect(shell.say("undo").hasPrefix("undone: 11 bytes at 00001004"), "one command, one undo")
    #expect(shell.stateDigest() == before)
  }

  @Test func aChangeMadeElsewhereIsNamedByUndo() throws {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s", "step 3", "set a0 = 5", "step 4")
    let said = shell.say("undo").split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    #expect(said.hasSuffix("a0 = 00000005, was made at step 3: 'goto 3', then 'undo'"))
    #expect(
      shell.say("goto 3", "undo").hasSuffix(
        "undone: a0 is 00000000 again (what came after this step before is forgotten)\n"))
  }

  @Test func whatAChangeInThePastForgetsIsSaid() throws {
    let shell = try makeInterpreter()
    shell.say(
      "load two-modes.s", "step 3", "set a0 = 5", "step", "set a1 = 6", "mark later", "step")
    shell.say("mark last", "goto 2", "mark kept")
    #expect(
      shell.say("type x")
        == "typed 2 bytes (what came after this step before is forgotten, and the marks\n"
        + "  later, last with it)\n")
    #expect(shell.say("mark").contains("kept") && !shell.say("mark").contains("later"))
    shell.say("set a0 = 1", "step", "set a1 = 2", "back")
    #expect(
      shell.say("undo").hasPrefix("undone: a0 is 00000000 again (what came"),
      "the later one goes too")
    shell.say("step")
    #expect(try shell.value(of: "a1") != 2)
  }

  @Test func displaysAreShownAtEachStop() throws {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s")
    #expect(shell.say("display/x t0") == " 1: t0 = 0x0\n")
    #expect(shell.say("step 2").hasSuffix("\n 1: t0 = 0x4000\n"))
    #expect(shell.say("undisplay 1") == "display 1 is gone\n")
  }

  @Test func trapsAreShownAsCardsAndExplained() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "break critical", "continue")
    let card = shell.say("step")
    #expect(card.contains("cli needs ring 0; the CPU is in ring 1"))
    #expect(card.contains("believes  alpha: ring 0, interrupts off"))
    #expect(shell.say("why").contains("What was checked, in order:"))
    #expect(shell.say("card") == card)
    shell.say("step")
    #expect(shell.say("rtrap").contains("cli needs ring 0; the CPU is in ring 1"))
  }

  @Test func helpKnowsCommandsGroupsAndWords() throws {
    let shell = try makeInterpreter()
    #expect(shell.say("help").contains("running    step next continue"))
    #expect(shell.say("help step").contains("Enter alone does it again."))
    #expect(shell.say("help stepping").contains("running: running forwards"))
    #expect(shell.say("apropos shadow").contains("shadow"))
  }

  @Test func commentsAndBlankLinesDoNothing() throws {
    let shell = try makeInterpreter()
    #expect(shell.say("# a comment", "   ", "") == "")
  }

  @Test func sourcedFilesStopAtTheFirstFailure() throws {
    let folder = try TemporaryProgram(tidyProgram)
    try folder.folder.write("load program.s\nstep\nstpe\nstep\n", to: "commands")
    let shell = try makeInterpreter(folders: [folder.path])
    let outcome = shell.run(line: "source commands")
    #expect(!outcome.succeeded)
    #expect(outcome.output.hasSuffix("commands:3: this line failed; the rest was not run\n"))
    #expect(try shell.value(of: "steps") == 1)
  }
}
