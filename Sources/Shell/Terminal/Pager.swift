import SourceText

/// Shows a long text screen by screen: each but the last says that Enter shows more.
struct Pager {
  /// What is still to be shown.
  private var rest: [StyledText] = []
  private var count = 0
  /// The lesson has a part in what is still to be shown.
  private(set) var holdsLesson = false

  var hasMore: Bool { !rest.isEmpty }

  /// Begins to show a text.
  ///
  /// - Parameters:
  ///   - holdsLesson: the lesson has a part in it.
  ///   - keepsRest: what was still to be shown comes after it.
  /// - Returns: the first screen.
  mutating func begin(_ pages: [ScreenPage], holdsLesson: Bool, keepsRest: Bool) -> StyledText {
    rest = pages.map(\.text) + (keepsRest ? rest : [])
    self.holdsLesson = holdsLesson || keepsRest
    count = rest.count
    return next()
  }

  /// The next screen, with what to do for the one after it.
  mutating func next() -> StyledText {
    guard !rest.isEmpty else { return StyledText() }
    var page = rest.removeFirst()
    if hasMore {
      page.appendLine(StyledText("[Enter: more (\(count - rest.count) of \(count))]", .dim))
    }
    return page
  }

  /// What is still to be shown is not wanted any more.
  mutating func drop() { rest = [] }
}
