/// A table: a line of names, a line of dashes, lines of cells.
struct MarkdownTableReader {
  let table: Markdown.Table
  /// The line behind it.
  let end: Int

  init?(_ lines: [String], at: Int) {
    guard lines[at].contains("|"), at + 1 < lines.count,
      let isRight = Self.alignments(lines[at + 1])
    else { return nil }
    let names = Self.cells(lines[at])
    guard names.count == isRight.count else { return nil }
    var rows: [[[Markdown.Inline]]] = []
    var place = at + 2
    while place < lines.count, !MarkdownBlocks.isBlank(lines[place]),
      !MarkdownBlocks.interrupts(lines[place])
    {
      let cells = Self.cells(lines[place]).prefix(names.count).map { Markdown.inlines($0) }
      rows.append(cells + Array(repeating: [], count: names.count - cells.count))
      place += 1
    }
    table = Markdown.Table(
      header: names.map { Markdown.inlines($0) }, isRight: isRight, rows: rows)
    end = place
  }

  /// What a line of dashes says of its columns; nil if it is none.
  private static func alignments(_ line: String) -> [Bool]? {
    guard line.contains("-"), line.contains("|") || line.contains(":"),
      line.allSatisfy({ "|-: ".contains($0) })
    else { return nil }
    let cells = cells(line)
    let isRule = cells.allSatisfy { cell in
      let dashes = cell.drop { $0 == ":" }
      return dashes.first == "-" && cell.count - dashes.count <= 1
        && dashes.drop { $0 == "-" }.count <= 1 && !dashes.contains(" ")
    }
    return isRule ? cells.map { $0.hasSuffix(":") && !$0.hasPrefix(":") } : nil
  }

  /// The cells of a line. A bar behind a `\` is a bar, in code too.
  private static func cells(_ line: String) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line {
      if character == "|", !isEscaped {
        cells.append("")
      } else {
        if character == "|" { cells[cells.count - 1].removeLast() }
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    let trimmed = cells.map(trimmed)
    let inner = trimmed.first == "" ? trimmed.dropFirst() : trimmed[...]
    return Array(inner.count > 1 && inner.last == "" ? inner.dropLast() : inner)
  }

  private static func trimmed(_ cell: String) -> String {
    String(String(cell.drop { $0 == " " }.reversed()).drop { $0 == " " }.reversed())
  }
}
