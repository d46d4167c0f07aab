/// One way to go on with the word before the cursor.
public struct Completion: Equatable, Sendable {
  /// The whole word, not only what is missing of it.
  public var text: String
  /// A few words on it for the list, or nothing.
  public var description: String
  /// Whether a blank follows when this is the only candidate and the cursor is at the end.
  public var addsSpace: Bool

  public init(text: String, description: String = "", addsSpace: Bool = true) {
    self.text = text
    self.description = description
    self.addsSpace = addsSpace
  }
}

/// What the text before the cursor can become.
public struct Completions: Equatable, Sendable {
  /// Where the word starts that the candidates stand for: an offset in UTF-8 bytes.
  public var replaceFrom: Int
  /// The candidates, in the order in which they are listed.
  public var candidates: [Completion]

  public init(replaceFrom: Int, candidates: [Completion]) {
    self.replaceFrom = replaceFrom
    self.candidates = candidates
  }
}

/// What the Tab key does to the line, worked out apart from the terminal.
struct CompletionStep: Equatable {
  /// How many Unicode scalars before the cursor go.
  var removed = 0
  /// What comes in their place.
  var inserted = ""
  /// The candidates to list, if more than one is left.
  var listed: [Completion] = []

  init(line: String, cursor: Int, completions: Completions) {
    let bytes = Array(line.utf8)
    let end = min(max(cursor, 0), bytes.count)
    let start = min(max(completions.replaceFrom, 0), end)
    let word = String(decoding: bytes[start..<end], as: UTF8.self)
    let candidates = completions.candidates
    guard let first = candidates.first else { return }
    var goal = first.text
    if candidates.count == 1 {
      if first.addsSpace, end == bytes.count { goal += " " }
    } else {
      goal = candidates.dropFirst().reduce(goal) { Self.commonPrefix($0, $1.text) }
      listed = candidates
      // Candidates need not begin as the word does; then what was typed is kept.
      guard goal.unicodeScalars.starts(with: word.unicodeScalars) else { return }
    }
    let same = Self.commonPrefix(word, goal).unicodeScalars.count
    removed = word.unicodeScalars.count - same
    inserted = String(String.UnicodeScalarView(goal.unicodeScalars.dropFirst(same)))
  }

  private static func commonPrefix(_ one: String, _ other: String) -> String {
    let pairs = zip(one.unicodeScalars, other.unicodeScalars).prefix { $0 == $1 }
    return String(String.UnicodeScalarView(pairs.map(\.0)))
  }
}
