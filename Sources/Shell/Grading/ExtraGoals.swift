import Laboratory
import Lessons
import SourceText

/// A teacher's own goals: a line `WHAT IT SAYS: CONDITION` each, `#` begins a comment. A condition after `at end`
/// is to hold after the last command.
struct ExtraGoals {
  private(set) var goals: [ExtraGoal] = []
  private let path: String
  private let lines: [String]

  init(_ path: String) throws(CommandFailure) {
    self.path = path
    lines = try FileFinder.text(at: path, as: .gradingTable).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map(String.init)
    for (index, line) in lines.enumerated() {
      let text = line.trimmed
      guard !text.isEmpty, !text.hasPrefix("#") else { continue }
      guard let goal = Self.goal(line, number: index + 1) else {
        throw CommandFailure(
          "\(path):\(index + 1): a goal is 'what it says: condition', such as 'a0 holds 5: a0 == 5'"
        )
      }
      goals.append(goal)
    }
    guard !goals.isEmpty else { throw CommandFailure("\(path) holds no goal") }
  }

  private static func goal(_ line: String, number: Int) -> ExtraGoal? {
    guard let colon = line.firstIndex(of: ":"), !line[..<colon].trimmed.isEmpty else { return nil }
    var rest = line[colon...].dropFirst().drop(while: \.isWhitespace)
    let isAtEnd = rest.hasPrefix("at end ")
    if isAtEnd { rest = rest.dropFirst("at end ".count).drop(while: \.isWhitespace) }
    guard !rest.isEmpty else { return nil }
    return ExtraGoal(
      says: line[..<colon].trimmed,
      condition: LocatedText(
        rest.trimmed, line: number,
        column: line.distance(from: line.startIndex, to: rest.startIndex) + 1),
      isAtEnd: isAtEnd)
  }

  /// Says what is wrong with the first condition that can hold for nobody.
  ///
  /// - Parameters:
  ///   - machines: the lesson's programs, loaded: a name is known if one of these knows it.
  ///   - hasOwnPrograms: hand-ins bring programs, whose names nobody knows here.
  func check(
    on machines: [CommandInterpreter], hasOwnPrograms: Bool, width: Int
  ) throws(CommandFailure) {
    for goal in goals {
      do throws(ConditionError) {
        try GoalCheck(machines: machines, allowsNames: hasOwnPrograms).check(goal.condition.text)
      } catch {
        let diagnostic = Diagnostic(
          .error, error.message, file: path, line: goal.condition.line,
          column: goal.condition.column + error.column - 1, source: lines[goal.condition.line - 1])
        throw CommandFailure(text: diagnostic.rendered(width: width))
      }
    }
  }
}
