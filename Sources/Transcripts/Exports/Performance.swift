import Laboratory
import SourceText

/// A transcript as it was run again: what is shown, in order.
public struct Performance: Sendable {
  public enum Item: Sendable {
    case prose([String])
    /// For the presenter alone.
    case note([String])
    case command(Command)
  }

  public struct Command: Sendable {
    public var line: String
    /// What it said, with styles.
    public var output: StyledText
    public var succeeded: Bool

    public init(line: String, output: StyledText, succeeded: Bool = true) {
      self.line = line
      self.output = output
      self.succeeded = succeeded
    }
  }

  public var title: String
  public var frontMatter: FrontMatter
  public var items: [Item] = []

  /// An empty one.
  public init(title: String, frontMatter: FrontMatter) {
    self.title = title
    self.frontMatter = frontMatter
  }

  /// Adds a stretch of prose, its notes set apart.
  public mutating func add(prose: [String]) {
    for piece in ProsePiece.pieces(of: prose) {
      switch piece {
      case .text(let lines): items.append(.prose(lines))
      case .note(let lines): items.append(.note(lines))
      }
    }
  }

  public var commandCount: Int {
    items.count { if case .command = $0 { true } else { false } }
  }

  /// Columns of the output.
  public var width: Int {
    frontMatter.machine.first { $0.name == "width" }.flatMap { Int($0.value) } ?? 80
  }
}
