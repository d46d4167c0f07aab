/// Where backticks stand, so that the end of code is found without looking at the text again and again.
struct BacktickRuns {
  /// By the place of a run's first sign, its length.
  private var lengths: [Int: Int] = [:]
  /// By length, the places of the runs, in order.
  private var places: [Int: [Int]] = [:]

  init(_ characters: [Character]) {
    var place = 0
    while place < characters.count {
      var end = place
      while end < characters.count, characters[end] == "`" { end += 1 }
      if end > place {
        lengths[place] = end - place
        places[end - place, default: []].append(place)
      }
      place = max(end, place + 1)
    }
  }

  /// A `\` before a run takes its first sign away.
  func length(at place: Int) -> Int { lengths[place] ?? (lengths[place - 1].map { $0 - 1 } ?? 1) }

  func next(ofLength length: Int, from place: Int) -> Int? {
    guard let all = places[length] else { return nil }
    var range = 0..<all.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = all[middle] < place ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound < all.count ? all[range.lowerBound] : nil
  }
}
