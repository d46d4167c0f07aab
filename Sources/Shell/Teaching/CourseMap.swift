import Lessons
import SourceText

/// The lessons in their order, what is done of them, and what comes next.
struct CourseMap {
  let library: LessonLibrary
  let progress: Progress

  /// The lesson to go on with: the one in hand, or the first that is not done and whose needs are.
  var next: LessonDocument? {
    if let current = progress.current,
      progress.isUnderWay(current) || progress[current] != .done && progress[current] != nil,
      let lesson = library.lesson(current)
    {
      return lesson
    }
    let open = library.lessons.filter { progress[$0.id] != .done }
    return open.first { $0.needs.allSatisfy { progress[$0] == .done } } ?? open.first
  }

  func text(width: Int) -> StyledText {
    let lessons = library.lessons
    let done = lessons.count { progress[$0.id] == .done }
    let next = next
    var lines = [StyledText("The course: \(done) of \(lessons.count) done", .heading)]
    for lesson in lessons {
      let (mark, style): (String, Style) =
        switch progress[lesson.id] {
        case .done: ("[x]", .good)
        case _ where lesson.id == next?.id: (" =>", .strong)
        case .at: ("[-]", .plain)
        case nil: ("[ ]", .dim)
        }
      let number = "\(Int(lesson.number) ?? 0)"
      let lead =
        StyledText(mark, style)
        + StyledText(String(repeating: " ", count: max(1, 4 - number.count)) + number + "  ")
      let title = StyledText(lesson.title) + StyledText("  (\(lesson.minutes) min)", .dim)
      let hanging = StyledText(String(repeating: " ", count: lead.width))
      lines += title.wrapped(to: min(width, 80), first: lead, hanging: hanging).lines
      if lesson.id == next?.id, progress.isUnderWay(lesson.id) || progress[lesson.id] != .done,
        let part = progress.part(in: lesson.id)
      {
        lines +=
          StyledText("you are at \"\(part)\"", .dim)
          .wrapped(to: min(width, 80), first: hanging, hanging: hanging).lines
      }
    }
    lines.append(StyledText())
    lines += Markdown.inline(advice(next)).wrapped(to: min(width, 80)).lines
    return StyledText(lines: lines)
  }

  private func isBegun(_ lesson: LessonDocument) -> Bool {
    if case .at = progress[lesson.id] { true } else { false }
  }

  private func advice(_ next: LessonDocument?) -> String {
    guard let next else { return "All done. `lesson reset all` begins the course anew." }
    let command = "`lesson \(Int(next.number) ?? 0)`"
    if progress.isUnderWay(next.id) || isBegun(next) { return "\(command) goes on where you were." }
    let missing = next.needs.filter { progress[$0] != .done }
    if library.lessons.allSatisfy({ progress[$0.id] == nil }), missing.isEmpty {
      return "Begin with \(command)."
    }
    return "Next: \(command)."
  }
}
