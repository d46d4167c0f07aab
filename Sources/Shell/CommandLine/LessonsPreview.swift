import ArgumentParser
import Lessons
import LineEditor
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension LessonsCommand {
  /// `ringside lessons preview ID`: for whoever writes a lesson, in a second terminal.
  struct Preview: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Show a lesson as it is played, and what is wrong with it; again whenever it is saved.")

    @Argument(help: ArgumentHelp("Its number, or its name.", valueName: "ID")) var id: String
    @Flag(help: "Show it once, and leave.") var once = false
    @OptionGroup var look: LookOptions
    @OptionGroup var place: LessonsOption

    func run() throws {
      let output = ShellOutput(look)
      let library = try LessonsCommand.library(place)
      guard let folder = library.folderName(of: id) else {
        throw CommandFailure(
          "there is no lesson '\(id.prefix(40))'; 'ringside lessons new' makes one")
      }
      let follows = !once && TerminalInfo.isTerminal(1)
      let file = "\(library.folder)/\(folder)/lesson.md"
      var shown: LessonDocument?
      var seen: FileStamp?
      repeat {
        let stamp = FileStamp(of: file)
        if stamp != seen, !follows || stamp.isThere {
          seen = stamp
          if follows { output.clear() }
          try show(folder, library.folder, &shown, output)
        }
        if follows { usleep(Self.pause) }
      } while follows && !Interrupts.take() && output.failure == nil
      try output.leaveIfBroken()
    }

    /// Shows the lesson, after a change the part that was changed; and below it what is wrong.
    private func show(
      _ name: String, _ folder: String, _ shown: inout LessonDocument?, _ output: ShellOutput
    ) throws {
      let library = try LessonsCommand.library(in: folder)
      let width = min(output.width, 80)
      let problems = Check.check(library, only: name)
      if let lesson = library.lesson(name) {
        let part = shown.flatMap { LessonPreview.changedPart(from: $0, to: lesson) }
        output.write(LessonPreview(library: library, width: width).text(lesson, part: part))
        shown = lesson
      }
      output.write(raw: "\n")
      for problem in problems { output.write(problem.rendered(width: output.width)) }
      if problems.isEmpty { output.write(StyledText("checked: all well", .good)) }
    }

    /// Between two looks at the file, in microseconds.
    private static let pause: UInt32 = 200_000
  }
}

/// Tells one state of a file from another.
struct FileStamp: Equatable {
  private var seconds = 0
  private var nanoseconds = 0
  private var size = 0

  /// There is a file; for a moment there may be none, while an editor saves.
  var isThere: Bool { seconds != 0 || size != 0 }

  init(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    (seconds, nanoseconds, size) = (Int(time.tv_sec), Int(time.tv_nsec), Int(status.st_size))
  }
}

extension LessonLibrary {
  /// The folder of a lesson that may be broken, by its id, number or name.
  func folderName(of name: String) -> String? {
    if case .found(let lesson) = find(name) { return lesson.id }
    return ids.first { id in
      id == name || Int(name).map { Int(id.prefix { $0 != "-" }) == $0 } ?? false
    }
  }
}
