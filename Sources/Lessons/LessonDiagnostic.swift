/// Something wrong with a lesson, and where.
public struct LessonDiagnostic: Hashable, Sendable, CustomStringConvertible {
  public enum Severity: Hashable, Sendable {
    /// The lesson can be used, but not well.
    case warning
    /// The lesson cannot be used as it is.
    case error
  }

  public let severity: Severity
  /// The file's name as it was given.
  public let file: String
  /// From 1.
  public let line: Int
  /// In characters, from 1.
  public let column: Int
  /// What is wrong and what would be right: a phrase without a full stop.
  public let message: String

  public init(
    _ severity: Severity = .error, file: String, line: Int, column: Int = 1, message: String
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }

  /// "lesson.md:12:3: error: a try needs a goal".
  public var description: String {
    let kind = severity == .error ? "error" : "warning"
    return "\(file):\(line):\(column): \(kind): \(message)"
  }
}

/// Collects what is wrong with one file while it is read.
struct DiagnosticList {
  let file: String
  private(set) var diagnostics: [LessonDiagnostic] = []

  init(file: String) { self.file = file }

  mutating func error(_ line: Int, _ column: Int = 1, _ message: String) {
    diagnostics.append(
      LessonDiagnostic(file: file, line: line, column: column, message: message))
  }

  mutating func warning(_ line: Int, _ message: String) {
    diagnostics.append(LessonDiagnostic(.warning, file: file, line: line, message: message))
  }

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
