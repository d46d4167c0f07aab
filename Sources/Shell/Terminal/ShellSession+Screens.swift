import Lessons
import LineEditor
import SourceText
import Transcripts

// What fits on the screen while a lesson is open.
extension ShellSession {
  /// Runs a line that somebody typed, or shows more of what came before; returns what fits on the screen.
  func answer(_ line: String) -> (text: StyledText, succeeded: Bool) {
    beginsScreen = false
    if pager.hasMore, line.trimmed.isEmpty, !interpreter.isCollecting {
      beginsScreen = true
      return (pager.next(), true)
    }
    let place = engine?.screen
    hasLessonSpoken = false
    ringPictures = [("", ringPicture ?? StyledText())]
    let (text, succeeded) = run(line)
    // A command by the way leaves what the lesson has still to say.
    let keepsRest = pager.holdsLesson && !hasLessonSpoken && place == engine?.screen
    beginsScreen = hasLessonSpoken && place != engine?.screen
    return (paged(text, keepsRest: keepsRest), succeeded)
  }

  /// Opens a lesson and writes its first screen.
  ///
  /// - Parameter linesAbove: what was written just before, in lines.
  func open(_ lesson: LessonDocument, isTitled: Bool, linesAbove: Int) {
    hasLessonSpoken = true
    let text = begin(lesson, isTitled: isTitled)
    beginsScreen = true
    show(paged(text, linesAbove: classScreen == nil ? linesAbove : 0), typed: StyledText())
  }

  /// The first screen of a text while a lesson is open; Enter shows the next.
  ///
  /// - Parameter linesAbove: what was written just before, in lines.
  func paged(_ text: StyledText, keepsRest: Bool = false, linesAbove: Int = 0) -> StyledText {
    guard engine != nil, let rows = rows() else {
      pager.drop()
      return text
    }
    let room = rows - linesAbove - (ringPicture.map { $0.lines.count + 1 } ?? 0)
    let pages = text.screens(rows: room, byCommand: mode == .presented)
    return pager.begin(
      withTops(pages), holdsLesson: hasLessonSpoken, keepsRest: keepsRest && pager.hasMore)
  }

  /// Writes what a line led to.
  ///
  /// - Parameter typed: the line, as it stands at the prompt.
  func show(_ text: StyledText, typed: StyledText) {
    guard !interpreter.isCollecting, let rows = rows(), let top = ringPicture,
      var screen = classScreen
    else { return output.write(text) }
    let written = screen.show(
      text, below: pager.top ?? top, typed: typed, isStep: beginsScreen, rows: rows,
      columns: output.width, render: output.rendered)
    classScreen = screen
    output.write(raw: written)
  }

  // MARK: A class

  /// The rings, for the top of a class's screen; nil where nothing stays there.
  private var ringPicture: StyledText? {
    guard classScreen != nil, engine != nil, let rows = rows() else { return nil }
    return interpreter.view.ringPicture(rows: rows)
  }

  func noteRings(after line: String) {
    guard engine?.isDriving == true, let picture = ringPicture else { return }
    ringPictures.append((line, picture))
  }

  /// The screens, each with the rings as they were when its last command had run: a lesson runs a whole block
  /// before the first of its screens is seen.
  private func withTops(_ pages: [ScreenPage]) -> [Pager.Page] {
    let commands = pages.map { page in
      page.text.lines.filter { $0.runs.first?.style == .prompt }.map(\.plain)
    }
    let count = commands.reduce(0) { $0 + $1.count }
    let ran = ringPictures.suffix(count)
    let isKnown =
      count > 0 && ringPictures.count > count
      && zip(commands.joined(), ran).allSatisfy {
        "\(TranscriptCommand.prompt) \($1.line)".hasPrefix($0)
      }
    guard isKnown else {
      // What is not known for a screen is not said on it; the last one has what is so now.
      let later = StyledText("(the rings come with the last of these screens)", .dim)
      return pages.indices.map { index in
        let isLast = count == 0 || index == pages.count - 1
        return Pager.Page(text: pages[index].text, top: isLast ? nil : later)
      }
    }
    var index = ringPictures.count - count - 1
    return zip(pages, commands).map { page, commands in
      index += commands.count
      return Pager.Page(text: page.text, top: ringPictures[index].picture)
    }
  }

  /// What a page key types in a class: a clicker goes on and back with it, command by command.
  func line(of key: LineEditor.PageKey) -> String? {
    guard mode == .presented, let engine else { return nil }
    switch key {
    case .up: return "lesson back"
    case .down:
      if pager.hasMore { return "" }
      switch engine.invitation {
      case .enter, .reveal: return ""
      case .play: return "resume"
      case .work, .workAlone, .letters, .number, .nothing: return "lesson next"
      }
    }
  }
}
