import SourceText

/// Shows a long text screen by screen: each but the last says that Enter shows more.
struct Pager {
  struct Page {
    var text: StyledText
    /// What stood above it when the last of its commands had run; nil: what does now.
    var top: StyledText?
  }

  /// What is still to be shown.
  private var rest: [Page] = []
  private var count = 0
  /// The lesson has a part in what is still to be shown.
  private(set) var holdsLesson = false
  /// What stands above the screen that is shown.
  private(set) var top: StyledText?

  var hasMore: Bool { !rest.isEmpty }

  /// Begins to show a text.
  ///
  /// - Parameters:
  ///   - holdsLesson: the lesson has a part in it.
  ///   - keepsRest: what was still to be shown comes after it.
  /// - Returns: the first screen.
  mutating func begin(_ pages: [Page], holdsLesson: Bool, keepsRest: Bool) -> StyledText {
    rest = pages + (keepsRest ? rest : [])
    self.holdsLesson = holdsLesson || keepsRest
    count = rest.count
    return next()
  }

  /// The next screen, with what to do for the one after it.
  mutating func next() -> StyledText {
    guard !rest.isEmpty else { return StyledText() }
    let page = rest.removeFirst()
    top = page.top
    var text = page.text
    if hasMore {
      text.appendLine(StyledText("[Enter: more (\(count - rest.count) of \(count))]", .dim))
    }
    return text
  }

  /// What is still to be shown is not wanted any more.
  mutating func drop() { (rest, top) = ([], nil) }
}
