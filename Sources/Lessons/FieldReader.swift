import SourceText
import Yams

/// Reads the fields of a YAML mapping and says, with line and column, what is not as it should be.
struct FieldReader {
  private let fields: [(key: Node, value: Node)]
  /// What the mapping is, for messages: "a try".
  let what: String
  /// The line of the file before the YAML's first.
  private let lineOffset: Int
  /// Where the mapping begins in the file.
  let line: Int
  let column: Int

  /// Reads `text`, whose first line is `firstLine` of the file; nil if it is no mapping, which is reported.
  init?(
    _ text: String, firstLine: Int, what: String, report: inout DiagnosticList
  ) {
    if let fault = YAMLBounds.fault(in: text) {
      report.error(
        firstLine + fault.line, fault.column + 1, "\(what) is not taken: \(fault.message)")
      return nil
    }
    do {
      // Scalars are text here, so that no rule need say which of them look like numbers; compiling the
      // usual ones takes longer than reading a lesson.
      guard let node = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
        report.error(firstLine, 1, "\(what) is empty")
        return nil
      }
      self.init(node, lineOffset: firstLine - 1, what: what, report: &report)
    } catch {
      Self.report(error, firstLine - 1, what, &report)
      return nil
    }
  }

  private init?(_ node: Node, lineOffset: Int, what: String, report: inout DiagnosticList) {
    self.what = what
    self.lineOffset = lineOffset
    line = (node.mark?.line ?? 1) + lineOffset
    column = node.mark?.column ?? 1
    guard case .mapping(let mapping) = node else {
      report.error(line, column, "\(what) is written as 'name: value' lines")
      return nil
    }
    fields = mapping.map { ($0.key, $0.value) }
  }

  private static func report(
    _ error: any Error, _ offset: Int, _ what: String, _ report: inout DiagnosticList
  ) {
    let advice = "a value with ': ' or ' #' in it, or a sign in front, needs quotes '…'"
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      report.error(mark.line + offset, mark.column, "\(what) is not YAML: \(problem); \(advice)")
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.map { "'\($0)'" }.joined(separator: ", ")
      report.error(context.mark.line + offset, context.mark.column, "\(names) stands twice")
    default:
      report.error(offset + 1, 1, "\(what) is not YAML; \(advice)")
    }
  }

  /// Reports every field that is not in `known`.
  func allowOnly(_ known: [String], report: inout DiagnosticList) {
    for (key, _) in fields {
      let name = key.string ?? "?"
      guard !known.contains(name) else { continue }
      let (line, column) = place(key)
      let guess = Suggestion.nearest(to: name, among: known)
      report.error(
        line, column, "\(what) has no '\(name)'",
        suggestion: guess.map { "did you mean '\($0)'?" }
          ?? "it has \(known.joined(separator: ", "))")
    }
  }

  func has(_ name: String) -> Bool { node(name) != nil }

  /// The text of a field; nil and reported if it is needed and missing, empty, or no text.
  func text(
    _ name: String, needed: Bool = true, report: inout DiagnosticList
  ) -> LocatedText? {
    guard let node = node(name) else {
      if needed { report.error(line, column, "\(what) needs '\(name):'") }
      return nil
    }
    return text(node, name, report: &report)
  }

  /// The texts of a field that is one text or a list of them; empty if it isn't there.
  func texts(_ name: String, report: inout DiagnosticList) -> [LocatedText] {
    items(name).compactMap { text($0, name, report: &report) }
  }

  /// A field's text for the learner, its comments taken out; what they claim is added to `claims`.
  func prose(
    _ name: String, needed: Bool = true, claims: inout [LessonClaim],
    report: inout DiagnosticList
  ) -> String? {
    text(name, needed: needed, report: &report).map {
      Self.withoutComments($0, claims: &claims, report: &report)
    }
  }

  /// The same of a field that is one text or a list of them.
  func proses(
    _ name: String, claims: inout [LessonClaim], report: inout DiagnosticList
  ) -> [String] {
    var all: [String] = []
    for text in texts(name, report: &report) {
      all.append(Self.withoutComments(text, claims: &claims, report: &report))
    }
    return all
  }

  /// The text for the learner, its comments taken out; what they claim is added to `claims`.
  static func withoutComments(
    _ text: LocatedText, claims: inout [LessonClaim], report: inout DiagnosticList
  ) -> String {
    let scanner = ClaimScanner(
      text.text, line: text.line, column: text.column, isExact: false, report: &report)
    claims += scanner.claims
    return scanner.text
  }

  /// The lists of texts in a field that is a list of lists.
  func lists(_ name: String, report: inout DiagnosticList) -> [[LocatedText]] {
    guard has(name) else { return [] }
    guard case .sequence(let outer)? = node(name), !outer.isEmpty else {
      let (line, column) = place(of: name)
      report.error(line, column, "'\(name):' is a list of lists: '- [one, two]' on each line")
      return []
    }
    return outer.compactMap { node in
      guard case .sequence(let inner) = node, !inner.isEmpty else {
        let (line, column) = place(node)
        report.error(line, column, "each of '\(name):' is a list of commands: '- [one, two]'")
        return nil
      }
      return inner.compactMap { text($0, name, report: &report) }
    }
  }

  /// The mappings of a field that is a list of them; empty if it isn't there.
  func readers(_ name: String, what: String, report: inout DiagnosticList) -> [FieldReader] {
    items(name).compactMap {
      FieldReader($0, lineOffset: lineOffset, what: what, report: &report)
    }
  }

  /// The items of a field, each a plain text or a mapping.
  func textsOrReaders(
    _ name: String, what: String, report: inout DiagnosticList
  ) -> [(text: LocatedText?, reader: FieldReader?)] {
    items(name).map { node in
      if case .mapping = node {
        (nil, FieldReader(node, lineOffset: lineOffset, what: what, report: &report))
      } else {
        (text(node, name, report: &report), nil)
      }
    }
  }

  /// The mapping in a field; nil if the field is not there.
  func reader(_ name: String, what: String, report: inout DiagnosticList) -> FieldReader? {
    node(name).flatMap {
      FieldReader($0, lineOffset: lineOffset, what: what, report: &report)
    }
  }

  /// Where a field begins, or the whole mapping if it isn't there.
  func place(of name: String) -> (line: Int, column: Int) {
    node(name).map(place) ?? (line, column)
  }

  private func node(_ name: String) -> Node? {
    fields.first { $0.key.string == name }?.value
  }

  private func items(_ name: String) -> [Node] {
    guard let node = node(name) else { return [] }
    guard case .sequence(let sequence) = node else { return [node] }
    return Array(sequence)
  }

  private func place(_ node: Node) -> (line: Int, column: Int) {
    ((node.mark?.line ?? 1) + lineOffset, node.mark?.column ?? 1)
  }

  private func text(
    _ node: Node, _ name: String, report: inout DiagnosticList
  ) -> LocatedText? {
    let (line, column) = place(node)
    guard case .scalar(let scalar) = node else {
      report.error(
        line, column, "'\(name):' is one text; put it in quotes if it has ': ' or a sign in front")
      return nil
    }
    let text = scalar.string.trimmingSpace
    guard !text.isEmpty else {
      report.error(line, column, "'\(name):' is empty")
      return nil
    }
    return LocatedText(text, line: line, column: column)
  }
}

extension StringProtocol {
  /// Without white space at both ends.
  var trimmingSpace: String {
    let start = drop { $0.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
