import SourceText

/// The kinds of end that a run may have, as what is said of them begins.
enum EndingText {
  private static let beginnings: [(beginning: String, kind: String)] = [
    ("the machine is switched off", "switched off"),
    ("the machine has halted for good", "halted for good"),
    ("the machine has stopped: triple", "a triple fault"),
    ("the guest uses all of its address", "no place for the VMM"),
    ("the budget of ", "the budget was used up"),
    ("the program waits for input", "it waits for input"),
    ("the guests wait for input", "it waits for input"),
    ("no guest can run", "no guest can run"),
    ("endless trap loop", "an endless loop of traps"),
    ("stopped by Ctrl-C", "Ctrl-C"),
    ("breakpoint ", "a breakpoint"), ("watchpoint ", "a watchpoint"),
    ("catchpoint ", "a catchpoint"),
  ]

  /// The kind of end that a line of output tells; nil if it tells none.
  static func kind(of line: String) -> String? {
    beginnings.first { line.trimmed.hasPrefix($0.beginning) }?.kind
  }
}
