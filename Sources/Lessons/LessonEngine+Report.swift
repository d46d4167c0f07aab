// How it went so far.
extension LessonEngine {
  func report() -> [LessonOutput] {
    let questions = lesson.steps.indices.filter { lesson.steps[$0].kind.isQuestion }
    let results = questions.map { record.results[$0] }
    func count(_ outcomes: StepResult.Outcome...) -> Int {
      results.count { $0.map { outcomes.contains($0.outcome) } ?? false }
    }
    let alone = results.count { $0?.outcome == .done && $0?.hints == 0 && $0?.wrong == 0 }
    var parts = ["\(count(.done)) of \(questions.count) done"]
    if mode != .exam { parts.append("\(alone) of them at once and without help") }
    for (outcome, word) in [
      (StepResult.Outcome.shown, "shown"), (.missed, "answered wrong"), (.skipped, "skipped"),
    ] where count(outcome) > 0 {
      parts.append("\(count(outcome)) \(word)")
    }
    var said: [LessonOutput] = [.message(parts.joined(separator: ", ") + ".")]
    for (index, result) in zip(questions, results) {
      said.append(.result(lesson.steps[index].kind.shortName, result))
    }
    return said
  }
}

extension LessonStep.Kind {
  /// The first sentence of what the learner is to do or to answer.
  fileprivate var shortName: String {
    let text: String
    switch self {
    case .task(let task): text = task.task
    case .quiz(let question), .predict(let question): text = question.question
    case .prose, .run, .note: return ""
    }
    let words = text.split(whereSeparator: \.isWhitespace)
    // What is asked, where there is something before it.
    if let end = words.firstIndex(where: { $0.last == "?" }) {
      let start = words[..<end].lastIndex { ".?!:".contains($0.last ?? " ") }.map { $0 + 1 } ?? 0
      return words[start...end].joined(separator: " ")
    }
    guard let end = words.firstIndex(where: { ".?!:".contains($0.last ?? " ") }) else {
      return words.joined(separator: " ")
    }
    return words[...end].joined(separator: " ")
  }
}

extension StepResult {
  /// "2 hints, 1 wrong answer".
  public var words: String {
    var parts: [String] = []
    switch outcome {
    case .done: break
    case .shown: parts.append("shown")
    case .missed: parts.append("answered wrong")
    case .skipped: parts.append("skipped")
    }
    if hints > 0 { parts.append(hints == 1 ? "1 hint" : "\(hints) hints") }
    if wrong > 0, outcome != .missed { parts.append("\(wrong) wrong") }
    return parts.joined(separator: ", ")
  }
}
