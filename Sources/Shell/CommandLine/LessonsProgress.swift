import ArgumentParser
import Lessons
import SourceText

// Progress on its way to another machine.
extension LessonsCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write your progress into a file, to take it elsewhere.")
    @Argument(help: ArgumentHelp("The file.", valueName: "FILE"), completion: .file()) var file:
      String
    @OptionGroup var look: LookOptions
    @OptionGroup var place: LessonsOption

    func run() throws {
      let (progress, problem) = try LessonsCommand.progress().load()
      if let problem { Ringside.complain(problem) }
      do throws(FileError) {
        try WholeFile.replace(file, with: Array(progress.text.utf8))
      } catch {
        throw CommandFailure("\(error)")
      }
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
        let text = String(decoding: try WholeFile.read(file), as: UTF8.self)
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
