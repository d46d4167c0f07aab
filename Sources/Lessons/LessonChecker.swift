import Laboratory
import SourceText

/// Finds what is wrong with lessons by reading them and by playing them through.
///
/// Each lesson is played on a fresh machine by its own solutions, as the learner would find it: goals that
/// hold too early or never, outputs that are not as written, answers that are not right.
public struct LessonChecker {
  private let makeSession: (LessonDocument) -> any LessonSession

  /// - Parameter makeSession: makes the fresh machine of a lesson, its paths relative to the lesson's folder.
  public init(makeSession: @escaping (LessonDocument) -> any LessonSession) {
    self.makeSession = makeSession
  }

  /// Checks all lessons of a library, and that they fit together.
  public func check(_ library: LessonLibrary) -> [Diagnostic] {
    var diagnostics = library.diagnostics
    if library.lessons.isEmpty, diagnostics.isEmpty {
      diagnostics.append(
        Diagnostic(
          .error, "there is no lesson in this folder", file: library.folder, line: 1, column: 1))
    }
    let ids = library.lessons.map(\.id)
    for (index, lesson) in library.lessons.enumerated() {
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

  /// Checks one lesson: that its programs are there, and that it can be played.
  public func check(_ lesson: LessonDocument) -> [Diagnostic] {
    let missing = missingPrograms(of: lesson)
    if !missing.isEmpty { return missing }
    var player = LessonPlayer(lesson, on: makeSession(lesson))
    return player.play()
  }

  private func missingPrograms(of lesson: LessonDocument) -> [Diagnostic] {
    var list = DiagnosticList(file: lesson.file)
    for program in lesson.programs
    where !WholeFile.isReadable("\(lesson.folder)/\(program)") {
      list.error(1, 1, "there is no program '\(program)' in the lesson's folder")
    }
    // A command may name a program by its path or by its name alone.
    let names = lesson.programs.flatMap { [$0, String($0.split(separator: "/").last ?? "")] }
    for command in lesson.steps.flatMap(\.kind.commands) {
      for word in command.text.split(separator: " ")
      where word.hasSuffix(".s") && !names.contains(String(word)) {
        list.error(
          command.line, command.column, "'\(word)' is not among 'programs:' in the front matter")
      }
    }
    return list.diagnostics
  }
}
