/// What a transcript says about itself before its first word: on which machine it was made, and of what.
///
///     ---
///     ringside: 1
///     machine:
///       profile: strict
///       memory: 4M
///     images:
///       kernel.s: 9f86d081884c7d65…
///     lesson: 08-a-kernel-not-in-ring-0
///     final: 2c26b46b68ffc68f…
///     ---
///
/// It is valid YAML, so that a forge shows it as a table, but of YAML only this much is used: `key: value`
/// lines, and below `machine:` and `images:` further ones indented by two spaces. Reading just that by
/// hand keeps the format small enough to be written and checked byte by byte.
public struct FrontMatter: Hashable, Sendable {
  /// One setting of the machine, or one image.
  public struct Entry: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The version of the format; this code reads and writes 1.
  public static let version = 1

  /// The settings that make the machine, in order; their names are the session's business.
  public var machine: [Entry]
  /// The images that were loaded at the start: file name, and the SHA-256 of the image in hexadecimal.
  public var images: [Entry]
  /// The id of the lesson that was being done, if any.
  public var lesson: String?
  /// The state digest at the end; nil as long as the recording was not finished.
  public var final: String?

  public init(
    machine: [Entry] = [], images: [Entry] = [], lesson: String? = nil, final: String? = nil
  ) {
    self.machine = machine
    self.images = images
    self.lesson = lesson
    self.final = final
  }

  /// The lines, from `---` to `---`.
  public var lines: [String] {
    var lines = ["---"] + sealedLines
    if let final { lines.append("final: \(Self.quoted(final))") }
    return lines + ["---"]
  }

  /// The lines that are known from the beginning, on which the chain of seals starts.
  var sealedLines: [String] {
    var lines = ["ringside: \(Self.version)"]
    for (name, entries) in [("machine", machine), ("images", images)] where !entries.isEmpty {
      lines.append("\(name):")
      lines += entries.map { "  \(Self.quoted($0.name)): \(Self.quoted($0.value))" }
    }
    if let lesson { lines.append("lesson: \(Self.quoted(lesson))") }
    return lines
  }

  /// `text` as it is if every YAML reader takes it for a plain word, otherwise in double quotes.
  private static func quoted(_ text: String) -> String {
    let marks = Array("._/+-".utf8)
    let plain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: marks.contains(byte)
      }
    }
    if plain, let first = text.utf8.first, !marks.contains(first) { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension FrontMatter {
  /// Reads the lines between the two `---`; `firstLine` is the number of the first of them in the file.
  init(lines: [String], firstLine: Int) throws(TranscriptError) {
    self.init()
    var version: String?
    var seen: Set<String> = []
    var section: String?
    for (offset, line) in lines.enumerated() {
      let number = firstLine + offset
      if line.hasPrefix("  "), !line.hasPrefix("   "), let name = section {
        let entry = try Self.entry(line.dropFirst(2), number)
        guard seen.insert("\(name)/\(entry.name)").inserted else {
          throw TranscriptError(line: number, message: "'\(entry.name)' stands twice in '\(name)'")
        }
        if name == "machine" { machine.append(entry) } else { images.append(entry) }
        continue
      }
      let entry = try Self.entry(line[...], number)
      guard seen.insert(entry.name).inserted else {
        throw TranscriptError(line: number, message: "'\(entry.name)' stands twice")
      }
      section = nil
      switch entry.name {
      case "machine", "images":
        guard entry.value.isEmpty else {
          throw TranscriptError(
            line: number,
            message: "'\(entry.name):' is followed by lines indented by two spaces, not by a value")
        }
        section = entry.name
        continue
      case "ringside": version = entry.value
      case "lesson": lesson = entry.value
      case "final": final = entry.value
      default:
        throw TranscriptError(
          line: number,
          message: "'\(entry.name)' is not known here; ringside, machine, images, lesson, final are"
        )
      }
      if entry.value.isEmpty {
        throw TranscriptError(line: number, message: "'\(entry.name):' has no value")
      }
    }
    guard let version else {
      throw TranscriptError(
        line: max(1, firstLine - 1), message: "the front matter has no 'ringside: \(Self.version)'")
    }
    guard version == String(Self.version) else {
      let at = firstLine + (lines.firstIndex { $0.hasPrefix("ringside") } ?? 0)
      throw TranscriptError(
        line: at,
        message: "this is a transcript of version \(version); version \(Self.version) can be read")
    }
  }

  private static func entry(_ line: Substring, _ number: Int) throws(TranscriptError) -> Entry {
    var rest = line
    let name = try token(&rest, until: ":", number)
    guard rest.first == ":", !name.isEmpty else {
      throw TranscriptError(line: number, message: "expected 'name: value', found '\(line)'")
    }
    rest = rest.dropFirst().drop { $0 == " " }
    let value = try token(&rest, until: nil, number)
    rest = rest.drop { $0 == " " }
    guard rest.isEmpty else {
      throw TranscriptError(line: number, message: "'\(rest)' stands after the closing quote")
    }
    return Entry(name, value)
  }

  /// Takes a quoted or plain word from the front of `rest`.
  private static func token(
    _ rest: inout Substring, until end: Character?, _ number: Int
  ) throws(TranscriptError) -> String {
    guard rest.first == "\"" else {
      let word = rest.prefix { $0 != end }
      rest = rest[word.endIndex...]
      let trimmed = word.reversed().drop { $0 == " " }.reversed()
      return String(trimmed)
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
      switch scalars.popFirst() {
      case "n": word.unicodeScalars.append("\n")
      case "r": word.unicodeScalars.append("\r")
      case "\"": word.unicodeScalars.append("\"")
      case "\\": word.unicodeScalars.append("\\")
      default:
        throw TranscriptError(
          line: number,
          message: #"within quotes only \\, \", \n and \r are known after a backslash"#)
      }
    }
    throw TranscriptError(line: number, message: "the quote is not closed")
  }
}
