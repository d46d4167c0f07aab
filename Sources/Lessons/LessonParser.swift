import SourceText

extension LessonDocument {
  /// Reads the text of a `lesson.md`.
  ///
  /// - Parameter file: its name, for messages.
  /// - Returns: the lesson, or nil if there are errors, and everything that is wrong, in order of lines.
  public static func parse(
    _ text: String, file: String
  ) -> (lesson: LessonDocument?, diagnostics: [Diagnostic]) {
    var parser = LessonParser(text, file: file)
    return parser.parse()
  }
}

/// Splits a lesson into front matter, prose and blocks.
struct LessonParser {
  /// Fences that are blocks of the lesson.
  private static let blockNames = ["run", "output", "setup", "try", "quiz", "predict", "note"]
  /// Fences that are shown as they are.
  private static let proseFences = ["text", "asm", "c", "sh", "console"]
  /// More words than this don't fit on a screen of 24 lines together with a task.
  private static let wordLimit = 120

  private let lines: [String]
  private var report: DiagnosticList
  private var next = 0
  private var steps: [LessonStep] = []
  private var partNames: Set<String> = []

  private var heading: String?
  private var prose: [String] = []
  private var proseLine = 0
  /// Where the text of `prose` begins.
  private var textLine = 0
  /// No block and no text has come since a part began.
  private var isAtBeginning = true

  init(_ text: String, file: String) {
    let normal = text.replacingCRLF
    lines = normal.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    report = DiagnosticList(file: file, lines: lines)
  }

  mutating func parse() -> (LessonDocument?, [Diagnostic]) {
    var lesson = parseFrontMatter()
    while next < lines.count { parseLine(title: lesson?.title ?? "") }
    flushProse()
    if steps.isEmpty, !report.hasErrors {
      report.error(max(1, lines.count), 1, "the lesson has no text")
    }
    lesson?.steps = steps
    lesson?.lines = lines
    let sorted = report.diagnostics.enumerated().sorted {
      ($0.element.line, $0.element.column, $0.offset) < (
        $1.element.line, $1.element.column, $1.offset
      )
    }
    return (report.hasErrors ? nil : lesson, sorted.map(\.element))
  }

  private mutating func parseFrontMatter() -> LessonDocument? {
    guard lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") else {
      report.error(1, 1, "a lesson begins with front matter: YAML between two lines '---'")
      return nil
    }
    next = end + 1
    let text = lines[1..<end].joined(separator: "\n") + "\n"
    guard
      let reader = FieldReader(text, firstLine: 2, what: "the front matter", report: &report)
    else { return nil }
    return LessonDocument(frontMatter: reader, file: report.file, report: &report)
  }

  private mutating func parseLine(title: String) {
    let line = lines[next]
    let number = next + 1
    if let fence = LessonFence(line) {
      parseFence(fence)
      return
    }
    next += 1
    if line.hasPrefix("## ") {
      flushProse()
      let name = line.dropFirst(3).trimmingSpace
      if !partNames.insert(name).inserted {
        report.error(number, 4, "there are two parts '\(name)'; `lesson contents` needs two names")
      }
      heading = name
      proseLine = number
      isAtBeginning = true
    } else if line.hasPrefix("# ") {
      let written = line.dropFirst(2).trimmingSpace
      if !steps.isEmpty || heading != nil || !prose.isEmpty {
        report.error(number, 1, "'# ' is the title and stands first; a part begins with '## '")
      } else if written != title, !title.isEmpty {
        report.error(number, 3, "the title in the front matter is '\(title)'")
      }
    } else if line.trimmingSpace == "---", number == 1 || lines[number - 2].trimmingSpace.isEmpty {
      flushProse()
    } else {
      addProse(line, number)
    }
  }

  private mutating func addProse(_ line: String, _ number: Int) {
    if prose.isEmpty {
      if line.trimmingSpace.isEmpty { return }
      if heading == nil { proseLine = number }
      textLine = number
      isAtBeginning = false
    }
    prose.append(line)
  }

  private mutating func flushProse() {
    while prose.last?.trimmingSpace.isEmpty == true { prose.removeLast() }
    guard heading != nil || !prose.isEmpty else { return }
    let source = prose.joined(separator: "\n")
    let scanned = ClaimScanner(source, line: textLine, report: &report)
    let words = scanned.text.split { $0 == " " || $0 == "\n" }.count
    if words > Self.wordLimit {
      report.warning(
        proseLine,
        "\(words) words on one screen; split what is over \(Self.wordLimit) with a line '---'")
    }
    defer {
      heading = nil
      prose = []
    }
    // A comment alone is nothing to read.
    guard heading != nil || !scanned.text.trimmingSpace.isEmpty else { return }
    add(
      .prose(heading: heading, text: scanned.text.withoutEmptyEnds), proseLine,
      of: (heading ?? "") + "\n" + source, claims: StepClaims(before: scanned.claims))
  }

  private mutating func add(
    _ kind: LessonStep.Kind, _ line: Int, of source: String, claims: StepClaims = StepClaims()
  ) {
    steps.append(
      LessonStep(line: line, kind: kind, fingerprint: Fingerprint.of(source), claims: claims))
  }

  private mutating func parseFence(_ fence: LessonFence) {
    let start = next
    let close = lines[(start + 1)...].firstIndex { fence.isClosed(by: $0) }
    guard let close else {
      report.error(start + 1, 1, "this block is never closed; close it with \(fence.closing)")
      next = lines.count
      return
    }
    next = close + 1
    if fence.name.isEmpty || Self.proseFences.contains(fence.name) {
      for index in start...close { addProse(lines[index], index + 1) }
      return
    }
    guard Self.blockNames.contains(fence.name) else {
      let known = Self.blockNames + Self.proseFences
      let guess = Suggestion.nearest(to: fence.name, among: known)
      report.error(
        start + 1, 1, "'\(fence.name)' is no kind of block",
        suggestion: guess.map { "did you mean '\($0)'?" } ?? "\(known.joined(separator: ", ")) are")
      return
    }
    let block = RawBlock(
      name: fence.name, options: fence.options, lines: Array(lines[(start + 1)..<close]),
      line: start + 1)
    let hadProse = !prose.isEmpty || heading != nil
    flushProse()
    if block.name == "output" {
      addOutput(block, directly: !hadProse)
    } else {
      addBlock(block)
    }
  }

  private mutating func addOutput(_ block: RawBlock, directly: Bool) {
    guard directly, let last = steps.last, case .run(var run) = last.kind, run.expected == nil,
      !run.isSetup
    else {
      report.error(block.line, 1, "an output block stands directly after its run block")
      return
    }
    run.expected = OutputPattern(lines: block.lines)
    run.expectedLine = block.line + 1
    steps[steps.count - 1].kind = .run(run)
  }

  private mutating func addBlock(_ block: RawBlock) {
    if block.name != "run", !block.options.isEmpty {
      report.error(
        block.line, 1, "nothing stands after '\(block.name)', but here is '\(block.options[0])'")
    }
    if block.name == "setup", !isAtBeginning {
      report.error(block.line, 1, "a setup stands at the beginning of a part, before its text")
    }
    isAtBeginning = false
    var claims = StepClaims()
    if let kind = kind(of: block, &claims) {
      add(kind, block.line, of: block.name + "\n" + block.text, claims: claims)
    }
  }

  private mutating func kind(
    of block: RawBlock, _ claims: inout StepClaims
  ) -> LessonStep.Kind? {
    switch block.name {
    case "run", "setup": return LessonRun(block, report: &report).map { .run($0) }
    case "note": return .note(block.lines.joined(separator: "\n").trimmingSpace)
    default: break
    }
    guard
      let reader = FieldReader(
        block.text, firstLine: block.line + 1, what: "a \(block.name)", report: &report)
    else { return nil }
    switch block.name {
    case "try": return LessonTask(reader, claims: &claims, report: &report).map { .task($0) }
    case "predict":
      return LessonQuestion(reader, isPrediction: true, claims: &claims, report: &report)
        .map { .predict($0) }
    default:
      return LessonQuestion(reader, isPrediction: false, claims: &claims, report: &report)
        .map { .quiz($0) }
    }
  }
}

extension String {
  /// Without empty lines at both ends.
  fileprivate var withoutEmptyEnds: String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false)[...]
    while lines.first?.trimmingSpace.isEmpty == true { lines.removeFirst() }
    while lines.last?.trimmingSpace.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  /// With every CR LF turned into LF.
  fileprivate var replacingCRLF: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count)
    for byte in utf8 {
      if byte == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
