import Lessons
import SourceText

/// Looks whether a lesson shows more than a screen holds between two prompts.
///
/// The lesson is gone through at the prompt, by its solutions and by its other roads, in the smallest window that
/// it is made for and in a usual one. What is said at once may go over several screens, each continued by Enter;
/// but each thing has to fit on one: a card, a table, a figure, a paragraph, a question with its choices.
struct ScreenCheck {
  let library: LessonLibrary
  let lesson: LessonDocument

  /// A window in which lessons have to be readable.
  struct Window: Hashable {
    var columns: Int
    var rows = 24
    /// How many screens may come after one line that was typed.
    var screens: Int
  }

  static let windows = [Window(columns: 80, screens: 3), Window(columns: 40, screens: 7)]

  func problems(in windows: [Window] = windows) -> [Diagnostic] {
    var found: [Diagnostic] = []
    for window in windows {
      var walk = ScreenWalk(window: window, library: library, lesson: lesson)
      walk.go()
      // What is too long in the usual window is so in the small one too.
      found += walk.found.filter { new in !found.contains { $0.line == new.line } }
    }
    return found
  }
}

/// One way through a lesson, in one window.
private struct ScreenWalk {
  let window: ScreenCheck.Window
  let library: LessonLibrary
  let lesson: LessonDocument
  private(set) var found: [Diagnostic] = []

  init(window: ScreenCheck.Window, library: LessonLibrary, lesson: LessonDocument) {
    (self.window, self.library, self.lesson) = (window, library, lesson)
  }

  mutating func go() {
    var look = LookOptions()
    (look.plain, look.width, look.color) = (false, window.columns, .never)
    guard
      let session = try? ShellSession(
        output: ShellOutput(look, descriptor: -1), library: library, progress: nil)
    else { return }
    see(session.begin(lesson), at: session)
    // Each round goes past a step at least.
    for _ in 0..<(2 * lesson.steps.count) {
      guard let engine = session.engine, !engine.isFinished else { return }
      guard case .task(let task) = engine.openKind else {
        see(session.run(engine.openKind == nil ? "" : "lesson skip").text, at: session)
        continue
      }
      let step = engine.screen.upperBound - 1
      for road in task.roads {
        type(road, session)
        _ = engine.start(at: step)
      }
      type(task.solution, session)
      if engine.openKind == .task(task) { _ = session.run("lesson skip") }
    }
  }

  private mutating func type(_ commands: [LocatedText], _ session: ShellSession) {
    for command in commands {
      let text = session.run(command.text).text
      look(text, StyledText(command.text).plain, line: command.line, column: command.column)
    }
  }

  private mutating func see(_ text: StyledText, at session: ShellSession) {
    let step = session.engine.map { min($0.screen.lowerBound, lesson.steps.count - 1) } ?? 0
    look(text, "this step", line: lesson.steps[step].line, column: 1)
  }

  private mutating func look(_ text: StyledText, _ what: String, line: Int, column: Int) {
    let pages = text.screens(rows: window.rows)
    let place = "\(window.columns) columns and \(window.rows) lines"
    let problem: String
    // Many screens in a row are legible, if dull: a warning.
    var severity = Diagnostic.Severity.error
    if let cut = pages.first(where: \.isCut) {
      let head = cut.text.lines.first?.plain ?? ""
      problem =
        "'\(what)' shows \(text.lines.count) lines at once, too many for \(place); what begins with"
        + " '\(head)' fits on no screen"
    } else if pages.count > window.screens {
      severity = .warning
      problem =
        "'\(what)' shows \(text.lines.count) lines at once, \(pages.count) screens of \(place)"
    } else {
      return
    }
    guard !found.contains(where: { $0.line == line }) else { return }
    found.append(
      Diagnostic(
        severity, problem, file: lesson.file, line: line, column: column,
        source: "", suggestion: "show less at a time, or the part of a view that is meant"))
  }
}
