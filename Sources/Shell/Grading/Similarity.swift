/// Finds hand-ins that are alike.
enum Similarity {
  /// Below so many commands of their own two sessions are alike by chance.
  static let leastCommands = 8

  /// A command as it is compared: by its full name. What only looks says nothing of the way; then it is nil.
  static func normal(_ line: String) -> String? {
    let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard let typed = TypedLine(words) else { return nil }
    guard case .found(let command) = CommandTable.find(typed.name) else { return words }
    if command.group == .looking { return nil }
    return command.name + words.dropFirst(typed.name.count)
  }

  /// How much of both sequences is common, in their order: 100 if they are the same.
  static func percent(_ a: [Int], _ b: [Int]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return 0 }
    return 200 * commonLength(a, b) / (a.count + b.count)
  }

  /// The length of the longest common subsequence.
  private static func commonLength(_ a: [Int], _ b: [Int]) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var diagonal = 0
      for (at, y) in b.enumerated() {
        let above = row[at + 1]
        row[at + 1] = x == y ? diagonal + 1 : max(above, row[at])
        diagonal = above
      }
    }
    return row[b.count]
  }

  /// Marks hand-ins that are the same recording, or whose commands are alike to at least `limit` percent.
  static func mark(_ handIns: inout [HandIn], limit: Int) {
    let copies = markCopies(&handIns)
    var numbers: [String: Int] = [:]
    let sequences = handIns.map { handIn in
      handIn.ownCommands.prefix(2000).map { command in
        numbers[command]
          ?? {
            numbers[command] = numbers.count
            return numbers.count - 1
          }()
      }
    }
    var alike = handIns.map { _ in [(other: Int, percent: Int)]() }
    for a in handIns.indices where sequences[a].count >= leastCommands {
      for b in handIns.indices.dropFirst(a + 1) where sequences[b].count >= leastCommands {
        // Of a copy that is said already.
        if copies[a].contains(b) { continue }
        let (short, long) = (
          min(sequences[a].count, sequences[b].count), max(sequences[a].count, sequences[b].count)
        )
        // Even if all of the shorter one were in the longer.
        guard 200 * short / (short + long) >= limit else { continue }
        let percent = percent(sequences[a], sequences[b])
        guard percent >= limit else { continue }
        alike[a].append((b, percent))
        alike[b].append((a, percent))
      }
    }
    for (index, found) in alike.enumerated() {
      // Where a whole class is alike, three names say as much as all.
      for (other, percent) in found.sorted(by: { $0.percent > $1.percent }).prefix(3) {
        handIns[index].marks.append(
          .init(.similar, "its commands are those of \(handIns[other].file) to \(percent) %"))
      }
      if found.count > 3 {
        handIns[index].marks.append(.init(.similar, "and those of \(found.count - 3) more"))
      }
    }
  }

  /// Marks those that are the same recording; for each the others.
  private static func markCopies(_ handIns: inout [HandIn]) -> [Set<Int>] {
    var copies = handIns.map { _ in Set<Int>() }
    let groups = Dictionary(grouping: handIns.indices.filter { !handIns[$0].seals.isEmpty }) {
      handIns[$0].seals.last ?? ""
    }
    for group in groups.values where group.count > 1 {
      for index in group {
        let others = group.filter {
          $0 != index && isSame(handIns[index].seals, handIns[$0].seals)
        }
        guard !others.isEmpty else { continue }
        copies[index] = Set(others)
        let names = others.map { other in
          // It tells which of the two was there first.
          let isEdited = handIns[other].marks.contains { $0.kind == .edited }
          return handIns[other].file + (isEdited ? " (edited)" : "")
        }.sorted()
        let more = names.count > 3 ? " and \(names.count - 3) more" : ""
        handIns[index].marks.append(
          .init(
            .copied,
            "it is the same recording as \(names.prefix(3).joined(separator: ", "))\(more)"))
      }
    }
    return copies
  }

  /// Whether two chains are one: a link or two that somebody pasted don't make them so.
  private static func isSame(_ a: [String], _ b: [String]) -> Bool {
    2 * Set(a).intersection(b).count >= max(a.count, b.count)
  }
}
