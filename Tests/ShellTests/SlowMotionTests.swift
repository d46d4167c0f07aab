import Laboratory
import OnionISA
import Testing

@testable import Shell

/// `step phase` and `predict`: the next step looked at before it is made.
struct SlowMotionTests {
  @Test(arguments: [false, true])
  func thePhasesLeadToTheSameStep(guest: Bool) throws {
    let slow = try makeInterpreter()
    let usual = try makeInterpreter()
    for shell in [slow, usual] { shell.say("load \(guest ? "--guest " : "")kernel.s", "run 600") }
    for _ in 0..<60 {
      let start = slow.session.world.steps
      var said = ""
      var lines = 0
      while slow.session.world.steps == start {
        let before = slow.stateDigest()
        said += slow.say("step phase")
        if slow.session.world.steps == start { #expect(slow.stateDigest() == before) }
        lines += 1
        try #require(lines <= Phase.allCases.count)
      }
      usual.say("step")
      #expect(slow.stateDigest() == usual.stateDigest())
      #expect(said.contains("deliver") == (usual.session.lastStep?.isTrap == true), "\(said)")
    }
  }

  @Test func aRefusedInstructionEndsAtPrivilege() throws {
    let shell = try makeInterpreter(width: 200)
    shell.say("load --guest kernel.s", "break critical", "continue")
    let phases = ["fetch", "translate", "decode", "privilege", "deliver", "the VMM"]
    for phase in phases {
      #expect(shell.say(phase == "fetch" ? "step phase" : "").hasPrefix(" \(phase)"))
    }
    #expect(shell.session.world.pc == VirtualAddress(0x1304))
  }

  @Test func aMoveOrAChangeBeginsThePhasesAnew() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s", "run 100")
    for line in ["step", "back", "set a0 = 1", "run 1", "goto 5"] {
      shell.say("step phase", "step phase")
      shell.say("regs", "rings")
      #expect(shell.say("step phase").hasPrefix(" decode"), "looking goes on with them")
      shell.say(line)
      #expect(shell.say("step phase").hasPrefix(" fetch"), "\(line)")
      shell.say("step phase all")
    }
    #expect(!shell.execute("step phase some").succeeded)
    shell.say("set pc = 0x300000", "step phase all")
  }

  @Test func whereNoStepIsMadeNothingIsJudged() throws {
    let program = try TemporaryProgram(
      "start: li t0, 1\n out 0x11, t0\n sti\n hlt\nloop: j loop\n")
    let shell = try makeInterpreter()
    shell.say("load \(program.file)", "step 9")
    #expect(shell.say("step").contains("the program waits for input"))
    shell.say("predict runs", "predict runs", "predict runs")
    #expect(shell.say("predict score").hasPrefix("nothing was predicted yet"))
  }

  @Test func anUndefinedWordIsNoMatterOfTranslation() throws {
    let shell = try makeInterpreter(width: 200)
    shell.say("load two-modes.s", "set mem[0x1000] = 0xffffffff")
    let said = shell.say("step phase all")
    #expect(said.contains(" translate paging is off"))
    #expect(said.contains(" decode    ffffffff is no instruction"))
  }

  @Test func aChangeOfTheShadowsBeginsThePhasesAnew() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "run 2000", "step phase", "shadow one")
    #expect(shell.say("step phase").hasPrefix(" fetch"))
  }

  @Test func predictionsAreScored() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "break critical", "continue")
    #expect(shell.say("predict").contains("what will this step do?"))
    #expect(shell.session.world.pc == VirtualAddress(0x1300), "asking moves nothing")
    #expect(
      shell.say("predict trap protection to 0").hasPrefix(
        "right: it traps; vector 4 (protection); it leads to ring 0\n"))
    #expect(shell.say("predict runs").hasPrefix("right: it runs\n"))
    #expect(shell.say("predict runs").hasPrefix("wrong: it traps\n"))
    shell.say("goto \(shell.session.world.steps - 1)")
    #expect(
      shell.say("predict trap 4 to 0").hasPrefix(
        "in part: it traps; vector 5 (page), not as said; it leads to ring 0\n"))
    #expect(shell.say("predict score") == "4 predictions: 6 of 8 parts right\n")
    shell.say("load two-modes.s")
    #expect(shell.say("predict").contains("The answer makes it"))
    #expect(
      shell.say("predict trap 33 to 2").hasPrefix("wrong: it runs; there was no trap\n"))
    for wrong in ["predict nothing", "predict trap page to 9", "predict page to ring 1 2"] {
      let before = shell.stateDigest()
      #expect(!shell.execute(wrong).succeeded)
      #expect(shell.stateDigest() == before)
    }
  }
}
