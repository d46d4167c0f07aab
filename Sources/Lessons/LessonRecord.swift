/// What a learner has done in a lesson so far, by the numbers of its steps from 0.
public struct LessonRecord: Hashable, Sendable {
  /// The commands by which tasks were done, where these are not the lesson's own solution.
  public var roads: [Int: [String]] = [:]
  public var results: [Int: StepResult] = [:]

  public init() {}

  /// More commands than that are no road to go again: the lesson's solution is taken then.
  static let roadLimit = 200

  /// The commands that lead past `step`, which is number `index`.
  func commands(of step: LessonStep, at index: Int) -> [LocatedText] {
    guard case .task = step.kind, let road = roads[index] else { return step.kind.commands }
    return road.map { LocatedText($0, line: step.line, column: 1) }
  }
}

/// How a task or a question went.
public struct StepResult: Hashable, Sendable {
  public enum Outcome: String, Sendable {
    /// Done, or answered right at last.
    case done
    /// The lesson showed how.
    case shown
    /// Answered wrong where there was one answer.
    case missed
    case skipped
  }

  public var outcome: Outcome
  public var hints = 0
  /// Wrong answers, and wrong turns that were told.
  public var wrong = 0

  public init(_ outcome: Outcome, hints: Int = 0, wrong: Int = 0) {
    self.outcome = outcome
    self.hints = hints
    self.wrong = wrong
  }
}
