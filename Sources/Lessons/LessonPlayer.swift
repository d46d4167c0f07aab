import Laboratory
import SourceText

/// Plays one lesson through by its own solutions and notes what is not as the lesson says.
struct LessonPlayer {
  let lesson: LessonDocument
  private let makeSession: (LessonDocument) -> (any LessonSession)?
  var session: any LessonSession
  var list: DiagnosticList
  /// Output blocks that are not what came, and what they would be.
  private(set) var staleOutputs: [StaleOutput] = []

  /// Lines of the file that are not what the machine says.
  struct StaleOutput {
    /// The first line, from 1.
    var line: Int
    var count: Int
    var lines: [String]
  }

  /// - Returns: nil if there is no machine to play on.
  init?(
    _ lesson: LessonDocument, makeSession: @escaping (LessonDocument) -> (any LessonSession)?
  ) {
    guard let session = makeSession(lesson) else { return nil }
    self.lesson = lesson
    self.makeSession = makeSession
    self.session = session
    list = DiagnosticList(file: lesson.file, lines: lesson.lines)
  }

  mutating func play() -> [Diagnostic] {
    for step in lesson.steps {
      check(step.claims.before)
      switch step.kind {
      case .prose, .note: break
      case .run(let run): play(run)
      case .task(let task): play(task)
      case .quiz(let question), .predict(let question): play(question, line: step.line)
      }
      check(step.claims.after)
    }
    return list.diagnostics
  }

  /// Looks whether numbers in the text are the machine's.
  mutating func check(_ claims: [LessonClaim]) {
    for claim in claims {
      var problem: String?
      checking(claim.expression) { session throws(ConditionError) in
        problem = try claim.problem(on: session)
      }
      if let problem { list.error(claim.written.line, claim.written.column, problem) }
    }
  }

  private mutating func play(_ run: LessonRun) {
    if run.isSetup, let fresh = makeSession(lesson) { session = fresh }
    let output = runLines(run.commands, lastFails: run.fails)
    guard let expected = run.expected else { return }
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let actual = lines.last == "" ? lines.dropLast() : lines
    let alignment = expected.aligned(with: actual)
    guard let difference = alignment.firstDifference else { return }
    staleOutputs.append(
      StaleOutput(
        line: run.expectedLine, count: expected.source.count,
        lines: alignment.steps.compactMap { step in
          switch step {
          case .same(let index, _), .open(let index, _): expected.source[index]
          case .changed(_, let index), .extra(let index): OutputPattern.escaped(actual[index])
          case .missing: nil
          }
        }))
    switch difference {
    case .same, .open: break
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
  @discardableResult
  mutating func runLines(_ commands: [LocatedText], lastFails: Bool = false) -> String {
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

  private mutating func play(_ question: LessonQuestion, line: Int) {
    runLines(question.run)
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
  mutating func checking(
    _ place: LocatedText, _ body: (any LessonSession) throws(ConditionError) -> Void
  ) {
    do throws(ConditionError) {
      try body(session)
    } catch {
      list.error(place.line, place.column, "'\(place.text)' has no value: \(error.message)")
    }
  }
}
