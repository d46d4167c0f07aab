import Testing

@testable import Shell

/// The one table that dispatch, help and completion are made from.
struct CommandTableTests {
  @Test func everyNameMeansOneCommand() {
    let names = CommandTable.all.flatMap { [$0.name] + $0.abbreviations }
    #expect(Set(names).count == names.count)
  }

  @Test func everyCommandIsWellDescribed() {
    for command in CommandTable.all {
      #expect(command.name == command.name.lowercased(), "\(command.name)")
      #expect(!command.summary.isEmpty && !command.summary.hasSuffix("."), "\(command.name)")
      #expect(command.summary.count <= 78, "\(command.name)")
      #expect(command.details.isEmpty || command.details.hasSuffix("."), "\(command.name)")
    }
  }

  @Test func everyGroupHasCommands() {
    for group in Command.Group.allCases {
      #expect(CommandTable.all.contains { $0.group == group }, "\(group)")
    }
  }

  @Test(arguments: [
    ("s", "step"), ("n", "next"), ("c", "continue"), ("b", "break"), ("p", "print"), ("x", "x"),
    ("i", "info"), ("q", "quit"), ("h", "help"), ("l", "list"), ("d", "delete"), ("u", "until"),
    ("STEP", "step"), ("wal", "walk"), ("sha", "shadow"), ("al", "alias"), ("dis", "disas"),
  ])
  func shortNamesAreThoseOfGdb(short: String, name: String) {
    if short == "dis" {
      guard
        case .ambiguous(["disable", "display", "disas", "disks", "disk"]) = CommandTable.find(short)
      else {
        Issue.record("'dis' is ambiguous")
        return
      }
    } else {
      #expect(CommandTable.fullName(of: short) == name)
    }
  }

  @Test func everyNameHasHelp() throws {
    for command in CommandTable.all {
      let text = try Help.text(command.name, width: 80).plain
      #expect(text.hasPrefix(" " + command.name))
    }
  }

  /// Those need lessons, files or somebody who leaves.
  private static let outside: Set<String> = ["source", "quit"]

  @Test(arguments: CommandTable.all.map(\.name))
  func everyExampleWorks(name: String) throws {
    guard case .found(let command) = CommandTable.find(name) else { return }
    let lines = command.example.split(separator: "\n").map(String.init)
    #expect(
      lines.contains { TypedLine($0).flatMap { CommandTable.fullName(of: $0.name) } == name })
    let help = try Help.text(name, width: 60).plain
    for line in lines { #expect(help.contains(line)) }
    guard command.group != .teaching, !Self.outside.contains(name) else { return }
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "run 1000")
    for line in lines {
      let outcome = shell.run(line: line)
      #expect(outcome.succeeded, "\(line): \(outcome.output)")
    }
  }
}
