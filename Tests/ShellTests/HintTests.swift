import Lessons
import TestSupport
import Testing

@testable import Shell

/// What the prompt shows dim behind a line, and what Tab says of its candidates.
struct HintTests {
  let session: ShellSession

  init() throws { session = try CompleterTests().session }

  @Test(arguments: [
    ("wal", "k ADDRESS"), ("walk", " ADDRESS"), ("walk ", "ADDRESS"), ("  WAL", "k ADDRESS"),
    ("finish", nil), ("fini", "sh"), ("s", "tep [N|phase [all]]"), ("bt", " [N]"), ("di", nil),
    ("walk 0", nil), ("", nil), ("x/", nil), ("nosuch", nil), ("rings", nil),
  ])
  func hints(line: String, hint: String?) {
    #expect(Hints(session: session).hint(after: line) == hint)
  }

  @Test func theyCanBeTurnedOff() {
    _ = session.run("set hints off")
    #expect(Hints(session: session).hint(after: "wal") == nil)
  }

  @Test func questionsOfALessonGetNone() {
    _ = session.run("lesson 1")
    for _ in 0..<10 where session.engine?.invitation.isQuestion != true { _ = session.run("") }
    #expect(session.engine?.invitation.isQuestion == true)
    #expect(Hints(session: session).hint(after: "b") == nil)
  }

  @Test(arguments: [
    ("print s", "sp", "stack pointer"), ("print cri", "critical", "at 00001300"),
    (
      "catch pa", "page", "vector 5: an access that paging doesn't grant; badaddr holds the address"
    ),
    ("info tl", "tlb", "what the two TLBs hold"), ("set lay", "layout", "normal, big"),
    ("lesson 01", "01-kernel-and-user-mode", "Kernel mode and user mode"),
    ("help run", "running", "running forwards"),
  ])
  func candidatesAreDescribed(line: String, text: String, description: String) throws {
    let found = Completer(session: session).completions(line, line.utf8.count).candidates
    let candidate = try #require(found.first { $0.text == text }, "\(found)")
    #expect(candidate.description.hasPrefix(description), "\(candidate.description)")
  }

  @Test func aSettingsValuesAreOffered() {
    func offered(_ line: String) -> [String] {
      Completer(session: session).completions(line, line.utf8.count).candidates.map(\.text)
    }
    #expect(offered("set layout ") == ["normal", "big", "linear"])
    #expect(offered("set theme h") == ["high-contrast"])
    #expect(offered("set theme high-c") == ["high-contrast"])
  }
}
