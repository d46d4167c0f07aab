import Testing

@testable import Shell

/// Going back at the prompt, and moments with names.
struct GoingBackTests {
  private func shell(guest: Bool = false, width: Int = 80) throws -> CommandInterpreter {
    let folder = try TemporaryProgram(StoppingTests.program)
    let shell = try makeInterpreter(width: width, folders: [folder.path])
    shell.say("load \(guest ? "--guest " : "")program.s")
    return shell
  }

  @Test(arguments: [false, true]) func rcontinueNamesTheStoreToCome(guest: Bool) throws {
    let shell = try shell(guest: guest)
    shell.say("watch count", "run 20")
    #expect(
      shell.say("rc") == """
        watchpoint 1: count
         00000003 → 00000004
         next, at 00001010 put  sw t0, 0(s0)
         00001010  sw t0, 0(s0)              program.s:5

        """)
    #expect(try shell.value(of: "mem[count]") == 3)
    shell.say("rc", "rc", "rc")
    #expect(try shell.value(of: "mem[count]") == 0)
    #expect(
      shell.say("rc").hasPrefix("this is the beginning: no step was made before\n 00001000"))
    #expect(shell.say("c").contains("00000000 → 00000001\n by 00001010 put"))
  }

  @Test func aBreakpointsCommandsAreRunGoingBack() throws {
    let shell = try shell()
    shell.say("break put", "commands", "output t0", "end", "run 20")
    #expect(shell.say("reverse-continue").hasSuffix("program.s:5\n4\n"))
  }

  @Test func rnextAndRfinish() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s", "until kputs", "step 3")
    let before = try shell.value(of: "steps")
    #expect(shell.say("rfinish").contains("<kputs>"))
    #expect(try shell.value(of: "steps") == before - 4)
    shell.say("next")
    let after = try shell.value(of: "steps")
    #expect(shell.say("rn").contains("<kputs>"))
    #expect(try shell.value(of: "steps") == before - 4)
    shell.say("goto \(after)", "step", "rnext 2")
    #expect(try shell.value(of: "steps") == before - 4)
  }

  @Test func momentsHaveNames() throws {
    let shell = try shell()
    #expect(shell.say("mark") == "no moment has a name; 'mark NAME' gives this one a name\n")
    shell.say("run 10")
    #expect(shell.say("mark here") == "here is step 10\n")
    shell.say("run 10", "mark there")
    #expect(shell.say("mark") == " step  name\n   10  here\n   20  there\n")
    shell.say("goto here")
    #expect(try shell.value(of: "steps") == 10)
    shell.say("goto there")
    #expect(try shell.value(of: "steps") == 20)
    #expect(shell.say("goto ther") == "there is no mark 'ther'; did you mean 'there'?\n")
    #expect(shell.say("mark delete there") == "mark there is gone\n")
    #expect(shell.say("mark 7").contains("a mark's name is one word"))
    #expect(shell.say("mark delete nobody").contains("there is no mark 'nobody'"))
  }

  @Test(arguments: [false, true]) func whatChangedIsShown(guest: Bool) throws {
    let shell = try shell(guest: guest)
    #expect(shell.say("changed").hasPrefix("the machine has not moved here; 'changed 0'"))
    shell.say("run 5", "mark early", "run 4")
    let said = shell.say("changed")
    #expect(said.hasPrefix("━━ changed ━") && said.contains(" step 5 → 9 ━━\n t0  "))
    #expect(said.contains("\n t0            00000001 → 00000002\n"))
    // The first store took a step more, in which the VMM granted it.
    #expect(
      said.contains(
        guest
          ? "\n 00101018  count      00000000 → 00000001\n"
          : "\n 00001018  count  00000001 → 00000002\n"))
    #expect(said.contains("\n alpha believes\n") == guest)
    #expect(shell.say("changed early") == said)
    #expect(shell.say("changed early 9") == said)
    #expect(shell.say("changed 9 early").contains(" 00000002 → 00000001\n"))
    #expect(shell.say("changed 9") == " Nothing changed from step 9 to step 9.\n")
    #expect(
      shell.say("changed 0 10")
        == "step 10 is still to come: the machine has been as far as step 9\n")
    #expect(shell.say("changed 1 2 3").contains("which two moments?"))
    shell.say("back 4")
    #expect(shell.say("changed").contains(" step 9 → 5 ━━"))
    shell.say("set s1 = 1")
    #expect(shell.say("changed").hasPrefix("the machine has not moved here"))
  }

  @Test func whatChangedFitsANarrowTerminal() throws {
    let shell = try shell(width: 40)
    shell.say("run 5", "run 4")
    #expect(shell.say("changed").contains("\n 00001018  00000001 → 00000002 count\n"))
  }

  @Test func muchThatChangedIsCounted() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s", "run 3000")
    let said = shell.say("changed 0")
    #expect(said.contains("\n 00003018  gates+24     00000000 → 000013b4 and 7 more\n"))
    #expect(said.hasSuffix(" and 281 more words in 7 frames\n"))
    #expect(said.contains("\n console: 65 bytes more\n console | "))
  }

  @Test func anotherFutureIsToldOf() throws {
    let shell = try shell()
    shell.say("run 10", "mark late", "back 5")
    #expect(
      shell.say("set s1 = 1")
        == "s1 = 00000001 (what came after this step before is forgotten, and the mark late\n"
        + "  with it)\n")
    #expect(!shell.run(line: "goto late").succeeded)
    shell.say("step")
    #expect(shell.say("set s1 = 2") == "s1 = 00000002\n")
  }

  @Test func anInterruptedWayBackIsRecordedAsWhereItEnded() throws {
    let shell = try shell()
    shell.say("run 400000", "break start")
    var lines: [String] = []
    shell.observer = { line, _ in lines.append(line) }
    shell.poll = { true }
    #expect(shell.say("rc").hasPrefix("stopped by Ctrl-C\n"))
    #expect(lines == ["goto \(try shell.value(of: "steps"))"])
  }
}
