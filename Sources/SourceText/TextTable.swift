/// Rows of cells in aligned columns. Where the terminal is too narrow for them, each row becomes a few
/// lines of `name: value`.
public struct TextTable: Sendable {
  public enum Alignment: Hashable, Sendable { case left, right }

  public var columns: [(name: String, alignment: Alignment)]
  public private(set) var rows: [[StyledText]] = []
  /// The column names are shown as a first line.
  public var showsHeader = true
  /// What stands before each line.
  public var indent = " "

  public init(_ columns: [(name: String, alignment: Alignment)]) { self.columns = columns }

  /// A table of left-aligned columns.
  public init(_ names: [String]) { self.init(names.map { ($0, .left) }) }

  /// - Precondition: none; missing cells are empty, surplus ones dropped.
  public mutating func add(_ row: [StyledText]) {
    let missing = Swift.max(0, columns.count - row.count)
    rows.append(Array(row.prefix(columns.count)) + Array(repeating: StyledText(), count: missing))
  }

  public var isEmpty: Bool { rows.isEmpty }

  public func rendered(width: Int, layout: Layout = .normal) -> StyledText {
    if layout == .linear { return StyledText(lines: rows.map { linear($0, width: width) }) }
    let header = columns.map { StyledText($0.name, .dim) }
    let all = showsHeader ? [header] + rows : rows
    let widths = columns.indices.map { column in all.map { $0[column].width }.max() ?? 0 }
    let needed = widths.reduce(0, +) + 2 * (widths.count - 1) + indent.count
    if needed <= width {
      return StyledText(lines: all.map { line($0, widths) })
    }
    // The last column may be text that wraps.
    let fixed = needed - (widths.last ?? 0)
    if let last = widths.last, last > 14, width - fixed >= 14 {
      return StyledText(
        lines: all.flatMap { row -> [StyledText] in
          guard row.last?.isEmpty == false else { return [line(row, widths)] }
          let head = line(Array(row.dropLast()) + [StyledText()], widths).padded(to: fixed)
          let hanging = StyledText(String(repeating: " ", count: fixed))
          return (row.last ?? StyledText()).wrapped(to: width, first: head, hanging: hanging).lines
        })
    }
    return StyledText(lines: rows.flatMap { stacked($0, width: width) })
  }

  /// The row as a phrase: `gate 12, for page, handler 00001040`.
  private func linear(_ row: [StyledText], width: Int) -> StyledText {
    var text = StyledText()
    for (index, cell) in row.enumerated() where cell.plain.contains(where: \.isLetterOrDigit) {
      if !text.isEmpty {
        // A count goes before what it counts.
        let counts =
          index == 1 && columns[0].alignment == .right && cell.plain.first?.isLetter == true
        text.append(showsHeader || index > 1 ? ", " : counts ? " " : ": ")
      }
      let name = showsHeader ? columns[index].name : ""
      // A cell that says its column's name, as `ring 0` or the D of a dirty page, needs no other.
      if !name.isEmpty, !cell.plain.hasPrefix(name) { text.append(name + " ", .dim) }
      text.append(cell)
    }
    return text.wrapped(to: width, first: StyledText(indent), hanging: StyledText(indent + "  "))
  }

  private func line(_ row: [StyledText], _ widths: [Int]) -> StyledText {
    var text = StyledText(indent)
    // Nothing stands behind the last cell that holds anything.
    let shown = row.prefix((row.lastIndex { !$0.isEmpty } ?? 0) + 1)
    for (index, cell) in shown.enumerated() {
      if index > 0 { text.append("  ") }
      let isLast = index == shown.count - 1
      switch columns[index].alignment {
      case .left: text.append(isLast ? cell : cell.padded(to: widths[index]))
      case .right: text.append(cell.padded(left: widths[index]))
      }
    }
    return text
  }

  private func stacked(_ row: [StyledText], width: Int) -> [StyledText] {
    zip(columns, row).enumerated().flatMap { index, pair -> [StyledText] in
      let (column, cell) = pair
      guard !cell.isEmpty else { return [] }
      let lead = index == 0 ? indent : indent + "  "
      let name = column.name.isEmpty || index == 0 ? "" : column.name + ": "
      return (StyledText(name, .dim) + cell).wrapped(
        to: width, first: StyledText(lead), hanging: StyledText(indent + "    ")
      ).lines
    }
  }
}

extension Character {
  fileprivate var isLetterOrDigit: Bool { isLetter || isNumber }
}
