import Laboratory
import OnionISA
import SourceText

/// What `info` or `show` tells of: a word and what answers it.
public struct Subject: Sendable {
  var name: String
  var summary: String
  var tell: @Sendable (CommandInterpreter, String) throws(CommandFailure) -> StyledText

  init(
    _ name: String, _ summary: String,
    _ tell: @escaping @Sendable (CommandInterpreter, String) throws(CommandFailure) -> StyledText
  ) {
    (self.name, self.summary, self.tell) = (name, summary, tell)
  }

  /// The same as another command says.
  init(_ name: String, _ summary: String, as command: String) {
    self.init(name, summary) { (shell, rest) throws(CommandFailure) in
      try CommandTable.command(named: command).handler(shell, Arguments(rest))
    }
  }
}

extension CommandTable {
  static let informationCommands: [Command] = [
    Command(
      "info", ["i"], "SUBJECT", group: .looking, "gdb's word for several of the commands here",
      example: "info breakpoints",
      details: "'info' alone lists the subjects.",
      completion: .subjects(Subject.information)
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.tell("info", arguments, Subject.information)
    },
    Command(
      "show", [], "SUBJECT", group: .shell, "how the shell is set, and what it keeps",
      example: "show budget",
      details: "'show' alone lists the subjects; 'help set' says how they are changed.",
      completion: .subjects(Subject.settings)
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.tell("show", arguments, Subject.settings)
    },
  ]
}

extension Subject {
  static let information: [Subject] = [
    Subject("breakpoints", "breakpoints, watchpoints and what is caught") { (shell, _) in
      shell.breakpointLines()
    },
    Subject("watchpoints", "what is watched alone") { (shell, _) in
      shell.breakpointLines(onlyWatched: true)
    },
    Subject("registers", "the registers, or one: info registers a0") {
      (shell, name) throws(CommandFailure) in
      guard !name.isEmpty else { return shell.view.registers() }
      return StyledText("\(name) = \(shell.text(of: try shell.value(name), nil))")
    },
    Subject("display", "what is shown at each stop") { (shell, _) in
      let lines = shell.displayLines()
      return lines.isEmpty ? "nothing is displayed; 'display EXPR' shows EXPR at each stop" : lines
    },
    Subject("symbols", "labels and constants", as: "symbols"),
    Subject("symbol", "the label that an address belongs to: info symbol 0x1010") {
      (shell, place) throws(CommandFailure) in
      let address = place.isEmpty ? shell.session.world.pc : try shell.address(place)
      guard let name = shell.session.image?.symbolicName(of: address.rawValue) else {
        throw CommandFailure("no label stands at or before \(address)")
      }
      return StyledText("\(address) is \(name)")
    },
    Subject("line", "the source line at the pc, or of a place: info line put") {
      (shell, place) throws(CommandFailure) in
      guard !place.isEmpty else { return shell.view.location() }
      return shell.view.location(of: try shell.codePlace(shell.lineHere(place) ?? place))
    },
    Subject("source", "the files of the program") { (shell, _) throws(CommandFailure) in
      guard let image = shell.session.image else {
        throw CommandFailure("no program is loaded; 'load FILE.s' loads one")
      }
      let names = image.files.indices.map { image.shortName(of: $0) }
      return StyledText(
        names.isEmpty ? "the program came without its source" : names.joined(separator: "\n"))
    },
    Subject("program", "whether the program can go on") { (shell, _) in shell.stopReport() },
    Subject("traps", "how many traps there were, and the last ones", as: "traps"),
    Subject("marks", "moments with names", as: "mark"),
    Subject("devices", "timer, console and power", as: "devices"),
    Subject("tlb", "what the two TLBs hold", as: "tlb"),
    Subject("gates", "the trap table", as: "gates"),
    Subject("vm", "the guest, and what the VMM has done for it", as: "vm"),
  ]

  static let settings: [Subject] =
    Setting.all.map { setting in
      Subject(setting.name, setting.summary) { (shell, _) throws(CommandFailure) in
        try setting.change(shell, [])
      }
    } + [
      Subject("values", "the values that were printed") { (shell, _) in
        let values = shell.session.variables.history
        let first = max(0, values.count - 10)
        guard !values.isEmpty else { return "no value was printed yet" }
        return StyledText(
          lines: values[first...].enumerated().map { index, value in
            StyledText("$\(first + index + 1) = ", .dim)
              + StyledText(shell.text(of: value, nil))
          })
      },
      Subject("convenience", "the variables with a $") { (shell, _) in
        let variables = shell.session.variables.all
        guard !variables.isEmpty else { return "there are none; 'set $limit = 5' sets one" }
        return StyledText(
          lines: variables.map { StyledText("$\($0.name) = \(shell.text(of: $0.value, nil))") })
      },
      Subject("user", "commands that were defined, and aliases") { (shell, name) in
        shell.userCommandLines(name)
      },
      Subject("version", "which ringside this is") { (_, _) in
        StyledText("ringside \(Version.text)")
      },
    ]
}

extension CommandInterpreter {
  func tell(
    _ command: String, _ arguments: Arguments, _ subjects: [Subject]
  ) throws(CommandFailure) -> StyledText {
    guard let word = arguments.words.first?.lowercased() else {
      var table = TextTable(["subject", "tells"])
      table.showsHeader = false
      for subject in subjects {
        table.add([StyledText("\(command) \(subject.name)", .strong), StyledText(subject.summary)])
      }
      return view.lay(table)
    }
    let rest = arguments.words.dropFirst().joined(separator: " ")
    guard
      let subject = subjects.first(where: { $0.name == word })
        ?? subjects.first(where: { $0.name.hasPrefix(word) })
    else {
      let guess = Suggestion.nearest(to: word, among: subjects.map(\.name))
      throw CommandFailure(
        "there is no '\(command) \(word.prefix(40))'; "
          + (guess.map { "did you mean '\(command) \($0)'?" } ?? "'\(command)' lists what there is")
      )
    }
    return try subject.tell(self, rest)
  }
}
