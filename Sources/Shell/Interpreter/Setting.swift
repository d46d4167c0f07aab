import SourceText

/// What `set NAME VALUE` changes of the shell, and `show NAME` tells.
struct Setting: Sendable {
  var name: String
  var summary: String
  /// What may be typed as its value, if these are a few words.
  var values: [String] = []
  /// Changes it; without words it only says what holds.
  var change: Change

  typealias Change =
    @Sendable (CommandInterpreter, ArraySlice<String>) throws(CommandFailure) -> StyledText

  static let all: [Setting] = [
    Setting(name: "budget", summary: "how many steps one run may make") {
      (shell, words) throws(CommandFailure) in try shell.setBudget(words)
    },
    Setting(name: "history", summary: "what going back may take, and takes") {
      (shell, words) throws(CommandFailure) in try shell.setHistory(words)
    },
    choice("layout", "normal, big for a projector, linear for a voice") {
      $0.look.layout
    } set: {
      $0.look.layout = $1
    },
    choice("verbosity", "a stop in a line, with a card, or to be heard") {
      $0.look.verbosity
    } set: {
      $0.look.verbosity = $1
    },
    choice("hints", "whether the prompt shows how a line could go on") {
      $0.look.hints
    } set: {
      $0.look.hints = $1
    },
    choice("theme", "which colours") {
      $0.look.theme
    } set: {
      $0.look.theme = $1
    },
  ]

  /// A setting that takes one of a few words.
  private static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ summary: String, get: @escaping @Sendable (CommandInterpreter) -> Value,
    set: @escaping @Sendable (CommandInterpreter, Value) -> Void
  ) -> Setting {
    let values = Value.allCases.map(\.rawValue)
    return Setting(name: name, summary: summary, values: values) {
      (shell, words) throws(CommandFailure) in
      if let word = words.first {
        guard words.count == 1, let value = Value(rawValue: word) else {
          throw CommandFailure(
            "'\(name)' is one of \(values.joined(separator: ", ")): 'set \(name) \(values.last ?? "")'"
          )
        }
        set(shell, value)
      }
      return StyledText("\(name) is \(get(shell).rawValue)")
    }
  }

  static func named(_ name: String?) -> Setting? { all.first { $0.name == name } }
}

// What a session may use up: steps in one run, memory for going back.
extension CommandInterpreter {
  /// What `set NAME VALUE` does of the shell's own settings; nil if the words ask for something else.
  func changeSetting(_ words: [String]) throws(CommandFailure) -> StyledText? {
    guard let setting = Setting.named(words.first), words.dropFirst().first != "=" else {
      return nil
    }
    return try setting.change(self, words.dropFirst())
  }

  fileprivate func setBudget(_ words: ArraySlice<String>) throws(CommandFailure) -> StyledText {
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

  fileprivate func setHistory(_ words: ArraySlice<String>) throws(CommandFailure) -> StyledText {
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
