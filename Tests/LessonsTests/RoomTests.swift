import Laboratory
import Testing

@testable import Lessons

/// A class: answers are put to the room before they are revealed.
@Suite struct RoomTests {
  typealias Learner = EngineTests.Learner

  private static let quiz = """
    ```quiz
    question: What is x?
    choices:
      - {text: Four, reply: It isn't.}
      - {text: Five, right: true, reply: So it is.}
    hints: [Look.]
    ```

    The end.

    """

  private static let reveal = "[Enter shows what is right; another answer takes its place]"

  @Test func anAnswerIsNotJudgedBeforeEnter() throws {
    let learner = try Learner(Self.quiz, mode: .presented)
    _ = learner.engine.start()
    #expect(learner.type("a") == ["* The room says a) Four", Self.reveal])
    #expect(learner.type("b") == ["* The room says b) Five", Self.reveal])
    #expect(learner.type("").first == "RIGHT So it is.")
    #expect(
      learner.engine.record.results[0]?.wrong == 0, "what was not revealed counts for nothing")
  }

  @Test func aWrongAnswerLeavesTheQuestionOpen() throws {
    let learner = try Learner(Self.quiz, mode: .presented)
    _ = learner.engine.start()
    _ = learner.type("a")
    #expect(learner.type("") == ["WRONG It isn't.", "[answer a or b]"])
    #expect(learner.engine.handle("") == nil, "there is nothing more to reveal")
  }

  @Test func aRoomIsCounted() throws {
    let learner = try Learner(Self.quiz, mode: .presented)
    _ = learner.engine.start()
    #expect(
      learner.type("a 5 b 12") == ["VOTES a 5 of 17 Four", "VOTES b 12 of 17 Five", Self.reveal])
    #expect(learner.type("").first == "RIGHT So it is.", "the answer is what most are for")
  }

  @Test func nextPutsTheQuestionAndThenShowsTheAnswer() throws {
    let learner = try Learner(Self.quiz, mode: .presented)
    _ = learner.engine.start()
    #expect(learner.type("lesson next").first?.hasPrefix("* What does the room say?") == true)
    #expect(learner.type("lesson next").first == "SOLUTION b) Five")
    let told = try Learner(Self.quiz, mode: .presented)
    _ = told.engine.start()
    _ = told.type("b")
    #expect(told.type("lesson next").first == "RIGHT So it is.", "what the room said is revealed")
  }

  @Test func oneLearnerIsJudgedAtOnce() throws {
    for mode in [LessonMode.selfPaced, .exam] {
      let learner = try Learner(Self.quiz, mode: mode)
      _ = learner.engine.start()
      #expect(learner.type("b").first?.hasPrefix("RIGHT") == true)
    }
  }

  @Test func aTaskIsShownTheSecondTime() throws {
    let learner = try Learner(EngineTests.task, mode: .presented)
    _ = learner.engine.start()
    while learner.engine.openKind == nil { _ = learner.type("") }
    #expect(learner.type("lesson next").first?.hasPrefix("* Who knows how?") == true)
    #expect(learner.type("lesson next").first?.hasPrefix("SOLUTION") == true)
  }

  @Test(arguments: [
    ("a 5 b 12", [5, 12, 0]), ("a5 b12", [5, 12, 0]), ("B=12, C:3", [0, 12, 3]),
    ("c 1", [0, 0, 1]),
  ])
  func votesAreRead(text: String, counts: [Int]) {
    #expect(LessonVotes(text, choiceCount: 3)?.counts == counts)
  }

  @Test(arguments: [
    "a", "a b", "5", "a 5 a 6", "d 5", "a 5 6", "a 0", "break 5", "a 99999", "b 5x", "",
  ])
  func otherTextsAreNoVotes(text: String) { #expect(LessonVotes(text, choiceCount: 3) == nil) }
}
