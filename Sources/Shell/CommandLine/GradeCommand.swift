import ArgumentParser
import Lessons
import SourceText

extension GradeFormat: ExpressibleByArgument {}

/// `ringside grade`: a folder of hand-ins, each run again.
struct GradeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grade",
    abstract: "Run a folder of transcripts again and say which goals of a lesson each reached.",
    discussion: """
      Each runs in bounds: of time, instructions and output, and with no files but the lesson's and those \
      beside it. Exit codes: 0 all goals were reached and there is nothing to look at; 1 not so; 2 the lesson, \
      the folder or the goals can't be read.
      """)

  @Argument(
    help: ArgumentHelp("Its number, or its name.", valueName: "LESSON"),
    completion: .custom { _, _, _ in (try? LessonFolder.library(nil))??.ids ?? [] })
  var lesson: String
  @Argument(
    help: ArgumentHelp("The hand-ins: ada.md, or ada/work.md.", valueName: "FOLDER"),
    completion: .directory)
  var folder: String
  @Option(help: "table, csv, json or junit.") var format = GradeFormat.table
  @Option(
    help: ArgumentHelp("Goals of your own, a line 'says: condition' each.", valueName: "file"),
    completion: .file())
  var goals: String?
  @Option(
    help: ArgumentHelp("An earlier table (csv): say what is not as it was.", valueName: "file"),
    completion: .file())
  var before: String?
  @Option(
    help: ArgumentHelp("Tell of commands that are alike to this degree.", valueName: "percent"))
  var similar = 90
  @Option(help: ArgumentHelp("For each hand-in, at most.", valueName: "seconds")) var time = 10.0
  @Option(help: ArgumentHelp("For each hand-in, at most.", valueName: "count"))
  var instructions: UInt64 = 200_000_000
  @Option(help: ArgumentHelp("Run so many at once (default: all processors).", valueName: "count"))
  var jobs: Int?
  @OptionGroup var look: LookOptions
  @OptionGroup var place: LessonsOption

  func validate() throws {
    if !(1...100).contains(similar) {
      throw ValidationError("--similar is 1 to 100; \(similar) is not.")
    }
    if !(time > 0) { throw ValidationError("--time is more than 0; \(time) is not.") }
    if let jobs, jobs < 1 { throw ValidationError("--jobs is 1 or more; \(jobs) is not.") }
  }

  func run() throws {
    let output = ShellOutput(look)
    let library = try LessonsCommand.library(place)
    var grader = HandInGrader(lesson: try found(library), lessons: library.folder)
    let extras = try goals.map { path in try ExtraGoals(path) }
    grader.extras = extras?.goals ?? []
    grader.seconds = time
    grader.instructions = instructions
    let earlier = try before.map { path in try earlierGrades(path) }
    let handed = try HandInFolder(folder)
    guard !handed.files.isEmpty else {
      throw CommandFailure("there is no transcript (.md) in \(folder)")
    }
    try extras?.check(
      on: grader.exampleMachines(), hasOwnPrograms: handed.hasPrograms, width: output.width)
    let (folder, everybody) = (folder, grader)
    var handIns = Workers.map(handed.files, jobs: jobs ?? Workers.processorCount) { file in
      everybody.grade(path: "\(folder)/\(file)", file: file)
    }
    Similarity.mark(&handIns, limit: similar)
    let report = GradeReport(
      lesson: grader.lesson, goals: LessonGrader(grader.lesson, extras: grader.extras).goals,
      handIns: handIns, changes: earlier?.changes(to: handIns) ?? [], notRead: handed.notRead)
    if format != .table, !handed.notRead.isEmpty {
      Ringside.complain("not read: \(handed.notRead.joined(separator: ", "))")
    }
    let text = report.text(format, width: output.width)
    output.write(raw: look.plain ? PlainText.ascii(text, width: output.width) : text)
    try output.leaveIfBroken()
    if !handIns.allSatisfy(\.isClean) || !handed.notRead.isEmpty { throw ExitCode(1) }
  }

  private func found(_ library: LessonLibrary) throws(CommandFailure) -> LessonDocument {
    switch library.find(lesson) {
    case .found(let lesson): return lesson
    case .ambiguous(let ids):
      throw CommandFailure("'\(lesson)' may be \(ids.joined(separator: ", ")); type more of it")
    case .none(let guess):
      throw CommandFailure(
        "there is no lesson '\(lesson.prefix(40))'"
          + (guess.map { "; did you mean '\($0)'?" } ?? "; 'ringside lessons' lists them"))
    }
  }

  private func earlierGrades(_ path: String) throws(CommandFailure) -> EarlierGrades {
    guard let grades = EarlierGrades(try FileFinder.text(at: path, as: .gradingTable)) else {
      throw CommandFailure("\(path) is no table of grades; '--format csv' writes one")
    }
    return grades
  }
}
