import Testing

@testable import Lessons

/// A lesson with one block of every kind.
let everyBlock = """
  # Two words

  Before everything.

  ## First part

  Text with `code`.

  ```asm
    cli   ; shown as it is
  ```

  ---

  Second screen.

  ```note
  Ask first.
  ```

  ```run
  # a comment
  set x 1
  look
  ```

  ```output
  x is [..]
  ...
  ```

  ## Second part

  ```try
  task: Make x
    5.
  goal:
    - holds: x == 5
      says: x is 5
    - y == 0
  wrong:
    - when: x > 5
      reply: Too far.
      sample: set x 9
  hints:
    - Use `set`.
    - 'Type: set x 5'
  solution:
    - set x 5
  done: Well done.
  ```

  ```quiz
  question: What is x?
  choices:
    - text: "4"
      reply: One more.
    - text: "5"
      right: true
      reply: Yes.
  ```

  ```quiz
  question: How much is x now?
  answer: x
  reply: Right, x.
  wrong:
    - value: y
      reply: That is y.
  otherwise: Use `look`.
  ```

  ```predict
  question: After add x 1, x is…
  choices:
    - text: six
      right: x == 6
      reply: It counts.
    - text: five
      right: x == 5
      reply: It does not stay.
  run:
    - add x 1
  ```

  The end.

  """

@Suite struct ParserTests {
  @Test func readsFrontMatter() throws {
    let text = """
      ---
      id: 08-two-words
      title: 'Two: words'
      minutes: 20
      needs: [02-x, 03-y]
      machine:
        profile: classic
        memory: 16M
      programs: [a.s, ../programs/b.s]
      sources:
        - PG, abstract
        - title: A book
          url: https://example.org
      ---
      Hello.
      """
    let (result, diagnostics) = LessonDocument.parse(text, file: "l.md")
    let lesson = try #require(result)
    #expect(diagnostics == [])
    #expect(lesson.id == "08-two-words")
    #expect(lesson.number == "08")
    #expect(lesson.name == "two-words")
    #expect(lesson.title == "Two: words")
    #expect(lesson.minutes == 20)
    #expect(lesson.needs == ["02-x", "03-y"])
    #expect(lesson.machine.profile == "classic")
    #expect(lesson.machine.memory == 16 << 20)
    #expect(lesson.programs == ["a.s", "../programs/b.s"])
    #expect(lesson.sources.map(\.title) == ["PG, abstract", "A book"])
    #expect(lesson.sources[1].url == "https://example.org")
  }

  @Test func readsEveryBlock() throws {
    let lesson = try lesson(everyBlock)
    let kinds = lesson.steps.map { step in
      switch step.kind {
      case .prose(let heading, _): "prose " + (heading ?? "-")
      case .run: "run"
      case .task: "task"
      case .quiz: "quiz"
      case .predict: "predict"
      case .note: "note"
      }
    }
    #expect(
      kinds == [
        "prose -", "prose First part", "prose -", "note", "run", "prose Second part", "task",
        "quiz", "quiz", "predict", "prose -",
      ])
    guard case .task(let task) = lesson.steps[6].kind, case .run(let run) = lesson.steps[4].kind
    else {
      Issue.record("no task or no run")
      return
    }
    #expect(task.task == "Make x 5.")
    #expect(task.goals.map(\.says) == ["x is 5", nil])
    #expect(task.goals[0].condition == LocatedText("x == 5", line: 45, column: 12))
    #expect(run.commands.map(\.text) == ["set x 1", "look"])
    #expect(run.commands[0].line == 30)
    #expect(run.expected?.source == ["x is [..]", "..."])
    #expect(Set(lesson.steps.map(\.fingerprint)).count == lesson.steps.count)
  }

  @Test func windowsLineEndsMakeNoDifference() throws {
    let text = (front + everyBlock).replacing("\n", with: "\r\n")
    let (result, _) = LessonDocument.parse(text, file: "l.md")
    #expect(try #require(result).steps == lesson(everyBlock).steps)
  }

  static let lesson8 = "a\n\n```try\ntask: t\ngoal: x\nhints: h\nsolution: s\n"

  @Test(arguments: [
    ("", "l.md:8:1: error: the lesson has no text"),
    ("a\n```quizz\n```\n", "l.md:9:1: error: 'quizz' is no kind of block; did you mean 'quiz'?"),
    (
      "a\n```python\n```\n",
      "l.md:9:1: error: 'python' is no kind of block; run, output, setup, try, quiz, predict, note, text, "
        + "asm, c, sh, console are"
    ),
    ("a\n```run\nx\n", "l.md:9:1: error: this block is never closed; close it with ```"),
    ("```run\n\n# c\n```\n", "l.md:8:1: error: a run block holds at least one command"),
    (
      "```run loud\nx\n```\n", "l.md:8:1: error: 'loud' is not known after run; quiet and fails are"
    ),
    (
      "a\n```output\n```\n",
      "l.md:9:1: error: an output block stands directly after its run block"
    ),
    (
      "```run\nx\n```\nb\n```output\n```\n",
      "l.md:12:1: error: an output block stands directly after its run block"
    ),
    ("# Other\n", "l.md:8:3: error: the title in the front matter is 'Two words'"),
    (
      "a\n# Two words\n",
      "l.md:9:1: error: '# ' is the title and stands first; a part begins with '## '"
    ),
    (
      "## A\nb\n## A\n",
      "l.md:10:4: error: there are two parts 'A'; `lesson contents` needs two names"
    ),
    (lesson8 + "gaol: x\n```\n", "l.md:15:1: error: a try has no 'gaol'; did you mean 'goal'?"),
    ("```try\ngoal: x\nhints: h\nsolution: s\n```\n", "l.md:9:1: error: a try needs 'task:'"),
    ("```try\ntask: x\nhints: h\nsolution: s\n```\n", "l.md:9:1: error: a try needs 'goal:'"),
    (
      "```try\ntask: x\ngoal: x\nsolution: s\n```\n",
      "l.md:9:1: error: a try needs at least one hint: 'hints:'"
    ),
    (
      "```try\ntask: x\ngoal: x\nhints: h\n```\n",
      "l.md:9:1: error: a try needs the commands that reach its goal: 'solution:'"
    ),
    (lesson8 + "wrong:\n  - when: x\n```\n", "l.md:16:5: error: a wrong needs 'reply:'"),
    (lesson8 + "done:\n```\n", "l.md:15:6: error: 'done:' is empty"),
    ("```try more\n```\n", "l.md:8:1: error: nothing stands after 'try', but here is 'more'"),
    ("```try\nwhat\n```\n", "l.md:9:1: error: a try is written as 'name: value' lines"),
    ("```try\n```\n", "l.md:9:1: error: a try is empty"),
    ("```quiz\nquestion: q\n```\n", "l.md:9:1: error: a quiz needs 'choices:' or 'answer:'"),
    (
      "```quiz\nquestion: q\nchoices:\n  - text: a\n    right: true\n    reply: r\n```\n",
      "l.md:11:3: error: a quiz has 2 to 6 choices, not 1"
    ),
    (
      "```quiz\nquestion: q\nchoices:\n  - {text: a, reply: r}\n  - {text: b, reply: r}\n```\n",
      "l.md:11:3: error: exactly one choice is 'right: true', not 0"
    ),
    (
      "```quiz\nquestion: q\nchoices:\n  - {text: a, right: x, reply: r}\n"
        + "  - {text: b, right: true, reply: r}\n```\n",
      "l.md:11:3: error: in a quiz 'right:' is true or false; conditions are for predict"
    ),
    (
      "```quiz\nquestion: q\nchoices:\n  - {text: a, right: true, reply: r}\n  - text: b\n```\n",
      "l.md:12:5: error: a choice needs 'reply:'"
    ),
    (
      "```quiz\nquestion: q\nanswer: x\nreply: r\n```\n",
      "l.md:9:1: error: a quiz needs 'otherwise:'"
    ),
    (
      "```predict\nquestion: q\nanswer: x\nreply: r\notherwise: o\n```\n",
      "l.md:9:1: error: a predict needs the commands to run: 'run:'"
    ),
    (
      "```predict\nquestion: q\nchoices:\n  - {text: a, right: x, reply: r}\n"
        + "  - {text: b, reply: r}\nrun: s\n```\n",
      "l.md:11:3: error: exactly one choice is 'right: true', or every choice has a condition"
    ),
  ])
  func saysWhatIsWrongAndWhere(body: String, message: String) {
    let (lesson, messages) = parsed(body)
    #expect(lesson == nil)
    #expect(messages.contains(message), "\(messages)")
  }

  @Test(arguments: [
    (
      "Hello.\n", "l.md:1:1: error: a lesson begins with front matter: YAML between two lines '---'"
    ),
    ("---\nid: 08-x\n---\na\n", "l.md:2:1: error: the front matter needs 'title:'"),
    (
      "---\nid: Eight\n---\na\n",
      "l.md:2:5: error: 'Eight' is no id; an id is a number, a dash and words with dashes: "
        + "08-two-words"
    ),
    (
      "---\nminutes: soon\n---\na\n",
      "l.md:2:10: error: minutes is a number from 1 to 180, not 'soon'"
    ),
    (
      "---\nmachine:\n  profile: loose\n---\na\n",
      "l.md:3:12: error: profile is strict or classic, not 'loose'"
    ),
    (
      "---\nmachine:\n  memory: 2G\n---\na\n",
      "l.md:3:11: error: memory is 1M to 1024M, not '2G'"
    ),
    (
      "---\ntitel: x\n---\na\n",
      "l.md:2:1: error: the front matter has no 'titel'; did you mean 'title'?"
    ),
    (
      "---\ntitle: [a]\n---\na\n",
      "l.md:2:8: error: 'title:' is one text; put it in quotes if it has ': ' or a sign in front"
    ),
  ])
  func saysWhatIsWrongInTheFrontMatter(text: String, message: String) {
    let messages = LessonDocument.parse(text, file: "l.md").diagnostics.map(told)
    #expect(messages.contains(message), "\(messages)")
  }

  @Test func brokenYAMLIsPointedAtWithAdvice() {
    let (_, messages) = parsed("```try\ntask: a: b\n```\n")
    #expect(messages.count == 1, "\(messages)")
    #expect(messages[0].hasPrefix("l.md:9:8: error: a try is not YAML: mapping values"))
    #expect(messages[0].hasSuffix("needs quotes '…'"))
  }

  @Test func everyLessonOfTheCourseIsReadWithoutComplaint() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let library = try LessonLibrary(folder: "/\(root)/lessons")
    #expect(library.diagnostics.map(told) == [])
    #expect(library.lessons.count >= 3)
  }

  @Test func diagnosticShowsItsLine() {
    let (_, diagnostics) = LessonDocument.parse(front + "a\n```quizz\n```\n", file: "l.md")
    #expect(diagnostics.map(\.source) == ["```quizz"])
  }

  @Test func longScreenIsAWarningOnly() {
    let (lesson, messages) = parsed(String(repeating: "word ", count: 130) + "\n")
    #expect(lesson != nil)
    #expect(
      messages == [
        "l.md:8:1: warning: 130 words on one screen; split what is over 120 with a line '---'"
      ])
  }

  @Test func everyPrefixOfALessonIsReadWithoutTrouble() {
    let text = Array((front + everyBlock).utf8)
    for length in stride(from: 0, to: text.count, by: 3) {
      let part = String(decoding: text[..<length], as: UTF8.self)
      let (lesson, diagnostics) = LessonDocument.parse(part, file: "l.md")
      #expect(lesson != nil || !diagnostics.isEmpty)
    }
  }
}
