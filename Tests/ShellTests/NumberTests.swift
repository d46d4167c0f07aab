import Testing

@testable import Shell

/// Numbers as they are typed and shown: words of 32 bits, counts, lines and steps.
struct NumberTests {
  private func shell() throws -> CommandInterpreter {
    let shell = try makeInterpreter()
    shell.say("load two-modes.s")
    return shell
  }

  @Test func aWordHas32Bits() throws {
    let shell = try shell()
    #expect(shell.say("output -1") == "-1  (0xffffffff)\n")
    #expect(shell.say("output/x ~0", "output/u -1") == "0xffffffff\n4294967295\n")
    shell.say("set a0 = -1")
    #expect(shell.say("output a0") == "4294967295  (0xffffffff)\n")
    #expect(shell.say("output/d a0", "output/u a0") == "-1\n4294967295\n")
    #expect(shell.say("output a0 + 1", "output/x a0 << 4") == "0\n0xfffffff0\n")
    #expect(shell.say("output/d mem[pc] | 0x80000000").hasPrefix("-"))
    shell.say("print a0 + 2")
    #expect(shell.say("output $") == "1\n", "kept as it was shown")
  }

  @Test func countsAndVariablesHave64() throws {
    let shell = try shell()
    shell.say("set $limit = 3000000000")
    #expect(shell.say("output/d $limit") == "3000000000\n")
    #expect(shell.say("output/d cycles + 3000000000") == "3000000000\n")
  }

  @Test func aWordIsEqualToItsSignedValue() throws {
    let shell = try shell()
    shell.say("set a0 = -1")
    #expect(try shell.value(of: "a0 == -1") == 1)
    #expect(try shell.value(of: "a0 != -1") == 0)
    #expect(try shell.value(of: "-1 == a0") == 1)
    #expect(try shell.value(of: "a0 == 0xffffffff") == 1)
    #expect(try shell.value(of: "a0 == -2") == 0)
    #expect(try shell.value(of: "a0 > 5") == 1, "an address has no sign")
  }

  @Test func aNumberIsTakenAsItIsShown() throws {
    let shell = try shell()
    shell.say("load kernel.s", "goto 1 348")
    #expect(shell.session.world.steps == 1348)
    shell.say("goto 0", "run 1 000")
    #expect(shell.session.world.steps == 1000)
    #expect(shell.say("goto 1 34").contains("'34' is too much"))
  }

  @Test func aCardSaysWhereGotoGoes() throws {
    let shell = try shell()
    shell.say("load kernel.s", "trap", "trap")
    let card = shell.say("trap")
    let words = try #require(card.split(separator: "\n").first?.split(separator: " "))
    let step = try #require(words.firstIndex(of: "step")).advanced(by: 1)
    let number = words[step...].prefix { $0.allSatisfy(\.isNumber) }.joined(separator: " ")
    shell.say("goto \(number)")
    #expect(shell.say("step").hasPrefix(card.prefix(60)))
  }

  @Test func aLineOfAPlaceIsThatPlaces() throws {
    let shell = try shell()
    shell.say("load kernel.s")
    let here = shell.say("info line")
    #expect(shell.say("info line critical").contains("kernel.s:321"))
    #expect(shell.say("info line 321").contains("kernel.s:321"))
    #expect(shell.say("info line *0x1300").contains("kernel.s:321"))
    #expect(here.contains("kernel.s:94"))
  }

  @Test func aBreakpointSaysItsLineAndItsDouble() throws {
    let shell = try shell()
    shell.say("load kernel.s")
    #expect(shell.say("b critical") == "breakpoint 1: 00001300 critical, kernel.s:321\n")
    #expect(shell.say("b kernel.s:321").hasSuffix(", kernel.s:321; breakpoint 1 is there too\n"))
    #expect(shell.say("b *120") == "breakpoint 3: 00000078\n")
    #expect(shell.say("watch 0x7000") == "watchpoint 4: mem[0x7000]\n")
    let watched = shell.say("info watchpoints")
    #expect(watched.contains("mem[0x7000]") && !watched.contains("critical"))
    #expect(shell.say("info breakpoints").contains("kernel.s:321"))
    #expect(shell.say("load kernel.s").contains("the 4 breakpoints are forgotten"))
    #expect(!shell.say("load kernel.s").contains("forgotten"))
  }

  @Test func theInstructionAtThePCCanBeDisplayed() throws {
    let shell = try shell()
    #expect(shell.say("display/i pc").hasPrefix(" 1: pc = 00001000 boot  "))
    #expect(shell.say("step").contains(" 1: pc = 00001004 boot+4  "))
  }

  @Test func whatWasUndoneIsSaidAsItIsNow() throws {
    let shell = try shell()
    shell.say("set a0 = 2", "set a0 = 1")
    #expect(shell.say("undo") == "undone: a0 is 00000002 again\n")
    #expect(shell.say("undo") == "undone: a0 is 00000000 again\n")
  }
}
