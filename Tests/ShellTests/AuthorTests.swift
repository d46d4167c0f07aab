import Foundation
import Lessons
import SourceText
import TestSupport
import Testing

@testable import Shell

/// What whoever writes lessons has: a template, a guide, a preview.
struct AuthorTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      String(contentsOfFile: shippedLessons + "/programs/two-modes.s", encoding: .utf8),
      to: "programs/two-modes.s")
  }

  func check() throws -> [String] {
    LessonsCommand.Check.check(try LessonLibrary(folder: folder.path)).map(\.message)
  }

  /// The example of the manual's page.
  static func example() throws -> String {
    let page = try String(
      contentsOfFile: repositoryRoot + "/Sources/Manual/Manual.docc/WritingLessons.md",
      encoding: .utf8)
    let example = page.components(separatedBy: "\n````markdown\n").dropFirst().first
    return try #require(example?.components(separatedBy: "\n````\n").first) + "\n"
  }

  /// One lesson is checked by its folder, its number or its id, and no other is played.
  @Test(arguments: ["02-broken", "2", "FOLDER/02-broken"])
  func oneLessonIsCheckedAlone(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("programs: nothing", to: "01-other/lesson.md")
    try folder.write("---\nid: 02-broken\n", to: "02-broken/lesson.md")
    let check = try LessonsCommand.Check.parse([
      name.replacing("FOLDER", with: folder.path), "--lessons", folder.path,
    ])
    let parts = try check.parts()
    #expect(parts.map(\.id) == ["02-broken"])
    let problems = LessonsCommand.Check.check(parts[0].library, only: parts[0].id)
    #expect(!problems.isEmpty && problems.allSatisfy { $0.file.hasSuffix("02-broken/lesson.md") })
  }

  @Test func theGuidesLessonPassesTheChecker() throws {
    try folder.write(Self.example(), to: "90-knock-on-the-door/lesson.md")
    #expect(try check() == [])
  }

  @Test func theTemplatePassesTheChecker() throws {
    try folder.write(
      try #require(LessonTemplate.text(id: "12-my-lesson")), to: "12-my-lesson/lesson.md")
    #expect(try check() == [])
  }

  @Test(arguments: [40, 80]) func thePreviewShowsAllThatALearnerSees(width: Int) throws {
    try folder.write(Self.example(), to: "90-knock-on-the-door/lesson.md")
    let library = try LessonLibrary(folder: folder.path)
    let lesson = try #require(library.lessons.first)
    let text = LessonPreview(library: library, width: width).text(lesson)
    #expect(text.width <= width)
    for part in [
      "Lesson 90", "## Before the door", "ran 53 instructions", "Note: Ask first", "$1 = 55",
      "Predict (one try): The next", "Solution:", "## And back again", "## What to take along",
      "That was",
    ] {
      #expect(
        text.plain.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(part),
        "\(part)")
    }
    let second = LessonPreview(library: library, width: width).text(lesson, part: 1).plain
    #expect(second.contains("## And back again"))
    #expect(!second.contains("## Before the door") && !second.contains("## What to take along"))
  }

  @Test func thePartThatWasChangedIsFound() throws {
    func parsed(_ text: String) throws -> LessonDocument {
      try #require(LessonDocument.parse(text, file: "l.md").lesson)
    }
    let text = try Self.example()
    let old = try parsed(text)
    #expect(LessonPreview.changedPart(from: old, to: old) == nil)
    #expect(
      LessonPreview.changedPart(from: old, to: try parsed(text.replacing("Four steps", with: "4")))
        == 1)
    #expect(
      LessonPreview.changedPart(from: old, to: try parsed(text.replacing("much like", with: "as")))
        == 2)
  }

  @Test func thePreviewFollowsTheFile() throws {
    let path = try folder.write(Self.example(), to: "90-knock-on-the-door/lesson.md")
    let terminal = try Terminal(
      builtExecutable("ringside"), ["lessons", "preview", "90", "--lessons", folder.path],
      environment: childEnvironment(), columns: 200)
    try terminal.wait(forText: "checked: all well")
    try folder.write(
      try Self.example().replacing("ran\n53<!--", with: "ran\n54<!--"),
      to: "90-knock-on-the-door/lesson.md")
    try terminal.wait(forText: "the text says 54")
    try terminal.send("\u{3}")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(FileStamp(of: path) == FileStamp(of: path))
    #expect(!FileStamp(of: path + "x").isThere)
  }

  @Test func theNotesOfTheSecondTerminalFollowTheFirst() throws {
    try folder.write(Self.example(), to: "90-knock-on-the-door/lesson.md")
    let environment = childEnvironment(["XDG_STATE_HOME": folder.path(of: "state")])
    let place = ["--lessons", folder.path]
    let lesson = try Terminal(
      builtExecutable("ringside"), ["lesson", "90", "--mode", "class"] + place,
      environment: environment)
    try lesson.wait(forText: "[Enter goes on]")
    let notes = try Terminal(
      builtExecutable("ringside"), ["notes"] + place, environment: environment)
    try notes.wait(forText: "Part 1 of 3: Before the door")
    try lesson.send("\r")
    try notes.wait(forText: "the class has gone on: space follows")
    #expect(!notes.screen.text.contains("Ask first"), "the presenter is still at the last screen")
    try notes.send(" ")
    try notes.wait(forText: "Ask first")
    try lesson.send("\u{4}")
    #expect(try lesson.waitForExit() == .exited(0))
    try notes.wait(forText: "No class is being held.")
    try notes.send("\u{3}")
    #expect(try notes.waitForExit() == .exited(0))
  }

  @Test func progressGoesToAnotherMachineAndBack() throws {
    let (here, there) = (folder.path(of: "here"), folder.path(of: "there"))
    let file = folder.path(of: "progress.txt")
    let progress = "ringside progress 1\n01-kernel-and-user-mode done\n"
    try folder.write(progress, to: "here/ringside/progress")
    let out = try CommandLineTests.ringside(["lessons", "export", file], state: here)
    #expect(out.stdout == "\(file): 1 lesson\n")
    #expect(try folder.read("progress.txt") == progress)
    let taken = try CommandLineTests.ringside(["lessons", "import", file], state: there)
    #expect(taken.stdout == "1 lesson taken over from \(file)\n")
    #expect(try folder.read("there/ringside/progress") == progress)
    try folder.write("something else\n", to: "other")
    let refused = try CommandLineTests.ringside(
      ["lessons", "import", folder.path(of: "other")], state: there)
    #expect(refused.status == .exited(2))
    #expect(refused.stderr.contains("is no progress as 'ringside lessons export' writes it"))
    #expect(try folder.read("there/ringside/progress") == progress)
  }
}
