import Laboratory
import SourceText

/// Looks over a condition before anything is run: a slip in it would be everybody's "no".
struct GoalCheck {
  let machines: [CommandInterpreter]
  /// Names that no machine knows may be those of a hand-in's own program.
  let allowsNames: Bool

  func check(_ condition: String) throws(ConditionError) {
    try check(try Query.parse(try withoutLessonCalls(condition)))
  }

  /// `ran(…)` and `start(…)`, which only lessons know, replaced by something as long that all know.
  private func withoutLessonCalls(_ condition: String) throws(ConditionError) -> String {
    var text = condition
    for match in condition.matches(of: #/\bran\s*\(([^()]*)\)/#).reversed() {
      let words = String(match.1).trimmed
      let name = words.split(separator: " ").first.map(String.init) ?? ""
      let column = condition.distance(from: condition.startIndex, to: match.1.startIndex) + 1
      guard !name.isEmpty else {
        throw ConditionError(message: "which command? ran(step), for example", column: column)
      }
      let command = name.prefix { $0 != "/" }
      guard CommandTable.fullName(of: String(command)) != nil else {
        throw ConditionError(message: "there is no command '\(command)'", column: column)
      }
      let room = String(repeating: " ", count: match.0.count - 1)
      text.replaceSubrange(match.range, with: "0" + room)
    }
    for match in text.matches(of: #/\bstart(?=\s*\()/#).reversed() {
      text.replaceSubrange(match.range, with: "     ")
    }
    return text
  }

  /// Every part of it, also those that working it out would skip.
  private func check(_ query: Query) throws(ConditionError) {
    switch query {
    case .number, .variable: return
    case .label, .ofGuest, .name: if !allowsNames { try checkKnown(query) }
    case .call: try checkKnown(query)
    case .memory(_, _, let inner, _), .unary(_, let inner): try check(inner)
    case .binary(_, let left, let right, _):
      try check(left)
      try check(right)
    }
  }

  private func checkKnown(_ query: Query) throws(ConditionError) {
    var problem: ConditionError?
    for machine in machines {
      do throws(ConditionError) {
        _ = try machine.session.value(of: query)
        return
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
  }
}
