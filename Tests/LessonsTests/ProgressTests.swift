import Testing

@testable import Lessons

@Suite struct ProgressTests {
  func engine(_ body: String = everyBlock) throws -> LessonEngine {
    try LessonEngine(lesson(body)) { _ in Bench() }
  }

  @Test func progressSurvivesInAFile() throws {
    let folder = LessonFolder()
    let file = ProgressFile(path: folder.path + "/progress")
    #expect(file.load().progress == Progress())
    let engine = try engine()
    _ = engine.start(at: 4)
    #expect(file.note(engine) == nil)
    let (progress, problem) = file.load()
    #expect(problem == nil)
    #expect(progress.current == "08-two-words")
    #expect(progress.step(in: engine.lesson) == 4)
    _ = engine.start(at: 10)
    #expect(engine.isFinished)
    #expect(file.note(engine) == nil)
    #expect(
      try folder.read("progress")
        == "ringside progress 1\n08-two-words done\ncurrent 08-two-words\n")
  }

  @Test func openTaskIsBegunAgainAndADoneOneIsNot() throws {
    let engine = try engine()
    _ = engine.start(at: 4)
    #expect(engine.resumePosition == 4)
    _ = engine.handle("lesson skip")
    #expect(engine.resumePosition == 7)
  }

  @Test func placeIsFoundInALessonThatWasChanged() throws {
    let engine = try engine()
    _ = engine.start(at: 7)
    var progress = Progress()
    progress.note(engine)
    let moved = try lesson(
      "Something new.\n\n---\n\n" + everyBlock.replacing("# Two words\n", with: ""))
    #expect(progress.step(in: moved) == 8)
    let gone = try lesson(everyBlock.replacing("What is x?", with: "And x?"))
    #expect(progress.step(in: gone) == 0)
    #expect(Progress().step(in: moved) == 0)
  }

  @Test func doneLessonStaysDoneWhenItIsOpenedAgain() throws {
    var progress = Progress("ringside progress 1\n08-two-words done\n")
    let engine = try engine()
    _ = engine.start()
    progress.note(engine)
    #expect(progress["08-two-words"] == .done)
  }

  @Test func damagedLinesAreToldAndTheRestIsKept() throws {
    let folder = LessonFolder()
    let damaged = "ringside progress 1\n02-a done\n08-b at x y\n\u{0}\u{0}\n03-c at 4 ff\n"
    try folder.write(damaged, to: "progress")
    let file = ProgressFile(path: folder.path + "/progress")
    let (progress, problem) = file.load()
    #expect(progress["02-a"] == .done)
    #expect(progress["03-c"] == .at(step: 4, fingerprint: "ff"))
    #expect(problem?.contains("2 lines made no sense") == true)
    let engine = try engine()
    _ = engine.start()
    #expect(file.note(engine) == nil)
    #expect(try folder.read("progress.damaged") == damaged)
    #expect(file.load().problem == nil)
    #expect(file.load().progress["02-a"] == .done)
  }

  @Test func anyBytesAreSomeProgress() throws {
    let text = "ringside progress 1\n02-a done\n08-b at 3 ff\ncurrent 08-b\n"
    #expect(Progress(text).text == text)
    for length in 0...text.utf8.count {
      let cut = Progress(String(decoding: text.utf8.prefix(length), as: UTF8.self))
      #expect(cut.damagedLineCount <= 1)
      #expect(Progress(cut.text) == cut)
    }
  }

  @Test func foldersOnTheWayAreMade() throws {
    let folder = LessonFolder()
    let file = ProgressFile(path: folder.path + "/state/ringside/progress")
    let engine = try engine()
    _ = engine.start()
    #expect(file.note(engine) == nil)
    #expect(file.load().problem == nil)
    #expect(try folder.read("state/ringside/progress").hasPrefix("ringside progress"))
  }

  @Test func folderThatCannotBeWrittenIsOneMessage() throws {
    let folder = LessonFolder()
    try folder.write("", to: "file")
    let path = folder.path + "/file/progress"
    let message = ProgressFile(path: path).note(try engine())
    #expect(
      message == "cannot create \(path).new: Not a directory; your progress is not kept")
  }
}
