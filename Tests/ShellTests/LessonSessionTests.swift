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
  func session(width: Int = 80) throws -> ShellSession {
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
      progress: ProgressFile(path: folder.path(of: "progress")))
  }

  @Test func aLessonFromItsBeginningToTheNext() throws {
    let session = try session()
    let first = session.run("lesson").text.plain
    #expect(first.contains("Lesson 1: First  (about 5 minutes)"))
    #expect(first.contains("Some words to read, and 'code'."))
    #expect(first.hasSuffix("[Enter goes on]"))
    let second = session.run("").text.plain
    #expect(second.contains("(ringside) load program.s\nprogram.s: 24 bytes"))
    #expect(second.contains("Your turn: Make two steps."))
    #expect(session.run("hin").text.plain == "Hint 1 of 1: The command 'step' makes one.")
    #expect(!session.run("step").text.plain.contains("Well done."))
    #expect(session.run("").text.plain.contains("Well done."), "Enter repeats the step")
    #expect(session.run("").text.plain.contains("Question: What is it?"))
    #expect(session.run("b").text.plain.contains("Not that."), "a letter answers")
    #expect(session.run("break").text.plain.hasPrefix("breakpoint 1"), "a word is a command")
    for line in ["e", "answer", "seven"] {
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
    #expect(session.run("lesson list").text.plain.contains("done"))
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
    #expect(again.run("lesson").text.plain.contains("Question: What is it?"))
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

}
