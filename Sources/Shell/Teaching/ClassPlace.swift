import Lessons
import SourceText

/// Where a class is in its lesson: what the first terminal writes down and the presenter's second one reads.
///
/// A file of two lines; the numbers are those of the steps that are on the screen, from 0, the second one not
/// among them:
///
///     ringside class 1
///     08-a-kernel-not-in-ring-0 5 7
struct ClassPlace: Equatable {
  var lesson: String
  var screen: Range<Int>

  private static let header = "ringside class 1"

  init(lesson: String, screen: Range<Int>) {
    self.lesson = lesson
    self.screen = screen
  }

  /// Reads the file's text; nil if it is none.
  init?(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.count == 2, lines[0] == Self.header else { return nil }
    let words = lines[1].split(separator: " ").map(String.init)
    guard words.count == 3, let start = Int(words[1]), let end = Int(words[2]), start >= 0,
      start <= end
    else { return nil }
    (lesson, screen) = (words[0], start..<end)
  }

  var text: String { "\(Self.header)\n\(lesson) \(screen.lowerBound) \(screen.upperBound)\n" }

  /// The place in the file; nil if no class is being held.
  static func read(_ path: String) -> ClassPlace? {
    guard let bytes = try? WholeFile.read(path, as: .place) else { return nil }
    return ClassPlace(String(decoding: bytes, as: UTF8.self))
  }
}

/// What the presenter alone sees of a lesson.
struct PresenterNotes {
  let lesson: LessonDocument
  let answers: LessonAnswers

  /// The notes and answers of the steps that are on the screen.
  func text(at screen: Range<Int>, width: Int) -> StyledText {
    var lines = title(width).lines
    let part = lesson.parts.lastIndex { $0.step <= screen.lowerBound }
    if let part {
      lines += heading(
        "Part \(part + 1) of \(lesson.parts.count): \(lesson.parts[part].name)", width)
    }
    let body = steps(screen, width)
    lines += body.isEmpty ? [StyledText(), StyledText("(no note for this screen)", .dim)] : body
    return StyledText(lines: lines)
  }

  /// All of them, part by part.
  func all(width: Int) -> StyledText {
    var lines = title(width).lines
    let starts = lesson.parts.map(\.step) + [lesson.steps.count]
    lines += steps(0..<(starts.first ?? 0), width)
    for (index, part) in lesson.parts.enumerated() {
      let body = steps(part.step..<starts[index + 1], width)
      if !body.isEmpty { lines += heading("\(index + 1). \(part.name)", width) + body }
    }
    if lines.count == 1 { lines.append(StyledText("(it has no notes)", .dim)) }
    return StyledText(lines: lines)
  }

  private func title(_ width: Int) -> StyledText {
    StyledText("Notes: lesson \(Int(lesson.number) ?? 0), \(lesson.title)", .heading)
      .wrapped(to: width)
  }

  private func heading(_ text: String, _ width: Int) -> [StyledText] {
    [StyledText()] + StyledText(text, .strong).wrapped(to: width).lines
  }

  private func steps(_ range: Range<Int>, _ width: Int) -> [StyledText] {
    range.clamped(to: lesson.steps.indices).flatMap { index -> [StyledText] in
      let text = self.text(of: lesson.steps[index].kind, answer: answers.texts[index])
      return text.isEmpty ? [] : [StyledText()] + Markdown.text(text, width: width).lines
    }
  }

  private func text(of kind: LessonStep.Kind, answer: String?) -> String {
    switch kind {
    case .prose, .run: return ""
    case .note(let text): return text
    case .task(let task):
      return "**Task:** \(task.task)\n"
        + task.solution.map { "- `\($0.text)`" }
        .joined(separator: "\n")
    case .quiz(let question), .predict(let question):
      return (["**Question:** \(question.question)"] + (answer.map { ["- right: \($0)"] } ?? []))
        .joined(separator: "\n")
    }
  }
}
