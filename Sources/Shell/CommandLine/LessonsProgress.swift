import ArgumentParser
import Lessons
import SourceText

// Progress on its way to another machine.
extension LessonsCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write your progress into a file, to take it elsewhere.")
    @Argument(
      help: ArgumentHelp("The file; - is standard output.", valueName: "FILE"), completion: .file())
    var file: String
    @OptionGroup var look: LookOptions
    @OptionGroup var place: LessonsOption

    func run() throws {
      let kept = try LessonsCommand.progress()
      let (progress, problem) = kept.load()
      if let problem { Ringside.complain(problem) }
      let output = OutputFile(file)
      try output.replace(progress.text, madeFrom: [kept.path])
      guard !output.isStandardOutput else { return }
      try AssembleCommand.write("\(file): \(LessonsCommand.count(progress.lessonCount))\n")
    }
  }

  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take over the progress in a file; what is done here stays done.")
    @Argument(help: ArgumentHelp("The file.", valueName: "FILE"), completion: .file()) var file:
      String
    @OptionGroup var look: LookOptions
    @OptionGroup var place: LessonsOption

    func run() throws {
      let progress = try LessonsCommand.progress()
      var count: Int?
      do throws(FileError) {
        let text = String(decoding: try WholeFile.read(file, as: .progress), as: UTF8.self)
        if let taken = Progress(strict: text) {
          count = taken.lessonCount
          try progress.change { $0.merge(taken) }
        }
      } catch {
        throw CommandFailure("\(error)")
      }
      guard let count else {
        throw CommandFailure(
          "\(file) is no progress as 'ringside lessons export' writes it; nothing was taken over")
      }
      try AssembleCommand.write("\(LessonsCommand.count(count)) taken over from \(file)\n")
    }
  }

  private static func progress() throws(CommandFailure) -> ProgressFile {
    guard let file = Environment.progressFile() else {
      throw CommandFailure("there is no home folder in which progress could be kept")
    }
    return file
  }

  private static func count(_ lessons: Int) -> String {
    lessons == 1 ? "1 lesson" : "\(lessons) lessons"
  }
}
