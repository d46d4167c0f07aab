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
        == "ringside progress 1\n08-two-words done\n08-two-words text \(engine.lesson.fingerprint)\n"
        + "08-two-words part Second part\ncurrent 08-two-words\n")
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
    #expect(progress.step(in: gone) == 5, "where its part begins")
    #expect(progress.hasChanged(gone))
    #expect(!progress.hasChanged(engine.lesson))
    let renamed = try lesson(
      everyBlock.replacing("What is x?", with: "And x?").replacing("Second part", with: "Last"))
    #expect(progress.step(in: renamed) == 0)
    #expect(Progress().step(in: moved) == 0)
  }

  @Test func doneLessonStaysDoneWhenItIsOpenedAgain() throws {
    var progress = Progress("ringside progress 1\n08-two-words done\n")
    let engine = try engine()
    _ = engine.start()
    progress.note(engine)
    #expect(progress["08-two-words"] == .done)
  }

  /// Who goes through a lesson again finds the place again, and has done the lesson all the same.
  @Test func aLessonThatIsRepeatedKeepsItsPlace() throws {
    var progress = Progress("ringside progress 1\n08-two-words done\n")
    #expect(!progress.isUnderWay("08-two-words"))
    let engine = try engine()
    _ = engine.start(at: 4)
    progress.note(engine)
    #expect(progress["08-two-words"] == .done && progress.isUnderWay("08-two-words"))
    let again = Progress(progress.text)
    #expect(again == progress)
    #expect(again["08-two-words"] == .done && again.step(in: engine.lesson) == 4)
    _ = engine.start(at: engine.lesson.steps.count)
    progress.note(engine)
    #expect(!progress.isUnderWay("08-two-words") && progress.step(in: engine.lesson) == 0)
    var merged = again
    merged.merge(Progress("ringside progress 1\n08-two-words at 2 ff\n"))
    #expect(merged["08-two-words"] == .done)
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
      message == "cannot create \(path).lock: Not a directory; your progress is not kept")
  }
}

/// What is kept of how the learner went.
@Suite struct RecordTests {
  static let task = EngineTests.task

  func learner(_ record: LessonRecord = LessonRecord()) throws -> EngineTests.Learner {
    let learner = try EngineTests.Learner(lesson(Self.task), record: record)
    _ = learner.engine.start()
    return learner
  }

  @Test func theLearnersOwnRoadIsGoneAgain() throws {
    let learner = try learner()
    _ = learner.type("add x 9")
    _ = learner.type("look")
    _ = learner.type("set x 5")
    #expect(learner.engine.record.roads == [1: ["add x 9", "look", "set x 5"]])
    var progress = Progress()
    progress.note(learner.engine)
    let read = Progress(progress.text)
    #expect(read.damagedLineCount == 0)
    let record = read.record(in: learner.engine.lesson)
    #expect(record == learner.engine.record)
    let again = try EngineTests.Learner(lesson(Self.task), record: record)
    _ = again.engine.start(at: 2)
    #expect(again.bench.lines == ["set x 3", "add x 9", "look", "set x 5"])
  }

  @Test func theSolutionNeedsNoRoad() throws {
    let learner = try learner()
    _ = learner.type("add x 2")
    _ = learner.type("look")
    #expect(learner.engine.record.roads == [:])
    #expect(learner.engine.record.results == [1: StepResult(.done)])
  }

  @Test func helpIsWrittenDown() throws {
    let learner = try learner()
    _ = learner.type("hint")
    _ = learner.type("solution")
    _ = learner.type("solution run")
    #expect(learner.engine.record.results == [1: StepResult(.shown, hints: 1)])
    #expect(
      learner.type("lesson report") == [
        "* 0 of 1 done, 0 of them at once and without help, 1 shown.",
        "RESULT Raise x by 2 and look. shown shown, 1 hint",
      ])
  }

  @Test func twoTerminalsAddToOneFile() throws {
    let folder = LessonFolder()
    let file = ProgressFile(path: folder.path + "/progress")
    let body = everyBlock
    let first = try EngineTests.Learner(body)
    let second = try EngineTests.Learner(body)
    _ = first.engine.start(at: 4)
    _ = second.engine.start(at: 7)
    _ = first.type("set x 5")
    _ = second.type("b")
    #expect(file.note(first.engine) == nil)
    #expect(file.note(second.engine) == nil)
    let record = file.load().progress.record(in: first.engine.lesson)
    #expect(record.results.keys.sorted() == [6, 7])
  }

  @Test func aLessonIsForgottenAloneOrWithAll() throws {
    let folder = LessonFolder()
    let file = ProgressFile(path: folder.path + "/progress")
    try folder.write("ringside progress 1\n01-a done\n02-b done\ncurrent 02-b\n", to: "progress")
    try file.forget("02-b")
    #expect(try folder.read("progress") == "ringside progress 1\n01-a done\n")
    try file.forget(nil)
    #expect(try folder.read("progress") == "ringside progress 1\n")
  }

  @Test func importedProgressUndoesNothing() {
    var here = Progress("ringside progress 1\n01-a done\n02-b at 3 ff\n")
    let other = Progress("ringside progress 1\n01-a at 1 ee\n03-c done\ncurrent 03-c\n")
    here.merge(other)
    #expect(other.lessonCount == 2)
    #expect(Progress(strict: other.text + "and more\n") == nil)
    #expect(here["01-a"] == .done)
    #expect(here["02-b"] == .at(step: 3, fingerprint: "ff"))
    #expect(here["03-c"] == .done)
    #expect(here.current == "03-c")
  }

  @Test func whatsoeverStandsInTheFileIsAValue() {
    let text =
      "ringside progress 1\n08-two-words at 3 ff\n08-two-words text 00\n08-two-words part A b\n"
      + "08-two-words result ff done 1 2\n08-two-words road ff set x  5\ncurrent 08-two-words\n"
    #expect(Progress(text).text == text)
    for mutant in RobustnessTests.mutants(of: text, count: 400) {
      let progress = Progress(mutant)
      #expect(Progress(progress.text) == progress, "\(mutant)")
      guard let document = try? lesson(everyBlock) else { continue }
      #expect(document.steps.indices.contains(progress.step(in: document)))
      _ = LessonEngine(document, record: progress.record(in: document)) { _ in Bench() }
        .start(at: progress.step(in: document))
    }
  }
}
