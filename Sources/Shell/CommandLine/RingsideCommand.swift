import ArgumentParser
import LineEditor
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The version of the program.
public enum Version {
  public static let text = "0.1"
  /// As transcripts have it.
  static let name = "ringside \(text)"
}

/// `ringside`, its subcommands, and the promise of its exit codes.
struct RingsideCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ringside",
    abstract: "A ringside seat at every trap: a toy CPU with four rings, and a VMM, step by step.",
    usage: """
      ringside [FILE.s ...]
      ringside lesson [ID]
      ringside run FILE.s [--guest] [--limit CYCLES] [--stats]
      ringside replay FILE ...
      """,
    discussion: """
      Without a subcommand it is the prompt, with those programs or with the lesson in progress. In a \
      pipe it reads commands without a prompt.

      -c COMMAND runs a command and -x FILE those of a file, both again and again; ringside then leaves \
      with 0, or with 1 after the first that failed. --plain is without colour, line editing and all \
      that is not ASCII; --width N sets the columns; --color is auto, always or never. \
      They may stand before a subcommand or behind it. \
      'ringside prompt --help' lists every option of the prompt.
      """,
    version: "ringside \(Version.text)",
    subcommands: [
      PromptCommand.self, LessonCommand.self, LessonsCommand.self, NotesCommand.self,
      RunCommand.self, AssembleCommand.self, DisassembleCommand.self, ReplayCommand.self,
      GradeCommand.self,
    ],
    defaultSubcommand: PromptCommand.self)
}

/// The program.
public enum Ringside {
  /// What may stand first on the command line, each with what may stand behind it.
  static var subcommands: [String: [String]] {
    let named = RingsideCommand.configuration.subcommands.compactMap { command in
      command.configuration.commandName.map { name in
        (name, command.configuration.subcommands.map { $0._commandName })
      }
    }
    return Dictionary(named) { first, _ in first }
  }

  /// Bad usage, a program that does not assemble, a file that is not there.
  static let usageExitCode: Int32 = 2

  /// Does what the command line says and ends the process.
  public static func main() -> Never {
    holdStandardDescriptors()
    Interrupts.install()
    do {
      var command = try RingsideCommand.parseAsRoot(
        LeadingOptions.arranged(
          Array(CommandLine.arguments.dropFirst()), subcommands: subcommands))
      try command.run()
      exit(0)
    } catch let failure as CommandFailure {
      complain(failure.text.plain)
      exit(usageExitCode)
    } catch let failure as OutputFailure {
      if let message = failure.message { complain(message) }
      exit(OutputFailure.exitCode)
    } catch {
      leave(error)
    }
  }

  /// Says on standard error what is wrong.
  static func complain(_ message: String) {
    Output.write(forStandardError("ringside: \(message)") + "\n", to: 2)
  }

  /// Nothing that a terminal obeys, and lines that fit it; without a terminal a message keeps its lines.
  private static func forStandardError(_ message: String) -> String {
    let text = StyledText(message).visible
    guard TerminalInfo.isTerminal(2) else { return text.plain }
    return text.wrapped(to: TerminalInfo.columns(2) ?? 80, hanging: "  ").plain
  }

  /// What the argument parser has to say: help is an answer, all else bad usage.
  private static func leave(_ error: any Error) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    let message = RingsideCommand.fullMessage(for: error)
    let isAnswer = RingsideCommand.exitCode(for: error) == .success
    let shown = isAnswer ? message : forStandardError(message)
    let failure = message.isEmpty ? nil : Output.write(shown + "\n", to: isAnswer ? 1 : 2)
    guard isAnswer else { exit(usageExitCode) }
    if let failure, let message = OutputFailure(number: failure).message { complain(message) }
    exit(failure == nil ? 0 : OutputFailure.exitCode)
  }

  /// A standard stream that is closed stays so: a file opened later must not take its place.
  private static func holdStandardDescriptors() {
    for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one. Writing to it fails, as it should.
      _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
    }
  }
}
