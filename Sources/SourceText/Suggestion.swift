/// Finds what somebody may have meant.
public enum Suggestion {
  /// The candidate nearest to `word`: at most a third of its letters wrong, two letters exchanged
  /// counting as one, and none but for case is the nearest; one more if it is made of the same letters (`brake`, `break`). Of equals the first.
  /// Nil if none is near.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    // Who types the wrong case means the name itself.
    let lower = word.lowercased()
    for candidate in candidates where candidate != word && candidate.lowercased() == lower {
      return candidate
    }
    let letters = Array(word)
    let usual = max(1, letters.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != word {
      let other = Array(candidate)
      guard abs(other.count - letters.count) <= usual else { continue }
      let limit = usual + (letters.sorted() == other.sorted() ? 1 : 0)
      let distance = distance(letters, other)
      if distance <= limit, distance < (best?.distance ?? .max), distance < letters.count {
        best = (candidate, distance)
      }
    }
    return best?.name
  }

  /// The candidates, if there are few; else those that are nearest to `word`, in their order, and how many more
  /// there are: `a.s, b.s and 7 more`.
  public static func some(of candidates: [String], near word: String = "") -> String {
    guard candidates.count > fewLimit else { return candidates.joined(separator: ", ") }
    // A word as long as a page is near to nothing, and would take long to compare.
    let letters = Array(word.prefix(longest))
    let nearest = candidates.enumerated().map { index, candidate in
      (distance: distance(letters, Array(candidate.prefix(longest))), index: index)
    }.sorted { $0 < $1 }.prefix(someCount).map(\.index).sorted()
    return nearest.map { candidates[$0] }.joined(separator: ", ")
      + " and \(candidates.count - someCount) more"
  }

  /// So many are listed.
  private static let fewLimit = 24
  /// Of more, so many.
  private static let someCount = 5
  private static let longest = 64

  /// Insertions, deletions, replacements and exchanges of neighbours that make `b` of `a`.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
