import SourceText

/// Collects what is wrong with one file while it is read.
struct DiagnosticList {
  let file: String
  private(set) var diagnostics: [Diagnostic] = []
  /// The file's lines, for the excerpts; empty if they are not at hand.
  private let lines: [String]

  init(file: String, lines: [String] = []) {
    self.file = file
    self.lines = lines
  }

  mutating func error(_ line: Int, _ column: Int, _ message: String, suggestion: String? = nil) {
    add(.error, line, column, message, suggestion)
  }

  mutating func warning(_ line: Int, _ message: String) {
    add(.warning, line, 1, message, nil)
  }

  private mutating func add(
    _ severity: Diagnostic.Severity, _ line: Int, _ column: Int, _ message: String,
    _ suggestion: String?
  ) {
    let source = lines.indices.contains(line - 1) ? lines[line - 1] : ""
    diagnostics.append(
      Diagnostic(
        severity, message, file: file, line: line, column: column, source: source,
        suggestion: suggestion))
  }

  var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
