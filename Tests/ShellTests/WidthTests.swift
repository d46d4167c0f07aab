import SourceText
import Testing

@testable import Shell

/// No line that a command says is wider than the terminal.
struct WidthTests {
  /// Lines that bring every command to say something, good or bad.
  static let lines: [String] =
    CommandTable.all.flatMap { command -> [String] in
      let arguments = [
        "", "boot", "kernel.s", "--guest kernel.s", "IF", "3", "a0 = 5",
        "no_such_name_anywhere_at_all",
        "a_very_long_argument_without_any_spaces_that_is_wider_than_most_terminals_by_far_really",
      ]
      return arguments.map { "\(command.name) \($0)" } + ["help \(command.name)"]
    }.filter { $0 != "trap boot" } + [
      "x/40xb boot", "x/12i boot", "x/4dw boot", "x/4tw boot", "info registers", "help running",
    ]
    + ViewContext.explainable.map { "explain \($0)" }

  @Test(arguments: [40, 80], ["", "--guest "])
  func linesFit(width: Int, option: String) throws {
    let shell = try makeInterpreter(width: width)
    for line in Self.lines {
      // Each finds the machine in the midst of its work, and no run goes far.
      if line.hasPrefix("load") || line.hasPrefix("machine") || shell.session.world.steps < 100
        || shell.session.world.stop != nil
      {
        shell.say("load \(option)kernel.s", "run 3000", "catch trap", "trap")
      }
      let output = shell.run(line: line).output
      if shell.isCollecting { shell.say("end") }
      for shown in output.split(separator: "\n") {
        #expect(columns(of: String(shown)) <= width, "\(line): \(shown)")
      }
    }
  }
}
