import Lessons
import LineEditor
import SourceText
import TestSupport
import Testing

@testable import Shell

/// One idea a screen: what a lesson shows at a terminal, and what a class sees.
struct LessonScreenTests {
  let folder: TemporaryFolder
  static let prompt = "(ringside)"

  init() throws { folder = try TemporaryFolder() }

  /// A terminal in the lesson of that number.
  private func terminal(_ arguments: [String], columns: Int = 80, rows: Int = 24) throws -> Terminal
  {
    let own = [
      "XDG_STATE_HOME": folder.path, "HOME": folder.path, "RINGSIDE_LESSONS": shippedLessons,
    ]
    return try Terminal(
      builtExecutable("ringside"), arguments, environment: childEnvironment(own), columns: columns,
      rows: rows)
  }

  /// Whatever comes between two prompts is on the screen when the second one comes.
  @Test(arguments: [80, 40]) func nothingScrollsAwayBetweenTwoPrompts(columns: Int) throws {
    let terminal = try terminal(["lesson", "4"], columns: columns)
    try terminal.waitForPrompt(Self.prompt)
    var pauses = 0
    for line in ["", "", "lesson skip", "", "lesson skip", "", "lesson skip", "help", "", ""] {
      let before = terminal.screen.text.matches(of: #/\[Enter: more/#).count
      let shown = try terminal.run(line, prompt: Self.prompt).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(
        shown.count <= 24, "'\(line)' at \(columns) columns:\n\(shown.joined(separator: "\n"))")
      if terminal.screen.text.matches(of: #/\[Enter: more/#).count > before { pauses += 1 }
    }
    #expect(pauses > 0 || columns == 80)
    try terminal.send("\u{4}")
    try terminal.waitForExit()
  }

  /// A session with a lesson that shows three cards at once, without a terminal.
  private func session(
    mode: LessonMode = .selfPaced, rows: Int = 24,
    block: String = "load --guest two-modes.s\ntrap\ntrap\ntrap"
  ) throws -> ShellSession {
    try folder.write(
      """
      ---
      id: 01-cards
      title: Cards
      minutes: 5
      programs: [two-modes.s]
      ---

      ## Cards

      ```run
      \(block)
      ```

      ```quiz
      question: How many were there?
      choices:
        - {text: Two, reply: One more.}
        - {text: Three, right: true, reply: Yes.}
      ```

      """, to: "lessons/01-cards/lesson.md")
    try folder.write(
      String(contentsOfFile: shippedLessons + "/programs/two-modes.s", encoding: .utf8),
      to: "lessons/01-cards/two-modes.s")
    var look = LookOptions()
    (look.plain, look.width, look.color) = (false, 80, .never)
    let session = try ShellSession(
      output: ShellOutput(look, descriptor: -1),
      library: try LessonLibrary(folder: folder.path(of: "lessons")), progress: nil, mode: mode)
    session.rows = { rows }
    return session
  }

  @Test func cardsComeOneAtATime() throws {
    let session = try session()
    let first = session.answer("lesson 1").text.plain
    #expect(first.hasSuffix("[Enter: more (1 of 4)]"), "\(first)")
    var rest: [String] = []
    while session.pager.hasMore { rest.append(session.answer("").text.plain) }
    #expect(rest.map { $0.matches(of: #/━━ trap/#).count } == [1, 1, 1])
    #expect(rest.last?.hasSuffix("[answer a or b]") == true)
    #expect(
      session.answer("").text.plain.contains("Question: How many"), "then Enter is Enter again")
  }

  @Test func aCommandByTheWayLeavesWhatTheLessonHasToSay() throws {
    let session = try session()
    _ = session.answer("lesson 1")
    let looked = session.answer("rings").text.plain
    #expect(looked.contains("Privileged instructions") && looked.contains("[Enter: more (1 of 4)]"))
    #expect(session.answer("").text.plain.contains("━━ trap 1"))
    // What answers ends it; a view that was not read to its end is not.
    #expect(session.answer("b").text.plain.hasPrefix("Yes.") || !session.pager.hasMore)
    #expect(!session.pager.hasMore)
    session.rows = { 10 }
    #expect(session.answer("help").text.plain.contains("[Enter: more"))
    #expect(!session.answer("print 1").text.plain.contains("more"))
  }

  @Test func withoutATerminalOrALessonNothingWaits() throws {
    let session = try session()
    session.rows = { nil }
    #expect(session.answer("lesson 1").text.plain.matches(of: #/━━ trap/#).count == 3)
    session.rows = { 10 }
    _ = session.answer("lesson leave")
    #expect(session.answer("help").text.lines.count > 10)
  }

  @Test func helpInALessonBeginsWithTheLessonsOwn() throws {
    let session = try session()
    _ = session.run("lesson 1")
    let help = session.run("help").text.plain
    #expect(help.hasPrefix(" lesson     Enter goes on. goal, check, hint,"))
    #expect(help.contains(" used here  load trap\n\n programs "))
    _ = session.run("lesson leave")
    #expect(session.run("help").text.plain.hasPrefix(" programs "))
  }

  // MARK: The check

  @Test func theCheckFindsWhatFitsOnNoScreen() throws {
    func problems(_ step: String) throws -> [String] {
      let text = """
        ---
        id: 01-long
        title: Long
        minutes: 5
        programs: [two-modes.s]
        ---

        ## Long

        ```setup
        load --guest two-modes.s
        ```

        \(step)

        """
      try folder.write(text, to: "long/01-long/lesson.md")
      try folder.write(
        String(contentsOfFile: shippedLessons + "/programs/two-modes.s", encoding: .utf8),
        to: "long/01-long/two-modes.s")
      let library = try LessonLibrary(folder: folder.path(of: "long"))
      let lesson = try #require(library.lessons.first)
      return ScreenCheck(library: library, lesson: lesson).problems().map(\.message)
    }
    #expect(try problems("```run\ncost table vmm-dispatch\n```") == [])
    let long = try problems("```run\nx/100xw 0x1000\n```")
    #expect(long.count == 1 && long[0].contains("80 columns and 24 lines"), "\(long)")
    let narrow = try problems("```run\ncost table vmm iret port disk network\n```")
    #expect(narrow.count == 1 && narrow[0].contains("40 columns and 24 lines"), "\(narrow)")
    let many = try problems("```run\ntrap\ntrap\ntrap\ntrap\ntrap\n```")
    #expect(many.count == 1 && many[0].contains(" screens of 80 columns"), "\(many)")
    // By the solution as by another road.
    let road = try problems(
      """
      ```try
      task: Make a step.
      goal:
        - holds: steps > start(steps)
          says: a step was made
      hints: [step]
      solution: [step]
      roads:
        - [x/100xw 0x1000, step]
      ```
      """)
    #expect(road.count == 1 && road[0].hasPrefix("'x/100xw 0x1000' shows"), "\(road)")
  }

  @Test func lessonOneActsOnItsThirdScreen() throws {
    let session = try session()
    let library = try LessonLibrary(folder: shippedLessons)
    let first = try #require(library.lessons.first)
    _ = session.begin(first)
    for line in ["", "lesson skip", ""] where session.engine?.openKind?.isTaskForTest != true {
      _ = session.run(line)
    }
    #expect(session.engine?.openKind?.isTaskForTest == true)
  }

  // MARK: A class

  @Test func aClassHasAScreenOfItsOwnUnderTheRings() throws {
    let terminal = try terminal(["lesson", "8", "--mode", "class"])
    try terminal.waitForPrompt(Self.prompt)
    #expect(terminal.screen.lines[0].hasPrefix(" [0 kernel]"))
    #expect(terminal.screen.lines[2].hasPrefix("Lesson 8: "))
    var seen: [String] = []
    // Page Down goes by command.
    for _ in 0..<6 {
      try terminal.send("\u{1b}[6~")
      try terminal.waitForPrompt(Self.prompt)
      #expect(terminal.screen.lines[0].contains("[0 kernel]"), "\(terminal.screen.text)")
      seen.append(terminal.screen.lines[2])
    }
    let commands = ["(ringside) load kernel.s", "(ringside) break critical", "(ringside) continue"]
    #expect(seen.suffix(3) == commands[...])
    #expect(terminal.screen.scrolledOff.isEmpty)
    // A command of one's own stands under the step, and the rings follow.
    try terminal.run("regs", prompt: Self.prompt)
    #expect(terminal.screen.lines[0].contains("[0 kernel]"))
    #expect(terminal.screen.scrolledOff.isEmpty)
    // Page Up goes back.
    try terminal.send("\u{1b}[5~")
    try terminal.waitForPrompt(Self.prompt)
    #expect(terminal.screen.lines[2] == "The machine is as it was here.")
    #expect(terminal.screen.lines.contains("## First, the bare machine"))
    try terminal.send("\u{4}")
    try terminal.waitForExit()
  }

  @Test func theRingsOfAScreenAreThoseOfItsCommand() throws {
    let block = ["load two-modes.s", "until program", "trap", "back"]
    let session = try session(mode: .presented, block: block.joined(separator: "\n"))
    session.classScreen = ClassScreen()
    var page = session.answer("lesson 1").text.plain
    // As after the same commands one by one.
    let alone = try #require(
      CommandInterpreter(
        files: FileFinder(folders: [folder.path(of: "lessons/01-cards")]), width: { 80 }))
    alone.look.layout = .big
    var count = 0
    var tops: Set<String> = []
    while true {
      for line in page.split(separator: "\n") where line.hasPrefix("(ringside) ") {
        alone.say(String(line.dropFirst("(ringside) ".count)))
        count += 1
      }
      let top = try #require(session.pager.top?.plain)
      #expect(top == alone.view.ringPicture(rows: 24).plain, "\(page)")
      tops.insert(top)
      guard session.pager.hasMore else { break }
      page = session.answer("").text.plain
    }
    #expect(count == block.count && tops.count == 2)
  }

  @Test func aTallScreenHasTheWholePicture() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s")
    #expect(shell.view.ringPicture(rows: 24).lines.count <= 3)
    #expect(shell.view.ringPicture(rows: 40).plain.contains("╭ ring 3"))
    for width in [20, 40, 80] {
      let narrow = try makeInterpreter(width: width)
      narrow.say("load --guest kernel.s")
      for rows in [24, 40] { #expect(narrow.view.ringPicture(rows: rows).width <= width) }
    }
  }

  @Test func bigLaysOutProseToo() throws {
    let said: [LessonOutput] = [
      .prose(
        "One two three four five six seven eight nine ten eleven twelve thirteen.\n\n- a\n- b"),
      .question("Which?"), .choice(letter: "a", text: "This"), .choice(letter: "b", text: "That"),
    ]
    var big = LessonPresenter(width: 100, layout: .big)
    let text = big.text(said)
    #expect(text.width <= 64)
    #expect(text.plain.contains(" - a\n\n - b\n\nQuestion: Which?\n\n  a  This\n\n  b  That"))
    var usual = LessonPresenter(width: 100)
    #expect(usual.text(said).plain.contains(" - a\n - b\n\nQuestion: Which?\n  a  This\n  b  That"))
  }

  @Test func aRoomsVotesAreBars() {
    var presenter = LessonPresenter(width: 40)
    let text = presenter.text([
      .votes(letter: "a", text: "This", count: 5, total: 20),
      .votes(letter: "b", text: "That", count: 15, total: 20),
      .votes(letter: "c", text: "None", count: 0, total: 20),
    ])
    #expect(
      text.plain
        == "  a  This\n     5 #####\n  b  That\n     15 ###############\n  c  None\n     0")
  }

  // MARK: Notes

  @Test func theNotesHaveTheTextAndWhatComesNext() throws {
    let library = try LessonLibrary(folder: shippedLessons)
    let lesson = try #require(library.lessons.first)
    let notes = NotesCommand.notes(lesson, library)
    for width in [40, 80] {
      let text = notes.text(at: 0..<1, width: width)
      #expect(text.width <= width)
      #expect(text.plain.contains("On the screen\nYour operating system already"))
      #expect(text.plain.contains("\nNext\nWhy would anyone want more?"))
    }
    let last = notes.text(at: lesson.steps.count - 1..<lesson.steps.count, width: 80).plain
    #expect(last.hasSuffix("Next\nThe lesson is over."))
  }

  @Test func theNotesWaitForThePresenter() {
    func place(_ step: Int) -> ClassPlace {
      ClassPlace(lesson: "01-a", screen: step..<step + 1, began: 100)
    }
    var reader = NotesReader(waits: true)
    let began = reader.look(place(0), width: 80, rows: 10)
    #expect(began && reader.shown == place(0))
    reader.take(
      StyledText(lines: (0..<12).map { StyledText(" p \($0)", $0 % 4 == 0 ? .strong : .plain) }))
    #expect(reader.status(now: 165, minutes: 15) == "[1:05 of 15 min · space: more · q leaves]")
    _ = reader.press(.character(" "))
    #expect(reader.hasTurned)
    let jumped = reader.look(place(1), width: 80, rows: 10)
    #expect(!jumped && reader.shown == place(0))
    #expect(
      reader.status(now: 170, minutes: nil)
        == "[1:10 · the class has gone on: space follows · q leaves]")
    _ = reader.press(.timeout)
    let waited = reader.look(place(1), width: 80, rows: 10)
    #expect(!waited)
    _ = reader.press(.pageDown)
    let went = reader.look(place(1), width: 80, rows: 10)
    #expect(went && reader.shown == place(1))
    let ended = reader.look(nil, width: 80, rows: 10)
    #expect(ended && reader.shown == nil)
    let stays = reader.press(.character("q"))
    #expect(!stays)
    var follower = NotesReader(waits: false)
    _ = follower.look(place(0), width: 80, rows: 10)
    let followed = follower.look(place(1), width: 80, rows: 10)
    #expect(followed && follower.shown == place(1))
  }
}

extension LessonStep.Kind {
  fileprivate var isTaskForTest: Bool { if case .task = self { true } else { false } }
}
