/// Lines that were typed, oldest first, each only once: at the place where it came last.
struct HistoryEntries: Equatable {
  /// How many lines are kept.
  static let limit = 1000

  private(set) var lines: [String] = []

  init(_ lines: [String] = []) { add(lines) }

  /// Whether a line is one to keep. A file of lines cannot hold a line break.
  static func isWorthKeeping(_ line: String) -> Bool {
    line.contains { !$0.isWhitespace }
      && !line.unicodeScalars.contains { $0 == "\n" || $0 == "\r" || $0 == "\0" }
  }

  /// Adds lines in the order given.
  mutating func add(_ fresh: [String]) {
    var seen: Set<String> = []
    var kept: [String] = []
    // From the newest to the oldest, so that of equal lines the newest stays.
    for line in (lines + fresh).reversed() where Self.isWorthKeeping(line) {
      if seen.insert(line).inserted { kept.append(line) }
      if kept.count == Self.limit { break }
    }
    lines = kept.reversed()
  }
}
