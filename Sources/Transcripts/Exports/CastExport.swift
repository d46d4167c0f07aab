import SourceText

/// How fast a session is shown.
public struct Pace: Hashable, Sendable {
  /// Seconds for a key.
  public var key = 0.045
  /// Words that are read in a minute.
  public var wordsPerMinute = 200.0

  public init(wordsPerMinute: Double = 200) { self.wordsPerMinute = wordsPerMinute }

  /// Seconds before the key that types `character`: people are slower at words' ends.
  public func pause(before character: Character) -> Double {
    switch character {
    case " ": key * 2.2
    case "a"..."z": key * (0.8 + 0.1 * Double((character.asciiValue ?? 0) % 5))
    default: key * 1.6
    }
  }

  /// Seconds to read a text.
  public func reading(_ text: String) -> Double {
    let words = text.split { $0 == " " || $0 == "\n" }.count { word in
      word.contains { $0.isLetter || $0.isNumber }
    }
    return min(12, max(0.6, Double(words) * 60 / wordsPerMinute))
  }
}

extension Performance {
  /// An asciicast: what a terminal shows and when, with a marker at each chapter.
  ///
  /// - Parameters:
  ///   - version: 3, or 2 for players that don't know it yet.
  ///   - prose: the prose as lines for a terminal.
  public func cast(
    version: Int = 3, pace: Pace = Pace(), prose: ([String]) -> StyledText
  ) -> String {
    var cast = CastWriter(version: version)
    cast.header(title: title, columns: width, rows: 30)
    for item in items {
      switch item {
      case .note: continue
      case .prose(let lines):
        for line in lines {
          if let (_, words) = Markdown.heading(line) { cast.mark(words) }
        }
        let text = prose(lines)
        guard !text.isEmpty else { continue }
        cast.show("\r\n" + Self.terminal(text) + "\r\n\r\n")
        cast.wait(pace.reading(text.plain))
      case .command(let command):
        cast.show(Self.terminal(StyledText(TranscriptCommand.prompt, .prompt)) + " ")
        cast.wait(0.4)
        for character in command.line {
          cast.wait(pace.pause(before: character))
          cast.show(String(character))
        }
        cast.wait(0.3)
        cast.show("\r\n")
        if !command.output.isEmpty { cast.show(Self.terminal(command.output) + "\r\n") }
        cast.wait(pace.reading(command.output.plain))
      }
    }
    cast.end()
    return cast.text
  }

  private static func terminal(_ text: StyledText) -> String {
    text.rendered(.ansi(.normal)).replacing("\n", with: "\r\n")
  }
}

/// Writes the lines of an asciicast: https://docs.asciinema.org/manual/asciicast/v3/
struct CastWriter {
  private(set) var text = ""
  private let version: Int
  /// In milliseconds, so that no rounding adds up.
  private var now = 0
  private var last = 0

  init(version: Int) { self.version = version }

  mutating func header(title: String, columns: Int, rows: Int) {
    let size =
      version == 3
      ? "\"term\":{\"cols\":\(columns),\"rows\":\(rows),\"type\":\"xterm-256color\"}"
      : "\"width\":\(columns),\"height\":\(rows)"
    text += "{\"version\":\(version),\(size),\"title\":\(Self.quoted(title))}\n"
  }

  mutating func wait(_ seconds: Double) { now += Int((seconds * 1000).rounded()) }

  mutating func show(_ output: String) { event("o", output) }

  mutating func mark(_ label: String) { event("m", label) }

  mutating func end() {
    if version == 3 { event("x", "0") }
  }

  private mutating func event(_ kind: String, _ data: String) {
    // Version 3 has the time since the event before, version 2 since the beginning.
    let time = version == 3 ? now - last : now
    last = now
    let digits = String(time % 1000)
    let fraction = String(repeating: "0", count: 3 - digits.count) + digits
    text += "[\(time / 1000).\(fraction),\"\(kind)\",\(Self.quoted(data))]\n"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\0"..<" ", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
