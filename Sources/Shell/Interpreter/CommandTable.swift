import SourceText

/// Every command of the shell, and how a typed name finds its command.
public enum CommandTable {
  /// In the order in which `help` lists them.
  public static let all: [Command] = [
    programCommands, runningCommands, backwardsCommands, stoppingCommands, watchingCommands,
    lookingCommands, valueCommands, informationCommands, memoryCommands, tableCommands,
    diskCommands,
    monitorCommands, techniqueCommands, hostCommands, changingCommands, teachingCommands,
    predictingCommands,
    shellCommands, userCommands,
  ].flatMap { $0 }

  /// What a typed name means.
  public enum Lookup {
    case found(Command)
    /// Several commands begin so.
    case ambiguous([String])
    /// None does; the one that may be meant.
    case none(didYouMean: String?)
  }

  /// Finds a command by its name, an abbreviation, or a beginning that only one name has.
  public static func find(_ name: String) -> Lookup {
    let name = name.lowercased()
    if let exact = all.first(where: { $0.name == name || $0.abbreviations.contains(name) }) {
      return .found(exact)
    }
    let candidates = all.filter { $0.name.hasPrefix(name) }
    if candidates.count == 1 { return .found(candidates[0]) }
    if candidates.count > 1, !name.isEmpty { return .ambiguous(candidates.map(\.name)) }
    return .none(didYouMean: Suggestion.nearest(to: name, among: all.map(\.name)))
  }

  /// The command, or the one line that says why there is none.
  ///
  /// - Parameter others: names that may be meant as well.
  static func command(
    named name: String, or others: [String] = []
  ) throws(CommandFailure) -> Command {
    switch find(name) {
    case .found(let command): return command
    case .ambiguous(let names):
      throw CommandFailure("'\(name)' may be \(names.joined(separator: ", ")); type more of it")
    case .none(let guess):
      let advice =
        (Suggestion.nearest(to: name, among: others) ?? guess).map { "did you mean '\($0)'?" }
        ?? "'help' lists the commands"
      throw CommandFailure("there is no command '\(name.prefix(40))'; \(advice)")
    }
  }

  /// The full name if `name` finds a command.
  public static func fullName(of name: String) -> String? {
    if case .found(let command) = find(name) { command.name } else { nil }
  }
}
