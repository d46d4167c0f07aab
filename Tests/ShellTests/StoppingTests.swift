import Testing

@testable import Shell

/// What is said of breakpoints, watchpoints and caught events.
struct StoppingTests {
  static let program = """
            .org    0x1000
    start:  la      s0, count
    again:  lw      t0, 0(s0)
            addi    t0, t0, 1
    put:    sw      t0, 0(s0)
            j       again
    count:  .word   0
    """

  private func shell(width: Int = 80, guest: Bool = false) throws -> CommandInterpreter {
    let folder = try TemporaryProgram(Self.program)
    let shell = try makeInterpreter(width: width, folders: [folder.path])
    shell.say("load \(guest ? "--guest " : "")program.s")
    return shell
  }

  @Test(arguments: [false, true]) func aWatchpointNamesTheInstruction(guest: Bool) throws {
    let shell = try shell(guest: guest)
    #expect(shell.say("watch count") == "watchpoint 1: count\n")
    #expect(
      shell.say("c") == """
        watchpoint 1: count
         00000000 → 00000001
         by 00001010 put  sw t0, 0(s0)
         00001014  jal zero, 0x00001008  <again>  program.s:6

        """)
    #expect(shell.say("info breakpoints").contains("1     1  watchpoint  count"))
  }

  @Test func aNarrowTerminalShowsItAll() throws {
    let shell = try shell(width: 40)
    shell.say("watch phys[count] if mem[count] == 2")
    let said = shell.say("c")
    #expect(said.hasPrefix("watchpoint 1: phys[count] if mem[count]"))
    #expect(said.contains(" 00000001 → 00000002\n by 00001010 put  sw t0, 0(s0)\n"))
  }

  @Test func readsAndSizes() throws {
    let shell = try shell()
    #expect(shell.say("rwatch/b count") == "watchpoint 1: count, read\n")
    #expect(shell.say("c").contains(" read: 00\n by 00001008 again"))
    #expect(shell.say("awatch mem8[count]") == "watchpoint 2: mem8[count], read or written\n")
    #expect(shell.say("watch/h mem8[count + 2]") == "watchpoint 3: mem8[count + 2]\n")
    #expect(shell.say("watch t0") == "watchpoint 4: t0\n")
    #expect(shell.say("rwatch t0").contains("only reads of memory are seen"))
    #expect(shell.say("watch/w mem8[count + 1]").contains("/h or /b watches less"))
    #expect(shell.say("watch/z count").contains("'/z' is no size"))
  }

  @Test func anAddressMayBeWrittenAsInGdb() throws {
    let shell = try shell()
    #expect(shell.say("break *0x1010") == "breakpoint 1: 00001010 put, program.s:5\n")
    #expect(shell.say("tbreak * put + 4").hasPrefix("breakpoint 2: 00001014 put+4"))
    #expect(shell.say("until *0x1008").hasPrefix(" 00001008"))
  }

  @Test func hitsAreIgnoredAndBreakpointsDisabled() throws {
    let shell = try shell()
    shell.say("break put", "tbreak again")
    #expect(shell.say("ignore 1 2") == "breakpoint 1 stops after 2 more hits\n")
    #expect(shell.say("c").hasPrefix("breakpoint 2: 00001008 again"))
    #expect(shell.say("info breakpoints").contains("00001010 put, program.s:5, after 2 more hits"))
    shell.say("c")
    #expect(try shell.value(of: "t0") == 3)
    #expect(shell.say("disable 1") == "disabled 1\n")
    #expect(shell.say("set budget 1000") == "one run may make 1 000 steps\n")
    #expect(
      shell.say("c").hasPrefix("the budget of 1 000 steps for one run is used up; 'continue'"))
    #expect(shell.say("set budget") == "one run may make 1 000 steps\n")
    #expect(shell.say("set budget 1 2").contains("'set budget off'"))
    #expect(shell.say("enable") == "enabled 1\n")
    #expect(shell.say("c").hasPrefix("breakpoint 1"))
    #expect(shell.say("ignore 7 1").contains("there is no breakpoint '7'; there is 1"))
    #expect(shell.say("set budget off") == "a run may make any number of steps\n")
    #expect(shell.say("set budget") == "a run may make any number of steps\n")
  }

  @Test func theMemoryForGoingBackIsSet() throws {
    let shell = try shell()
    #expect(
      shell.say("set history").hasPrefix("the snapshots for going back may take 64 MiB; they"))
    #expect(shell.say("set history 2m").contains("may take 2 MiB;"))
    shell.say("load program.s")
    #expect(shell.session.historyLimit == 2 << 20, "it is the session's")
    for wrong in ["much", "0", "4K", "1M 2M", "99999999999G"] {
      #expect(shell.say("set history \(wrong)").contains("'set history 128M', 1M or more"))
    }
    #expect(shell.session.historyLimit == 2 << 20)
  }

  @Test func controlCEndsManyMovesInARow() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s")
    shell.poll = { true }
    #expect(shell.say("next 5").hasPrefix("stopped by Ctrl-C after 1 step\n 00001004"))
    #expect(shell.say("trap 5").contains("\nstopped by Ctrl-C after "))
  }

  @Test func theWayToATrapIsStopped() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s", "break critical", "trap 3")
    #expect(shell.session.world.pc == (try shell.codePlace("critical")))
    #expect(shell.say("trap").contains("━━ trap "))
  }

  @Test func commandsAreRunAtEachStop() throws {
    let shell = try shell()
    shell.say("break put")
    #expect(shell.say("commands", "output t0 * 2", "", "print mem[count]", "end") == "")
    let told = shell.say("info breakpoints").split { $0 == " " || $0 == "\n" }
    #expect(told.joined(separator: " ").contains("does output t0 * 2; print mem[count]"))
    #expect(shell.say("c").hasSuffix("program.s:5\n2\n$1 = 0\n"))
    #expect(shell.say("step").hasSuffix("program.s:6\n"), "they belong to the stop")
    // What is behind a line that runs the machine isn't run; its stop has its own.
    shell.say("commands 1", "silent", "output t0", "continue", "output 0xbad", "end")
    shell.say("break put if t0 == 5")
    shell.say("disable 1", "c", "enable 1", "back 4")
    #expect(try shell.value(of: "t0") == 4)
    shell.say("delete 2")
    let said = shell.say("c")
    #expect(said.hasPrefix("5\n6\n7\n"))
    #expect(!said.contains("bad"))
    #expect(!said.contains("breakpoint 1"))
    #expect(said.hasSuffix("\nstopped: the breakpoints' commands never end\n"))
  }

  @Test(arguments: [false, true], [40, 80])
  func anEndlessTrapLoopIsNamed(guest: Bool, width: Int) throws {
    let folder = try TemporaryProgram(
      """
              .org  0x1000
              .entry boot
      gates:  .space 512
      boot:   li    sp, 0x8000
              la    t0, gates
              setcr tvec, t0
              la    t1, mend
              sw    t1, 0(t0)
              li    t1, 1
              sw    t1, 4(t0)
      broken: div   a0, a0, zero
      mend:   iret
      """)
    let shell = try makeInterpreter(width: width, folders: [folder.path])
    shell.say("load \(guest ? "--guest " : "")program.s")
    let said = shell.say("c")
    let words = said.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.hasPrefix("endless trap loop: trap 0 divide, at 00001224 broken, was taken "))
    #expect(words.contains("nor what alpha believes, and no interrupt can come") == guest)
    #expect(words.contains("The handler goes back to the instruction that faults"))
    #expect(words.contains("'continue' runs on all the same. 00001228 iret"))
    #expect(said.split(separator: "\n").allSatisfy { $0.count <= width })
    shell.say("set budget 1000")
    #expect(shell.say("c").hasPrefix("the budget of 1 000 steps"))
  }

  @Test func aFailingCommandEndsThem() throws {
    let shell = try shell()
    shell.say("break put", "commands", "nonsense", "print 77", "end")
    let outcome = shell.run(line: "c")
    #expect(outcome.succeeded)
    #expect(outcome.output.contains("there is no command 'nonsense'"))
    #expect(!outcome.output.contains("77"))
  }

  @Test func commandsGoIntoATranscriptAsTheyWereTyped() throws {
    let shell = try shell()
    var lines: [String] = []
    shell.observer = { line, _ in lines.append(line) }
    shell.say("break put", "commands", "print t0", "end", "c")
    #expect(lines == ["break put", "commands", "print t0", "end", "c"])
  }

  @Test func whatCanBeCaught() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s")
    let lines = [
      ("trap", "any trap"), ("trap 4", "trap 4 (protection)"), ("timer", "trap 16 (timer)"),
      ("software", "any int"), ("interrupt", "any interrupt"), ("ring", "a change of ring"),
      ("vm", "any entry into the VMM"), ("page true", "a page fault that the kernel is told of"),
      ("page hidden", "a page fault that the VMM hides"),
      ("switch", "another page table in force"), ("page", "trap 5 (page)"),
    ]
    for (index, (line, words)) in lines.enumerated() {
      #expect(shell.say("catch \(line)") == "catchpoint \(index + 1): \(words)\n")
    }
    shell.say("delete", "catch page true")
    #expect(
      shell.say("c").contains("\ncatchpoint 12: a page fault that the kernel is told of\n by "))
    let bare = try makeInterpreter()
    bare.say("load kernel.s")
    #expect(bare.say("catch vm").contains("there is no VMM here"))
    #expect(bare.say("catch ring trap").contains("'trap' is too much"))
  }
}
