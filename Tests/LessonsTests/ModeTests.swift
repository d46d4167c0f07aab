import Laboratory
import Testing

@testable import Lessons

/// Playing, going to a part, and the three modes.
@Suite struct ModeTests {
  typealias Learner = EngineTests.Learner

  @Test func playLeavesTheLessonStandingAndResumeBringsAllBack() throws {
    let learner = try Learner(EngineTests.task)
    _ = learner.engine.start()
    _ = learner.type("add x 1")
    #expect(learner.type("play").last == "[you play; resume goes back]")
    #expect(learner.type("set x 5") == [])
    #expect(learner.type("look") == [], "nothing is reached by playing")
    #expect(learner.engine.handle("") == nil)
    #expect(learner.type("hint").first?.hasPrefix("* The lesson stands still") == true)
    let said = learner.type("resume")
    #expect(said.first == "* The machine is exactly as it was.")
    #expect(said.contains("TASK Raise x by 2 and look."))
    #expect(learner.bench.values["x"] == 4)
    _ = learner.type("add x 1")
    #expect(learner.type("look").first == "RIGHT Done.")
    #expect(learner.engine.record.roads == [1: ["add x 1", "add x 1", "look"]])
  }

  @Test func resumeGoesTheWholeWayAgainWhereItMust() throws {
    let learner = try Learner(EngineTests.task)
    learner.engine.keepState = { { false } }
    _ = learner.engine.start()
    _ = learner.type("add x 1")
    _ = learner.type("play")
    _ = learner.type("set x 77")
    #expect(learner.type("resume").first == "* The machine is exactly as it was.")
    #expect(learner.bench.lines == ["set x 3", "add x 1"])
    _ = learner.type("play")
    _ = learner.type("set x 77")
    #expect(learner.type("lesson contents").first == "* The machine is exactly as it was.")
  }

  @Test(arguments: ["2", "second part", "Sec"])
  func goToAPartByNumberNameOrItsBeginning(name: String) throws {
    let learner = try Learner(everyBlock)
    _ = learner.engine.start()
    #expect(learner.type("lesson goto \(name)").first == "## Second part")
    #expect(learner.bench.lines == ["set x 1", "look"])
  }

  @Test func aPartThatIsNotThereIsToldWithWhatIsMeant() throws {
    let learner = try Learner(everyBlock)
    _ = learner.engine.start()
    #expect(
      learner.type("lesson goto secnd part")
        == ["* There is no part 'secnd part'. Did you mean 'Second part'?", "[Enter goes on]"])
    #expect(learner.type("lesson goto 7").first?.contains("`lesson contents` lists") == true)
    #expect(learner.type("lesson goto").first?.hasPrefix("* To which part?") == true)
  }

  @Test func inAnExamNothingHelps() throws {
    let learner = try Learner(everyBlock, mode: .exam)
    _ = learner.engine.start(at: 4)
    for command in ["hint", "solution", "solution run"] {
      #expect(learner.type(command) == ["* This is an exam: no hints, no solutions."])
    }
    #expect(learner.type("set x 9") == [], "a wrong turn is not told")
    #expect(
      learner.type("lesson skip") == [
        "* Skipped; the machine is as if it were done.", "[Enter goes on]",
      ])
    #expect(learner.bench.values["x"] == 5)
    _ = learner.type("")
    #expect(learner.type("a") == ["WRONG No.", "[Enter goes on]"], "one answer each")
    _ = learner.type("")
    #expect(learner.type("5") == ["RIGHT Right.", "[Enter goes on]"])
    _ = learner.type("")
    #expect(
      learner.type("b").prefix(2) == ["> add x 1", "WRONG No."])
    #expect(learner.type("lesson report").first == "* 1 of 4 done, 2 answered wrong, 1 skipped.")
  }

  @Test func inClassItWaitsAfterEverything() throws {
    let learner = try Learner(everyBlock, mode: .presented)
    let seen = plain(learner.engine.start())
    #expect(seen.last == "[Enter goes on]")
    _ = learner.type("")
    _ = learner.type("")
    #expect(learner.type("") == ["> set x 1", "> look", "x is 1\nthat is all", "[Enter goes on]"])
    #expect(learner.type("").contains("TASK Make x 5."))
    #expect(learner.engine.screen == 5..<7)
  }

  @Test func aCommandThatIsSwitchedOffSaysWhy() throws {
    var document = try lesson(EngineTests.task)
    document.without = [
      LessonDocument.SwitchedOff(
        command: LocatedText("hint", line: 1, column: 1), reason: "here you think first")
    ]
    let learner = Learner(document)
    _ = learner.engine.start()
    #expect(
      learner.type("hint") == ["* 'hint' is switched off in this lesson: here you think first"])
    #expect(document.refusal(of: "set") == nil)
  }
}
