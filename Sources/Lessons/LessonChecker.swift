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
  public func check(_ library: LessonLibrary) -> [LessonDiagnostic] {
    var diagnostics = library.diagnostics
    if library.lessons.isEmpty, diagnostics.isEmpty {
      diagnostics.append(
        LessonDiagnostic(
          file: library.folder, line: 1, message: "there is no lesson in this folder"))
    }
    let ids = library.lessons.map(\.id)
    for (index, lesson) in library.lessons.enumerated() {
      func error(_ message: String) {
        diagnostics.append(LessonDiagnostic(file: lesson.file, line: 1, message: message))
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
  public func check(_ lesson: LessonDocument) -> [LessonDiagnostic] {
    let missing = missingPrograms(of: lesson)
    if !missing.isEmpty { return missing }
    var player = LessonPlayer(lesson, on: makeSession(lesson))
    return player.play()
  }

  private func missingPrograms(of lesson: LessonDocument) -> [LessonDiagnostic] {
    var list = DiagnosticList(file: lesson.file)
    for program in lesson.programs
    where !WholeFile.isReadable("\(lesson.folder)/\(program)") {
      list.error(1, 1, "there is no program '\(program)' in the lesson's folder")
    }
    for command in lesson.steps.flatMap(\.kind.commands) {
      for word in command.text.split(separator: " ")
      where word.hasSuffix(".s") && !lesson.programs.contains(String(word)) {
        list.error(
          command.line, command.column, "'\(word)' is not among 'programs:' in the front matter")
      }
    }
    return list.diagnostics
  }
}
