import SourceText

/// How much is said of a stop.
public enum Verbosity: String, CaseIterable, Sendable {
  /// One line.
  case terse
  /// A trap as a card.
  case normal
  /// A sentence made to be heard, and everything else so that it can be read aloud.
  case spoken
}

/// Whether the prompt shows how a line could go on.
public enum HintChoice: String, CaseIterable, Sendable {
  case on
  case off
}

/// How a session shows things. It touches no machine.
public struct Look: Hashable, Sendable {
  public var layout = Layout.normal
  public var verbosity = Verbosity.normal
  public var theme = Theme.normal
  public var hints = HintChoice.on

  public init(
    layout: Layout = .normal, verbosity: Verbosity = .normal, theme: Theme = .normal
  ) {
    self.layout = layout
    self.verbosity = verbosity
    self.theme = theme
  }

  /// How views are laid out: whoever listens gets one thing after the other.
  var effectiveLayout: Layout { verbosity == .spoken ? .linear : layout }

  /// The lines that make this look of another, as far as it is seen in a transcript.
  func settings(from other: Look) -> [String] {
    (layout == other.layout ? [] : ["set layout \(layout.rawValue)"])
      + (verbosity == other.verbosity ? [] : ["set verbosity \(verbosity.rawValue)"])
  }

  /// Columns of the big layout: what a room can read when it fills the screen.
  static let bigWidth = 64
}
