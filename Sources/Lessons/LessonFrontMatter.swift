import SourceText

/// The part of a lesson before its first word, in YAML:
///
///     id: 08-a-kernel-not-in-ring-0
///     title: A kernel that is not in ring 0
///     minutes: 20
///     needs: [02-a-page-has-a-ring]
///     machine:
///       profile: strict
///       memory: 4M
///     programs: [kernel.s]
///     sources:
///       - title: Popek and Goldberg, 1974
///         url: https://doi.org/10.1145/361011.361073
///     without:
///       - command: back
///         because: A learner who can't go back thinks first.
///     claims: [15, 16, 28]
extension LessonDocument {
  static let frontMatterFields = [
    "id", "title", "minutes", "needs", "machine", "programs", "sources", "without", "claims",
  ]

  /// Reads the front matter; what is wrong is reported and left at its default.
  init(frontMatter reader: FieldReader, file: String, report: inout DiagnosticList) {
    reader.allowOnly(Self.frontMatterFields, report: &report)
    self.init(
      file: file, id: "", title: "", minutes: 0, needs: [], machine: Machine(), programs: [],
      sources: [], without: [], claims: [], steps: [])

    if let id = reader.text("id", report: &report) {
      self.id = id.text
      if !Self.isWellFormed(id: id.text) {
        report.error(
          id.line, id.column,
          "'\(id.text)' is no id; an id is a number, a dash and words with dashes: 08-two-words")
      }
    }
    title = reader.text("title", report: &report)?.text ?? ""
    if let minutes = reader.text("minutes", report: &report) {
      self.minutes = Int(minutes.text) ?? 0
      if !(1...180).contains(self.minutes) {
        report.error(
          minutes.line, minutes.column, "minutes is a number from 1 to 180, not '\(minutes.text)'")
      }
    }
    needs = reader.texts("needs", report: &report).map(\.text)
    programs = reader.texts("programs", report: &report).map(\.text)
    sources = Self.sources(reader, &report)
    without = Self.without(reader, &report)
    claims = reader.texts("claims", report: &report).compactMap { text in
      if let row = Int(text.text), ArticleClaim.all.contains(where: { $0.number == row }) {
        return row
      }
      report.error(
        text.line, text.column,
        "claims are numbers from 1 to \(ArticleClaim.all.count), and '\(text.text)' is none")
      return nil
    }
    if let fields = reader.reader("machine", what: "machine", report: &report) {
      machine = Self.machine(fields, &report)
    }
  }

  static func isWellFormed(id: String) -> Bool {
    let number = id.utf8.prefix { $0 != UInt8(ascii: "-") }
    let name = id.utf8.dropFirst(number.count + 1)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return !number.isEmpty && number.allSatisfy(digits.contains) && !name.isEmpty
      && name.allSatisfy {
        digits.contains($0) || $0 == UInt8(ascii: "-")
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
      }
  }

  private static func machine(_ reader: FieldReader, _ report: inout DiagnosticList) -> Machine {
    var machine = Machine()
    reader.allowOnly(["profile", "memory"], report: &report)
    if let profile = reader.text("profile", needed: false, report: &report) {
      if ["strict", "classic"].contains(profile.text) {
        machine.profile = profile.text
      } else {
        report.error(
          profile.line, profile.column, "profile is strict or classic, not '\(profile.text)'")
      }
    }
    if let memory = reader.text("memory", needed: false, report: &report) {
      if let bytes = Self.bytes(memory.text), (1 << 20...1 << 30).contains(bytes) {
        machine.memory = bytes
      } else {
        report.error(
          memory.line, memory.column, "memory is 1M to 1024M, not '\(memory.text)'")
      }
    }
    return machine
  }

  /// "4M", "4096K" or "1G" in bytes.
  private static func bytes(_ text: String) -> UInt64? {
    let shift: UInt64
    switch text.last {
    case "K": shift = 10
    case "M": shift = 20
    case "G": shift = 30
    default: return nil
    }
    guard let count = UInt64(text.dropLast()), count < 1 << 24 else { return nil }
    return count << shift
  }

  private static func without(
    _ reader: FieldReader, _ report: inout DiagnosticList
  ) -> [SwitchedOff] {
    reader.textsOrReaders("without", what: "a command left out", report: &report).compactMap {
      item in
      if let command = item.text { return SwitchedOff(command: command, reason: nil) }
      guard let fields = item.reader else { return nil }
      fields.allowOnly(["command", "because"], report: &report)
      guard let command = fields.text("command", report: &report) else { return nil }
      return SwitchedOff(
        command: command,
        reason: fields.text("because", needed: false, report: &report)?.text)
    }
  }

  private static func sources(
    _ reader: FieldReader, _ report: inout DiagnosticList
  ) -> [Source] {
    reader.textsOrReaders("sources", what: "a source", report: &report).compactMap { item in
      if let text = item.text { return Source(title: text.text, url: nil) }
      guard let fields = item.reader else { return nil }
      fields.allowOnly(["title", "url"], report: &report)
      guard let title = fields.text("title", report: &report) else { return nil }
      return Source(
        title: title.text, url: fields.text("url", needed: false, report: &report)?.text)
    }
  }
}
