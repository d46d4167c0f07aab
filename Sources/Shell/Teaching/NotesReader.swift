import LineEditor
import SourceText

/// Reads the presenter's notes page by page, and goes on with the class when the presenter does.
struct NotesReader {
  /// A key is waited for when the class has gone on; otherwise it is followed at once.
  let waits: Bool
  /// The place that the notes are of.
  private(set) var shown: ClassPlace?
  /// Another page of the same notes was asked for.
  private(set) var hasTurned = false
  private var now: ClassPlace?
  private var hasBegun = false
  private var goesOn = false
  private var size = (width: 0, rows: 0)
  private var pages: [ScreenPage] = []
  private var index = 0

  init(waits: Bool) { self.waits = waits }

  /// Looks where the class is; true if other notes are to be shown.
  mutating func look(_ place: ClassPlace?, width: Int, rows: Int) -> Bool {
    let hasResized = size != (width, rows)
    (now, size) = (place, (width, rows))
    let mayMove = !waits || goesOn || !hasBegun || shown == nil || now == nil
    defer { (goesOn, hasBegun) = (false, true) }
    guard !hasBegun || hasResized || mayMove && now != shown else { return false }
    if mayMove { shown = now }
    return true
  }

  mutating func take(_ text: StyledText) {
    pages = text.screens(rows: size.rows)
    index = 0
  }

  var page: StyledText { pages.indices.contains(index) ? pages[index].text : StyledText() }

  /// What a key asks for; false if it leaves.
  mutating func press(_ key: KeyPad.Key) -> Bool {
    hasTurned = false
    switch key {
    case .character("q"), .interrupted, .endOfInput: return false
    case .character(" "), .character("\n"), .character("\r"), .pageDown, .right, .down:
      if index + 1 < pages.count { turn(by: 1) } else { goesOn = true }
    case .pageUp, .left, .up, .character("b"): if index > 0 { turn(by: -1) }
    case .character, .home, .end, .other, .timeout: break
    }
    return true
  }

  private mutating func turn(by step: Int) {
    index += step
    hasTurned = true
  }

  /// The last line: the clock, and what the next key does.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970.
  ///   - minutes: how long the lesson takes, about.
  func status(now seconds: Int, minutes: Int?) -> String {
    guard let shown else { return "[q leaves]" }
    let passed = max(0, seconds - shown.began)
    let rest = passed % 60
    var parts = [
      "\(passed / 60):\(rest < 10 ? "0" : "")\(rest)" + (minutes.map { " of \($0) min" } ?? "")
    ]
    if index + 1 < pages.count {
      parts.append("space: more")
    } else if now != shown {
      parts.append("the class has gone on: space follows")
    }
    return "[" + (parts + ["q leaves"]).joined(separator: " · ") + "]"
  }
}
