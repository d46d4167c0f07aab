import Lessons
import SourceText

/// What the presenter alone sees of a lesson.
struct PresenterNotes {
  let lesson: LessonDocument
  let answers: LessonAnswers

  /// What to say at the steps that are on the screen, what is right, what the class reads, and what comes next.
  func text(at screen: Range<Int>, width: Int) -> StyledText {
    var lines = title(width).lines
    let part = lesson.parts.lastIndex { $0.step <= screen.lowerBound }
    if let part {
      lines += heading(
        "Part \(part + 1) of \(lesson.parts.count): \(lesson.parts[part].name)", width)
    }
    let body = steps(screen, width)
    lines += body.isEmpty ? [StyledText(), StyledText("(no note for this screen)", .dim)] : body
    let shown = screen.clamped(to: lesson.steps.indices).compactMap {
      Self.shown(lesson.steps[$0].kind)
    }
    if !shown.isEmpty {
      lines += heading("On the screen", width)
      for text in shown { lines += Markdown.text(text, width: width).lines }
    }
    lines += heading("Next", width)
    lines += Markdown.inline(preview(after: screen)).wrapped(to: width).lines
    return StyledText(lines: lines)
  }

  /// What the class reads; nil for what is the presenter's or nobody's.
  private static func shown(_ kind: LessonStep.Kind) -> String? {
    switch kind {
    case .prose(_, let text): text.isEmpty ? nil : text
    case .run(let run):
      run.isQuiet ? nil : "runs " + run.commands.map { "`\($0.text)`" }.joined(separator: ", ")
    case .note, .task: nil
    case .quiz(let question), .predict(let question):
      if case .choices(let choices) = question.answer {
        choices.indices.map { "- " + LessonQuestion.named($0, choices) }.joined(separator: "\n")
      } else {
        nil
      }
    }
  }

  /// The beginning of the next step that is seen, in a line or two.
  private func preview(after screen: Range<Int>) -> String {
    for step in lesson.steps.dropFirst(screen.upperBound) {
      switch step.kind {
      case .note: continue
      case .prose(let heading, let text):
        let words = text.split(whereSeparator: \.isWhitespace).prefix(14).joined(separator: " ")
        if let heading { return words.isEmpty ? heading : "\(heading): \(words) …" }
        if !words.isEmpty { return "\(words) …" }
      case .run(let run) where run.isQuiet: continue
      case .run: return Self.shown(step.kind) ?? ""
      case .task(let task): return "Task: \(task.task)"
      case .quiz(let question): return "Question: \(question.question)"
      case .predict(let question): return "Prediction: \(question.question)"
      }
    }
    return "The lesson is over."
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
