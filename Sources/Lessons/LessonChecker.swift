import Laboratory
import SourceText

/// Finds what is wrong with lessons by reading them and by playing them through.
///
/// Each lesson is played on a fresh machine by its own solutions, as the learner would find it: goals that
/// hold too early or never, outputs that are not as written, answers that are not right.
public struct LessonChecker {
  private let makeSession: (LessonDocument) -> (any LessonSession)?
  private let commandNames: [String]

  /// - Parameters:
  ///   - commandNames: the commands that there are; empty: any name is taken for one.
  ///   - makeSession: makes the fresh machine of a lesson, its paths relative to the lesson's folder; nil if
  ///     there is no room for one.
  public init(
    commandNames: [String] = [],
    makeSession: @escaping (LessonDocument) -> (any LessonSession)?
  ) {
    self.makeSession = makeSession
    self.commandNames = commandNames
  }

  /// Checks the lessons of a library, and that they fit together.
  ///
  /// - Parameter id: the only lesson to be checked; nil: all of them.
  public func check(_ library: LessonLibrary, only id: String? = nil) -> [Diagnostic] {
    var diagnostics = library.diagnostics
    if let id { diagnostics.removeAll { $0.file != library.file(of: id) } }
    if library.ids.isEmpty {
      diagnostics.append(
        Diagnostic(
          .error, "there is no lesson in this folder", file: library.folder, line: 1, column: 1))
    }
    let ids = library.lessons.map(\.id)
    for (index, lesson) in library.lessons.enumerated() where id == nil || lesson.id == id {
      func error(_ message: String) {
        diagnostics.append(Diagnostic(.error, message, file: lesson.file, line: 1, column: 1))
      }
      if let other = library.lessons[..<index].first(where: { $0.id == lesson.id }) {
        error("the id '\(lesson.id)' is also that of \(other.file)")
      } else if let other = library.lessons[..<index].first(where: {
        Int($0.number) == Int(lesson.number)
      }) {
        error("the number \(lesson.number) is also that of \(other.id)")
      }
      for need in lesson.needs where !ids[..<index].contains(need) {
        error(
          ids.contains(need)
            ? "needs '\(need)', which comes later or is this lesson itself"
            : "needs '\(need)', but there is no such lesson")
      }
      diagnostics += check(lesson)
    }
    return diagnostics
  }

  /// Checks one lesson: how it is written, that its programs are there, and that it can be played.
  public func check(_ lesson: LessonDocument) -> [Diagnostic] {
    var lint = LessonLint(lesson)
    let written = lint.problems() + switchedOff(in: lesson)
    let programs = LessonPrograms(lesson: lesson).problems()
    // Without its programs everything that follows would be wrong too.
    if !programs.isEmpty { return written + programs }
    guard var player = LessonPlayer(lesson, makeSession: makeSession) else {
      return written + [
        Diagnostic(
          .error, "there is no room for the lesson's machine", file: lesson.file, line: 1, column: 1
        )
      ]
    }
    return (written + player.play()).sorted { ($0.line, $0.column) < ($1.line, $1.column) }
  }

  /// The commands that the lesson does without are commands, and no way to a goal needs one.
  private func switchedOff(in lesson: LessonDocument) -> [Diagnostic] {
    var list = DiagnosticList(file: lesson.file, lines: lesson.lines)
    for off in lesson.without where LessonDocument.needed.contains(off.command.text) {
      list.error(
        off.command.line, off.command.column, "no lesson can do without '\(off.command.text)'")
    }
    for off in lesson.without where !commandNames.isEmpty {
      guard !commandNames.contains(off.command.text) else { continue }
      let guess = Suggestion.nearest(to: off.command.text, among: commandNames)
      list.error(
        off.command.line, off.command.column, "there is no command '\(off.command.text)'",
        suggestion: guess.map { "did you mean '\($0)'?" } ?? "give its full name")
    }
    for step in lesson.steps {
      guard case .task(let task) = step.kind else { continue }
      for command in task.solution + task.roads.flatMap(\.self) {
        let first = command.text.prefix { !$0.isWhitespace && $0 != "/" }
        guard lesson.without.contains(where: { $0.command.text == first }) else { continue }
        list.error(
          command.line, command.column,
          "the lesson does without '\(first)', so the learner can't use it")
      }
    }
    return list.diagnostics
  }

  /// What the lesson's file would be if every `output` block held what the real run says; nil if all do,
  /// or if the lesson can't be played.
  public func updated(_ lesson: LessonDocument) -> (text: String, count: Int)? {
    guard LessonPrograms(lesson: lesson).problems().isEmpty,
      var player = LessonPlayer(lesson, makeSession: makeSession)
    else { return nil }
    _ = player.play()
    guard !player.staleOutputs.isEmpty else { return nil }
    var lines = lesson.lines
    for stale in player.staleOutputs.reversed() {
      lines.replaceSubrange(stale.line - 1..<stale.line - 1 + stale.count, with: stale.lines)
    }
    return (lines.joined(separator: "\n"), player.staleOutputs.count)
  }
}
