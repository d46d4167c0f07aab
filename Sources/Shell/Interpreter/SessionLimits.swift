import Laboratory
import SourceText

// What a session may use up: steps in one run, memory for going back.
extension CommandInterpreter {
  /// What `set budget` and `set history` do, or say; nil if the words ask for something else.
  func setLimit(_ words: [String]) throws(CommandFailure) -> StyledText? {
    guard let name = words.first, words.dropFirst().first != "=" else { return nil }
    switch name {
    case "budget": return try setBudget(words.dropFirst())
    case "history": return try setHistory(words.dropFirst())
    default: return nil
    }
  }

  private func setBudget(_ words: ArraySlice<String>) throws(CommandFailure) -> StyledText {
    guard words.count <= 1 else {
      throw CommandFailure("the budget of one run is set by 'set budget N' or 'set budget off'")
    }
    if let word = words.first {
      session.budget = word == "off" ? nil : try count(word, of: "steps")
    }
    guard let budget = session.budget else { return "a run may make any number of steps" }
    return StyledText("one run may make \(view.plural(budget, "step"))")
  }

  private static let historyLimits: ClosedRange<UInt64> = 1 << 20...1 << 40

  private func setHistory(_ words: ArraySlice<String>) throws(CommandFailure) -> StyledText {
    if let word = words.first {
      guard words.count == 1, let size = ByteCount(word), Self.historyLimits.contains(size.bytes)
      else {
        throw CommandFailure(
          "the memory for going back is given as in 'set history 128M', 1M or more")
      }
      session.historyLimit = Int(size.bytes)
    }
    let limit = ByteCount(session.historyLimit)
    return StyledText(
      "the snapshots for going back may take \(limit.text); they take "
        + ByteCount(session.historyBytes).rounded
    ).wrapped(to: columns, hanging: "  ")
  }
}
