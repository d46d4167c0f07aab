import Lessons
import SourceText

/// The texts of `help` and `apropos`, made from the command table.
enum Help {
  static func text(_ topic: String, width: Int) throws(CommandFailure) -> StyledText {
    if topic.isEmpty { return overview(width: width) }
    let word = topic.lowercased()
    if let group = group(word) { return list(group, width: width) }
    return about(try CommandTable.command(named: word), width: width)
  }

  /// `stepping`, `lessons` and the like mean a group.
  private static func group(_ word: String) -> Command.Group? {
    if CommandTable.all.contains(where: { $0.name == word }) { return nil }
    let others: [String: Command.Group] = [
      "stepping": .running, "reverse": .backwards, "breakpoints": .stopping, "data": .looking,
      "lessons": .teaching, "transcripts": .teaching, "monitor": .vmm, "guest": .vmm,
      "views": .looking, "files": .programs, "back": .backwards,
    ]
    return Command.Group(rawValue: word) ?? others[word]
  }

  /// Every group with its commands' names.
  private static func overview(width: Int) -> StyledText {
    var lines: [StyledText] = []
    for group in Command.Group.allCases {
      let names = CommandTable.all.filter { $0.group == group }.map(\.name)
      let head = StyledText(" \(group.rawValue)", .strong).padded(to: 12)
      let hanging = StyledText(String(repeating: " ", count: 12))
      lines +=
        StyledText(names.joined(separator: " ")).wrapped(
          to: width, first: head, hanging: hanging
        ).lines
    }
    lines +=
      StyledText(
        "'help step' tells of a command, 'help running' of a group; a beginning of a name will do, Tab "
          + "completes (not with --plain), Enter repeats a step, Ctrl-C stops a run, Ctrl-D leaves."
      ).wrapped(to: width, first: " ", hanging: " ").lines
    return StyledText(lines: lines)
  }

  /// What a learner needs here first: the lesson's own commands, and those that it has used or asks for.
  static func text(of lesson: LessonDocument, _ mode: LessonMode, width: Int) -> StyledText {
    let hanging = StyledText(String(repeating: " ", count: 12))
    func row(_ head: String, _ text: String) -> StyledText {
      Markdown.inline(text).wrapped(
        to: width, first: StyledText(" \(head)", .strong).padded(to: 12), hanging: hanging)
    }
    let helps = mode == .exam ? "" : "hint, solution, "
    var text = row(
      "lesson",
      "Enter goes on. goal, check, \(helps)play and resume, lesson back, lesson skip, "
        + "lesson contents")
    let own = Set(LessonEngine.commands + LessonDocument.needed)
    var names: [String] = []
    for command in lesson.steps.flatMap(\.kind.commands) {
      guard let word = TypedLine(command.text)?.name, let name = CommandTable.fullName(of: word),
        !own.contains(name), !names.contains(name)
      else { continue }
      names.append(name)
    }
    if !names.isEmpty { text.appendLine(row("used here", names.joined(separator: " "))) }
    return text
  }

  private static func list(_ group: Command.Group, width: Int) -> StyledText {
    StyledText(" \(group.rawValue): \(group.title)", .strong).wrapped(to: width, hanging: "   ")
      + "\n" + table(CommandTable.all.filter { $0.group == group }, width: width)
  }

  private static func table(_ commands: [Command], width: Int) -> StyledText {
    var table = TextTable(["command", "does"])
    table.showsHeader = false
    for command in commands {
      table.add([StyledText(command.name, .strong), StyledText(command.summary)])
    }
    return table.rendered(width: width)
  }

  private static func about(_ command: Command, width: Int) -> StyledText {
    var usage = StyledText(" \(command.usage)", .strong)
    if !command.abbreviations.isEmpty {
      usage.append("   (also \(command.abbreviations.joined(separator: ", ")))", .dim)
    }
    var text = usage.wrapped(to: width, hanging: "   ")
    text.appendLine(sentence(command.summary).wrapped(to: width, first: " ", hanging: " "))
    if !command.details.isEmpty {
      text.appendLine(StyledText(command.details).wrapped(to: width, first: " ", hanging: " "))
    }
    let margin = StyledText(String(repeating: " ", count: 14))
    for (index, line) in command.example.split(separator: "\n").enumerated() {
      let label = index == 0 ? StyledText(" for example", .dim).padded(to: 14) : margin
      text.appendLine(
        StyledText(String(line), .code).wrapped(to: width, first: label, hanging: margin))
    }
    let habit: String? =
      switch command.repeats {
      case .nothing: nil
      case .same: "Enter alone does it again."
      case .continued: "Enter alone goes on."
      }
    if let habit { text.appendLine(StyledText(" \(habit)", .dim).wrapped(to: width)) }
    return text
  }

  private static func sentence(_ phrase: String) -> StyledText {
    StyledText(phrase.prefix(1).uppercased() + phrase.dropFirst() + ".")
  }

  static func apropos(_ word: String, width: Int) throws(CommandFailure) -> StyledText {
    let wanted = word.lowercased()
    let found = CommandTable.all.filter { command in
      let text = [command.name, command.summary, command.details, command.group.title]
      return text.contains { $0.lowercased().contains(wanted) }
    }
    guard !found.isEmpty else {
      throw CommandFailure("no command's help has '\(word.prefix(40))'; 'help' lists the commands")
    }
    return table(found, width: width)
  }
}
