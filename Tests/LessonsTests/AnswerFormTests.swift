import Testing

@testable import Lessons

/// What people write when they mean an answer.
@Suite struct AnswerFormTests {
  private let choices = ["one", "40 %", "three", "four"].map {
    LessonQuestion.Choice(text: $0, right: .no, reply: "r")
  }

  @Test(arguments: [
    "c", "C", "(c)", "c)", "[c]", "c.", "it is c", "It's c.", "option c", "choice C", "answer c",
    "the answer is c", "I think it is (c)", "maybe c",
  ])
  func letters(_ text: String) {
    #expect(LessonQuestion.choice(TypedAnswer(text), among: choices) == 2)
  }

  @Test(arguments: [
    ("40", [40]), ("40%", [40]), ("40 %", [40]), ("2000 GB", [2000]), ("2,000 GB", [2000]),
    ("seven", [7]), ("forty-two", [42]), ("ninety", [90]), ("seven cycles", [7]), ("200/5", [40]),
    ("200 / 5", [40]), ("3*4", [12]), ("0x10+2", [18]), ("it is 7", [7]), ("-1", [-1]),
    ("7 cycles", [7]), ("none", [0]), ("0x1f", [31]),
  ])
  func numbers(_ text: String, _ values: [Int64]) {
    #expect(TypedAnswer(text).number == .values(values))
  }

  @Test(arguments: [
    "step", "x/4xw sp", "continue", "7 of them", "200/0", "200/3", "0x1g", "a lot", "back 3", "",
    "/",
  ])
  func noNumbers(_ text: String) { #expect(TypedAnswer(text).number == nil) }

  @Test func hexadecimalDigitsWithout0xAreStillTold() {
    #expect(TypedAnswer("1f").number == .bareHexadecimal)
    #expect(TypedAnswer("9223372036854775807+1").number == nil)
  }

  @Test(arguments: ["I don't know", "i dont know.", "dunno", "no idea", "?", "Not sure"])
  func whoeverDoesNotKnowGetsTheHint(_ text: String) throws {
    let learner = try EngineTests.Learner(
      "```quiz\nquestion: q\nchoices:\n  - {text: a, right: true, reply: r}\n"
        + "  - {text: b, reply: r}\nhints: [Think of rings.]\n```\n")
    _ = learner.engine.start()
    #expect(learner.type(text).first == "HINT 1/1 Think of rings.")
  }

  @Test func numberedChoicesAreTakenByTheirNumber() {
    #expect(LessonQuestion.choice(TypedAnswer("40"), among: choices) == 1)
    #expect(LessonQuestion.choice(TypedAnswer("one"), among: choices) == 0)
  }
}
