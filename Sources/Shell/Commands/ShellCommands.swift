import SourceText

extension CommandTable {
  static let shellCommands: [Command] = [
    Command(
      "help", ["h", "?"], "[COMMAND|GROUP]", group: .shell, "the commands, or one of them",
      example: "help step",
      completion: .command
    ) { (shell, arguments) throws(CommandFailure) in
      if shell.userCommands.names.contains(arguments.text) {
        return shell.userCommandLines(arguments.text)
      }
      return try Help.text(arguments.text, width: shell.columns)
    },
    Command(
      "apropos", [], "WORD", group: .shell, "the commands whose help has a word",
      example: "apropos page"
    ) {
      (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else { throw CommandFailure("apropos of what? 'apropos page'") }
      return try Help.apropos(arguments.text, width: shell.columns)
    },
    Command(
      "source", ["."], "FILE", group: .shell, "runs the commands of a file, up to one that fails",
      example: "source commands.txt",
      completion: .file
    ) { (shell, arguments) throws(CommandFailure) in
      guard let name = arguments.words.first else { throw CommandFailure("source which file?") }
      return try shell.source(name)
    },
    Command("quit", ["q", "exit"], "", group: .shell, "leaves; so does Ctrl-D", example: "quit") {
      (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("quit")
      try shell.requireHost("there is nothing to leave here").quit()
      return StyledText()
    },
  ]
}

extension CommandInterpreter {
  private static let sourceDepthLimit = 10

  func source(_ name: String) throws(CommandFailure) -> StyledText {
    guard sourceDepth < Self.sourceDepthLimit else {
      throw CommandFailure(
        "'\(name)': files source one another more than \(Self.sourceDepthLimit) deep")
    }
    let text = try FileFinder.text(at: try files.path(of: name), as: .script)
    sourceDepth += 1
    defer { sourceDepth -= 1 }
    var report = StyledText()
    // The line that began the block which is open.
    var opening = 0
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated() where TypedLine(String(line)) != nil
    {
      let outcome = execute(String(line))
      if !outcome.text.isEmpty { report.appendLine(outcome.text) }
      if isCollecting, opening == 0 { opening = index + 1 }
      if !isCollecting { opening = 0 }
      guard outcome.succeeded else {
        collection = nil
        report.appendLine(
          StyledText("\(name):\(index + 1): this line failed; the rest was not run"))
        throw CommandFailure(text: report)
      }
    }
    if let missing = endOfLines() {
      report.appendLine(StyledText("\(name):\(opening): \(missing)"))
      throw CommandFailure(text: report)
    }
    return report
  }
}
