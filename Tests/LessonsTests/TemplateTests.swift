import Foundation
import Testing

@testable import Lessons

@Suite struct TemplateTests {
  @Test func newLessonIsReadWithoutComplaint() throws {
    let text = try #require(LessonTemplate.text(id: "12-my-new-lesson"))
    let (result, diagnostics) = LessonDocument.parse(text, file: "l.md")
    #expect(diagnostics == [])
    let lesson = try #require(result)
    #expect(lesson.title == "My new lesson")
    #expect(lesson.steps.contains { if case .predict = $0.kind { true } else { false } })
  }

  @Test func titleMayHoldSigns() throws {
    let text = try #require(LessonTemplate.text(id: "1-x", title: "What's: \"#1\"?"))
    let (lesson, diagnostics) = LessonDocument.parse(text, file: "l.md")
    #expect(diagnostics == [])
    #expect(lesson?.title == "What's: \"#1\"?")
  }

  /// The page of the manual that tells how lessons are written.
  static func guide() throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try String(
      contentsOfFile: "/\(root)/Sources/Manual/Manual.docc/WritingLessons.md", encoding: .utf8)
  }

  @Test func examplesOfTheAuthorsPageAreReadWithoutComplaint() throws {
    let page = try Self.guide()
    // The first one is a whole lesson; the shell's tests play it.
    let examples = page.components(separatedBy: "\n````markdown\n").dropFirst().map {
      $0.components(separatedBy: "\n````\n")[0]
    }
    #expect(examples.count >= 8)
    #expect(LessonDocument.parse(examples[0] + "\n", file: "l.md").diagnostics == [])
    let parts = examples.dropFirst().enumerated().map { "## Part \($0)\n\n\($1)" }
    #expect(parsed(parts.joined(separator: "\n\n") + "\n").1 == [])
    let header = try #require(page.components(separatedBy: "````yaml\n").dropFirst().first)
    let text = header.components(separatedBy: "````")[0] + "Text.\n"
    #expect(LessonDocument.parse(text, file: "l.md").diagnostics == [])
  }

  @Test func idMustBeOne() {
    #expect(LessonTemplate.text(id: "My Lesson") == nil)
  }
}

@Suite struct RobustnessTests {
  /// Changes of a text: a byte left out, doubled or replaced, drawn from a fixed sequence.
  static func mutants(of text: String, count: Int) -> [String] {
    let bytes = Array(text.utf8)
    let signs = Array("\n`-:#'\" \t[]{}|>&*!%@\\0a".utf8)
    var state: UInt64 = 42
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    return (0..<count).map { _ in
      var changed = bytes
      for _ in 0...draw(3) {
        let at = draw(changed.count)
        switch draw(3) {
        case 0: changed.remove(at: at)
        case 1: changed.insert(signs[draw(signs.count)], at: at)
        default: changed[at] = signs[draw(signs.count)]
        }
      }
      return String(decoding: changed, as: UTF8.self)
    }
  }

  @Test func noSlipInALessonIsMoreThanADiagnostic() {
    for text in Self.mutants(of: front + everyBlock, count: 400) {
      let (lesson, diagnostics) = LessonDocument.parse(text, file: "l.md")
      #expect((lesson == nil) == diagnostics.contains { $0.severity == .error })
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      for diagnostic in diagnostics {
        #expect((1...lines).contains(diagnostic.line), "\(told(diagnostic))")
        #expect(diagnostic.column >= 1)
      }
      guard var lesson else { continue }
      lesson.programs = []
      _ = LessonChecker { _ in Bench() }.check(lesson)
      let engine = LessonEngine(lesson) { _ in Bench() }
      _ = engine.start()
      for _ in lesson.steps where !engine.isFinished {
        _ = engine.handle("lesson skip")
        _ = engine.handle("")
      }
    }
  }

  @Test func anyBytesAreALessonOrAMessageAndSomeProgress() throws {
    let folder = LessonFolder()
    var state: UInt64 = 99
    for round in 0..<200 {
      let bytes = (0..<(round * 3)).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
      }
      // Every other one begins as it should.
      let head = round % 2 == 0 ? "" : front
      try folder.write(Array(head.utf8) + bytes, to: "08-two-words/lesson.md")
      let library = try LessonLibrary(folder: folder.path)
      #expect(library.lessons.isEmpty == library.diagnostics.contains { $0.severity == .error })
      let start = round % 2 == 0 ? "" : "ringside progress 1\n08-two-words "
      try folder.write(Array(start.utf8) + bytes, to: "progress")
      let file = ProgressFile(path: folder.path + "/progress")
      let (progress, problem) = file.load()
      #expect(progress == Progress() || problem != nil || round % 2 == 1 || bytes.isEmpty)
      try file.change { $0.merge(Progress("ringside progress 1\n01-a done\n")) }
      #expect(file.load().progress["01-a"] == .done)
      #expect(file.load().problem == nil)
    }
  }
}
