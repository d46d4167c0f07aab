import Testing

@testable import Shell

/// Looking never changes anything.
struct LookingTests {
  @Test(arguments: ["", "--guest "])
  func theMachineIsAsItWas(option: String) throws {
    let shell = try makeInterpreter()
    shell.say("load \(option)kernel.s", "run 4000", "trap")
    let before = shell.stateDigest()
    for command in CommandTable.all where [.looking, .vmm, .shell].contains(command.group) {
      for argument in ["", " boot", " 0x400000", " IF"] {
        shell.say(command.name + argument)
        #expect(shell.stateDigest() == before, "\(command.name)\(argument)")
      }
    }
  }

  @Test(arguments: ["", "--guest "])
  func aMachineThatWasLookedAtRunsOnAsOneThatWasNot(option: String) throws {
    let looked = try makeInterpreter()
    let plain = try makeInterpreter()
    for shell in [looked, plain] { shell.say("load \(option)kernel.s", "run 4000") }
    looked.say(
      "walk boot", "tlb", "gates", "x/64xb 0x1000", "disas boot, 20", "regs", "rings", "shadow")
    for shell in [looked, plain] { shell.say("run 3000") }
    #expect(looked.stateDigest() == plain.stateDigest())
  }

  @Test(arguments: [false, true], [40, 80])
  func theStackShowsCallsAndTrapFrames(guest: Bool, width: Int) throws {
    let shell = try makeInterpreter(width: width)
    shell.say("load \(guest ? "--guest " : "")kernel.s", "break on_page", "continue")
    let said = shell.say("stack")
    let words = said.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("the stack of ring 0, from sp 00004ff0"))
    #expect(words.contains("00004ff0 00000032 trap 5 (page) of step "))
    #expect(words.contains("00004ff4 00010024 pc touch"))
    #expect(words.contains("00004ff8 00000007 status: ring 3, IF 1"))
    #expect(words.contains("00004ffc 00012000 sp the stack of ring 3, from sp 00012000"))
    #expect(said.split(separator: "\n").allSatisfy { $0.count <= width })
    shell.say("delete", "until kputs", "step 4")
    let calls = shell.say("bt").split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(calls.contains("goes back to "))
    let before = shell.stateDigest()
    shell.say("stack 200", "bt 1")
    #expect(shell.stateDigest() == before, "looking changes nothing")
    shell.say("load two-modes.s")
    #expect(shell.say("stack 3").split(separator: "\n").count == 6)
  }
}
