extension FrontMatter {
  /// Reads the lines between the two `---`; `firstLine` is the number of the first of them in the file.
  init(lines: [String], firstLine: Int) throws(TranscriptError) {
    self.init()
    var version: (text: String, line: Int)?
    var seen: Set<String> = []
    var section: String?
    for (offset, line) in lines.enumerated() {
      let number = firstLine + offset
      if line.hasPrefix("  "), !line.hasPrefix("   "), let name = section {
        let entry = try FrontMatterLine(line, line: number, indent: 2).entry()
        guard seen.insert("\(name)/\(entry.name)").inserted else {
          throw TranscriptError(
            line: number, column: 3, message: "'\(entry.name)' stands twice in '\(name)'")
        }
        if name == "machine" { machine.append(entry) } else { images.append(entry) }
        continue
      }
      let entry = try FrontMatterLine(line, line: number, indent: 0).entry()
      guard seen.insert(entry.name).inserted else {
        throw TranscriptError(line: number, message: "'\(entry.name)' stands twice")
      }
      section = nil
      if entry.name == "ringside" {
        version = (entry.value, number)
      } else if entry.name == "machine" || entry.name == "images" {
        guard entry.value.isEmpty else {
          throw TranscriptError(
            line: number, column: entry.name.utf8.count + 3,
            message: "'\(entry.name):' is followed by lines indented by two spaces, not by a value")
        }
        section = entry.name
        continue
      } else {
        try take(entry, line: number)
      }
      if entry.value.isEmpty {
        throw TranscriptError(
          line: number, column: entry.name.utf8.count + 2,
          message: "'\(entry.name):' has no value")
      }
    }
    guard let version else {
      throw TranscriptError(
        line: max(1, firstLine - 1), message: "the front matter has no 'ringside: \(Self.version)'")
    }
    guard version.text == String(Self.version) else {
      throw TranscriptError(
        line: version.line, column: 11,
        message:
          "this is a transcript of version \(version.text); version \(Self.version) can be read")
    }
  }

  /// The names that may stand at the beginning of a line.
  private static let known = [
    "ringside", "recorder", "machine", "images", "lesson", "lesson-sha256", "seed", "name", "nonce",
    "final", "seal",
  ]

  private mutating func take(_ entry: Entry, line: Int) throws(TranscriptError) {
    switch entry.name {
    case "recorder": recorder = entry.value
    case "lesson": lesson = entry.value
    case "lesson-sha256": lessonDigest = entry.value
    case "name": name = entry.value
    case "nonce": nonce = entry.value
    case "final": final = entry.value
    case "seal": seal = entry.value
    case "seed":
      guard let number = Int64(entry.value) else {
        throw TranscriptError(line: line, column: 7, message: "'seed:' is followed by a number")
      }
      seed = number
    default:
      throw TranscriptError(
        line: line,
        message: "'\(entry.name)' is not known here; \(Self.known.joined(separator: ", ")) are")
    }
  }
}

/// Reads one line of front matter.
private struct FrontMatterLine {
  private let whole: Substring
  private let number: Int
  private let indent: Int
  private var rest: Substring

  init(_ text: String, line: Int, indent: Int) {
    whole = text.dropFirst(indent)
    rest = whole
    number = line
    self.indent = indent
  }

  private func error(_ message: String) -> TranscriptError {
    let column = whole[..<rest.startIndex].utf8.count + indent + 1
    return TranscriptError(line: number, column: column, message: message)
  }

  consuming func entry() throws(TranscriptError) -> FrontMatter.Entry {
    let name = try token(until: ":")
    guard rest.first == ":", !name.isEmpty else {
      throw TranscriptError(
        line: number, column: indent + 1, message: "expected 'name: value', found '\(whole)'")
    }
    rest = rest.dropFirst().drop { $0 == " " }
    let value = try token(until: nil)
    rest = rest.drop { $0 == " " }
    guard rest.isEmpty else { throw error("'\(rest)' stands after the closing quote") }
    return FrontMatter.Entry(name, value)
  }

  /// Takes a quoted or plain word from the front of `rest`.
  private mutating func token(until end: Character?) throws(TranscriptError) -> String {
    guard rest.first == "\"" else {
      let word = rest.prefix { $0 != end }
      rest = rest[word.endIndex...]
      return String(word.reversed().drop { $0 == " " }.reversed())
    }
    var scalars = rest.unicodeScalars.dropFirst()
    var word = ""
    while let scalar = scalars.popFirst() {
      if scalar == "\"" {
        rest = Substring(scalars)
        return word
      }
      guard scalar == "\\" else {
        word.unicodeScalars.append(scalar)
        continue
      }
      let escape = Substring(scalars)
      switch scalars.popFirst() {
      case "n": word.unicodeScalars.append("\n")
      case "r": word.unicodeScalars.append("\r")
      case "\"": word.unicodeScalars.append("\"")
      case "\\": word.unicodeScalars.append("\\")
      default:
        rest = escape
        throw error(#"within quotes only \\, \", \n and \r are known after a backslash"#)
      }
    }
    throw error("the quote is not closed")
  }
}
