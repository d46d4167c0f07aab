import Laboratory
import SourceText
import Testing

@testable import Lessons

/// What is said of a lesson before it is played.
@Suite struct LintTests {
  let folder = LessonFolder()

  func check(_ body: String, front: String = "minutes: 5\nsources: A book\n") throws -> [String] {
    let path = folder.path + "/08-x/lesson.md"
    try folder.write("---\nid: 08-x\ntitle: T\n\(front)---\n\n\(body)", to: "08-x/lesson.md")
    try folder.write("text", to: "08-x/notes.md")
    try folder.write("code", to: "programs/a.s")
    let (lesson, diagnostics) = LessonDocument.parse(try folder.read("08-x/lesson.md"), file: path)
    let checked = lesson.map { LessonChecker { _ in Bench() }.check($0) } ?? []
    return (diagnostics + checked).map { told($0).replacing(path + ":", with: "") }
  }

  static let long = String(repeating: "word ", count: 17)

  @Test(arguments: [
    (long + "\n", "8:81: error: this line has 85 columns; break it before column 81"),
    ("A\n\n## Empty\n\n## B\n\nText.\n", "10:1: error: the part 'Empty' is empty"),
    ("A\n\n## Last\n\n```note\nAsk.\n```\n", "10:1: error: the part 'Last' is empty"),
    (
      "A\n\n```text\nnever closed\n\n## Lost\n\nText.\n```\n",
      "13:1: error: this part is inside a block, so no step reaches it"
    ),
    (
      "See [this](other.md).\n", "8:5: error: there is no file 'other.md' as seen from the lesson's"
    ),
    ("See ![it](/etc/passwd)\n", "8:6: error: there is no file '/etc/passwd'"),
    ("See [this](http://a.org).\n", "8:5: error: 'http://a.org' is no link for a lesson"),
  ])
  func layoutAndLinksAreLookedAt(body: String, message: String) throws {
    let messages = try check(body)
    #expect(messages.contains { $0.hasPrefix(message) }, "\(messages)")
  }

  @Test(arguments: [
    "| " + long + "|\n", "```text\n" + long + "\n```\n",
    "https://a.org/" + long.filter { $0 != " " },
    "See [this](notes.md#part), [that](https://a.org) and `[no](link)`.\n",
    "## One\n\n```run\nlook\n```\n",
  ])
  func whatIsWellIsNotTold(body: String) throws { #expect(try check(body) == []) }

  @Test(arguments: [
    ("minutes: 5\n", "1:1: error: a lesson names where its facts come from: 'sources:'"),
    ("minutes: 5\nsources: [PG]\n", "5:1: error: the source 'PG' can't be found by that"),
    (
      "minutes: 5\nsources: [{title: A book, url: 'http://a.org'}]\n",
      "5:1: error: the source's address 'http://a.org' is not one that begins with https://"
    ),
    (
      "minutes: 60\nsources: A book\n",
      "4:1: warning: 2 words and 0 tasks take about 1 minute, not 60"
    ),
    (
      "minutes: 5\nsources: A book\nprograms: [../programs/a.s]\n",
      "6:1: error: no command of the lesson names the program '../programs/a.s'"
    ),
    (
      "minutes: 5\nsources: A book\nclaims: [one]\n",
      "6:10: error: claims are numbers from 1 to 31, and 'one' is none"
    ),
  ])
  func frontMatterIsLookedAt(front: String, message: String) throws {
    let messages = try check("Two words.\n", front: front)
    #expect(messages.contains { $0.hasPrefix(message) }, "\(messages)")
  }
}
