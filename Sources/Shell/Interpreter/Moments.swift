import Laboratory
import SourceText

// Moments of a history: step numbers, and marks that were given names.
extension CommandInterpreter {
  /// The step that a mark's name or an expression means.
  func moment(_ text: String) throws(CommandFailure) -> UInt64 {
    if let mark = session.marks.first(where: { $0.name == text }) { return mark.step }
    let value: Int64
    do throws(ConditionError) {
      value = try session.value(of: text)
    } catch {
      let guess = Suggestion.nearest(to: text, among: session.marks.map(\.name))
      if let guess { throw CommandFailure("there is no mark '\(text)'; did you mean '\(guess)'?") }
      throw CommandFailure("\(error.message) (column \(error.column) of '\(text)')")
    }
    guard value >= 0 else { throw CommandFailure("steps are counted from 0; \(value) is none") }
    return UInt64(value)
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
    return table.rendered(width: columns)
  }
}
