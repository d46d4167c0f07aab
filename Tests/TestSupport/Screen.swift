/// A small model of a terminal: enough of one to see what a line editor shows.
///
/// It knows CR, LF, BS, TAB, wrapping, and the CSI sequences A B C D G H J K P @ m; it ignores
/// all others. Lines that leave the screen at the top are kept in `scrolledOff`. A character
/// that takes two columns fills two cells.
public struct Screen: Sendable {
  public private(set) var columns: Int
  public private(set) var rows: Int
  public private(set) var cursorRow = 0
  public private(set) var cursorColumn = 0
  /// The lines that left at the top, oldest first.
  public private(set) var scrolledOff: [String] = []

  private var cells: [[String]]
  /// A terminal wraps not when the last column is filled but before the next character.
  private var wrapsNext = false
  private var escape: [Unicode.Scalar]?

  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
  }

  /// The rows as they are seen, without the blanks at their ends.
  public var lines: [String] { cells.map(Self.text) }

  /// Everything, scrolled off or seen, down to the last row that is not blank.
  public var text: String {
    var all = scrolledOff + lines
    while all.last == "" { all.removeLast() }
    return all.joined(separator: "\n")
  }

  /// The row that the cursor is on, without the blanks at its end.
  public var cursorLine: String { Self.text(cells[cursorRow]) }

  /// Makes the window larger or smaller without moving any text, as a plain terminal does.
  public mutating func resize(columns: Int, rows: Int) {
    let blank = Array(repeating: " ", count: columns)
    let kept = cells.prefix(rows).map { Array(($0 + blank).prefix(columns)) }
    cells = kept + Array(repeating: blank, count: rows - kept.count)
    self.columns = columns
    self.rows = rows
    move(cursorRow, cursorColumn)
  }

  /// Shows some more output.
  public mutating func feed(_ text: String) {
    for scalar in text.unicodeScalars { feed(scalar) }
  }

  private mutating func feed(_ scalar: Unicode.Scalar) {
    if escape != nil {
      continueEscape(scalar)
      return
    }
    switch scalar {
    case "\u{1b}": escape = []
    case "\r": move(cursorRow, 0)
    case "\n": lineFeed()
    case "\u{8}": move(cursorRow, cursorColumn - 1)
    case "\t": move(cursorRow, (cursorColumn / 8 + 1) * 8)
    case _ where scalar.value < 0x20 || scalar.value == 0x7f: break
    default: put(scalar)
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Self.width(scalar)
    if width == 0 {
      let column = max(0, wrapsNext ? cursorColumn : cursorColumn - 1)
      cells[cursorRow][column].unicodeScalars.append(scalar)
      return
    }
    if wrapsNext || cursorColumn + width > columns {
      cursorColumn = 0
      lineFeed()
    }
    cells[cursorRow][cursorColumn] = String(scalar)
    if width == 2 { cells[cursorRow][cursorColumn + 1] = "" }
    wrapsNext = cursorColumn + width >= columns
    cursorColumn = min(cursorColumn + width, columns - 1)
  }

  private mutating func lineFeed() {
    wrapsNext = false
    if cursorRow + 1 < rows {
      cursorRow += 1
    } else {
      scrolledOff.append(Self.text(cells.removeFirst()))
      cells.append(Array(repeating: " ", count: columns))
    }
  }

  private mutating func move(_ row: Int, _ column: Int) {
    cursorRow = min(max(row, 0), rows - 1)
    cursorColumn = min(max(column, 0), columns - 1)
    wrapsNext = false
  }

  private mutating func continueEscape(_ scalar: Unicode.Scalar) {
    let sequence = (escape ?? []) + [scalar]
    escape = sequence
    switch sequence[0] {
    case "[":
      guard sequence.count > 1, (0x40...0x7e).contains(scalar.value) else { return }
      escape = nil
      control(sequence.dropFirst().dropLast(), scalar)
    case "]":
      // A title or the like, up to BEL or ESC \.
      if scalar == "\u{7}" || sequence.suffix(2) == ["\u{1b}", "\\"] { escape = nil }
    case "(", ")":
      if sequence.count == 2 { escape = nil }
    default:
      escape = nil
    }
  }

  private mutating func control(_ digits: ArraySlice<Unicode.Scalar>, _ final: Unicode.Scalar) {
    var text = ""
    text.unicodeScalars.append(contentsOf: digits)
    if text.hasPrefix("?") { return }
    let numbers = text.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let first = numbers.first ?? 0
    let count = max(first, 1)
    switch final {
    case "A": move(cursorRow - count, cursorColumn)
    case "B": move(cursorRow + count, cursorColumn)
    case "C": move(cursorRow, cursorColumn + count)
    case "D": move(cursorRow, cursorColumn - count)
    case "G": move(cursorRow, count - 1)
    case "H": move(count - 1, max(numbers.count > 1 ? numbers[1] : 1, 1) - 1)
    case "J": eraseScreen(first)
    case "K": eraseLine(first)
    case "P":
      let removed = min(count, columns - cursorColumn)
      cells[cursorRow].removeSubrange(cursorColumn..<(cursorColumn + removed))
      cells[cursorRow] += Array(repeating: " ", count: removed)
    case "@":
      let inserted = min(count, columns - cursorColumn)
      cells[cursorRow].insert(
        contentsOf: Array(repeating: " ", count: inserted), at: cursorColumn)
      cells[cursorRow].removeLast(inserted)
    default: break
    }
  }

  private mutating func eraseLine(_ kind: Int) {
    let range =
      switch kind {
      case 0: cursorColumn..<columns
      case 1: 0..<(cursorColumn + 1)
      default: 0..<columns
      }
    for column in range { cells[cursorRow][column] = " " }
  }

  private mutating func eraseScreen(_ kind: Int) {
    eraseLine(kind)
    let others =
      switch kind {
      case 0: (cursorRow + 1)..<rows
      case 1: 0..<cursorRow
      default: 0..<rows
      }
    for row in others { cells[row] = Array(repeating: " ", count: columns) }
  }

  private static func text(_ row: [String]) -> String {
    var row = row
    while row.last == " " { row.removeLast() }
    return row.joined()
  }

  /// The columns that a scalar takes: right for the few kinds of text that the tests type.
  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
      0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f900...0x1f9ff,
      0x20000...0x3fffd:
      return 2
    default: return 1
    }
  }
}
