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
}
