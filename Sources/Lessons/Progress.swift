/// How far a learner is, lesson by lesson.
///
/// The file is plain text, with lines for each lesson begun, and may be read and edited by a person:
///
///     ringside progress 1
///     02-four-rings done
///     08-a-kernel-not-in-ring-0 at 12 9a8b7c6d5e4f3021
///     08-a-kernel-not-in-ring-0 text 0123456789abcdef
///     08-a-kernel-not-in-ring-0 part Two interrupt flags
///     08-a-kernel-not-in-ring-0 result 1122334455667788 done 1 0
///     08-a-kernel-not-in-ring-0 road 1122334455667788 until ask
///     08-a-kernel-not-in-ring-0 road 1122334455667788 step
///     current 08-a-kernel-not-in-ring-0
///
/// A lesson that was done and is gone through again has both, `done` and its place. A place is the number of the step, from 0, and the step's fingerprint, so that it is found again in a
/// lesson that was changed meanwhile; `text` is the fingerprint of the whole lesson. A result is what came of
/// a task or question, the hints and the wrong answers; a road the commands by which a task was done. Lines
/// that make no sense are left out and counted.
public struct Progress: Hashable, Sendable {
  public enum State: Hashable, Sendable {
    case done
    /// All steps before `step` are done.
    case at(step: Int, fingerprint: String)
  }

  /// A step, from 0, and its fingerprint.
  struct Place: Hashable, Sendable {
    var step: Int
    var fingerprint: String
  }

  /// What is known of one lesson.
  struct Entry: Hashable, Sendable {
    /// It was gone through to its end once.
    var isDone = false
    /// Where to go on; all steps before it are done.
    var place: Place?
    /// The lesson's fingerprint.
    var text: String?
    /// The part in which the place is.
    var part: String?
    /// By the keys of the steps.
    var results: [String: StepResult] = [:]
    var roads: [String: [String]] = [:]
  }

  /// The id of the lesson that was open last.
  public var current: String?
  /// How many lines of the file made no sense.
  public private(set) var damagedLineCount = 0
  var entries: [String: Entry] = [:]

  static let header = "ringside progress 1"

  public init() {}

  /// Reads the text of the file; whatever it holds, the result is usable.
  public init(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingSpace }
      .filter { !$0.isEmpty }
    if let first = lines.first, first != Self.header { damagedLineCount += 1 }
    for line in lines.dropFirst() where line != Self.header && !read(line) {
      damagedLineCount += 1
    }
  }

  /// Reads a line; false if it makes no sense.
  private mutating func read(_ line: String) -> Bool {
    let words = line.split(separator: " ", maxSplits: 3).map(String.init)
    guard words.count > 1 else { return false }
    let (first, second) = (words[0], words[1])
    if words.count == 2, first == "current", LessonDocument.isWellFormed(id: second) {
      current = second
      return true
    }
    guard LessonDocument.isWellFormed(id: first) else { return false }
    var entry = entries[first] ?? Entry()
    switch (second, words.count) {
    case ("done", 2): entry.isDone = true
    case ("at", 4):
      guard let step = Int(words[2]), step >= 0, !words[3].contains(" ") else { return false }
      entry.place = Place(step: step, fingerprint: words[3])
    case ("text", 3): entry.text = words[2]
    case ("part", 3...): entry.part = words[2...].joined(separator: " ")
    case ("result", 4):
      guard let result = StepResult(words[3]) else { return false }
      entry.results[words[2]] = result
    case ("road", 4): entry.roads[words[2], default: []].append(words[3])
    default: return false
    }
    entries[first] = entry
    return true
  }

  /// How far the lesson `id` is; nil if it was not begun. One that was done stays so, wherever one is in it.
  public subscript(id: String) -> State? {
    guard let entry = entries[id] else { return nil }
    if entry.isDone { return .done }
    return entry.place.map { .at(step: $0.step, fingerprint: $0.fingerprint) }
  }

  /// Forgets all about the lesson `id`.
  mutating func forget(_ id: String) { entries[id] = nil }

  /// Somebody is on the way through the lesson `id`, be it for the first time or again.
  public func isUnderWay(_ id: String) -> Bool { (entries[id]?.place?.step ?? 0) > 0 }

  /// The part in which the place in the lesson `id` is.
  public func part(in id: String) -> String? { entries[id]?.part }

  /// The text of the file.
  public var text: String {
    var lines = [Self.header]
    for (id, entry) in entries.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      if entry.isDone { lines.append("\(id) done") }
      if let place = entry.place { lines.append("\(id) at \(place.step) \(place.fingerprint)") }
      if let text = entry.text { lines.append("\(id) text \(text)") }
      if let part = entry.part { lines.append("\(id) part \(part)") }
      for (key, result) in entry.results.sorted(by: { $0.key < $1.key }) {
        lines.append("\(id) result \(key) \(result.line)")
      }
      for (key, road) in entry.roads.sorted(by: { $0.key < $1.key }) {
        lines += road.map { "\(id) road \(key) \($0)" }
      }
    }
    if let current { lines.append("current \(current)") }
    return lines.joined(separator: "\n") + "\n"
  }

  public static func == (a: Progress, b: Progress) -> Bool { a.text == b.text }
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension StepResult {
  /// Reads "done 1 0": the outcome, hints, wrong answers.
  fileprivate init?(_ line: String) {
    let words = line.split(separator: " ")
    guard words.count == 3, let outcome = Outcome(rawValue: String(words[0])),
      let hints = Int(words[1]), let wrong = Int(words[2]), hints >= 0, wrong >= 0
    else { return nil }
    self.init(outcome, hints: hints, wrong: wrong)
  }

  fileprivate var line: String { "\(outcome.rawValue) \(hints) \(wrong)" }
}
