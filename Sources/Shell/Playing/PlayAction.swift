import LineEditor

/// What a presenter may ask for.
enum PlayAction: Equatable {
  case forward
  case back
  case nextChapter
  case previousChapter
  case first
  case stepOn
  case stepBack
  case search(String?)
  /// Where the last search finds next.
  case searchOn
  case goTo(String?)
  case detour
  case pause
  case faster
  case slower
  case help
  case quit
  case unknown(String)

  /// By a key.
  init(_ key: KeyPad.Key) {
    switch key {
    case .character(" "), .character("\n"), .character("\r"), .right, .down, .pageDown:
      self = .forward
    case .character("n"): self = .searchOn
    // Those of a clicker go by command, like all others that turn a page.
    case .left, .up, .pageUp, .character("b"): self = .back
    case .character("]"): self = .nextChapter
    case .character("["): self = .previousChapter
    case .home, .character("0"): self = .first
    case .character("."): self = .stepOn
    case .character(","): self = .stepBack
    case .character("/"): self = .search(nil)
    case .character("g"): self = .goTo(nil)
    case .character("d"): self = .detour
    case .character("p"): self = .pause
    case .character("+"): self = .faster
    case .character("-"): self = .slower
    case .character("?"), .character("h"): self = .help
    case .character("q"), .endOfInput, .interrupted: self = .quit
    case .character(let other): self = .unknown(String(other))
    case .end: self = .unknown("End")
    case .other, .timeout: self = .unknown("")
    }
  }

  /// By a line, where there are no keys.
  init(line: String) {
    let words = line.trimmed.split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1] : nil
    switch words.first ?? "" {
    case "", "next", "forward": self = .forward
    case "n": self = .searchOn
    case "b", "back": self = .back
    case "]", "chapter": self = .nextChapter
    case "[": self = .previousChapter
    case "0", "first": self = .first
    case ".", "step": self = .stepOn
    case ",": self = .stepBack
    case "/", "search": self = .search(rest ?? "")
    case "g", "go": self = .goTo(rest ?? "")
    case "d", "detour": self = .detour
    case "?", "h", "help": self = .help
    case "q", "quit": self = .quit
    case let word where word.hasPrefix("/"): self = .search(String(line.trimmed.dropFirst()))
    case let word: self = .unknown(word)
    }
  }

  static let keys: [(String, String)] =
    [("space", "goes on")] + common + [
      ("/", "search; n is the next place"),
      ("g", "go to a command by its number, or a chapter by its name"),
      ("p", "go on by itself, or pause"), ("+ -", "faster, slower"), leaving,
    ]

  /// Where whole lines take the place of keys.
  static let lines: [(String, String)] =
    [("Enter", "goes on")] + common + [
      ("/word", "search; n is the next place"),
      ("g 5", "go to command 5; 'g word' to a chapter of that name"), leaving,
    ]

  private static let common = [
    ("b", "a command back"), ("] [", "next chapter, chapter before"), ("0", "the beginning"),
    (". ,", "an instruction on, and back, beside the script"),
    ("d", "a detour: the machine is yours; Ctrl-D or 'return' comes back"),
  ]

  private static let leaving = ("q", "leaves; the place is kept")
}
