import Lessons
import SourceText

/// How grades are written.
enum GradeFormat: String, CaseIterable, Sendable {
  case table
  case csv
  case json
  case junit
}

/// What a folder of hand-ins came to.
struct GradeReport {
  var lesson: LessonDocument
  var goals: [LessonGrader.Goal]
  var handIns: [HandIn]
  /// What is not as it was when they were graded before.
  var changes: [String] = []
  /// What lies beside the hand-ins and was not read, and why.
  var notRead: [String] = []

  func text(_ format: GradeFormat, width: Int) -> String {
    switch format {
    case .table: table(width).plain + "\n"
    case .csv: csv
    case .json: json.text + "\n"
    case .junit: junit
    }
  }

  private func table(_ width: Int) -> StyledText {
    var lines = StyledText(
      "\(lesson.id): \(count(goals.count, "goal")), \(count(handIns.count, "hand-in"))", .heading
    ).wrapped(to: width).lines
    lines += goals.map { StyledText(" \($0.id)  \($0.says)\(unknown($0))") }.flatMap {
      $0.wrapped(to: width, hanging: "      ").lines
    }
    // As many goals side by side as fit; then the rest below.
    let longest = handIns.map(\.file.count).max() ?? 7
    let file = min(max(7, longest), max(12, width / 3))
    let columns = max(1, (width - file - 10) / 6)
    var from = 0
    repeat {
      let shown = goals[from..<min(goals.count, from + columns)]
      var table = TextTable(
        [("hand-in", .left)] + shown.map { ($0.id, .left) } + [("goals", .right), ("", .left)])
      for handIn in handIns {
        let cells = shown.map { goal in
          let here = handIn.goals.first { $0.id == goal.id }
          let isReached = here?.reachedAt != nil
          let no = here?.problem == nil ? "no" : "?"
          return StyledText(isReached ? "yes" : no, isReached ? .good : .bad)
        }
        let total = StyledText("\(handIn.reachedCount)/\(handIn.goals.count)")
        let mark = StyledText(handIn.isSuspect ? "!" : handIn.marks.isEmpty ? "" : "?", .bad)
        table.add([StyledText(Self.shortened(handIn.file, to: file))] + cells + [total, mark])
      }
      lines.append(StyledText())
      lines += table.rendered(width: width).lines
      from += columns
    } while from < goals.count
    let marked = handIns.filter { !$0.marks.isEmpty }
    if !marked.isEmpty { lines.append(StyledText()) }
    for handIn in marked {
      lines.append(StyledText(handIn.file, .strong))
      lines += handIn.marks.flatMap {
        StyledText("  \($0.kind.rawValue): \($0.text)").wrapped(to: width, hanging: "    ").lines
      }
    }
    if !notRead.isEmpty {
      lines.append(StyledText())
      lines +=
        StyledText("Not read: \(notRead.joined(separator: ", "))", .bad)
        .wrapped(to: width, hanging: "  ").lines
    }
    if !changes.isEmpty { lines += [StyledText(), StyledText("Not as before:", .strong)] }
    lines += changes.flatMap { StyledText("  " + $0).wrapped(to: width, hanging: "    ").lines }
    return StyledText(lines: lines)
  }

  /// Why nobody could reach a goal.
  private func unknown(_ goal: LessonGrader.Goal) -> String {
    let problems = handIns.filter { $0.commandCount > 0 }.map { handIn in
      handIn.goals.first { $0.id == goal.id && $0.reachedAt == nil }?.problem
    }
    guard let first = problems.first, let problem = first, !problems.contains(nil) else {
      return ""
    }
    return " (in no hand-in: \(problem))"
  }

  private func count(_ number: Int, _ word: String) -> String {
    number == 1 ? "1 \(word)" : "\(number) \(word)s"
  }

  private static func shortened(_ name: String, to limit: Int) -> String {
    name.count <= limit ? name : "…" + name.suffix(limit - 1)
  }

  private var csv: String {
    var text = CSVText.row(
      ["hand-in", "name", "nonce", "commands", "reached"] + goals.map(\.id)
        + goals.map { "\($0.id) at line" } + ["marks"])
    for handIn in handIns {
      let reached = goals.map { goal in
        handIn.goals.first { $0.id == goal.id }?.reachedAt == nil ? "no" : "yes"
      }
      text += CSVText.row(
        [
          handIn.file, handIn.name ?? "", handIn.nonce ?? "", "\(handIn.commandCount)",
          "\(handIn.reachedCount)",
        ] + reached + goals.map { handIn.moments[$0.id].map { "\($0.line)" } ?? "" }
          + [handIn.marks.map { "\($0.kind.rawValue): \($0.text)" }.joined(separator: "; ")])
    }
    return text
  }

  private var json: JSONText {
    .object([
      ("lesson", .string(lesson.id)),
      (
        "goals",
        .array(goals.map { .object([("id", .string($0.id)), ("says", .string($0.says))]) })
      ),
      ("handIns", .array(handIns.map(\.json))),
      ("notRead", .array(notRead.map { .string($0) })),
      ("changes", .array(changes.map { .string($0) })),
    ])
  }

  private var junit: String {
    JUnitText.document(
      suite: "grade \(lesson.id)",
      cases: handIns.flatMap { handIn in
        handIn.goals.map { goal in
          JUnitText.Case(
            name: "\(handIn.file) \(goal.id)", seconds: 0,
            failure: goal.reachedAt == nil ? "not reached: \(goal.says)" : nil)
        }
          + [
            JUnitText.Case(
              name: "\(handIn.file) is what it claims", seconds: handIn.seconds,
              failure: handIn.isSuspect ? handIn.marks.first?.text ?? "" : nil,
              details: handIn.marks.map { "\($0.kind.rawValue): \($0.text)\n" }.joined(),
              isError: handIn.marks.contains { $0.kind == .unreadable })
          ]
      })
  }
}

extension HandIn {
  fileprivate var json: JSONText {
    .object([
      ("file", .string(file)), ("name", name.map { .string($0) } ?? .null),
      ("nonce", nonce.map { .string($0) } ?? .null), ("commands", .number(commandCount)),
      ("reached", .number(reachedCount)),
      (
        "goals",
        .array(
          goals.map { goal in
            var fields: [(String, JSONText)] = [
              ("id", .string(goal.id)), ("reached", .bool(goal.reachedAt != nil)),
            ]
            if let moment = moments[goal.id] {
              fields += [
                ("command", .number(moment.command)), ("line", .number(moment.line)),
                ("step", .number(Int(clamping: moment.step))), ("typed", .string(moment.text)),
              ]
            }
            if let problem = goal.problem { fields.append(("problem", .string(problem))) }
            return .object(fields)
          })
      ),
      (
        "marks",
        .array(
          marks.map {
            .object([("kind", .string($0.kind.rawValue)), ("text", .string($0.text))])
          })
      ),
    ])
  }
}
