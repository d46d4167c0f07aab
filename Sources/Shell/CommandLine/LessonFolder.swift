import Lessons
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds the folder of the lessons.
enum LessonFolder {
  /// The folder: as the option says, as `RINGSIDE_LESSONS` says, beside the installed program, or in the
  /// working folder or one above it. Nil if there is none of these.
  static func find(_ option: String?) throws(CommandFailure) -> String? {
    for (given, who) in [
      (option, "--lessons"), (Environment["RINGSIDE_LESSONS"], "RINGSIDE_LESSONS"),
    ] {
      guard let given, !given.isEmpty else { continue }
      guard (try? WholeFile.names(inFolder: given)) != nil else {
        throw CommandFailure("\(who): there is no folder '\(given)'")
      }
      return given
    }
    let installed = executableFolder.map { "\($0)/../share/ringside/lessons" }
    var places = [installed].compactMap { $0 }
    var above = "lessons"
    for _ in 0..<12 {
      places.append(above)
      above = "../" + above
    }
    return places.first(where: holdsLessons)
  }

  /// The library in that folder; nil if there is no folder.
  static func library(_ option: String?) throws(CommandFailure) -> LessonLibrary? {
    guard let folder = try find(option) else { return nil }
    do throws(FileError) {
      return try LessonLibrary(folder: folder)
    } catch {
      throw CommandFailure("\(error)")
    }
  }

  private static func holdsLessons(_ folder: String) -> Bool {
    guard let names = try? WholeFile.names(inFolder: folder) else { return false }
    return names.contains { WholeFile.isReadable("\(folder)/\($0)/lesson.md") }
  }

  /// The folder of the running program's file, links followed.
  private static var executableFolder: String? {
    let name = WholeFile.isReadable("/proc/self/exe") ? "/proc/self/exe" : CommandLine.arguments[0]
    guard let resolved = realpath(name, nil) else { return nil }
    defer { free(resolved) }
    return FileFinder.folder(of: String(cString: resolved))
  }
}

extension FileFinder {
  /// Looks in the lesson's folder, then where the lesson's programs are, then among the shared programs.
  init(lesson: LessonDocument? = nil, library folder: String?) {
    var folders: [String] = []
    if let lesson {
      folders.append(lesson.folder)
      for program in lesson.programs {
        let place = Self.folder(of: "\(lesson.folder)/\(program)")
        if !folders.contains(place) { folders.append(place) }
      }
    }
    if let folder { folders.append("\(folder)/programs") }
    self.init(folders: folders)
  }
}
