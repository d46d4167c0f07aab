/// Which colours styles have. Nothing is told by colour alone, so that any of them will do.
public enum Theme: String, CaseIterable, Sendable {
  /// The sixteen colours that every terminal has and that its user chose.
  case normal
  /// Bold, underlined or on a ground of its own; nothing dim.
  case highContrast = "high-contrast"
  /// Colours that people tell apart whatever their colour vision, after M. Okabe and K. Ito, "Color
  /// Universal Design" (2008), as the nearest of the 256 that terminals have.
  case colorBlind = "colour-blind"

  /// The SGR parameters of a style; nil: none.
  func sgr(_ style: Style) -> String? {
    switch self {
    case .normal: normal(style)
    case .highContrast: highContrast(style)
    case .colorBlind: colorBlind(style)
    }
  }

  private func normal(_ style: Style) -> String? {
    switch style {
    case .plain, .code: nil
    case .heading, .strong: "1"
    case .dim, .comment: "2"
    case .address: "36"
    case .good: "32"
    case .bad: "31"
    case .changed: "1;33"
    case .ring0: "31"
    case .ring1: "33"
    case .ring2: "35"
    case .ring3: "32"
    case .prompt: "1;34"
    }
  }

  private func highContrast(_ style: Style) -> String? {
    switch style {
    case .plain, .code, .dim, .comment: nil
    case .heading, .prompt: "1;7"
    case .strong, .address, .good: "1"
    case .bad, .changed: "1;4"
    case .ring0: "1;97;41"
    case .ring1: "1;30;43"
    case .ring2: "1;97;45"
    case .ring3: "1;30;42"
    }
  }

  private func colorBlind(_ style: Style) -> String? {
    switch style {
    // An address has no colour here: each of those that are left is too like a ring's.
    case .plain, .code, .address: nil
    case .heading, .strong: "1"
    case .dim, .comment: "2"
    case .ring3: "38;5;74"  // sky blue
    case .good: "38;5;36"  // bluish green
    case .bad: "1;38;5;166"  // vermilion
    case .changed: "1;4"
    case .ring0: "38;5;166"  // vermilion
    case .ring1: "38;5;220"  // yellow
    case .ring2: "38;5;175"  // reddish purple
    case .prompt: "1;38;5;32"  // blue
    }
  }
}
