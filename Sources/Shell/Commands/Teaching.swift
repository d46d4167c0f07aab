import SourceText

extension CommandTable {
  static let teachingCommands: [Command] = [
    Command(
      "lesson", [], "[ID|next|back|skip|contents|goto PART|report|restart|reset [all]|leave]",
      group: .teaching,
      "opens a lesson, or says where you are", example: "lesson 01",
      details: """
        A lesson is named by its number, its name or the beginning of it. In a lesson Enter goes on where \
        there is something to read; all commands work at any time, and what you do is looked at on \
        the machine: any road counts. Your place is kept. 'lesson' alone shows the course, or in a lesson \
        the task again; 'lesson list' shows the course at any time. 'lesson contents' lists the parts, \
        'lesson goto PART' goes to one, 'lesson back' begins the open task again, or goes to the screen \
        before; 'lesson report' says how it went. 'lesson restart' begins the \
        lesson again, 'lesson reset' forgets what you did in it too, and 'lesson reset all' in every \
        lesson.
        """,
      completion: .lesson
    ) { (shell, arguments) throws(CommandFailure) in
      let host = try shell.requireHost("lessons are opened at the prompt")
      switch arguments.text {
      case "", "list": return try host.listLessons()
      case "next": return try host.openLesson(nil)
      case "reset", "reset all": return try host.resetLessons(all: arguments.text != "reset")
      case "back", "skip", "restart", "contents", "goto", "report", "leave": throw noLesson
      case let text where text.hasPrefix("goto "): throw noLesson
      default: return try host.openLesson(arguments.text)
      }
    },
    Command(
      "hint", [], "", group: .teaching, "a hint for the lesson's task; after the last the solution",
      example: "hint"
    ) {
      (_, _) throws(CommandFailure) in throw noLesson
    },
    Command(
      "play", [], "", group: .teaching, "leaves the lesson standing while you try things",
      example: "play",
      details: """
        Whatever you do until 'resume' does not count, and 'resume' brings the machine back exactly as it \
        was.
        """
    ) {
      (_, _) throws(CommandFailure) in throw noLesson
    },
    Command(
      "resume", [], "", group: .teaching, "goes back to the lesson after 'play'", example: "resume"
    ) {
      (_, _) throws(CommandFailure) in throw noLesson
    },
    Command(
      "goal", [], "", group: .teaching, "the lesson's task, and what of it holds already",
      example: "goal"
    ) {
      (_, _) throws(CommandFailure) in throw noLesson
    },
    Command(
      "check", [], "", group: .teaching, "looks again whether the task is done", example: "check"
    ) {
      (_, _) throws(CommandFailure) in throw noLesson
    },
    Command(
      "solution", [], "[run]", group: .teaching, "shows how it is done, or does it",
      example: "solution"
    ) {
      (_, _) throws(CommandFailure) in throw noLesson
    },
    Command(
      "record", [], "FILE.md [as NAME]|pause|resume|mark NAME|note TEXT|stop", group: .teaching,
      "writes the session down, from its beginning, as a transcript", example: "record work.md",
      details: """
        The transcript is Markdown that a person can read and 'replay' can run. It is written after each \
        command, so nothing is lost if the terminal goes. 'record stop' ends it. 'record mark' begins a \
        chapter, 'record note' writes a paragraph. After 'record pause' nothing is shown of what you do; \
        commands that moved or changed the machine are put in by 'record resume', without what they \
        said, since what follows rests on them. Your name is in it only with 'as NAME'. 'nonce WORD' \
        puts in a word that a teacher gave out, 'seed N' a number that the session has as $seed.
        """,
      completion: .file
    ) { (shell, arguments) throws(CommandFailure) in
      let host = try shell.requireHost("recording begins at the prompt")
      return try host.record(try RecordRequest(arguments))
    },
    Command(
      "note", [], "TEXT", group: .teaching, "writes a sentence into the recording",
      example: "note Here it traps."
    ) {
      (shell, arguments) throws(CommandFailure) in
      let host = try shell.requireHost("notes go into a recording")
      guard !arguments.isEmpty else { throw CommandFailure("note what? 'note Here it traps'") }
      return try host.note(arguments.text)
    },
    Command(
      "replay", [], "FILE.md", group: .teaching, "runs a transcript here, on a fresh machine",
      example: "replay work.md",
      completion: .file
    ) { (shell, arguments) throws(CommandFailure) in
      let host = try shell.requireHost("a transcript can't replay another")
      guard let path = arguments.words.first else {
        throw CommandFailure("replay which transcript? 'replay work.md'")
      }
      return try host.replay(path)
    },
  ]

  private static var noLesson: CommandFailure {
    CommandFailure("no lesson is open; 'lesson' opens one, 'lesson list' lists them")
  }
}

extension CommandInterpreter {
  func requireHost(_ reason: String) throws(CommandFailure) -> any ShellHost {
    guard let host else { throw CommandFailure(reason) }
    return host
  }
}
