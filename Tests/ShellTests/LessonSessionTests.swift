import Lessons
import SourceText
import TestSupport
import Testing

@testable import Shell

/// Lessons at the prompt.
struct LessonSessionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A session with two small lessons.
  func session(width: Int = 80, mode: LessonMode = .selfPaced) throws -> ShellSession {
    try folder.write(tidyProgram, to: "lessons/01-first/program.s")
    try folder.write(
      """
      ---
      id: 01-first
      title: First
      minutes: 5
      programs: [program.s]
      ---

      ## Begin

      Some *words* to read, and `code`.

      ```run
      load program.s
      ```

      ```try
      task: Make two steps.
      goal:
        - holds: steps >= 2
          says: two steps were made
      hints: ['The command `step` makes one.']
      solution: [step 2]
      done: Well done.
      ```

      ```quiz
      question: What is it?
      choices:
        - {text: This, right: true, reply: Yes.}
        - {text: That, reply: Not that.}
      ```

      """, to: "lessons/01-first/lesson.md")
    try folder.write(
      "---\nid: 02-second\ntitle: Second\nminutes: 5\nprograms: []\n---\n\nOnly words.\n",
      to: "lessons/02-second/lesson.md")
    var look = LookOptions()
    look.plain = false
    look.width = width
    look.color = .never
    return try ShellSession(
      output: ShellOutput(look, descriptor: -1),
      library: try LessonLibrary(folder: folder.path(of: "lessons")),
      progress: ProgressFile(path: folder.path(of: "progress")), mode: mode)
  }

  @Test func aLessonFromItsBeginningToTheNext() throws {
    let session = try session()
    let first = session.run("lesson next").text.plain
    #expect(first.contains("Lesson 1: First  (about 5 minutes)"))
    #expect(first.contains("Some words to read, and 'code'."))
    #expect(first.hasSuffix("[Enter goes on]"))
    let second = session.run("").text.plain
    #expect(second.contains("(ringside) load program.s\nprogram.s: 24 bytes"))
    #expect(second.contains("Your turn: Make two steps."))
    #expect(session.run("hin").text.plain.hasPrefix("Hint 1 of 1: The command 'step' makes one."))
    #expect(!session.run("step").text.plain.contains("Well done."))
    #expect(session.run("").text.plain.contains("Well done."), "Enter repeats the step")
    #expect(session.run("").text.plain.contains("Question: What is it?"))
    #expect(session.run("b").text.plain.contains("Not that."), "a letter answers")
    #expect(session.run("break").text.plain.hasPrefix("breakpoint 1"), "a word is a command")
    #expect(session.run("e").text.plain == "There is no choice e.\n\n[answer a or b]")
    for line in ["answer", "seven"] {
      let said = session.run(line)
      #expect(
        said.text.plain
          == "'\(line)' is no answer here: answer a or b; 'lesson' shows the question again")
      #expect(!said.succeeded)
    }
    #expect(session.run("").text.plain.contains("Question: What is it?"), "Enter shows it again")
    let end = session.run("a").text.plain
    #expect(end.contains("That was \"First\". The next lesson is 2, \"Second\": 'lesson next'."))
    #expect(try folder.read("progress").contains("01-first done\n"))
    #expect(session.run("lesson next").text.plain.contains("Only words."))
    #expect(session.run("lesson list").text.plain.hasPrefix("The course: 2 of 2 done\n[x]"))
  }

  @Test func aThemeThatCanNotBeSeenIsCalledSo() throws {
    let session = try session()
    #expect(session.run("set theme high-contrast").text.plain.contains("here is no colour"))
    #expect(session.run("set theme high-contrast").text.plain == "theme is high-contrast")
  }

  @Test func thePlaceIsKept() throws {
    var first: ShellSession? = try session()
    _ = first?.run("lesson 1")
    _ = first?.run("")
    _ = first?.run("step 2")
    first = nil
    let again = try session()
    #expect(again.run("lesson next").text.plain.contains("Question: What is it?"))
    #expect(try again.interpreter.value(of: "steps") == 2, "the machine is where it was")
  }

  @Test func aLessonThatIsNotThereIsNamed() throws {
    let session = try session()
    let (text, succeeded) = session.run("lesson secnd")
    #expect(!succeeded)
    #expect(text.plain == "there is no lesson 'secnd'; did you mean '02-second'?")
    #expect(session.run("lesson leave").succeeded == false)
    _ = session.run("lesson 1")
    #expect(session.run("lesson leave").succeeded)
    #expect(session.run("hint").succeeded == false)
  }

  @Test(arguments: [20, 40, 80])
  func theShippedLessonsFitTheirTerminal(width: Int) throws {
    let library = try LessonLibrary(folder: shippedLessons)
    var look = LookOptions()
    look.plain = false
    look.width = width
    look.color = .never
    for lesson in library.lessons {
      let session = try ShellSession(
        output: ShellOutput(look, descriptor: -1), library: library, progress: nil)
      var said = [session.run("lesson \(lesson.id)").text]
      for _ in 0..<400 where session.engine?.isFinished == false {
        said.append(session.run("lesson").text)
        said.append(session.run("goal").text)
        said.append(session.run("hint").text)
        said.append(session.run("lesson skip").text)
      }
      #expect(session.engine?.isFinished == true, "\(lesson.id)")
      for text in said { #expect(text.width <= width, "\(lesson.id): \(text.plain)") }
    }
  }

  @Test func theCourseIsAMapThatSaysWhatComesNext() throws {
    let session = try session(width: 40)
    #expect(
      session.run("lesson").text.plain == """
        The course: 0 of 2 done
         =>   1  First  (5 min)
        [ ]   2  Second  (5 min)

        Begin with 'lesson 1'.
        """)
    _ = session.run("lesson 1")
    _ = session.run("")
    #expect(session.run("lesson leave").succeeded)
    #expect(
      session.run("lesson").text.plain == """
        The course: 0 of 2 done
         =>   1  First  (5 min)
                 you are at "Begin"
        [ ]   2  Second  (5 min)

        'lesson 1' goes on where you were.
        """)
  }

  @Test func playingIsUndoneToTheByte() throws {
    let session = try session()
    for line in ["lesson 1", "", "step", "break start", "set $n = 5"] { _ = session.run(line) }
    let digest = session.interpreter.stateDigest()
    #expect(session.run("play").text.plain.hasSuffix("[you play; resume goes back]"))
    for line in ["step 2", "set t0 = 9", "delete", "load program.s", "set $n = 6", ""] {
      #expect(session.run(line).succeeded, "\(line)")
    }
    #expect(session.interpreter.stateDigest() != digest)
    let said = session.run("resume").text.plain
    #expect(said.hasPrefix("The machine is exactly as it was."))
    #expect(said.contains("Your turn: Make two steps."))
    #expect(session.interpreter.stateDigest() == digest)
    #expect(session.run("info breakpoints").text.plain.contains("start"))
    #expect(session.run("print $n").text.plain.contains("5"))
    #expect(session.run("step").text.plain.contains("Well done."))
  }

  @Test func playingWhileRecordingGoesTheWholeWayBack() throws {
    let session = try session()
    for line in ["lesson 1", "", "step"] { _ = session.run(line) }
    let digest = session.interpreter.stateDigest()
    #expect(session.run("record \(folder.path(of: "r.md"))").succeeded)
    for line in ["play", "step 2", "resume"] { #expect(session.run(line).succeeded) }
    #expect(session.interpreter.stateDigest() == digest)
    #expect(session.run("record stop").succeeded)
    #expect(session.run("replay \(folder.path(of: "r.md"))").succeeded)
  }

  @Test func theLearnersRoadIsKept() throws {
    var first: ShellSession? = try session()
    for line in ["lesson 1", "", "step", "set t0 = 77", "step"] { _ = first?.run(line) }
    let digest = first?.interpreter.stateDigest()
    first = nil
    let again = try session()
    _ = again.run("lesson 1")
    #expect(again.interpreter.stateDigest() == digest)
  }

  @Test func aChangedLessonSaysSo() throws {
    var first: ShellSession? = try session()
    for line in ["lesson 1", "", "step 2"] { _ = first?.run(line) }
    first = nil
    let again = try session()
    let path = "lessons/01-first/lesson.md"
    try folder.write(
      try folder.read(path).replacing("What is it?", with: "And this?"), to: path)
    let said = again.run("lesson 1").text.plain
    #expect(said.contains("This lesson has changed since you were in it. You go on in the part"))
    #expect(said.contains("And this?"))
  }

  @Test func whatWasDoneIsForgotten() throws {
    let session = try session()
    for line in ["lesson 1", "", "step 2"] { _ = session.run(line) }
    #expect(session.run("lesson report").text.plain.contains("[x] Make two steps."))
    let said = session.run("lesson reset").text.plain
    #expect(said.contains("Some words to read"))
    #expect(said.hasSuffix("what you did here is forgotten"))
    #expect(session.run("lesson report").text.plain.contains("[ ] Make two steps."))
    _ = session.run("lesson leave")
    #expect(!session.run("lesson reset").succeeded)
    #expect(session.run("lesson reset all").succeeded)
    #expect(try folder.read("progress") == "ringside progress 1\n")
  }

  @Test func aCommandThatIsSwitchedOffSaysSo() throws {
    let session = try session()
    let path = "lessons/01-first/lesson.md"
    try folder.write(
      try folder.read(path).replacing(
        "minutes: 5\n",
        with: "minutes: 5\nwithout:\n  - set\n  - {command: load, because: it is loaded}\n"),
      to: path)
    for line in ["lesson 1", ""] { _ = session.run(line) }
    let (text, succeeded) = session.run("set t0 = 5")
    #expect(!succeeded)
    #expect(text.plain == "'set' is switched off in this lesson; any other road will do")
    #expect(
      session.run("loa program.s").text.plain
        == "'load' is switched off in this lesson: it is loaded")
    _ = session.run("lesson leave")
    #expect(session.run("set t0 = 5").succeeded)
  }

  @Test func theNotesFollowTheClass() throws {
    let session = try session(mode: .presented)
    let file = folder.path(of: "class")
    session.classFile = file
    _ = session.run("lesson 1")
    #expect(session.interpreter.look.layout == .big)
    for _ in 0..<2 { _ = session.run("") }
    let place = try #require(ClassPlace.read(file))
    #expect((place.lesson, place.screen) == ("01-first", 2..<3))
    let library = try #require(session.library)
    let lesson = try #require(library.lessons.first)
    let presenter = NotesCommand.notes(lesson, library)
    let notes = NotesCommand.text(ClassPlace.read(file), presenter, width: 40).plain
    #expect(notes.contains("Task: Make two steps."))
    #expect(notes.contains("- 'step 2'"))
    _ = session.run("lesson leave")
    #expect(ClassPlace.read(file) == nil)
    #expect(NotesCommand.text(nil, nil, width: 40).plain.hasPrefix("No class is being held."))
    for line in ["lesson 1", "lesson skip"] { _ = session.run(line) }
    _ = session.close()
    #expect(ClassPlace.read(file) == nil)
  }

  @Test(arguments: [
    "", "ringside class 2\n", "ringside class 2\n01-a 5 3 7\n", "ringside class 2\n01-a 1 2\n",
    "ringside class 1\n01-a 1 2 7\n", "01-a 1 2 7\n\n", "\0\0",
  ])
  func whatIsNoPlaceIsNone(text: String) { #expect(ClassPlace(text) == nil) }
}
