import ArgumentParser
import Lessons
import LineEditor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// When output has colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

/// How output looks; for every call that shows anything of a session.
struct LookOptions: ParsableArguments {
  @Flag(help: "No colour, no line editing, ASCII only.")
  var plain = false

  @Option(help: "Columns of output, 20 or more (default: the terminal's).")
  var width: Int?

  @Option(help: "auto, always or never; NO_COLOR is honoured.")
  var color = ColorChoice.auto

  func validate() throws {
    if let width, !(20...1000).contains(width) {
      throw ValidationError("--width is 20 to 1000; \(width) is not.")
    }
  }

  func usesColor(on descriptor: Int32) -> Bool {
    switch color {
    case .always: return true
    case .never: return false
    case .auto:
      if plain || !(Environment["NO_COLOR"] ?? "").isEmpty || Environment["TERM"] == "dumb" {
        return false
      }
      return TerminalInfo.isTerminal(descriptor)
    }
  }
}

/// What every call has that opens a session.
struct SessionOptions: ParsableArguments {
  @Option(
    name: .customShort("c"),
    help: ArgumentHelp("Run a command and leave; again and again.", valueName: "command"))
  var commands: [String] = []

  @Option(
    name: .customShort("x"),
    help: ArgumentHelp("Run a file's commands and leave.", valueName: "file"), completion: .file())
  var scripts: [String] = []

  @Option(
    help: ArgumentHelp("Record the session as a transcript.", valueName: "file"),
    completion: .file())
  var record: String?

  @Flag(help: "Don't run the init file, ~/.config/ringside/init.")
  var noInit = false

  @OptionGroup var look: LookOptions
  @OptionGroup var place: LessonsOption

  /// Commands were given: they are run, and nobody is asked.
  var isBatch: Bool { !commands.isEmpty || !scripts.isEmpty }
}

/// Where the lessons are.
struct LessonsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The folder of the lessons.", valueName: "folder"), completion: .directory)
  var lessons: String?
}

/// The environment's variables.
enum Environment {
  static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// A path in which `~/` at the beginning is the user's home, as in a shell.
  static func withHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = self["HOME"] else { return path }
    return home + path.dropFirst()
  }

  /// Where a user's history and progress are kept; nil without a home.
  static var stateFolder: String? {
    if let folder = self["XDG_STATE_HOME"], folder.hasPrefix("/") { return folder + "/ringside" }
    guard let home = self["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.local/state/ringside"
  }

  /// Where a class that is being held says where it is; nil without a home.
  static var classFile: String? { stateFolder.map { $0 + "/class" } }

  /// The time now, in seconds since 1970: for a presenter's clock, and nothing else.
  static var seconds: Int { Int(time(nil)) }

  /// The progress of a person's lessons; that of exams is kept apart. Nil without a home.
  static func progressFile(_ mode: LessonMode = .selfPaced) -> ProgressFile? {
    stateFolder.map { ProgressFile(path: $0 + (mode == .exam ? "/exam" : "/progress")) }
  }

  /// The commands that a person wants at each prompt; nil without a home.
  static var initFile: String? {
    if let folder = self["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
      return folder + "/ringside/init"
    }
    guard let home = self["HOME"], home.hasPrefix("/") else { return nil }
    return home + "/.config/ringside/init"
  }
}
