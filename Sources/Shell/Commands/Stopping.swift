import Laboratory
import OnionISA
import SourceText

extension CommandTable {
  static let stoppingCommands: [Command] = [
    Command(
      "break", ["b", "br"], "[PLACE] [if CONDITION]", group: .stopping,
      "stops runs at a label, address or line (FILE.s:88)",
      details: """
        Without a place it is where the pc is. A condition is an expression: 'break ask if a0 == 3'. \
        'info breakpoints' lists them, 'delete N' removes one.
        """,
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.addBreakpoint(arguments, isTemporary: false)
    },
    Command(
      "tbreak", ["tb"], "[PLACE] [if CONDITION]", group: .stopping,
      "like break, and gone after the first stop", completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.addBreakpoint(arguments, isTemporary: true)
    },
    Command(
      "catch", [], "trap|KIND [if CONDITION]", group: .stopping, "stops runs after a kind of trap",
      details: "KIND is a word (page, protection, timer, software, …) or a vector's number.",
      completion: .trap
    ) { (shell, arguments) throws(CommandFailure) in
      let (place, condition) = try shell.splitCondition(arguments.text)
      let kinds = Vector.named.map(\.name) + ["trap", "software"]
      guard !place.isEmpty else {
        throw CommandFailure(
          "catch which trap? 'catch trap' is any; or \(kinds.joined(separator: ", "))")
      }
      let places: [Breakpoint.Place]
      if place == "trap" {
        places = [.anyTrap]
      } else if let vectors = Vector.all(named: place) {
        places = vectors.map { .vector($0) }
      } else {
        let guess = Suggestion.nearest(to: place, among: kinds).map { "did you mean '\($0)'?" }
        throw CommandFailure("'\(place)' is no trap; \(guess ?? "'help catch' says what is")")
      }
      let added = places.map { shell.session.addBreakpoint($0, condition: condition) }
      guard let first = added.first, added.count == 1 else {
        return StyledText("\(added.count) breakpoints: \(place) traps")
      }
      return StyledText("breakpoint \(first.id): \(shell.describe(first))")
    },
    Command(
      "delete", ["d"], "[N …]", group: .stopping, "removes breakpoints; without a number all"
    ) { (shell, arguments) throws(CommandFailure) in
      let words = arguments.words
      if words.isEmpty {
        let count = shell.session.breakpoints.count
        shell.session.deleteAllBreakpoints()
        return StyledText(
          count == 0
            ? "there are no breakpoints"
            : "removed \(count == 1 ? "1 breakpoint" : "\(count) breakpoints")")
      }
      let known = shell.session.breakpoints.map(\.id)
      var ids: [Int] = []
      for word in words {
        guard let id = Int(word), known.contains(id) else {
          let list =
            known.isEmpty
            ? "there are none" : "there is \(known.map(String.init).joined(separator: ", "))"
          throw CommandFailure("there is no breakpoint '\(word)'; \(list)")
        }
        ids.append(id)
      }
      for id in ids { _ = shell.session.deleteBreakpoint(id) }
      return StyledText("removed \(ids.map(String.init).joined(separator: ", "))")
    },
    Command(
      "display", [], "[/FMT EXPR]", group: .stopping, "shows an expression after each stop",
      details: "Without an expression it shows them now. 'undisplay N' ends it.",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else {
        let lines = shell.displayLines()
        return lines.isEmpty
          ? "nothing is displayed; 'display EXPR' shows EXPR at each stop" : lines
      }
      let format = try ValueFormat.letter(arguments.format)
      _ = try shell.value(arguments.text)
      shell.displays.append(
        Display(id: shell.nextDisplay, expression: arguments.text, format: format))
      shell.nextDisplay += 1
      return shell.displayLines().lines.last ?? StyledText()
    },
    Command("undisplay", [], "[N]", group: .stopping, "ends a display; without a number all") {
      (shell, arguments) throws(CommandFailure) in
      if arguments.isEmpty {
        shell.displays = []
        return "nothing is displayed any more"
      }
      guard let id = Int(arguments.text), shell.displays.contains(where: { $0.id == id }) else {
        throw CommandFailure("there is no display '\(arguments.text)'; 'display' lists them")
      }
      shell.displays.removeAll { $0.id == id }
      return StyledText("display \(id) is gone")
    },
  ]
}

extension CommandInterpreter {
  func addBreakpoint(
    _ arguments: Arguments, isTemporary: Bool
  ) throws(CommandFailure) -> StyledText {
    let (text, condition) = try splitCondition(arguments.text)
    let place = text.isEmpty ? session.world.pc : try codePlace(text)
    let breakpoint = session.addBreakpoint(
      .address(place), condition: condition, isTemporary: isTemporary)
    return StyledText("breakpoint \(breakpoint.id): \(describe(breakpoint))")
  }

  /// Takes `PLACE if CONDITION` apart; the condition has been looked at.
  func splitCondition(
    _ text: String
  ) throws(CommandFailure) -> (place: String, condition: String?) {
    let words = text.split(separator: " ")
    guard let index = words.firstIndex(of: "if") else { return (text, nil) }
    let condition = words[(index + 1)...].joined(separator: " ")
    guard !condition.isEmpty else { throw CommandFailure("what is the condition after 'if'?") }
    _ = try value(condition)
    return (words[..<index].joined(separator: " "), condition)
  }

  /// The breakpoints, a line each.
  func breakpointLines() -> StyledText {
    guard !session.breakpoints.isEmpty else {
      return "there are no breakpoints; 'break PLACE' sets one"
    }
    var table = TextTable([("no.", .right), ("hits", .right), ("stops at", .left)])
    for breakpoint in session.breakpoints {
      table.add([
        StyledText("\(breakpoint.id)"), StyledText("\(breakpoint.hits)"),
        StyledText(describe(breakpoint) + (breakpoint.isTemporary ? ", once" : "")),
      ])
    }
    return table.rendered(width: columns)
  }
}
