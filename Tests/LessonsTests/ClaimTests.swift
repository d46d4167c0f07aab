import Laboratory
import SourceText
import Testing

@testable import Lessons

/// Numbers in the text that the machine can say.
@Suite struct ClaimTests {
  func check(_ body: String) throws -> [String] { try CheckerTests().check(body) }

  @Test(arguments: [
    ("about 320 000", "320 000", 320_000), ("1,024", "1,024", 1024), ("in 1974 12", "12", 12),
    ("`0x200f`", "0x200f", 0x200f), ("**Two", "Two", 2), ("twelve", "twelve", 12),
    ("12 %", "12 %", 12), ("7", "7", 7), ("x 1.25", "1.25", 1.25), ("1974, 5", "5", 5),
    ("a 4 096 000", "4 096 000", 4_096_000),
  ])
  func aNumberIsReadBackwards(text: String, written: String, value: Double) throws {
    let number = try #require(WrittenNumber(endOf: text))
    #expect(number.text == written)
    #expect(number.value == value)
  }

  @Test(arguments: ["", "many", "r12", "0xzz", "thirteen", "7 ", "%"])
  func whatIsNoNumberIsNotRead(text: String) { #expect(WrittenNumber(endOf: text) == nil) }

  @Test func onlyTheNumberIsShown() throws {
    let document = try lesson(
      "It is 5<!-- = x -->, or so<!-- a remark -->.\n<!-- alone -->\nAnd\n2<!--\n= y ~ 1% -->.\n\n"
        + "```text\na <!-- kept -->\n```\n")
    guard case .prose(_, let text) = document.steps[0].kind else {
      Issue.record("no prose")
      return
    }
    #expect(text == "It is 5, or so.\nAnd\n2.\n\n```text\na <!-- kept -->\n```")
    #expect(document.steps[0].claims.before.count == 2)
  }

  @Test(arguments: [
    ("```run quiet\nset x 5\n```\n\nThere are **five<!-- = x -->**.\n", nil as String?),
    (
      "```run quiet\nset x 6\n```\n\nThere are five<!-- = x -->.\n",
      "l.md:12:11: error: the text says five, but on the machine 'x' is 6"
    ),
    ("```run quiet\nset x 98\n```\n\nAbout 100<!-- = x ~ 3% -->.\n", nil),
    (
      "```run quiet\nset x 98\n```\n\n---\n\nAbout 100<!-- = x ~ 1% -->.\n",
      "l.md:14:7: error: the text says 100, but on the machine 'x' is 98"
    ),
    (
      "```run quiet\nset x 7\nset y 2\n```\n\nIt is 3.5<!-- = x : y --> and 4<!-- = x : y -->.\n",
      nil
    ),
    (
      "```run quiet\nset x 7\nset y 2\n```\n\nIt is 3.4<!-- = x : y -->.\n",
      "l.md:13:7: error: the text says 3.4, but on the machine 'x : y' is 3.500"
    ),
    ("Word<!-- = x -->.\n", "l.md:8:5: error: '<!-- = … -->' stands directly after a number"),
    ("It is 3.5<!-- = x -->.\n", "l.md:8:10: error: 3.5 is not whole"),
    ("It is 3<!-- = x ~ far% -->.\n", "l.md:8:8: error: 'far%' is no tolerance"),
    ("It is 3<!-- = x.\n", "l.md:8:8: error: this '<!--' is never closed with '-->'"),
    ("It is 3<!-- = z -->.\n", "l.md:8:8: error: 'z' has no value: there is no 'z'"),
    (
      "```quiz\nquestion: q\nanswer: x\nreply: It is 1<!-- = x -->.\notherwise: o\n```\n",
      "l.md:11:8: error: the text says 1, but on the machine 'x' is 0"
    ),
    (
      "```try\ntask: t\ngoal: x == 2\nhints: h\nsolution: set x 2\ndone: Now 3<!-- = x -->.\n```\n",
      "l.md:13:7: error: the text says 3, but on the machine 'x' is 2"
    ),
  ])
  func theMachineIsAsked(body: String, message: String?) throws {
    let messages: [String]
    do { messages = try check(body) } catch let broken as Broken { messages = broken.messages }
    if let message {
      #expect(messages.contains { $0.hasPrefix(message) }, "\(messages)")
    } else {
      #expect(messages == [])
    }
  }
}
