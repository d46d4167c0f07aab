import Laboratory

/// The right answers to a lesson's questions, by the numbers of its steps: the machine tells them, so the lesson
/// is gone through unseen, by its own solutions.
public struct LessonAnswers {
  public private(set) var texts: [Int: String] = [:]

  /// - Parameter makeSession: makes the fresh machine of the lesson; nil if there is no room for one.
  public init(
    _ lesson: LessonDocument, makeSession: (LessonDocument) -> (any LessonSession)?
  ) {
    guard var session = makeSession(lesson) else { return }
    for (index, step) in lesson.steps.enumerated() {
      if step.kind.isSetup, let fresh = makeSession(lesson) { session = fresh }
      for command in step.kind.commands { _ = session.run(line: command.text) }
      switch step.kind {
      case .quiz(let question), .predict(let question):
        texts[index] = Self.answer(to: question, on: session)
      case .prose, .run, .note, .task: break
      }
    }
  }

  private static func answer(
    to question: LessonQuestion, on session: any LessonSession
  ) -> String? {
    switch question.answer {
    case .value(let expression, _, _, _):
      return (try? session.value(of: expression.text)).map(TypedNumber.shown)
    case .choices(let choices):
      let right = (try? LessonQuestion.rightChoice(choices, on: session)) ?? nil
      return right.map { LessonQuestion.named($0, choices) }
    }
  }
}
