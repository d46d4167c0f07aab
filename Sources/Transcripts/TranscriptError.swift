/// What is wrong with a transcript's text, and where.
public struct TranscriptError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line of the file, from 1.
  public let line: Int
  /// The column in it, from 1, counted in bytes as compilers do.
  public let column: Int
  /// What is wrong and what would be right.
  public let message: String

  public init(line: Int, column: Int = 1, message: String) {
    self.line = line
    self.column = column
    self.message = message
  }

  public var description: String { "line \(line), column \(column): \(message)" }
}
