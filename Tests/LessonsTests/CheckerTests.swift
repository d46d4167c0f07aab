import Laboratory
import Testing

@testable import Lessons

@Suite struct CheckerTests {
  func check(_ body: String) throws -> [String] {
    var document = try lesson(body)
    document.programs = []
    document.sources = [LessonDocument.Source(title: "A book, 1974")]
    return LessonChecker { _ in Bench() }.check(document).map(told)
  }

  @Test func wholeLessonPasses() throws {
    #expect(try check(everyBlock) == [])
  }

  @Test(arguments: [
    ("```run\nfly\n```\n", "l.md:9:1: error: 'fly' is refused: 'fly' is not a command"),
    ("```run fails\nlook\n```\n", "l.md:9:1: error: 'look' should be refused but was not"),
    (
      "```run\nlook\n```\n```output\nx is 1\n...\n```\n",
      "l.md:12:1: error: expected 'x is 1', but there came 'x is 0'"
    ),
    (
      "```run\nlook\n```\n```output\nx is 0\n```\n",
      "l.md:13:1: error: the real run also says 'that is all'"
    ),
    (
      "```run\nlook\n```\n```output\nx is 0\nthat is all\nmore\n```\n",
      "l.md:14:1: error: expected 'more', but it did not come"
    ),
    (
      "```try\ntask: t\ngoal: x == 0\nhints: h\nsolution: look\n```\n",
      "l.md:10:7: error: the goal already holds before the learner has done anything"
    ),
    (
      "```try\ntask: t\ngoal: x == 1\nhints: h\nsolution: look\n```\n",
      "l.md:10:7: error: the solution does not reach the goal 'x == 1'"
    ),
    (
      "```try\ntask: t\ngoal: x == 1\nhints: h\nsolution: fly\n```\n",
      "l.md:12:11: error: 'fly' is refused: 'fly' is not a command"
    ),
    (
      "```try\ntask: t\ngoal: z == 1\nhints: h\nsolution: look\n```\n",
      "l.md:10:7: error: 'z == 1' has no value: there is no 'z'"
    ),
    (
      "```try\ntask: t\ngoal: x == 1\nwrong: [{when: y == 0, reply: r}]\nhints: h\n"
        + "solution: set x 1\n```\n",
      "l.md:11:16: error: this 'wrong' holds before the learner has done anything"
    ),
    (
      "```quiz\nquestion: q\nanswer: x\nreply: r\notherwise: o\n"
        + "wrong: [{value: y, reply: r}]\n```\n",
      "l.md:13:17: error: this wrong value is the right answer, 0"
    ),
    (
      "```quiz\nquestion: q\nanswer: z\nreply: r\notherwise: o\n```\n",
      "l.md:10:9: error: 'z' has no value: there is no 'z'"
    ),
    (
      "```predict\nquestion: q\nchoices:\n  - {text: a, right: x == 0, reply: r}\n"
        + "  - {text: b, right: y == 0, reply: r}\nrun: look\n```\n",
      "l.md:8:1: error: after the run 2 of the choices are right; it must be exactly one"
    ),
    (
      "```run\nload b.s\n```\n",
      "l.md:9:1: error: 'b.s' is not among 'programs:' in the front matter"
    ),
  ])
  func findsWhatIsWrong(body: String, message: String) throws {
    let messages = try check(body)
    #expect(messages.contains(message), "\(messages)")
  }

  @Test func deedsOfLookingCountInTheSolution() throws {
    #expect(
      try check(
        "```try\ntask: t\ngoal: [ran(look), x > start(x)]\nhints: h\nsolution: [look, add x 1]\n```\n"
      ) == [])
  }

  @Test func missingProgramIsNamed() throws {
    let messages = try LessonChecker { _ in Bench() }.check(lesson("Text.\n")).map(told)
    #expect(
      messages.filter { $0.contains("program") } == [
        "l.md:5:1: error: there is no program 'a.s' in the lesson's folder"
      ])
  }

  func text(_ id: String, needs: String = "[]", body: String = "Text.") -> String {
    "---\nid: \(id)\ntitle: T\nminutes: 5\nneeds: \(needs)\nsources: A book\n---\n\n\(body)\n"
  }

  @Test func libraryAsAWholeIsChecked() throws {
    let folder = LessonFolder()
    try folder.write(text("01-one"), to: "01-one/lesson.md")
    try folder.write(text("01-one"), to: "02-other/lesson.md")
    try folder.write(text("3-three", needs: "[04-four, 09-nine]"), to: "3-three/lesson.md")
    try folder.write(text("03-again"), to: "03-again/lesson.md")
    try folder.write(text("04-four"), to: "04-four/lesson.md")
    try folder.write("broken", to: "05-five/lesson.md")
    try folder.write("code", to: "programs/a.s")
    let library = try LessonLibrary(folder: folder.path)
    let messages = LessonChecker { _ in Bench() }.check(library)
      .map { told($0).replacing(folder.path + "/", with: "") }
    #expect(
      messages == [
        "02-other/lesson.md:1:1: error: the id is '01-one' but the folder is '02-other'",
        "05-five/lesson.md:1:1: error: a lesson begins with front matter: "
          + "YAML between two lines '---'",
        "02-other/lesson.md:1:1: error: the id '01-one' is also that of 01-one/lesson.md",
        "3-three/lesson.md:1:1: error: the number 3 is also that of 03-again",
        "3-three/lesson.md:1:1: error: needs '04-four', which comes later or is this lesson itself",
        "3-three/lesson.md:1:1: error: needs '09-nine', but there is no such lesson",
      ])
  }

  @Test func emptyFolderIsAnError() throws {
    let folder = LessonFolder()
    let library = try LessonLibrary(folder: folder.path)
    #expect(LessonChecker { _ in Bench() }.check(library).count == 1)
  }
}

@Suite struct LibraryTests {
  func library() throws -> (LessonLibrary, LessonFolder) {
    let folder = LessonFolder()
    for id in ["10-walks", "08-a-kernel-not-in-ring-0", "02-two-modes", "09-two-tables"] {
      try folder.write(
        "---\nid: \(id)\ntitle: T\nminutes: 5\n---\n\nText.\n", to: "\(id)/lesson.md")
    }
    try folder.write("", to: "07-broken/lesson.md")
    return (try LessonLibrary(folder: folder.path), folder)
  }

  @Test func lessonsAreSortedAndBrokenOnesAreLeftOut() throws {
    let (library, folder) = try library()
    defer { withExtendedLifetime(folder) {} }
    #expect(library.lessons.map(\.number) == ["02", "08", "09", "10"])
    #expect(library.diagnostics.allSatisfy { $0.file.hasSuffix("07-broken/lesson.md") })
    #expect(!library.diagnostics.isEmpty)
    #expect(library.lesson(after: library.lessons[0])?.number == "08")
    #expect(library.lesson(after: library.lessons[3]) == nil)
  }

  @Test(arguments: [
    ("08", "08"), ("8", "08"), ("a-kernel-not-in-ring-0", "08"), ("a-k", "08"),
    ("08-a-kernel-not-in-ring-0", "08"), ("Walks", "10"), ("1", "10"),
  ])
  func findsALessonByAnyOfItsNames(name: String, number: String) throws {
    let (library, folder) = try library()
    defer { withExtendedLifetime(folder) {} }
    guard case .found(let lesson) = library.find(name) else {
      Issue.record("\(library.find(name))")
      return
    }
    #expect(lesson.number == number)
  }

  @Test func severalAndNoneAreTold() throws {
    let (library, folder) = try library()
    defer { withExtendedLifetime(folder) {} }
    #expect(library.find("two") == .ambiguous(["02-two-modes", "09-two-tables"]))
    #expect(library.find("wakls") == .none(didYouMean: "10-walks"))
    #expect(library.find("quantum") == .none(didYouMean: nil))
    #expect(library.find("") == .none(didYouMean: nil))
  }

  @Test func folderThatIsNotThereIsAnError() {
    #expect(throws: (any Error).self) { try LessonLibrary(folder: "/nowhere") }
  }
}
