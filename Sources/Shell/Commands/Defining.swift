import SourceText

extension CommandTable {
  static let userCommands: [Command] = [
    Command(
      "define", [], "NAME", group: .shell, "makes a command of the lines up to 'end'",
      example: "define both\nregs\nrings\nend\nboth",
      details: """
        $arg0 to $arg9 in them are the words after the name, $argc is their number. 'define NAME' and at \
        once 'end' takes it away; Ctrl-C instead of 'end' drops the lines. A 'commands' or 'define' among them \
        has an 'end' of its own. 'show user' lists them.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      shell.collection = LineCollection(
        .definition(try shell.userName(arguments.text)), opening: "define \(arguments.text)")
      return StyledText()
    },
    Command(
      "alias", [], "[NAME = COMMAND]", group: .shell,
      "another name for a command and its arguments", example: "alias ten = step 10\nten",
      details: "'alias ten = step 10'. 'alias NAME =' takes it away, 'alias' lists them.",
      completion: .command
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else { return shell.userCommandLines("") }
      let parts = arguments.text.split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false
      )
      .map { $0.trimmed }
      guard parts.count == 2 else { throw CommandFailure("alias is written 'alias ten = step 10'") }
      let name = try shell.userName(parts[0])
      if let typed = TypedLine(parts[1]), !shell.userCommands.names.contains(typed.name) {
        _ = try CommandTable.command(named: typed.name)
      }
      shell.userCommands.alias(name, parts[1].isEmpty ? nil : parts[1])
      return StyledText()
    },
  ]
}

extension CommandInterpreter {
  /// A name that a person may give to a command.
  func userName(_ text: String) throws(CommandFailure) -> String {
    guard !text.isEmpty, text.count <= 40,
      text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
    else { throw CommandFailure("a command's name is one word of letters, digits, - and _") }
    if CommandTable.all.contains(where: { $0.name == text || $0.abbreviations.contains(text) }) {
      throw CommandFailure("'\(text)' is a command of the shell; take another name")
    }
    return text
  }

  /// `ten = step 10`, and the lines of definitions.
  func userCommandLines(_ name: String) -> StyledText {
    var text = StyledText()
    for (alias, meaning) in userCommands.aliases.sorted(by: { $0.key < $1.key })
    where name.isEmpty || name == alias {
      text.appendLine(StyledText("alias \(alias) = \(meaning)"))
    }
    for (definition, lines) in userCommands.definitions.sorted(by: { $0.key < $1.key })
    where name.isEmpty || name == definition {
      text.appendLine(StyledText("define \(definition)"))
      var depth = 1
      for line in lines {
        if line == LineCollection.end { depth -= 1 }
        text.appendLine(StyledText(String(repeating: "  ", count: max(1, depth)) + line))
        if opensBlock(userCommands.expanded(line)) { depth += 1 }
      }
      text.appendLine("end")
    }
    return text.isEmpty
      ? StyledText("there are none; 'define NAME' and 'alias NAME = COMMAND' make some") : text
  }
}
