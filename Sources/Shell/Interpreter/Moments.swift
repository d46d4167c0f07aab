import Laboratory
import SourceText

// Moments of a history: step numbers, and marks that were given names.
extension CommandInterpreter {
  /// The step that a mark's name or an expression means.
  func moment(_ text: String) throws(CommandFailure) -> UInt64 {
    if let mark = session.marks.first(where: { $0.name == text }) { return mark.step }
    if let symbol = view.image?.symbol(named: text), symbol.kind == .label {
      throw CommandFailure(
        "'\(text)' is a place in the program and no moment: 'until \(text)' runs to it")
    }
    let value: Int64
    do throws(ConditionError) {
      value = try session.value(of: Self.ungrouped(text))
    } catch {
      let guess = Suggestion.nearest(to: text, among: session.marks.map(\.name))
      if let guess { throw CommandFailure("there is no mark '\(text)'; did you mean '\(guess)'?") }
      throw CommandFailure("\(error.message) (column \(error.column) of '\(text)')")
    }
    guard value >= 0 else { throw CommandFailure("steps are counted from 0; \(value) is none") }
    return UInt64(value)
  }

  /// What changed between two moments: from the first to the second, to here, or since the last move.
  func changed(_ words: [String]) throws(CommandFailure) -> StyledText {
    guard words.count <= 2 else {
      throw CommandFailure("changed between which two moments? 'changed 10 20', 'changed here'")
    }
    var from = movementStart
    if let first = words.first { from = try moment(first) }
    guard let from else {
      throw CommandFailure(
        "the machine has not moved here; 'changed 0' says what changed since step 0")
    }
    let to = words.count > 1 ? try moment(words[1]) : session.world.steps
    return try looked(upTo: max(from, to)) { () throws(ComparisonFailure) in
      view.difference(try session.difference(from: from, to: to, poll: poll))
    }
  }

  /// Who had the CPU between two moments.
  func timeline(_ words: [String]) throws(CommandFailure) -> StyledText {
    let division = words.first.flatMap(Timeline.Division.init) ?? .rings
    let words =
      words.first.flatMap(Timeline.Division.init) == nil ? words : Array(words.dropFirst())
    if division != .rings { _ = try monitor() }
    guard words.count <= 2 else {
      throw CommandFailure("a timeline between which two moments? 'timeline 0 5000'")
    }
    let from = try words.first.map { (text) throws(CommandFailure) in try moment(text) } ?? 0
    let to = words.count > 1 ? try moment(words[1]) : session.world.steps
    guard from < to else {
      throw CommandFailure(
        words.isEmpty
          ? "no step was made yet" : "a timeline goes forwards: \(from) is not before \(to)")
    }
    return try looked(upTo: to) { () throws(ComparisonFailure) in
      view.timeline(
        try session.timeline(
          of: division, from: from, to: to, parts: view.timelineParts, poll: poll),
        of: division)
    }
  }

  /// The last steps.
  func trace(_ count: UInt64) throws(CommandFailure) -> StyledText {
    try looked(upTo: session.world.steps) { () throws(ComparisonFailure) in
      view.trace(try session.trace(count, poll: poll))
    }
  }

  /// The last trap that was taken, by whatever road.
  func latestTrap() throws(CommandFailure) -> StepRecord {
    let record = try looked(upTo: session.world.steps) { () throws(ComparisonFailure) in
      try session.latestTrap(poll: poll)
    }
    guard let record else {
      throw CommandFailure("no trap was taken yet; 'trap' runs to the next one")
    }
    return record
  }

  /// What is seen on a way through history, or the one line that says why not.
  private func looked<Seen>(
    upTo step: UInt64, _ look: () throws(ComparisonFailure) -> Seen
  ) throws(CommandFailure) -> Seen {
    do throws(ComparisonFailure) {
      return try look()
    } catch {
      switch error {
      case .notReached(let furthest):
        throw CommandFailure(
          "step \(view.grouped(step)) is still to come: the machine has been as far as step "
            + "\(view.grouped(furthest))")
      case .interrupted:
        replacementLine = "goto \(session.world.steps)"
        throw CommandFailure("stopped by Ctrl-C; the machine is where it was")
      case .noRoom:
        throw CommandFailure(
          "there is no room here for a second machine of this size to look in; "
            + "a program with less memory ('load FILE.s 1M') leaves more")
      }
    }
  }

  func mark(_ words: [String]) throws(CommandFailure) -> StyledText {
    guard let name = words.first else { return markLines() }
    if name == "delete", words.count == 2 {
      guard session.deleteMark(words[1]) else {
        throw CommandFailure("there is no mark '\(words[1])'; 'mark' lists them")
      }
      return StyledText("mark \(words[1]) is gone")
    }
    guard words.count == 1, Int64(name) == nil, name != "delete" else {
      throw CommandFailure(
        "a mark's name is one word: 'mark here', 'goto here', 'mark delete here'")
    }
    session.mark(name)
    return StyledText("\(name) is step \(view.grouped(session.world.steps))")
  }

  private func markLines() -> StyledText {
    guard !session.marks.isEmpty else {
      return "no moment has a name; 'mark NAME' gives this one a name"
    }
    var table = TextTable([("step", .right), ("name", .left)])
    for mark in session.marks {
      table.add([StyledText(view.grouped(mark.step)), StyledText(mark.name)])
    }
    return view.lay(table)
  }
}
