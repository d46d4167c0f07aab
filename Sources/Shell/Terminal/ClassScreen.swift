import SourceText

/// The terminal of a class: cleared for each step, with the rings on top, and nothing leaves it at the top while
/// there is something to read.
struct ClassScreen {
  /// What stands above, in lines; 0 before anything was shown.
  private var topCount = 0
  /// Rows that are taken.
  private var used = 0

  /// Puts a text on the screen.
  ///
  /// - Parameters:
  ///   - top: what stays above.
  ///   - typed: the line that it answers, as it stands at the prompt.
  ///   - isStep: it begins a screen of its own.
  ///   - render: a text as the terminal gets it.
  /// - Returns: what to write.
  mutating func show(
    _ text: StyledText, below top: StyledText, typed: StyledText, isStep: Bool, rows: Int,
    columns: Int, render: (StyledText) -> String
  ) -> String {
    let above = top.lines
    let lines = text.isEmpty ? [] : text.lines
    // What was typed has gone to the next row, and the prompt comes again.
    used += max(1, (typed.width + columns - 1) / max(columns, 1))
    guard !isStep, topCount == above.count, used + lines.count + 1 <= rows else {
      topCount = above.count
      let shown = above + (isStep ? [] : [typed]) + lines
      used = shown.count
      return Self.clear + render(StyledText(lines: shown)) + "\n"
    }
    used += lines.count
    let redrawn = above.enumerated().map {
      "\u{1B}[\($0.offset + 1);1H\(render($0.element))\u{1B}[K"
    }
    return "\u{1B}7" + redrawn.joined() + "\u{1B}8" + (lines.isEmpty ? "" : render(text) + "\n")
  }

  private static let clear = "\u{1B}[H\u{1B}[2J"
}
