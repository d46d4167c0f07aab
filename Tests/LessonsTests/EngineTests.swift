import Laboratory
import Testing

@testable import Lessons

@Suite struct EngineTests {
  /// A lesson being done: types lines as the shell would.
  final class Learner {
    let engine: LessonEngine
    var bench: Bench { (engine.session as? Bench) ?? Bench() }

    init(
      _ lesson: LessonDocument, mode: LessonMode = .selfPaced, notes: Bool = false,
      record: LessonRecord = LessonRecord()
    ) {
      engine = LessonEngine(lesson, mode: mode, showsNotes: notes, record: record) { _ in Bench() }
    }

    convenience init(
      _ body: String, mode: LessonMode = .selfPaced, notes: Bool = false
    ) throws {
      try self.init(lesson(body), mode: mode, notes: notes)
    }

    func type(_ line: String) -> [String] {
      if let said = engine.handle(line) { return plain(said) }
      let outcome = engine.session.run(line: line)
      engine.noteDeed(line)
      return plain(engine.commandWasRun(line, succeeded: outcome.succeeded))
    }
  }

  @Test func wholeLessonFromBeginningToEnd() throws {
    let learner = try Learner(everyBlock)
    #expect(
      plain(learner.engine.start()) == [
        "= 08 Two words, 5 min", "Before everything.", "[Enter goes on]",
      ])
    #expect(
      learner.type("") == [
        "## First part", "Text with `code`.\n\n```asm\n  cli   ; shown as it is\n```",
        "[Enter goes on]",
      ])
    #expect(learner.type("lesson next") == ["Second screen.", "[Enter goes on]"])
    #expect(
      learner.type("  ") == [
        "> set x 1", "> look", "x is 1\nthat is all", "## Second part", "TASK Make x 5.",
        "[your turn; hint · goal · lesson skip]",
      ])
    #expect(learner.engine.handle("") == nil)
    #expect(learner.type("add x 1") == [])
    #expect(learner.type("add x 9") == ["WRONG Too far."])
    #expect(learner.type("add x 1") == [])
    #expect(learner.type("set x 5") == ["RIGHT Well done.", "[Enter goes on]"])
    #expect(
      learner.type("") == ["QUESTION What is x?", "a) 4", "b) 5", "[answer a or b]"])
    #expect(learner.engine.handle("") == nil)
    #expect(learner.engine.handle("continue") == nil)
    // A bare letter is an answer, so it is never the command that it is short for.
    #expect(learner.type("c") == ["* There is no choice c.", "[answer a or b]"])
    #expect(learner.engine.handle("s") == nil)
    #expect(learner.type("A") == ["WRONG One more.", "[answer a or b]"])
    #expect(learner.type("b)") == ["RIGHT Yes.", "[Enter goes on]"])
    #expect(
      learner.type("") == [
        "QUESTION How much is x now?", "[answer with a number, decimal or 0x…]",
      ])
    #expect(learner.engine.handle("step") == nil)
    #expect(
      learner.type("0") == ["WRONG That is y.", "[answer with a number, decimal or 0x…]"])
    #expect(
      learner.type("77") == ["WRONG Use `look`.", "[answer with a number, decimal or 0x…]"])
    #expect(learner.type("0x5") == ["RIGHT Right, x.", "[Enter goes on]"])
    #expect(
      learner.type("") == [
        "PREDICT After add x 1, x is…", "a) six", "b) five", "[answer a or b]",
      ])
    #expect(
      learner.type("b") == [
        "> add x 1", "WRONG It does not stay.", "SOLUTION a) six", "BECAUSE It counts.",
        "[Enter goes on]",
      ])
    #expect(learner.type("") == ["The end.", "END Two words", "[the lesson is over]"])
    #expect(learner.engine.isFinished)
    #expect(learner.engine.handle("") == nil)
    #expect(
      learner.type("lesson next") == [
        "* The lesson is over; `lesson` shows the course.", "[the lesson is over]",
      ])
  }

  @Test func notesAreForTheTeacherAlone() throws {
    let learner = try Learner("```note\nAsk.\n```\n\nText.\n", notes: true)
    #expect(plain(learner.engine.start()).contains("NOTE Ask."))
    #expect(
      try !plain(Learner("```note\nAsk.\n```\n\nText.\n").engine.start()).contains("NOTE Ask."))
  }

  static let task = """
    ```run quiet
    set x 3
    ```

    ```try
    task: Raise x by 2 and look.
    goal:
      - holds: x == 5
        says: x is 5
      - ran(look)
    hints: [First., Second.]
    solution: [add x 2, look]
    ```

    After.

    """

  @Test func hintsComeOneByOneAndTheLastStays() throws {
    let learner = try Learner(Self.task)
    _ = learner.engine.start()
    #expect(learner.type("hint") == ["HINT 1/2 First."])
    #expect(
      learner.type("hint") == ["HINT 2/2 Second.", "* After that, `hint` shows the solution."])
    #expect(
      learner.type("hint") == [
        "SOLUTION add x 2 · look", "* `solution run` runs it for you.",
      ])
  }

  @Test func goalAndCheckShowWhatHoldsAndWhatDoesNot() throws {
    let learner = try Learner(Self.task)
    _ = learner.engine.start()
    #expect(learner.type("look") == [])
    #expect(
      learner.type("goal") == [
        "TASK Raise x by 2 and look.", "GOAL no x is 5", "GOAL yes `ran(look)`",
      ])
    #expect(learner.type("check") == ["* Not yet.", "GOAL no x is 5", "GOAL yes `ran(look)`"])
    learner.bench.values["x"] = 5
    #expect(learner.type("check") == ["RIGHT Done.", "[Enter goes on]"])
    #expect(learner.type("check") == ["* There is no task or question now."])
  }

  @Test func solutionIsShownOrRun() throws {
    let learner = try Learner(Self.task)
    _ = learner.engine.start()
    #expect(
      learner.type("solution") == [
        "SOLUTION add x 2 · look", "* `solution run` runs it for you.",
      ])
    #expect(
      learner.type("solution run") == [
        "> add x 2", "> look", "x is 5\nthat is all", "RIGHT Done.", "[Enter goes on]",
      ])
  }

  @Test func solutionFromAnotherPlaceSaysThatItMissed() throws {
    let learner = try Learner(Self.task)
    _ = learner.engine.start()
    _ = learner.type("set x 100")
    #expect(learner.type("solution run").last?.hasPrefix("* The goal still doesn't hold") == true)
  }

  @Test func skipShowsAndRunsTheSolutionAndGoesOn() throws {
    let learner = try Learner(Self.task)
    _ = learner.engine.start()
    #expect(
      learner.type("lesson skip") == [
        "SOLUTION add x 2 · look", "> add x 2", "> look", "x is 5\nthat is all",
        "[Enter goes on]",
      ])
    #expect(learner.bench.values["x"] == 5)
  }

  @Test func skipShowsTheAnswerOfAQuestion() throws {
    let learner = try Learner(everyBlock)
    _ = learner.engine.start(at: 7)
    #expect(
      learner.type("lesson skip") == ["SOLUTION b) 5", "BECAUSE Yes.", "[Enter goes on]"])
    _ = learner.type("")
    #expect(learner.type("solution") == ["SOLUTION 5", "BECAUSE X.", "[Enter goes on]"])
    _ = learner.type("")
    #expect(
      learner.type("lesson skip") == [
        "> add x 1", "SOLUTION a) six", "BECAUSE It counts.", "[Enter goes on]",
      ])
  }

  @Test func startAndRanLookBackToTheBeginningOfTheTask() throws {
    let learner = try Learner(
      """
      ```run
      set x -4
      ```
      ```try
      task: Raise x.
      goal: x > start(x)
      wrong:
        - when: ran(set x)
          reply: Not by set.
      hints: h
      solution: add x 1
      ```
      """)
    _ = learner.engine.start()
    #expect(learner.type("set x -5") == ["WRONG Not by set."])
    #expect(learner.type("set x -6") == [])
    #expect(learner.type("add x 3").first == "RIGHT Done.")
  }

  @Test func refusedCommandIsNoDeedAndShortNamesCount() throws {
    let body = "```try\ntask: t\ngoal: ran(walk)\nhints: h\nsolution: look\n```\n\nText.\n"
    let learner = try Learner(body)
    _ = learner.engine.start()
    #expect(learner.type("walk") == [])
    let said = learner.engine.commandWasRun("w 12", command: "walk")
    #expect(plain(said).first == "RIGHT Done.")
  }

  @Test func goalThatHoldsAlreadyIsNotAskedFor() throws {
    let learner = try Learner(
      "```try\ntask: t\ngoal: x == 0\nhints: h\nsolution: look\n```\n\nText.\n")
    #expect(
      plain(learner.engine.start()) == [
        "= 08 Two words, 5 min", "TASK t", "* That is so already, on your machine.",
        "[Enter goes on]",
      ])
  }

  @Test func conditionThatCannotBeWorkedOutIsToldOnce() throws {
    let learner = try Learner(
      "```try\ntask: t\ngoal: z == 0\nhints: h\nsolution: look\n```\n\nText.\n")
    let said = plain(learner.engine.start())
    #expect(
      said.contains(
        "* The lesson cannot look at this machine (there is no 'z'); `lesson back` begins the step"
          + " again, `lesson skip` goes on."))
    #expect(learner.type("look") == [])
    #expect(learner.type("lesson skip").last == "[Enter goes on]")
  }

  @Test func backBringsTheMachineToWhereItWas() throws {
    let learner = try Learner(everyBlock)
    _ = learner.engine.start(at: 7)
    #expect(learner.bench.lines == ["set x 1", "look", "set x 5"])
    let said = learner.type("lesson back")
    #expect(said.first == "* The machine is as it was here.")
    #expect(said.contains("TASK Make x 5."))
    #expect(learner.bench.values["x"] == 1)
    _ = learner.type("lesson back")
    _ = learner.type("lesson back")
    #expect(learner.type("lesson back").contains("Before everything."))
    #expect(
      learner.type("lesson back") == ["* This is the beginning of the lesson.", "[Enter goes on]"])
  }

  /// Whoever went wrong in a task begins it again; only then one goes further back. The help that was taken
  /// stays written down.
  @Test func backBeginsTheOpenStepAgainFirst() throws {
    let learner = try Learner(everyBlock)
    _ = learner.engine.start(at: 6)
    for line in ["hint", "add x 9"] { _ = learner.type(line) }
    #expect(learner.bench.values["x"] == 10)
    #expect(
      learner.type("lesson back") == [
        "* The machine is as it was here.", "TASK Make x 5.",
        "[your turn; hint · goal · lesson skip]",
      ])
    #expect(learner.bench.values["x"] == 1)
    _ = learner.type("set x 5")
    #expect(learner.engine.record.results[6] == StepResult(.done, hints: 1, wrong: 1))
    let other = try Learner(everyBlock)
    _ = other.engine.start(at: 6)
    #expect(other.type("lesson back").contains("> look"))
  }

  /// What the learner set to stop runs stops no run of the lesson's; what the lesson set does.
  @Test func theLessonRunsPastTheLearnersBreakpoints() throws {
    let body = """
      ```run
      break
      ```

      Text.

      ---

      ```run
      stops
      ```

      More.
      """
    let learner = try Learner(body)
    _ = learner.engine.start()
    _ = learner.type("break")
    #expect(learner.bench.enabledBreakpoints == [1, 2])
    let said = learner.type("")
    #expect(said.contains("[1]"))
    #expect(learner.bench.enabledBreakpoints == [1, 2])
  }

  @Test func aWrongRoadIsToldWhenItIsTakenAndNotWhenOneLooks() throws {
    let learner = try Learner(
      """
      ```try
      task: Make x 5.
      goal: x == 5
      wrong:
        - {when: x > 5, reply: Too far., sample: set x 9}
        - {when: x == 9, reply: Nine., sample: set x 9}
      hints: [Set it.]
      solution: set x 5
      ```
      """)
    _ = learner.engine.start()
    #expect(learner.type("set x 9") == ["WRONG Too far."])
    #expect(learner.type("look") == [])
    #expect(learner.type("set x 8") == [])
    #expect(learner.type("set x 9") == ["WRONG Nine."])
  }

  /// It does not matter when somebody wandered off: the next task begins where the lesson was.
  @Test func machineIsTakenBackWheneverTheLearnerWentOn() throws {
    let body = """
      ```run
      set x 1
      ```

      Text.

      ```quiz
      question: What is it?
      choices:
        - text: one
          right: true
          reply: Yes.
        - text: two
          reply: No.
      ```

      More.

      ---

      And more.

      ```try
      task: Make x 5.
      goal: x == 5
      hints: [Set it.]
      solution: set x 5
      ```
      """
    for moment in 0..<3 {
      let learner = try Learner(body)
      _ = learner.engine.start()
      let lines = ["a", "", ""]
      var said: [String] = []
      for (index, line) in lines.enumerated() {
        if index == moment { _ = learner.type("set x 77") }
        said = learner.type(line)
      }
      #expect(said.contains("TASK Make x 5."), "moment \(moment)")
      #expect(learner.bench.values["x"] == 1, "moment \(moment)")
      let news = "* You went on meanwhile; the lesson has taken the machine back to its place."
      // It is told before what is to be done.
      let places = [said.firstIndex(of: news), said.firstIndex(of: "TASK Make x 5.")]
      #expect(try #require(places[0]) < #require(places[1]), "moment \(moment)")
    }
  }

  @Test func machineIsTakenBackBeforeTheLessonGoesOnWithIt() throws {
    let body = """
      ```run
      set x 1
      ```

      First.

      ```run
      add x 1
      ```

      ```predict
      question: What is x?
      answer: x
      reply: r
      wrong:
        - {value: 9, reply: w}
      otherwise: o
      run: add x 1
      ```

      """
    let learner = try Learner(body)
    _ = learner.engine.start()
    #expect(learner.type("set x 40") == [])
    let back = "* You went on meanwhile; the lesson has taken the machine back to its place."
    #expect(learner.type("").contains(back))
    #expect(learner.bench.values["x"] == 2)
    #expect(learner.type("look") == [])
    #expect(learner.type("set x 70") == [])
    let said = learner.type("3")
    #expect(said.contains(back))
    #expect(said.contains("RIGHT r"))
  }

  @Test func machineThatWasOnlyLookedAtStays() throws {
    let learner = try Learner("```run\nset x 1\n```\n\nText.\n\n```run\nadd x 1\n```\n\nMore.\n")
    _ = learner.engine.start()
    _ = learner.type("look")
    #expect(!learner.type("").joined().contains("meanwhile"))
    #expect(learner.bench.lines == ["set x 1", "look", "add x 1"])
  }

  @Test func contentsAndWhereabouts() throws {
    let learner = try Learner(everyBlock)
    _ = learner.engine.start(at: 4)
    #expect(
      learner.type("lesson contents") == ["PART 1 First part current", "PART 2 Second part ahead"])
    #expect(
      learner.type("lesson") == [
        "= 08 Two words, 5 min", "* Part 1 of 2: First part", "## Second part",
        "TASK Make x 5.",
        "[your turn; hint · goal · lesson skip]",
      ])
    #expect(learner.engine.handle("lesson 9") == nil)
    #expect(learner.engine.handle("next") == nil)
    #expect(
      learner.type("lesson next").first?.hasPrefix("* This step is still open") == true)
  }

  @Test func restartBeginsOnAFreshMachine() throws {
    let learner = try Learner(everyBlock)
    _ = learner.engine.start(at: 8)
    #expect(learner.type("lesson restart").contains("Before everything."))
    #expect(learner.bench.lines == [])
  }

  @Test(arguments: [
    ("5", [5]), ("0x10", [16]), ("0b11", [3]), ("-1", [-1]), ("-0x10", [-16]),
    ("2,000", [2000]), ("1 000 000", [1_000_000]), ("0x8000_0000", [0x8000_0000]),
    ("12345", [12345]),
    ("80001040", [80_001_040, 0x8000_1040]), ("0000fa0c", [0xFA0C]),
  ])
  func numbersAreReadAsPeopleWriteThem(text: String, values: [Int64]) {
    #expect(TypedNumber(text) == .values(values))
  }

  @Test func whatIsNoNumberIsLeftToTheShell() {
    #expect(TypedNumber("step") == nil)
    #expect(TypedNumber("x/8xw") == nil)
    for text in ["b", "c", "0x", "-", "+5", "--1", "5 6", "0x-1", ""] {
      #expect(TypedNumber(text) == nil, "\(text)")
    }
    #expect(TypedNumber("0fa0") == .bareHexadecimal)
    #expect(TypedNumber("0fa0c") == .values([0xFA0C]), "as a page is shown")
    #expect(TypedNumber("00111") == .values([0x111, 111]))
    #expect(TypedNumber.same(-1, 0xFFFF_FFFF))
    #expect(!TypedNumber.same(0, 1 << 32))
  }

  @Test func choiceCalledLikeACommandIsAnsweredByItsLetterAlone() throws {
    let quiz = "```quiz\nquestion: q\nchoices:\n  - {text: step, right: true, reply: r}\n"
    let learner = try Learner(quiz + "  - {text: '4', reply: four}\n```\n\nText.\n")
    _ = learner.engine.start()
    #expect(learner.engine.handle("step") == nil)
    #expect(learner.type("4") == ["WRONG four", "[answer a or b]"])
    #expect(learner.type("a").first == "RIGHT r")
  }

  @Test func aValueMayBePredicted() throws {
    let learner = try Learner(
      """
      ```predict
      question: x after that?
      answer: x
      reply: It counts.
      otherwise: Not quite.
      run: add x 12
      ```

      """)
    _ = learner.engine.start()
    #expect(
      learner.type("3") == [
        "> add x 12", "WRONG Not quite.", "SOLUTION 12 (0xc)", "BECAUSE It counts.",
        "END Two words", "[the lesson is over]",
      ])
  }
}
