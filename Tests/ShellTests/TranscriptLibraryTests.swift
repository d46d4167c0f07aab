import Foundation
import Lessons
import TestSupport
import Testing

@testable import Shell

/// The shipped transcripts: each replays, and each is known.
struct TranscriptLibraryTests {
  static let folder = repositoryRoot + "/transcripts"
  static let files =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()

  @Test func thereAreEnough() { #expect(Self.files.count >= 12) }

  @Test(arguments: files)
  func isAsWritten(file: String) {
    let request = ReplayRequest(lessons: shippedLessons, isStrict: true)
    let result = request.result(Self.folder + "/" + file)
    #expect(
      result.isWell,
      "\(result.text)\nif the new text is right: ringside replay --update transcripts/*.md")
    #expect(result.remarks == [])
  }

  @Test(arguments: files)
  func isAnnotatedAndInTheList(file: String) throws {
    let run = try TranscriptRun(Self.folder + "/" + file, library: nil)
    #expect(run.transcript.title != nil)
    let readme = try String(contentsOfFile: Self.folder + "/README.md", encoding: .utf8)
    #expect(readme.contains("(\(file))"))
    let wide = run.transcript.text.split(separator: "\n").filter { $0.count > 130 }
    #expect(wide == [])
  }

  /// A lesson's way through reaches all goals of its lesson.
  @Test(arguments: ["01-kernel-and-user-mode", "02-four-rings", "08-a-kernel-not-in-ring-0"])
  func aWalkthroughReachesTheGoalsOfItsLesson(lesson: String) throws {
    let library = try LessonLibrary(folder: shippedLessons)
    let grader = HandInGrader(
      lesson: try #require(library.lesson(lesson)), lessons: shippedLessons)
    let file = "lesson-\(lesson).md"
    let handIn = grader.grade(path: Self.folder + "/" + file, file: file)
    #expect(handIn.goals.filter { $0.reachedAt == nil }.map(\.says) == [])
    #expect(handIn.marks.map(\.kind) == [.unsealed])
    let run = try TranscriptRun("\(Self.folder)/lesson-\(lesson).md", library: nil)
    #expect(run.transcript.frontMatter.lesson == lesson)
    #expect(run.transcript.chapters.count >= 3)
  }
}
