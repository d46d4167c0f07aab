import ArgumentParser
import Laboratory
import Lessons
import LineEditor
import OnionISA
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `ringside lessons`: the author's tools.
struct LessonsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lessons",
    abstract: "List the lessons, check them, write new ones, carry progress to another place.",
    subcommands: [
      List.self, Check.self, New.self, Preview.self, Export.self, Import.self,
    ], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the lessons.")
    @OptionGroup var look: LookOptions
    @OptionGroup var place: LessonsOption

    func run() throws {
      let output = ShellOutput(look)
      let library = try LessonsCommand.library(place)
      let progress = Environment.progressFile()?.load().progress ?? Progress()
      output.write(CourseMap(library: library, progress: progress).text(width: output.width))
      try output.leaveIfBroken()
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Read and play lessons; exit code 1 if one is not well.")
    @Argument(
      help: ArgumentHelp(
        "Lessons, by number, id or folder, or whole folders of them; none: every lesson.",
        valueName: "LESSON"), completion: .directory)
    var lessons: [String] = []
    @Flag(help: "First write into the output blocks what the real run says.") var update = false
    @OptionGroup var look: LookOptions
    @OptionGroup var place: LessonsOption

    func run() throws {
      let output = ShellOutput(look)
      var errors = 0
      var count = 0
      for var part in try parts() {
        if update {
          for file in try Self.update(part.library, only: part.id) {
            output.write(StyledText(file))
          }
          // What was written is read anew.
          part.library = try LessonsCommand.library(in: part.library.folder)
        }
        count += part.id == nil ? part.library.ids.count : 1
        for diagnostic in Self.check(part.library, only: part.id) {
          output.write(diagnostic.rendered(width: output.width))
          if diagnostic.severity == .error { errors += 1 }
        }
      }
      let lessons = count == 1 ? "1 lesson" : "\(count) lessons"
      output.write(
        StyledText(
          errors == 0 ? "\(lessons) checked and played: all well" : "\(lessons), \(errors) errors"))
      try output.leaveIfBroken()
      if errors > 0 { throw ExitCode(1) }
    }

    /// The libraries that are meant, each with the only lesson of it that is.
    func parts() throws(CommandFailure) -> [(library: LessonLibrary, id: String?)] {
      guard !lessons.isEmpty else { return [(try LessonsCommand.library(place), nil)] }
      var parts: [(library: LessonLibrary, id: String?)] = []
      for name in lessons {
        if WholeFile.isReadable("\(name)/lesson.md") {
          guard let path = realpath(name, nil) else {
            throw CommandFailure("\(FileError("read \(name)"))")
          }
          defer { free(path) }
          let folder = String(cString: path)
          let library = try LessonsCommand.library(in: FileFinder.folder(of: folder))
          parts.append((library, String(folder.split(separator: "/").last ?? "")))
        } else if access(name, F_OK) == 0 {
          parts.append((try LessonsCommand.library(in: name), nil))
        } else {
          let library = try LessonsCommand.library(place)
          parts.append((library, try Self.id(name, in: library)))
        }
      }
      return parts
    }

    private static func id(
      _ name: String, in library: LessonLibrary
    ) throws(CommandFailure) -> String {
      switch library.find(name) {
      case .found(let lesson): return lesson.id
      case .ambiguous(let ids):
        throw CommandFailure("'\(name)' may be \(ids.joined(separator: " or "))")
      case .none(let guess):
        // A lesson that can't be read has no value to be found by, yet its faults are what is asked for.
        if library.ids.contains(name) { return name }
        if let number = Int(name),
          let id = library.ids.first(where: { Int($0.prefix(while: \.isNumber)) == number })
        {
          return id
        }
        throw CommandFailure(
          "there is no lesson and no folder '\(name)'"
            + (guess.map { "; did you mean '\($0)'?" } ?? "; 'lessons list' shows the lessons"))
      }
    }

    /// What is wrong with the lessons of a library, or with one of them.
    static func check(_ library: LessonLibrary, only id: String? = nil) -> [Diagnostic] {
      let problems = checker(library).check(library, only: id)
      // What can't be played can't be shown either.
      let broken = Set(problems.filter { $0.severity == .error }.map(\.file))
      return problems
        + library.lessons.filter { (id == nil || $0.id == id) && !broken.contains($0.file) }
        .flatMap { ScreenCheck(library: library, lesson: $0).problems() }
    }

    /// Brings the output blocks of the lessons up to date.
    ///
    /// - Returns: for each file that was changed what was done to it.
    static func update(
      _ library: LessonLibrary, only id: String? = nil
    ) throws(CommandFailure) -> [String] {
      let checker = checker(library)
      var changed: [String] = []
      for lesson in library.lessons where id == nil || lesson.id == id {
        guard let (text, count) = checker.updated(lesson) else { continue }
        do throws(FileError) {
          try WholeFile.replace(lesson.file, with: Array(text.utf8))
        } catch {
          throw CommandFailure("\(error)")
        }
        changed.append(
          "\(lesson.file): \(count == 1 ? "an output block" : "\(count) output blocks") written anew"
        )
      }
      return changed
    }

    private static func checker(_ library: LessonLibrary) -> LessonChecker {
      LessonChecker(commandNames: CommandTable.all.map(\.name)) {
        LessonsCommand.session(for: $0, in: library)
      }
    }
  }

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make the folder of a new lesson, with one block of each kind.")
    @Argument(help: ArgumentHelp("Number, dash, name: 12-my-lesson.", valueName: "ID")) var id:
      String
    @Option(help: "The title.") var title: String?
    @OptionGroup var look: LookOptions
    @OptionGroup var place: LessonsOption

    func run() throws {
      guard let text = LessonTemplate.text(id: id, title: title) else {
        throw CommandFailure("an id is a number, a dash and lower-case words: 12-my-lesson")
      }
      let folder = "\(try LessonFolder.find(place.lessons) ?? "lessons")/\(id)"
      let path = folder + "/lesson.md"
      guard access(path, F_OK) != 0 else { throw CommandFailure("\(path) is there already") }
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw CommandFailure("\(FileError("create \(folder)"))")
      }
      do throws(FileError) {
        try WholeFile.create(path, with: Array(text.utf8))
      } catch {
        throw CommandFailure("\(error)")
      }
      try AssembleCommand.write("\(path)\n")
    }
  }

  /// The fresh machine of a lesson; nil if there is no room for it.
  static func session(
    for lesson: LessonDocument, in library: LessonLibrary
  ) -> CommandInterpreter? {
    CommandInterpreter(
      settings: lesson.machine.settings,
      files: FileFinder(lesson: lesson, library: library.folder))
  }

  static func library(in folder: String) throws(CommandFailure) -> LessonLibrary {
    do throws(FileError) {
      return try LessonLibrary(folder: folder)
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  static func library(_ place: LessonsOption) throws(CommandFailure) -> LessonLibrary {
    guard let library = try LessonFolder.library(place.lessons) else {
      throw ShellSession.noLessons
    }
    return library
  }
}
