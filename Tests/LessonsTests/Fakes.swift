import Foundation
import Laboratory
import SourceText

@testable import Lessons

/// A machine that is a few named numbers. Lines: `set x 3`, `add x 1`, `look`, anything else is refused.
/// Conditions: `x == 3`, `x > 3`, `x`, where both sides may be numbers.
final class Bench: LineRunner, ConditionEvaluator, StateKeeper, BreakpointHolder {
  var values: [String: Int64] = ["x": 0, "y": 0]
  var lines: [String] = []
  /// Breakpoints by their numbers, and whether they stop.
  var breakpoints: [Int: Bool] = [:]

  func run(line: String) -> LineOutcome {
    lines.append(line)
    let words = line.split(separator: " ").map(String.init)
    switch words.first {
    case "set" where words.count == 3: values[words[1]] = Int64(words[2])
    case "add" where words.count == 3: values[words[1], default: 0] += Int64(words[2]) ?? 0
    case "look": return LineOutcome(output: "x is \(values["x"] ?? 0)\nthat is all\n")
    case "load": return LineOutcome(output: "loaded\n")
    case "break": breakpoints[breakpoints.count + 1] = true
    case "stops": return LineOutcome(output: "\(enabledBreakpoints.sorted())\n")
    default: return LineOutcome(output: "'\(line)' is not a command\n", succeeded: false)
    }
    return LineOutcome(output: "")
  }

  var enabledBreakpoints: Set<Int> { Set(breakpoints.filter(\.value).keys) }

  func setBreakpoints(_ ids: Set<Int>, enabled: Bool) {
    for id in ids { breakpoints[id] = enabled }
  }

  func keepState() -> () -> Void {
    let values = values
    return { self.values = values }
  }

  func stateDigest() -> String { "\(values["x"] ?? 0)/\(values["y"] ?? 0)" }

  func evaluate(condition: String) throws(ConditionError) -> Bool {
    let words = condition.split(separator: " ").map(String.init)
    guard words.count == 3 else { return try value(of: condition) != 0 }
    let (left, right) = (try value(of: words[0]), try value(of: words[2]))
    switch words[1] {
    case "==": return left == right
    case ">": return left > right
    default: throw ConditionError(message: "'\(words[1])' is no operator", column: 1)
    }
  }

  func value(of expression: String) throws(ConditionError) -> Int64 {
    let bare = expression.hasPrefix("(") ? String(expression.dropFirst().dropLast()) : expression
    if let number = Int64(bare) { return number }
    guard let value = values[bare] else {
      throw ConditionError(message: "there is no '\(bare)'", column: 1)
    }
    return value
  }
}

/// The front matter of a lesson for tests, 7 lines long.
let front = """
  ---
  id: 08-two-words
  title: Two words
  minutes: 5
  programs: [a.s]
  ---


  """

/// A diagnostic in one line.
func told(_ diagnostic: Diagnostic) -> String {
  let place = "\(diagnostic.file):\(diagnostic.line):\(diagnostic.column)"
  let suggestion = diagnostic.suggestion.map { "; \($0)" } ?? ""
  return "\(place): \(diagnostic.severity.rawValue): \(diagnostic.message)\(suggestion)"
}

func parsed(_ body: String) -> (LessonDocument?, [String]) {
  let (lesson, diagnostics) = LessonDocument.parse(front + body, file: "l.md")
  return (lesson, diagnostics.map(told))
}

func lesson(_ body: String) throws -> LessonDocument {
  let (lesson, diagnostics) = LessonDocument.parse(front + body, file: "l.md")
  guard let lesson else { throw Broken(messages: diagnostics.map(told)) }
  return lesson
}

struct Broken: Error { let messages: [String] }

/// What is said in a few letters a piece, so that a test can show a whole screen.
func plain(_ outputs: [LessonOutput]?) -> [String] {
  (outputs ?? [.message("NOT FOR THE LESSON")]).map { output in
    switch output {
    case .title(let number, let title, let minutes): "= \(number) \(title), \(minutes) min"
    case .heading(let text): "## \(text)"
    case .prose(let text): text
    case .command(let text): "> \(text)"
    case .output(let text): text.trimmingSpace
    case .task(let text): "TASK \(text)"
    case .prediction(let text): "PREDICT \(text)"
    case .question(let text): "QUESTION \(text)"
    case .choice(let letter, let text): "\(letter)) \(text)"
    case .votes(let letter, let text, let count, let total):
      "VOTES \(letter) \(count) of \(total) \(text)"
    case .reply(let text, .right): "RIGHT " + text
    case .reply(let text, .notYet): "NOT YET " + text
    case .reply(let text, .wrong): "WRONG " + text
    case .explanation(let text): "BECAUSE \(text)"
    case .hint(let text, let number, let count): "HINT \(number)/\(count) \(text)"
    case .solution(let lines): "SOLUTION " + lines.joined(separator: " · ")
    case .goal(let text, let holds): "GOAL \(holds ? "yes" : "no") \(text)"
    case .part(let number, let text, let state): "PART \(number) \(text) \(state)"
    case .result(let text, let result):
      "RESULT \(text) \(result.map { "\($0.outcome) \($0.words)" } ?? "-")"
    case .note(let text): "NOTE \(text)"
    case .message(let text): "* \(text)"
    case .finished(let title): "END \(title)"
    case .invitation(let invitation): "[\(invitation.text)]"
    }
  }
}

/// A folder of lessons that is gone after the test.
final class LessonFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "lessons-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: url, atomically: false, encoding: .utf8)
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try write("", to: name)
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: path + "/" + name, encoding: .utf8)
  }
}
