/// The text of one page of the manual, with tables in it that are made from the code's own.
public struct ManualPage: Sendable {
  public let text: String

  public init(_ text: String) { self.text = text }

  /// What keeps a page's tables from being written anew.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A marker names a table that doesn't exist; lines count from 1.
    case unknownTable(String, line: Int)
    /// A marker has no `<!-- /table -->` behind it; lines count from 1.
    case unclosedTable(String, line: Int)

    public var description: String {
      switch self {
      case .unknownTable(let name, let line):
        "line \(line): there is no table '\(name)'; there are: "
          + ManualTable.allCases.map(\.rawValue).joined(separator: ", ")
      case .unclosedTable(let name, let line):
        "line \(line): table '\(name)' isn't closed with \(ManualPage.close)"
      }
    }
  }

  private static let open = "<!-- table:"
  private static let close = "<!-- /table -->"

  /// The tables that the page shows, in its order.
  public func tables() throws(Failure) -> [ManualTable] { try refresh().tables }

  /// The page with every table written anew: the same text if they were fresh.
  public func refreshed() throws(Failure) -> String { try refresh().text }

  private func refresh() throws(Failure) -> (text: String, tables: [ManualTable]) {
    var lines: [Substring] = []
    var tables: [ManualTable] = []
    var unclosed: (name: String, line: Int)?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if unclosed != nil {
        guard line == Self.close else { continue }
        unclosed = nil
      } else if line.hasPrefix(Self.open), line.hasSuffix(" -->") {
        let name = String(line.dropFirst(Self.open.count).dropLast(" -->".count))
        guard let table = ManualTable(rawValue: name) else {
          throw .unknownTable(name, line: index + 1)
        }
        unclosed = (name, index + 1)
        tables.append(table)
        // A blank line ends the comment, so that what follows is read as Markdown.
        lines += [line, "", Substring(table.markdown), ""]
        continue
      }
      lines.append(line)
    }
    if let unclosed { throw .unclosedTable(unclosed.name, line: unclosed.line) }
    return (lines.joined(separator: "\n"), tables)
  }
}
