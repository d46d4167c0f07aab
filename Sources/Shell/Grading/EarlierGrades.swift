/// What a table said that was written before, to be compared with now: a goal may have been changed since.
struct EarlierGrades {
  private var cells: [String: [String: String]] = [:]

  /// - Parameter text: what `--format csv` wrote.
  init?(_ text: String) {
    let rows = Self.rows(text)
    guard let head = rows.first, head.first == "hand-in" else { return nil }
    for row in rows.dropFirst() where row.count == head.count {
      cells[row[0]] = Dictionary(zip(head, row)) { first, _ in first }
    }
  }

  /// Each goal of each hand-in that was reached and is not, or the other way round, and hand-ins that came or went.
  func changes(to handIns: [HandIn]) -> [String] {
    var changes: [String] = []
    for handIn in handIns {
      guard let before = cells[handIn.file] else {
        changes.append("\(handIn.file) is new")
        continue
      }
      for goal in handIn.goals {
        let now = goal.reachedAt == nil ? "no" : "yes"
        guard let then = before[goal.id] else {
          changes.append("\(handIn.file): goal \(goal.id) is new: \(now)")
          continue
        }
        if then != now { changes.append("\(handIn.file): goal \(goal.id) was \(then), is \(now)") }
      }
    }
    let files = Set(handIns.map(\.file))
    return changes + cells.keys.filter { !files.contains($0) }.sorted().map { "\($0) is gone" }
  }

  static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var scalars = Array(text.unicodeScalars)[...]
    func end() {
      // The sign that keeps a spreadsheet from taking it for a formula.
      row.append(field.hasPrefix("'") ? String(field.dropFirst()) : field)
      field = ""
    }
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\"" where isQuoted && scalars.first == "\"":
        field.unicodeScalars.append(scalar)
        scalars = scalars.dropFirst()
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: end()
      case "\n" where !isQuoted:
        end()
        rows.append(row)
        row = []
      case "\r" where !isQuoted: continue
      default: field.unicodeScalars.append(scalar)
      }
    }
    if !field.isEmpty || !row.isEmpty {
      end()
      rows.append(row)
    }
    return rows
  }
}
