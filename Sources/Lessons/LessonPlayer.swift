import Laboratory
import SourceText

/// Plays one lesson through by its own solutions and notes what is not as the lesson says.
struct LessonPlayer {
  private let lesson: LessonDocument
  private let session: any LessonSession
  private var list: DiagnosticList

  init(_ lesson: LessonDocument, on session: any LessonSession) {
    self.lesson = lesson
    self.session = session
    list = DiagnosticList(file: lesson.file)
  }

  mutating func play() -> [Diagnostic] {
    for step in lesson.steps {
      switch step.kind {
      case .prose, .note: break
      case .run(let run): play(run)
      case .task(let task): play(task)
      case .quiz(let question), .predict(let question): play(question, line: step.line)
      }
    }
    return list.diagnostics
  }

  private mutating func play(_ run: LessonRun) {
    let output = runLines(run.commands, lastFails: run.fails)
    guard let expected = run.expected else { return }
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let actual = lines.last == "" ? lines.dropLast() : lines
    switch expected.aligned(with: actual).firstDifference {
    case nil, .same, .open: break
    case .changed(let index, let now):
      differs(run, index, "expected '\(expected.source[index])', but there came '\(actual[now])'")
    case .missing(let index):
      differs(run, index, "expected '\(expected.source[index])', but it did not come")
    case .extra(let now):
      differs(run, expected.source.count, "the real run also says '\(actual[now])'")
    }
  }

  private mutating func differs(_ run: LessonRun, _ index: Int, _ message: String) {
    list.error(run.expectedLine + index, 1, message)
  }

  /// Runs commands; reports those that are refused, or the last if it should be and isn't.
  private mutating func runLines(_ commands: [LocatedText], lastFails: Bool = false) -> String {
    var output = ""
    for (index, command) in commands.enumerated() {
      let outcome = session.run(line: command.text)
      output += outcome.output
      let shouldFail = lastFails && index == commands.count - 1
      if outcome.succeeded == !shouldFail { continue }
      let said = outcome.output.split(separator: "\n").first.map { ": \($0)" } ?? ""
      list.error(
        command.line, command.column,
        shouldFail
          ? "'\(command.text)' should be refused but was not"
          : "'\(command.text)' is refused\(said)")
    }
    return output
  }

  private mutating func play(_ task: LessonTask) {
    var scope: TaskScope?
    checking(task.goals[0].condition) { session throws(ConditionError) in
      scope = try TaskScope(for: task.conditions, on: session)
    }
    guard var scope else { return }
    if holds(task.goals.map(\.condition), in: scope) == true {
      let goal = task.goals[0].condition
      list.error(
        goal.line, goal.column, "the goal already holds before the learner has done anything")
    }
    for wrong in task.wrong where holds([wrong.condition], in: scope) == true {
      list.error(
        wrong.condition.line, wrong.condition.column,
        "this 'wrong' holds before the learner has done anything")
    }
    for command in task.solution {
      _ = runLines([command])
      scope.noteRun(command.text, command: nil)
    }
    for goal in task.goals where holds([goal.condition], in: scope) == false {
      list.error(
        goal.condition.line, goal.condition.column,
        "the solution does not reach the goal '\(goal.condition.text)'")
    }
  }

  /// Whether all conditions hold; nil if one cannot be worked out, which is reported.
  private mutating func holds(_ conditions: [LocatedText], in scope: TaskScope) -> Bool? {
    var all: Bool? = true
    for condition in conditions {
      var holds: Bool?
      checking(condition) { session throws(ConditionError) in
        holds = try scope.holds(condition, on: session)
      }
      if holds == nil { return nil }
      if holds == false { all = false }
    }
    return all
  }

  private mutating func play(_ question: LessonQuestion, line: Int) {
    _ = runLines(question.run)
    switch question.answer {
    case .choices(let choices):
      let conditions = choices.compactMap {
        if case .condition(let text) = $0.right { text } else { nil }
      }
      guard !conditions.isEmpty else { return }
      var right = 0
      for condition in conditions {
        checking(condition) { session throws(ConditionError) in
          if try session.evaluate(condition: condition.text) { right += 1 }
        }
      }
      if right != 1 {
        list.error(
          line, 1, "after the run \(right) of the choices are right; it must be exactly one")
      }
    case .value(let answer, _, let wrong, _):
      guard let right = value(answer) else { return }
      for known in wrong {
        if let value = value(known.value), TypedNumber.same(value, right) {
          list.error(
            known.value.line, known.value.column, "this wrong value is the right answer, \(right)")
        }
      }
    }
  }

  private mutating func value(_ expression: LocatedText) -> Int64? {
    var value: Int64?
    checking(expression) { session throws(ConditionError) in
      value = try session.value(of: expression.text)
    }
    return value
  }

  /// Does `body` and reports at `place` why it could not be worked out.
  private mutating func checking(
    _ place: LocatedText, _ body: (any LessonSession) throws(ConditionError) -> Void
  ) {
    do throws(ConditionError) {
      try body(session)
    } catch {
      list.error(place.line, place.column, "'\(place.text)' has no value: \(error.message)")
    }
  }
}
