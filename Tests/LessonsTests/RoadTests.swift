import Laboratory
import SourceText
import Testing

@testable import Lessons

/// Wrong turns, other roads, setups, and what a lesson does without.
@Suite struct RoadTests {
  func check(_ body: String) throws -> [String] { try CheckerTests().check(body) }

  static func task(wrong: String = "", roads: String = "") -> String {
    "```try\ntask: t\ngoal: x == 2\n\(wrong)hints: h\nsolution: [add x 1, add x 1]\n\(roads)```\n"
  }

  @Test(arguments: [
    (task(wrong: "wrong: [{when: x > 2, reply: r, sample: [add x 1, add x 2]}]\n"), nil as String?),
    (
      task(wrong: "wrong: [{when: x > 2, reply: r}]\n"),
      "l.md:11:16: error: a wrong needs 'sample:'"
    ),
    (
      task(wrong: "wrong: [{when: x > 2, reply: r, sample: add x 1}]\n"),
      "l.md:11:16: error: the sample does not reach the wrong 'x > 2' with the goal still open"
    ),
    (
      task(wrong: "wrong: [{when: y > 2, reply: r, sample: [add x 2, add y 3]}]\n"),
      "l.md:11:16: error: the sample does not reach the wrong 'y > 2' with the goal still open"
    ),
    (task(wrong: "wrong: [{when: x > 2, reply: r, sample: [fly, add x 3]}]\n"), nil),
    (task(roads: "roads:\n  - [set x 2]\n  - [add x 3, add x -1]\n"), nil),
    (
      task(roads: "roads:\n  - [set x 2]\n  - [add x 3]\n"),
      "l.md:15:6: error: this road does not reach the goal 'x == 2'"
    ),
    (task(roads: "roads: [set x 2]\n"), "l.md:13:9: error: each of 'roads:' is a list of commands"),
    (task(roads: "roads: set x 2\n"), "l.md:13:8: error: 'roads:' is a list of lists"),
  ])
  func everyRoadIsPlayedFromWhereTheTaskBegins(body: String, message: String?) throws {
    let messages: [String]
    do { messages = try check(body) } catch let broken as Broken { messages = broken.messages }
    if let message {
      #expect(messages.contains { $0.hasPrefix(message) }, "\(messages)")
    } else {
      #expect(messages == [])
    }
  }

  static let setups = """
    ```run quiet
    set y 4
    ```

    Text.

    ## Second

    ```setup
    set x 3
    ```

    Here x is 3<!-- = x --> and y is 0<!-- = y + 0 -->.

    """

  @Test func aSetupBeginsWithAnEmptyMachine() throws {
    let body = Self.setups.replacing(" + 0", with: "")
    #expect(try check(body.replacing("y is 0", with: "0 is 0")) == [])
    let document = try lesson(body)
    let engine = LessonEngine(document) { _ in Bench() }
    #expect(
      plain(engine.start())
        == ["Text.", "[Enter goes on]"].reduce(["= 08 Two words, 5 min"]) { $0 + [$1] })
    #expect((engine.session as? Bench)?.values["y"] == 4)
    #expect(
      plain(engine.handle("")) == [
        "## Second", "Here x is 3 and y is 0.", "END Two words", "[the lesson is over]",
      ])
    #expect((engine.session as? Bench)?.values == ["x": 3, "y": 0])
    let later = LessonEngine(document) { _ in Bench() }
    _ = later.start(at: document.steps.count)
    #expect((later.session as? Bench)?.lines == ["set x 3"], "what came before is not run")
  }

  @Test func aSetupStandsAtTheBeginningOfAPart() {
    let message = "l.md:10:1: error: a setup stands at the beginning of a part, before its text"
    #expect(parsed("Text.\n\n```setup\nset x 1\n```\n").1 == [message])
    #expect(parsed("```setup\nset x 1\n```\n\nText.\n").1 == [])
  }

  @Test func commandsLeftOutAreKnownAndNotNeeded() throws {
    var document = try lesson(Self.task())
    document.programs = []
    document.sources = [LessonDocument.Source(title: "A book, 1974")]
    document.without = [
      LessonDocument.SwitchedOff(command: LocatedText("ad", line: 3, column: 2), reason: nil),
      LessonDocument.SwitchedOff(command: LocatedText("add", line: 4, column: 2), reason: nil),
    ]
    let checker = LessonChecker(commandNames: ["add", "set"]) { _ in Bench() }
    #expect(
      checker.check(document).map(told) == [
        "l.md:3:2: error: there is no command 'ad'; did you mean 'add'?",
        "l.md:12:12: error: the lesson does without 'add', so the learner can't use it",
        "l.md:12:21: error: the lesson does without 'add', so the learner can't use it",
      ])
  }

  @Test func outputsAreBroughtUpToDateAndOpenPlacesStay() throws {
    var document = try lesson(
      "```run\nlook\n```\n\n```output\nx is 1\nthat [..] all\n```\n\n```run\nlook\nlook\n```\n\n"
        + "```output\n...\nthat was all\n```\n\nEnd.\n")
    document.programs = []
    let updated = try #require(LessonChecker { _ in Bench() }.updated(document))
    #expect(updated.count == 2)
    #expect(
      updated.text.hasSuffix(
        "```run\nlook\n```\n\n```output\nx is 0\nthat [..] all\n```\n\n```run\nlook\nlook\n```\n\n"
          + "```output\n...\nthat is all\n```\n\nEnd.\n"))
    var fresh = try #require(LessonDocument.parse(updated.text, file: "l.md").lesson)
    fresh.programs = []
    #expect(LessonChecker { _ in Bench() }.updated(fresh) == nil)
  }
}
