import SourceText

/// What can be said of a lesson without playing it: its layout, its links and sources, its length.
struct LessonLint {
  /// Columns of a line of prose: it is read in an editor and on a forge.
  static let columnLimit = 80
  /// Words that one reads in a minute, of a text that is thought about.
  private static let wordsPerMinute = 200

  private let lesson: LessonDocument
  private var list: DiagnosticList

  init(_ lesson: LessonDocument) {
    self.lesson = lesson
    list = DiagnosticList(file: lesson.file, lines: lesson.lines)
  }

  mutating func problems() -> [Diagnostic] {
    var fence: LessonFence?
    for (index, line) in lesson.lines.enumerated() {
      if let open = fence {
        if open.isClosed(by: line) { fence = nil }
        if line.hasPrefix("## ") {
          list.error(
            index + 1, 1,
            "this part is inside a block, so no step reaches it; close the block first"
          )
        }
        continue
      }
      fence = LessonFence(line)
      if fence == nil {
        checkWidth(line, index + 1)
        checkLinks(line, index + 1)
      }
    }
    checkParts()
    checkSources()
    checkMinutes()
    return list.diagnostics
  }

  /// A line may be longer than the limit if it is a row of a table or a single word, such as a URL.
  private mutating func checkWidth(_ line: String, _ number: Int) {
    let width = columns(of: line)
    guard width > Self.columnLimit, !line.trimmingSpace.hasPrefix("|") else { return }
    let words = line.split(separator: " ").filter { !["-", "url:", ">"].contains($0) }
    guard words.count > 1 else { return }
    list.error(
      number, Self.columnLimit + 1, "this line has \(width) columns; break it before column 81")
  }

  /// Links are `[text](target)`: a page of the web, or a file beside the lesson.
  private mutating func checkLinks(_ line: String, _ number: Int) {
    for link in Markdown.links(in: line) {
      let target = link.target
      if target.hasPrefix("https://") || target.hasPrefix("#") { continue }
      if target.contains("://") || target.hasPrefix("mailto:") {
        list.error(number, link.column, "'\(target)' is no link for a lesson; https://… or a file")
        continue
      }
      let path = target.prefix { $0 != "#" }
      if path.isEmpty || path.hasPrefix("/") || !WholeFile.exists("\(lesson.folder)/\(path)") {
        list.error(
          number, link.column, "there is no file '\(path)' as seen from the lesson's folder")
      }
    }
  }

  /// A part holds something to read or to do.
  private mutating func checkParts() {
    for (index, step) in lesson.steps.enumerated() {
      guard case .prose(let name?, "") = step.kind else { continue }
      let rest = lesson.steps[(index + 1)...].prefix {
        if case .prose(_?, _) = $0.kind { false } else { true }
      }
      if !rest.contains(where: \.kind.isShown) {
        list.error(step.line, 1, "the part '\(name)' is empty: there is nothing to reach in it")
      }
    }
  }

  /// A source is a text that says whose work it is and which, or has a URL.
  private mutating func checkSources() {
    let line = (lesson.lines.firstIndex { $0.hasPrefix("sources:") } ?? 0) + 1
    if lesson.sources.isEmpty {
      list.error(line, 1, "a lesson names where its facts come from: 'sources:'")
    }
    for source in lesson.sources {
      if let url = source.url ?? (source.title.contains("://") ? source.title : nil) {
        if !url.hasPrefix("https://") || url.contains(" ") {
          list.error(line, 1, "the source's address '\(url)' is not one that begins with https://")
        }
      } else if source.title.split(separator: " ").count < 2 {
        list.error(
          line, 1,
          "the source '\(source.title)' can't be found by that: say who wrote what, or a url")
      }
    }
  }

  private mutating func checkMinutes() {
    var words = 0
    var tasks = 0
    for step in lesson.steps {
      words += step.kind.wordCount
      if step.kind.isQuestion { tasks += 1 }
    }
    // In halves of a minute, so that a short lesson isn't told of rounding.
    let needed = max(1, (words + Self.wordsPerMinute / 2) / Self.wordsPerMinute + tasks)
    guard needed > 2 * lesson.minutes || lesson.minutes > max(5, 2 * needed) else { return }
    let line = (lesson.lines.firstIndex { $0.hasPrefix("minutes:") } ?? 0) + 1
    list.warning(
      line,
      "\(words) words and \(tasks == 1 ? "1 task" : "\(tasks) tasks") take about \(needed == 1 ? "1 minute" : "\(needed) minutes"), not \(lesson.minutes)"
    )
  }
}

extension LessonStep.Kind {
  /// The learner sees something of it.
  fileprivate var isShown: Bool {
    switch self {
    case .prose(_, let text): !text.isEmpty
    case .run(let run): !run.isQuiet
    case .task, .quiz, .predict: true
    case .note: false
    }
  }

  /// The words that a learner reads who makes no mistake.
  fileprivate var wordCount: Int {
    func count(_ texts: [String]) -> Int {
      texts.reduce(0) { $0 + $1.split(whereSeparator: \.isWhitespace).count }
    }
    switch self {
    case .prose(let heading, let text): return count([heading ?? "", text])
    case .run, .note: return 0
    case .task(let task): return count([task.task] + task.done.map(\.text))
    case .quiz(let question), .predict(let question):
      switch question.answer {
      case .choices(let choices):
        return count([question.question] + choices.map(\.text) + choices.prefix(1).map(\.reply))
      case .value(_, let reply, _, _): return count([question.question, reply])
      }
    }
  }
}
