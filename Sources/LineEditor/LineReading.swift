/// What came of asking for a line.
public enum LineRead: Equatable, Sendable {
  /// A line, without what ended it.
  case line(String)
  /// Ctrl-C came before the line was done; what was typed of it is gone.
  case interrupted
  /// There are no more lines: Ctrl-D on an empty line, or the end of a file.
  case endOfInput
}

/// Something that lines are read from: a person at a terminal, a pipe, or a test's list.
public protocol LineReading: AnyObject {
  /// Reads one line, showing the prompt where that has a meaning.
  ///
  /// The prompt may hold colours (SGR escape sequences).
  func read(prompt: String) -> LineRead
}
