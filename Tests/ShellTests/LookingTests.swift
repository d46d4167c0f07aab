import Laboratory
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
    #expect(words.contains("00004ff0 00000032 vector 5 (page), step "))
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
    #expect(shell.say("stack 3").contains("sp is 0: no stack was set up here yet."))
    shell.say("set sp = 0x3000")
    #expect(shell.say("stack 3").split(separator: "\n").count == 6)
  }

  @Test func eachStackThatIsNamedIsShown() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s", "until critical")
    for count in 1...20 {
      let lines = shell.say("stack \(count)").split(separator: "\n")
      #expect(lines.last?.contains("the stack of") == false, "\(count)")
    }
  }

  @Test func aTimelineOfAFewStepsIsReadable() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s", "step 7")
    let said = shell.say("timeline")
    #expect(said.contains("Each column is less than a cycle;"))
    #expect(said.split(separator: "\n").contains { $0.hasSuffix(" 100%") && $0.count <= 80 })
  }

  @Test func costsBeforeTheFirstEntryAreCalledSo() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s")
    #expect(shell.say("cost").contains("the VMM, before it was entered"))
  }

  @Test func aStopSaysItsLineWhereItIsNarrow() throws {
    let shell = try makeInterpreter(width: 40)
    shell.say("load kernel.s")
    #expect(shell.say("step") == " 00001004  lui t0, 0x0  kernel.s:95\n")
    #expect(shell.say("until critical").contains(":321"))
    shell.say("load --guest kernel.s", "run 20000")
    let timeline = shell.say("timeline")
    #expect(timeline.contains("\n 1 kernel ") && timeline.contains("\n 3 programs "))
  }

  @Test func noRingIsCalledEmptyWhereTheCPUIs() throws {
    let shell = try makeInterpreter()
    shell.say("load four-rings.s", "until ring_2")
    let said = shell.say("rings")
    #expect(said.contains("ring 2 · code 10 ─"))
    #expect(!said.contains("nobody"))
  }

  @Test(arguments: [false, true], [40, 80])
  func theTimelineShowsWhoHadTheCPU(guest: Bool, width: Int) throws {
    let shell = try makeInterpreter(width: width)
    shell.say("load \(guest ? "--guest " : "")kernel.s")
    #expect(shell.say("timeline") == "no step was made yet\n")
    shell.say("run 30000")
    let before = shell.stateDigest()
    let said = shell.say("timeline")
    #expect(shell.stateDigest() == before, "looking changes nothing")
    let lines = said.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= width })
    #expect(lines.filter { $0.hasPrefix(" 0 VMM") }.count == (guest ? 1 : 0))
    let shares = lines.compactMap { $0.firstMatch(of: /([0-9.]+)%$/).flatMap { Double($0.1) } }
    #expect(abs(shares.reduce(0, +) - 100) < 0.5)
    #expect(shell.say("timeline 500 400").contains("goes forwards"))
    #expect(shell.say("timeline 0 40000").contains("still to come"))
    shell.say("goto 100")
    #expect(!shell.say("timeline 0 20000").contains("still to come"), "it has been there")
    #expect(try shell.value(of: "steps") == 100)
  }

  @Test func theTimelineCountsTheVMMsCycles() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "run 2000")
    let session = shell.session
    let before = try #require(session.world.monitor?.counts)
    let start = session.world.machine.cycles
    shell.say("run 30000")
    let after = try #require(session.world.monitor?.counts)
    let timeline = try session.timeline(from: 2000, to: 32000, parts: 7)
    let all = Double(session.world.machine.cycles - start)
    let own = Double(after.cycles - before.cycles)
    #expect(abs(timeline.share(of: .monitor) - own / all) < 1e-9)
    let sum = timeline.lanes.values.flatMap { $0 }.reduce(0, +)
    #expect(abs(sum - all) < 1)
    #expect(timeline.lanes.values.allSatisfy { $0.allSatisfy { $0 <= timeline.part * 1.000001 } })
  }

  @Test(arguments: [40, 80]) func staleEntriesOfTheTLBAreCalledSo(width: Int) throws {
    let shell = try makeInterpreter(width: width)
    shell.say("load kernel.s", "run 20000")
    func line() -> String {
      let lines = shell.say("tlb").split { $0 == "\n" || $0 == " " }.joined(separator: " ")
      return String(lines.drop { $0 != "L" })
    }
    #expect(!line().contains("stale"))
    // The page 00100 was mapped on demand; its entry is the first of the table at 00008400.
    shell.say("set phys[0x8400] = 0")
    #expect(line().contains("stale: not mapped any more"))
    shell.say("set phys[0x8400] = 0x41035")
    #expect(line().contains("stale: now 00041 01 - D"))
  }

  @Test(arguments: [false, true], [40, 80])
  func framesHaveOwners(guest: Bool, width: Int) throws {
    let shell = try makeInterpreter(width: width)
    shell.say("load \(guest ? "--guest " : "")kernel.s")
    let first = shell.say("frames").split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(first.contains(guest ? "The real one is on; 'shadow' shows" : "Paging is off"))
    #expect(!first.contains("not mapped"))
    shell.say("run 20000")
    let before = shell.stateDigest()
    let said = shell.say("frames")
    #expect(shell.stateDigest() == before, "looking changes nothing")
    let lines = said.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= width })
    func line(_ frame: String) throws -> String {
      try #require(lines.first { $0.hasPrefix(" \(frame)") })
    }
    let base = guest ? "001" : "000"
    #expect(try line(base + "07").contains("page directory"))
    #expect(try line(base + "08").contains("page table"))
    #expect(try line(base + "11").contains("code 11"))
    #expect(try line(base + "40").hasSuffix(width == 80 ? "writable" : "W"))
    #expect(lines.contains { $0.contains("VMM: doorway") } == guest)
    // Every frame is in one run, in order.
    let runs = FrameMap(shell.session.world).runs
    var next: UInt32 = 0
    for run in runs {
      #expect(run.frames.lowerBound == next)
      next = run.frames.upperBound + 1
    }
    #expect(next == shell.session.world.machine.memory.size >> 12)
  }
}
