import Laboratory
import OnionISA
import SourceText

extension CommandTable {
  static let stoppingCommands: [Command] = [
    Command(
      "break", ["b", "br"], "[PLACE] [if CONDITION]", group: .stopping,
      "stops runs at a label, address or line (FILE.s:88)", example: "break critical if a0 != 0",
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
      "like break, and gone after the first stop", example: "tbreak on_timer",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.addBreakpoint(arguments, isTemporary: true)
    },
    Command(
      "delete", ["d"], "[N …]", group: .stopping, "removes breakpoints; without a number all",
      example: "break critical\ndelete 1"
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
      let ids = try shell.breakpointNumbers(words)
      for id in ids { shell.session.deleteBreakpoint(id) }
      return StyledText("removed \(ids.map(String.init).joined(separator: ", "))")
    },
    Command(
      "disable", [], "[N …]", group: .stopping,
      "lets breakpoints neither stop nor count; without a number all",
      example: "break critical\ndisable 1"
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.enable(arguments.words, false)
    },
    Command(
      "enable", [], "[N …]", group: .stopping, "lets breakpoints stop again; without a number all",
      example: "break critical\ndisable 1\nenable 1"
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.enable(arguments.words, true)
    },
    Command(
      "ignore", [], "N COUNT", group: .stopping,
      "lets the next COUNT hits of a breakpoint be counted and not stop",
      example: "break critical\nignore 1 2"
    ) { (shell, arguments) throws(CommandFailure) in
      let words = arguments.words
      guard words.count >= 2 else {
        throw CommandFailure("ignore is written 'ignore N COUNT', as in 'ignore 1 5'")
      }
      let id = try shell.breakpointNumbers([words[0]])[0]
      let count = try shell.value(words[1...].joined(separator: " "))
      guard count >= 0 else { throw CommandFailure("\(count) hits are none; give 0 or more") }
      guard
        let breakpoint = shell.session.updateBreakpoint(id, { $0.ignoreCount = UInt64(count) })
      else { return StyledText() }
      return StyledText(
        count == 0
          ? "\(shell.title(breakpoint)) stops at its next hit"
          : "\(shell.title(breakpoint)) stops after \(shell.view.plural(UInt64(count), "more hit"))"
      )
    },
    Command(
      "commands", [], "[N]", group: .stopping,
      "the lines up to 'end' are run after each stop at a breakpoint",
      example: "break critical\ncommands\noutput a0\nend",
      details: """
        Without a number it is the breakpoint set last. 'silent' as the first line leaves out what is \
        said of the stop. Lines after one that runs the machine are not run. 'commands' and at once \
        'end' takes them away; Ctrl-C instead of 'end' drops the lines.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      let words = arguments.words
      guard
        let id = try words.isEmpty
          ? shell.session.breakpoints.last?.id : shell.breakpointNumbers(words)[0]
      else { throw CommandFailure("there are no breakpoints; 'break PLACE' sets one") }
      shell.collection = LineCollection(
        .breakpoint(id), opening: words.isEmpty ? "commands" : "commands \(words[0])")
      return StyledText()
    },
    Command(
      "display", [], "[/FMT EXPR]", group: .stopping, "shows an expression after each stop",
      example: "display/x sp",
      details: """
        Without an expression it shows them now; 'display/i pc' shows the instruction there. \
        'undisplay N' ends it.
        """,
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else {
        let lines = shell.displayLines()
        return lines.isEmpty
          ? "nothing is displayed; 'display EXPR' shows EXPR at each stop" : lines
      }
      let format = try ValueFormat.letter(arguments.format, takesInstructions: true)
      _ = try shell.checked(arguments.text)
      shell.displays.append(
        Display(id: shell.nextDisplay, expression: arguments.text, format: format))
      shell.nextDisplay += 1
      return shell.displayLines().lines.last ?? StyledText()
    },
    Command(
      "undisplay", [], "[N]", group: .stopping, "ends a display; without a number all",
      example: "display/x sp\nundisplay 1"
    ) {
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
    let (guest, name) = guestPlace(text)
    let place = text.isEmpty ? session.world.pc : try codePlace(name, ofGuest: guest)
    let fault = try condition.flatMap { (text: String) throws(CommandFailure) in
      try checked(text, ofGuest: guest)
    }
    let breakpoint = session.addBreakpoint(
      .address(place), condition: condition, isTemporary: isTemporary, guest: guest)
    let other = session.breakpoints.first {
      $0.place == breakpoint.place && $0.guest == breakpoint.guest
    }
    return setText(breakpoint, besides: other) + notes(place: name, condition: condition, fault)
  }

  /// The breakpoints of those numbers, all of which there are.
  func breakpointNumbers(_ words: [String]) throws(CommandFailure) -> [Int] {
    let known = session.breakpoints.map(\.id)
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
    return ids
  }

  func enable(_ words: [String], _ isEnabled: Bool) throws(CommandFailure) -> StyledText {
    let ids = try words.isEmpty ? session.breakpoints.map(\.id) : breakpointNumbers(words)
    guard !ids.isEmpty else { return "there are no breakpoints" }
    for id in ids { session.updateBreakpoint(id) { $0.isEnabled = isEnabled } }
    return StyledText(
      "\(isEnabled ? "enabled" : "disabled") \(ids.map(String.init).joined(separator: ", "))")
  }

  /// Takes `PLACE if CONDITION` apart.
  func splitCondition(
    _ text: String
  ) throws(CommandFailure) -> (place: String, condition: String?) {
    let words = text.split(separator: " ")
    // A label may be called so.
    let isLabel = words.first == "if" && session.label(named: "if") != nil
    guard let index = words.dropFirst(isLabel ? 1 : 0).firstIndex(of: "if") else {
      return (text, nil)
    }
    let condition = words[(index + 1)...].joined(separator: " ")
    guard !condition.isEmpty else { throw CommandFailure("what is the condition after 'if'?") }
    return (words[..<index].joined(separator: " "), condition)
  }

  /// What is to be known of a stop that was set: a name in it that means two things, and why what it asks for has
  /// no value now.
  ///
  /// - Parameters:
  ///   - place: what stands for a place, where labels go first.
  ///   - watched: what is watched, an expression.
  func notes(
    place: String? = nil, watched: String? = nil, condition: String?, _ fault: ConditionError?
  ) -> StyledText {
    var text = StyledText()
    if let place, let query = try? Query.parse(place), case .name = query,
      !session.shadowedLabels(in: query).isEmpty
    {
      text.append(
        "\n '\(place)' is the label here; in expressions it is the machine's, and &\(place) the label"
      )
    }
    let names = [watched, condition].compactMap { $0 }.flatMap { text in
      (try? Query.parse(text)).map { session.shadowedLabels(in: $0) } ?? []
    }
    for name in names { text.append("\n " + shadowNote(name)) }
    if let fault { text.append("\n it has no value now: \(fault.message)") }
    return text.isEmpty ? text : text.wrapped(to: columns, hanging: "  ")
  }

  /// What is said where an expression uses a name that is a label's, too.
  func shadowNote(_ name: String) -> String {
    "'\(name)' is the machine's here; the label is &\(name)"
  }
}
