import Laboratory
import SourceText

// Tasks: the untouched start, the wrong turns, the other roads, and at last the solution.
extension LessonPlayer {
  mutating func play(_ task: LessonTask) {
    var scope: TaskScope?
    checking(task.goals[0].condition) { session throws(ConditionError) in
      scope = try TaskScope(for: task.conditions, on: session)
    }
    guard let scope else { return }
    if holds(task.goals.map(\.condition), in: scope) == true {
      let goal = task.goals[0].condition
      list.error(
        goal.line, goal.column, "the goal already holds before the learner has done anything")
    }
    let restore = session.keepState()
    for wrong in task.wrong { play(wrong, of: task, in: scope, restore) }
    for road in task.roads {
      runRoad(road, to: task, in: scope, called: "this road")
      restore()
    }
    runRoad(task.solution, to: task, in: scope, called: "the solution")
  }

  private mutating func play(
    _ wrong: LessonTask.Wrong, of task: LessonTask, in scope: TaskScope, _ restore: () -> Void
  ) {
    let condition = wrong.condition
    if holds([condition], in: scope) == true {
      list.error(
        condition.line, condition.column,
        "this 'wrong' holds before the learner has done anything")
      return
    }
    guard !wrong.sample.isEmpty else {
      list.error(
        condition.line, condition.column,
        "a wrong needs 'sample:', commands that lead to it from where the task begins")
      return
    }
    defer { restore() }
    var scope = scope
    for command in wrong.sample {
      // A wrong turn may lead to a refusal: what counts is whether the condition comes to hold.
      if session.run(line: command.text).succeeded { scope.noteRun(command.text, command: nil) }
      guard let isReached = holds(task.goals.map(\.condition), in: scope),
        let isWrong = holds([condition], in: scope)
      else { return }
      guard !isReached else { break }
      if isWrong {
        check(wrong.claims)
        return
      }
    }
    list.error(
      condition.line, condition.column,
      "the sample does not reach the wrong '\(condition.text)' with the goal still open")
  }

  private mutating func runRoad(
    _ road: [LocatedText], to task: LessonTask, in scope: TaskScope, called name: String
  ) {
    var scope = scope
    for command in road {
      runLines([command])
      scope.noteRun(command.text, command: nil)
    }
    for goal in task.goals where holds([goal.condition], in: scope) == false {
      // A road that misses is told where it stands, a solution where its goal does.
      let place = name == "the solution" ? goal.condition : road[0]
      list.error(
        place.line, place.column, "\(name) does not reach the goal '\(goal.condition.text)'")
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
}
