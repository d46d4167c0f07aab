import TestSupport
import Testing

@testable import Shell

/// What is said of stops where users of other debuggers were misled: guests, devices, names, values that aren't there.
struct StopFaultTests {
  /// An interpreter that finds these files for as long as `folder` is held.
  private func shell(
    _ sources: [String: String]
  ) throws -> (shell: CommandInterpreter, folder: TemporaryFolder) {
    let folder = try TemporaryFolder()
    for (name, text) in sources { try folder.write(text, to: name) }
    return (try makeInterpreter(folders: [folder.path]), folder)
  }

  private static let loop = """
    start:  lui  sp, 0x2
            li   s0, 0
    loop:   call bump
            addi t0, zero, 5
            bne  s0, t0, loop
    done:   li   t1, 1
            out  0x50, t1
    bump:   addi s0, s0, 1
            ret
    """

  // 02
  @Test func theOutermostFunctionIsNotFinished() throws {
    let (shell, folder) = try shell(["loop.s": Self.loop])
    defer { withExtendedLifetime(folder) {} }
    shell.say("load loop.s")
    #expect(!shell.run(line: "finish").succeeded)
    #expect(shell.say("finish").contains("this is the outermost function"))
    #expect(shell.say("until bump", "finish").contains("0000100c"))
  }

  // 04
  @Test func aStopSaysWhoseItIs() throws {
    let other = "first:  addi s1, s1, 1\n        j first\n"
    let (shell, folder) = try shell(["loop.s": Self.loop, "other.s": other])
    defer { withExtendedLifetime(folder) {} }
    shell.say("load --guest loop.s")
    #expect(shell.say("break bump") == "breakpoint 1: 0000101c bump, loop.s:8\n")
    shell.say("vm new beta other.s")
    #expect(
      shell.say("break first").contains("'first' is not known in alpha; beta's is 'beta.first'"))
    #expect(shell.say("break beta.first") == "breakpoint 2: beta: 00001000 first, other.s:1\n")
    #expect(shell.say("watch beta.first") == "watchpoint 3: beta: beta.first\n")
    #expect(shell.say("watch beta.s1") == "watchpoint 4: beta.s1\n")
    let list = shell.say("info breakpoints")
    #expect(list.contains("alpha: 0000101c bump, loop.s:8"))
    #expect(list.contains("beta: 00001000 first, other.s:1"))
    shell.say("delete 3", "delete 4", "vm start beta", "vm pause alpha")
    #expect(shell.say("continue").hasPrefix("breakpoint 2: beta: 00001000 first"))
    shell.say("vm stop beta")
    #expect(shell.say("info breakpoints").contains("other.s:1, beta is off"))
    shell.say("reset")
    #expect(shell.say("info breakpoints").contains("beta: 00001000, there is no beta now"))
  }

  // 05
  @Test(arguments: [false, true]) func aDisksStoreIsTheDisks(guest: Bool) throws {
    let program = """
      start:  lui  sp, 0x2
              la   t0, 0x8000
              out  0x31, t0
              la   t1, 0x12345678
              sw   t1, 0(t0)
              li   t1, 1
              out  0x32, t1
      wait:   in   t2, 0x33
              andi t2, t2, 3
              li   t1, 1
              beq  t2, t1, wait
      got:    li   t1, 1
              out  0x50, t1
      """
    let (shell, folder) = try shell(["dma.s": program])
    defer { withExtendedLifetime(folder) {} }
    shell.say("load \(guest ? "--guest " : "")dma.s", "watch mem[0x8000]", "continue")
    let told = shell.say("continue")
    #expect(told.contains(" 12345678 → 00000000\n by disk 0 (DMA)\n"))
    #expect(shell.say("trace 1").contains("(DMA): sector 0 to"))
    shell.say("until got")
    #expect(shell.say("rcontinue").contains(" 12345678 → 00000000\n next, by disk 0 (DMA)\n"))
  }

  // 06
  @Test func aConditionWithoutAValueSaysWhy() throws {
    let (shell, folder) = try shell(["loop.s": Self.loop])
    defer { withExtendedLifetime(folder) {} }
    shell.say("load loop.s")
    let set = shell.say("break bump if 10/s0 == 3")
    #expect(set.contains("it has no value now: division by zero"))
    let told = shell.say("continue")
    #expect(
      told.contains(
        " its condition can't be worked out: division by zero (column 3 of '10/s0 == 3')"))
    #expect(!shell.say("continue").contains("worked out"))
    #expect(try shell.value(of: "s0") == 3)
  }

  // 08
  @Test func whatIsWaitedForIsNamed() throws {
    let (shell, folder) = try shell(["loop.s": Self.loop, "kernel.s": Self.loop])
    defer { withExtendedLifetime(folder) {} }
    shell.say("load --guest loop.s", "run 3", "vm pause alpha")
    #expect(shell.say("continue").hasPrefix("no guest can run: alpha is paused; 'vm start alpha'"))
    #expect(shell.say("step").hasPrefix("no guest can run: alpha is paused"))
    shell.say("vm new beta loop.s", "vm stop beta")
    let told = shell.say("continue")
    #expect(told.contains("alpha is paused and beta is off"))
    shell.say("vm start alpha")
    #expect(shell.say("continue").contains("switched off"))
  }

  @Test func inputForAnotherGuestIsSaid() throws {
    let waiting = """
      start:  li    t0, 1
              out   0x11, t0
              sti
              hlt
              j     start
      """
    let (shell, folder) = try shell(["wait.s": waiting])
    defer { withExtendedLifetime(folder) {} }
    shell.say("load --guest wait.s")
    #expect(shell.say("continue").hasPrefix("the program waits for input; 'type TEXT'"))
    shell.say("vm new beta wait.s", "vm use beta")
    let told = shell.say("continue")
    #expect(told.contains("alpha waits for input and beta is paused; 'vm use alpha'"))
    #expect(told.contains("'vm start beta' lets it run"))
  }

  // 09
  @Test func aPlacePrefersLabels() throws {
    let program = """
      start:  li t0, 1
      if:     addi t0, t0, 1
      IF:     addi t0, t0, 1
      ptbr:   addi t0, t0, 1
      status: addi t0, t0, 1
      off:    li t1, 1
              out 0x50, t1
      """
    let (shell, folder) = try shell(["shadow.s": program])
    defer { withExtendedLifetime(folder) {} }
    shell.say("load shadow.s")
    let set = shell.say("break status")
    #expect(set.hasPrefix("breakpoint 1: 00001010 status, shadow.s:5\n"))
    #expect(set.contains("'status' is the label here; in expressions it is the machine's"))
    #expect(shell.say("break IF").hasPrefix("breakpoint 2: 00001008 IF"))
    #expect(
      shell.say("break if if t0 == 1").hasPrefix("breakpoint 3: 00001004 if, shadow.s:2 if t0"))
    #expect(
      shell.say("print ptbr") == "$1 = 0\n 'ptbr' is the machine's here; the label is &ptbr\n")
    #expect(shell.say("print &ptbr") == "$2 = 4108  (0x100c)\n")
    #expect(shell.say("print mem[&status] == mem[0x1010]") == "$3 = 1\n")
    #expect(shell.say("watch ptbr").contains("'ptbr' is the machine's here"))
    #expect(shell.say("watch &ptbr") == "watchpoint 5: &ptbr\n")
    #expect(shell.say("until status").contains("00001004"))
    #expect(shell.say("print &nothing").contains("there is no label 'nothing'"))
    #expect(shell.say("print & 3").contains("'&' stands before the name of a label"))
    // Where no label is meant nothing is said.
    #expect(shell.say("break off") == "breakpoint 6: 00001014 off, shadow.s:6\n")
  }

  // 10
  @Test func whatHasNoValueYetIsTaken() throws {
    let shell = try makeInterpreter()
    let heap = "mem[0x100000]"
    // Paging is on, and the program is about to touch its heap for the first time.
    shell.say("load kernel.s", "until touch")
    #expect(
      shell.say("watch \(heap)").contains("it has no value now: no page is mapped at 00100000"))
    #expect(shell.say("break touch if \(heap) == 0").contains("it has no value now: no page"))
    #expect(shell.say("display \(heap)").contains("\(heap) = no page is mapped"))
    #expect(shell.say("watch mem[\(heap)]").contains("it has no value now"))
    #expect(!shell.run(line: "watch mem[nothing]").succeeded)
    #expect(!shell.run(line: "break touch if 0 && nothing").succeeded)
    #expect(!shell.run(line: "display nothing").succeeded)
  }

  // 18
  @Test func continueNPassesHits() throws {
    let (shell, folder) = try shell(["loop.s": Self.loop])
    defer { withExtendedLifetime(folder) {} }
    shell.say("load loop.s")
    #expect(shell.say("continue 3").contains("doesn't stand at a breakpoint"))
    shell.say("break bump", "continue")
    let told = shell.say("continue 3")
    #expect(told.hasPrefix("breakpoint 1 stops after 2 more hits\nbreakpoint 1: 0000101c bump"))
    #expect(try shell.value(of: "s0") == 3 && shell.session.breakpoints[0].hits == 4)
    #expect(shell.say("continue 1").contains("breakpoint 1 stops at the next hit"))
    #expect(!shell.run(line: "continue 0").succeeded && !shell.run(line: "continue x").succeeded)
  }
}
