import Transcripts

/// When a performance goes on.
enum PlayPace: Equatable {
  case byKey
  /// After so many seconds.
  case byTime(Double)
  /// After as long as it takes to read what is shown.
  case byWords(perMinute: Double)

  /// As fast as most people read.
  static let usual = PlayPace.byWords(perMinute: 200)

  /// For people.
  var words: String {
    switch self {
    case .byKey: "your keys"
    case .byTime(let seconds): "\((seconds * 10).rounded() / 10) seconds each"
    case .byWords(let rate): "\(Int(rate.rounded())) words a minute"
    }
  }

  /// Milliseconds to wait after a text; nil: for a key.
  func wait(after text: String) -> Int? {
    switch self {
    case .byKey: nil
    case .byTime(let seconds): Int(seconds * 1000)
    case .byWords(let rate): Int(Pace(wordsPerMinute: rate).reading(text) * 1000)
    }
  }

  func scaled(by factor: Double) -> PlayPace {
    switch self {
    case .byKey: self
    case .byTime(let seconds): .byTime(min(60, max(0.2, seconds / factor)))
    case .byWords(let rate): .byWords(perMinute: min(2000, max(40, rate * factor)))
    }
  }
}
