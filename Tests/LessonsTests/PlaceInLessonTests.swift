import Testing

@testable import Lessons

/// Where one is in a lesson: what is shown again, what is gone back over, what is closed.
@Suite struct PlaceInLessonTests {
  private let body = """
    First text.

    ## Part

    Text before the task.

    ```try
    task: Make x 5.
    goal: x == 5
    partial:
      - when: x > 2
        reply: Half of the way.
    hints: [Add.]
    solution: [set x 5]
    done:
      - when: ran(add)
        says: By adding.
      - Well done.
    ```

    ```quiz
    question: q
    choices:
      - {text: a, right: true, reply: r}
      - {text: b, reply: r}
    ```

    ```predict
    question: p
    run: [add x 1]
    choices:
      - {text: a, right: true, reply: r}
      - {text: b, reply: r}
    ```
    """

  @Test func stepInTheRightDirectionIsNotYetAndNoMistake() throws {
    let learner = try EngineTests.Learner(body)
    _ = learner.engine.start()
    _ = learner.type("")
    #expect(learner.type("add x 3") == ["NOT YET Half of the way."])
    #expect(learner.type("add x 2").first == "RIGHT By adding.")
    #expect(learner.engine.record.results.values.first?.wrong == 0)
  }

  @Test func whatIsSaidAtTheEndIsTrueOfTheRoad() throws {
    let learner = try EngineTests.Learner(body)
    _ = learner.engine.start()
    _ = learner.type("")
    #expect(learner.type("set x 5").first == "RIGHT Well done.")
  }

  @Test func lessonAloneShowsTheTextAgain() throws {
    let learner = try EngineTests.Learner(body)
    _ = learner.engine.start()
    #expect(learner.type("lesson").contains("First text."))
    _ = learner.type("")
    let again = learner.type("lesson")
    #expect(again.contains("Text before the task."))
    #expect(again.contains("TASK Make x 5."))
  }

  @Test func whatWasGoneBackOverIsGoneForwardAgain() throws {
    let learner = try EngineTests.Learner(body)
    _ = learner.engine.start()
    _ = learner.type("")
    _ = learner.type("set x 5")
    _ = learner.type("")
    #expect(learner.type("lesson back").contains("TASK Make x 5."))
    let forward = learner.type("lesson next")
    #expect(forward.first == "* You did this before; the machine is as you left it.")
    #expect(forward.contains("QUESTION q"))
    #expect(learner.bench.values["x"] == 5)
  }

  @Test func aClassThatWasHereBeforeIsAskedAgain() throws {
    let learner = try EngineTests.Learner(body)
    _ = learner.engine.start()
    _ = learner.type("")
    _ = learner.type("set x 5")
    _ = learner.type("")
    _ = learner.type("a")
    let quiz = try #require(learner.engine.record.results.keys.max())
    let room = EngineTests.Learner(
      try lesson(body), mode: .presented, record: learner.engine.record)
    #expect(plain(room.engine.start(at: quiz)).contains("QUESTION q"))
    #expect(room.type("lesson next").first?.contains("What does the room say?") == true)
  }

  @Test func aDayLaterTheScreenIsShownThatWasNotReadToItsEnd() throws {
    let learner = try EngineTests.Learner(body)
    _ = learner.engine.start()
    #expect(learner.engine.resumePosition == 0)
    _ = learner.type("")
    let place = learner.engine.resumePosition
    let later = try EngineTests.Learner(body)
    #expect(plain(later.engine.start(at: place)).contains("Text before the task."))
  }

  @Test func askingInVainIsNotCountedAsAHint() throws {
    let learner = try EngineTests.Learner(body)
    _ = learner.engine.start()
    _ = learner.type("")
    _ = learner.type("set x 5")
    _ = learner.type("")
    #expect(learner.type("hint").first?.contains("no hint here") == true)
    _ = learner.type("a")
    #expect(learner.engine.record.results.values.allSatisfy { $0.hints == 0 })
  }

  @Test func lateLettersAreKnownForWhatTheyAre() throws {
    let learner = try EngineTests.Learner(body)
    _ = learner.engine.start()
    _ = learner.type("")
    #expect(!learner.engine.hasClosedChoices)
    _ = learner.type("set x 5")
    #expect(!learner.engine.hasClosedChoices)
    _ = learner.type("")
    _ = learner.type("a")
    #expect(learner.engine.hasClosedChoices)
    #expect(!learner.engine.awaitsPrediction)
    _ = learner.type("")
    #expect(learner.engine.awaitsPrediction)
    #expect(!learner.engine.hasClosedChoices)
  }
}
