import TestSupport
import Testing

@testable import Shell

/// What a recording takes of a lesson.
extension LessonSessionTests {
  @Test func whatIsNoAnswerIsNotRecorded() throws {
    let session = try session()
    for line in ["lesson next", "", "step 2"] { _ = session.run(line) }
    let file = folder.path(of: "a.md")
    _ = session.run("record \(file)")
    #expect(session.run("").text.plain.contains("Question: What is it?"))
    #expect(session.run("seven").text.plain.contains("'seven' is no answer here"))
    _ = session.run("print 1")
    #expect(session.run("a").succeeded)
    _ = session.run("stpe")
    _ = session.run("record stop")
    let text = try folder.read("a.md")
    #expect(!text.contains("seven"))
    #expect(text.contains("(ringside) print 1\n"))
    #expect(text.contains("(ringside) stpe\n"), "without a question it is a mistake like any other")
  }
}
