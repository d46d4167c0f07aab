import SourceText

/// A table as Markdown has it: a line of names, a line of dashes, lines of cells between bars.
struct MarkdownTable {
  private let names: [(name: String, alignment: TextTable.Alignment)]
  private let rows: [[StyledText]]
  private let showsNames: Bool

  init(_ lines: [String]) {
    let cells = lines.map(Self.cells)
    // Without the line of dashes it is no table to CommonMark, and none of its lines is a heading.
    let marks = cells.count > 1 ? cells[1] : []
    let isRule = { (cell: String) in !cell.isEmpty && cell.allSatisfy { $0 == "-" || $0 == ":" } }
    let showsNames = !marks.isEmpty && marks.allSatisfy(isRule)
    self.showsNames = showsNames
    let count = cells.map(\.count).max() ?? 0
    names = (0..<count).map { index in
      let name = showsNames && index < cells[0].count ? cells[0][index] : ""
      let isRight = showsNames && index < marks.count && marks[index].hasSuffix(":")
      return (Markdown.inline(name).plain, isRight ? .right : .left)
    }
    rows = cells.dropFirst(showsNames ? 2 : 0).map { $0.map(Markdown.inline) }
  }

  func text(width: Int) -> StyledText {
    var table = TextTable(names)
    table.showsHeader = showsNames
    for row in rows { table.add(row) }
    return table.rendered(width: width)
  }

  private static func cells(_ line: String) -> [String] {
    var inner = line.trimmed.dropFirst()
    if inner.last == "|" { inner = inner.dropLast() }
    return inner.split(separator: "|", omittingEmptySubsequences: false).map { String($0).trimmed }
  }
}
