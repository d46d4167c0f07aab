/// What a transcript says about itself before its first word: on which machine it was made, and of what.
///
///     ---
///     ringside: 1
///     recorder: ringside 0.1
///     machine:
///       profile: strict
///       memory: 4M
///     images:
///       kernel.s: 9f86d081884c7d65…
///     lesson: 08-a-kernel-not-in-ring-0
///     lesson-sha256: 60303ae22b998861…
///     name: Ada
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

  /// The program that wrote it, such as `ringside 0.1`.
  public var recorder: String?
  /// The settings that make the machine, in order; their names are the session's business.
  public var machine: [Entry]
  /// The images that were loaded at the start: file name, and the SHA-256 of the image in hexadecimal.
  public var images: [Entry]
  /// The id of the lesson that was being done, if any.
  public var lesson: String?
  /// The SHA-256 of that lesson's file.
  public var lessonDigest: String?
  /// A number that the session had at hand as `$seed`: each learner's own task can hang on it.
  public var seed: Int64?
  /// Who made it; nil unless that was asked for.
  public var name: String?
  /// A word of the teacher's, by which a hand-in is known to be of this term.
  public var nonce: String?
  /// The state digest at the end; nil as long as the recording was not finished.
  public var final: String?
  /// The last link of the chain of seals; without it blocks could be cut off at the end unseen.
  public var seal: String?

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
    if let seal { lines.append("seal: \(Self.quoted(seal))") }
    return lines + ["---"]
  }

  /// The lines that are known from the beginning, on which the chain of seals starts.
  var sealedLines: [String] {
    var lines = ["ringside: \(Self.version)"]
    if let recorder { lines.append("recorder: \(Self.quoted(recorder))") }
    for (name, entries) in [("machine", machine), ("images", images)] where !entries.isEmpty {
      lines.append("\(name):")
      lines += entries.map { "  \(Self.quoted($0.name)): \(Self.quoted($0.value))" }
    }
    let words = [
      ("lesson", lesson), ("lesson-sha256", lessonDigest), ("seed", seed.map(String.init)),
      ("name", name), ("nonce", nonce),
    ]
    for (name, word) in words {
      if let word { lines.append("\(name): \(Self.quoted(word))") }
    }
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
