import Lessons
import SourceText

/// Goals that were reached by writing into the machine what they ask for, and not by anything that it did.
struct GoalByHand {
  /// The places that may be set by hand on the way to each goal, since the lesson's own solution does.
  private var places: [String: Set<String>] = [:]
  /// Goals that ask for a `set`.
  private var asked: Set<String> = []

  init(lesson: LessonDocument, extras: [ExtraGoal]) {
    var all: Set<String> = []
    var number = 0
    for step in lesson.steps {
      guard case .task(let task) = step.kind else { continue }
      number += 1
      let known = Set(
        (task.solution + task.roads.flatMap(\.self)).compactMap { Self.place($0.text) })
      all.formUnion(known)
      for (index, goal) in task.goals.enumerated() {
        places["\(number).\(index + 1)"] = known
        if goal.condition.text.contains("ran(set") { asked.insert("\(number).\(index + 1)") }
      }
    }
    for (index, goal) in extras.enumerated() {
      places["x\(index + 1)"] = all
      // What holds of the lines is no matter of the machine.
      if goal.condition.text.contains("ran(") { asked.insert("x\(index + 1)") }
    }
  }

  /// What to say of a command after which goals hold for the first time; nil if nothing.
  func mark(_ line: String, reached goals: [String]) -> HandIn.Mark? {
    guard let place = Self.place(line) else { return nil }
    let own = goals.filter { !asked.contains($0) && places[$0]?.contains(place) != true }
    guard !own.isEmpty else { return nil }
    let names = (own.count == 1 ? "goal " : "goals ") + own.joined(separator: ", ")
    return .init(.set, "\(names) \(own.count == 1 ? "was" : "were") reached by '\(line)'")
  }

  /// What a line sets by hand: `pc` in `set pc = 0`.
  private static func place(_ line: String) -> String? {
    guard let typed = TypedLine(line), CommandTable.fullName(of: typed.name) == "set",
      let sign = typed.arguments.text.firstIndex(of: "=")
    else { return nil }
    return typed.arguments.text[..<sign].filter { !$0.isWhitespace }
  }
}
