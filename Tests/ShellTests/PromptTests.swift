import TestSupport
import Testing

/// A person at a real terminal.
struct PromptTests {
  let folder: TemporaryFolder
  static let prompt = "(ringside)"

  init() throws { folder = try TemporaryFolder() }

  func session(
    _ arguments: [String], columns: Int = 80, environment: [String: String] = [:]
  ) throws -> Terminal {
    let own = [
      "XDG_STATE_HOME": folder.path, "HOME": folder.path, "RINGSIDE_LESSONS": shippedLessons,
    ]
    return try Terminal(
      builtExecutable("ringside"), arguments,
      environment: childEnvironment(own.merging(environment) { $1 }), columns: columns, rows: 40)
  }

  @Test func aWholeSession() throws {
    let program = try TemporaryProgram(endlessProgram)
    let terminal = try session([program.file])
    try terminal.waitForPrompt(Self.prompt)
    #expect(terminal.screen.lines[0].hasPrefix("ringside 0.1 — the bare machine."))

    // Half a command and Tab, then a label and Tab.
    try terminal.send("sy\t")
    try terminal.waitForLine("(ringside) symbols [PART]")
    #expect(try terminal.run("", prompt: Self.prompt).contains("again"))
    try terminal.send("break ag\t")
    try terminal.waitForLine("(ringside) break again")
    try terminal.run("", prompt: Self.prompt)

    // Up, and Ctrl-C at the prompt.
    try terminal.send("\u{1b}[A")
    try terminal.waitForLine("(ringside) break again")
    try terminal.send("\u{3}")
    try terminal.waitForPrompt(Self.prompt)

    // Ctrl-R finds what was typed.
    try terminal.send("\u{12}sym")
    try terminal.wait(for: "the search") { $0.cursorLine.contains("symbols") }
    try terminal.send("\r")
    try terminal.waitForPrompt(Self.prompt)
    try terminal.run("delete", prompt: Self.prompt)

    // Ctrl-C stops the run, not the program, and the state is kept.
    try terminal.send("continue\r")
    try terminal.waitForCooked()
    try terminal.send("\u{3}")
    try terminal.waitForPrompt(Self.prompt)
    #expect(terminal.screen.text.contains("stopped by Ctrl-C after"))
    #expect(try terminal.run("print steps > 0", prompt: Self.prompt).contains("1"))

    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.screen.text.hasSuffix("Goodbye."))
    #expect(try folder.read("ringside/history").contains("break again\n"))
  }

  @Test func theInitFileIsRunAtAPrompt() throws {
    let own = ["XDG_CONFIG_HOME": folder.path]
    try folder.write("alias twice = step 2\n", to: "ringside/init")
    let program = try TemporaryProgram(endlessProgram)
    let terminal = try session([program.file], environment: own)
    try terminal.waitForPrompt(Self.prompt)
    #expect(try terminal.run("twice", prompt: Self.prompt).contains("00001008"))
    try terminal.send("quit\r")
    #expect(try terminal.waitForExit() == .exited(0))

    try folder.write("alias twice = step 2\nnonsense\n", to: "ringside/init")
    let broken = try session([program.file], environment: own)
    try broken.waitForPrompt(Self.prompt)
    #expect(broken.screen.text.contains("/init:2: this line failed"))
    try broken.send("quit\r")
    #expect(try broken.waitForExit() == .exited(0))

    let without = try session(["--no-init", program.file], environment: own)
    try without.waitForPrompt(Self.prompt)
    #expect(try without.run("twice", prompt: Self.prompt).contains("there is no command 'twice'"))
    try without.send("quit\r")
    #expect(try without.waitForExit() == .exited(0))
  }

  @Test func aStoppedRunIsRecordedSoThatItReplays() throws {
    let program = try TemporaryProgram(silentProgram)
    let file = folder.path(of: "work.md")
    let terminal = try session([program.file, "--record", file])
    try terminal.waitForPrompt(Self.prompt)
    try terminal.send("continue\r")
    try terminal.waitForCooked()
    try terminal.send("\u{3}")
    try terminal.waitForPrompt(Self.prompt)
    try terminal.run("back 3", prompt: Self.prompt)
    try terminal.run("regs", prompt: Self.prompt)
    try terminal.send("quit\r")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(try folder.read("work.md").contains("(ringside) goto "))
    let replayed = try CommandLineTests.ringside(["replay", file])
    #expect(replayed.status == .exited(0), "\(replayed.stdout)")
  }

  @Test(arguments: [[], ["--plain"]])
  func aDefinitionCanBeLeft(_ options: [String]) throws {
    let isPlain = options.contains("--plain")
    let terminal = try session(options + [shippedLessons + "/programs/two-modes.s"])
    try terminal.wait(forText: "(ringside)")
    try terminal.send("define x1\r")
    try terminal.wait(forText: "one command a line; 'end' ends them, Ctrl-C drops them")
    try terminal.waitForPrompt(">", isPlain: isPlain)
    try terminal.send("\u{3}")
    try terminal.wait(forText: "the lines for 'x1' are dropped")
    try terminal.waitForPrompt("(ringside)", isPlain: isPlain)
    try terminal.send("define x2\r")
    try terminal.waitForPrompt(">", isPlain: isPlain)
    try terminal.send("print 1111\r")
    try terminal.waitForPrompt(">", isPlain: isPlain)
    try terminal.send("\u{4}")
    try terminal.waitForPrompt("(ringside)", isPlain: isPlain)
    try terminal.send("x2\r")
    try terminal.wait(forText: "$1 = 1111")
    try terminal.send("quit\r")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func anErrorMovesNoCursor() throws {
    let terminal = try session(["--plain", shippedLessons + "/programs/two-modes.s"])
    try terminal.wait(forText: "(ringside)")
    try terminal.send("\u{1b}[A\r")
    try terminal.wait(forText: "there is no command '^[[A'")
    #expect(!terminal.output.contains("\u{1b}"))
  }

  @Test func whatIsTypedDuringARunStaysUnseen() throws {
    let program = try TemporaryProgram(silentProgram)
    let terminal = try session([program.file])
    try terminal.waitForPrompt(Self.prompt)
    try terminal.send("continue\r")
    try terminal.wait(for: "its line") { $0.cursorLine.hasPrefix("running, at step ") }
    try terminal.send("goto here\r")
    let before = terminal.screen.cursorLine
    try terminal.wait(for: "another step") {
      $0.cursorLine.hasPrefix("running, at step ") && $0.cursorLine != before
    }
    #expect(!terminal.screen.text.contains("goto here"))
    try terminal.send("\u{3}")
    try terminal.waitForPrompt(Self.prompt)
  }

  @Test func aProgramThatIsNotThereIsNoBeginning() throws {
    let terminal = try session(["nosuch"], columns: 60)
    #expect(try terminal.waitForExit() == .exited(2))
    #expect(!terminal.screen.text.contains("the bare machine"))
    #expect(terminal.screen.text.contains("there is"))
    for line in terminal.output.split(whereSeparator: \.isNewline) { #expect(line.count <= 60) }
  }

  @Test func usageFitsTheTerminal() throws {
    for arguments in [["--help"], ["--foo"]] {
      let terminal = try session(arguments)
      _ = try terminal.waitForExit()
      for line in terminal.output.split(whereSeparator: \.isNewline) {
        #expect(line.count <= 80, "\(line)")
      }
      if arguments == ["--help"] {
        for option in ["-c COMMAND", "-x FILE", "--plain", "--color", "--width"] {
          #expect(terminal.screen.text.contains(option))
        }
      }
    }
  }

  @Test func aLongRunSaysHowFarItIs() throws {
    let program = try TemporaryProgram(silentProgram)
    let terminal = try session([program.file])
    try terminal.waitForPrompt(Self.prompt)
    try terminal.send("continue\r")
    try terminal.wait(for: "its line") {
      $0.cursorLine.hasPrefix("running, at step ") && $0.cursorLine.hasSuffix("; Ctrl-C stops")
    }
    try terminal.send("\u{3}")
    try terminal.waitForPrompt(Self.prompt)
    #expect(!terminal.screen.text.contains("running"), "the line is gone")
    #expect(terminal.screen.text.contains("stopped by Ctrl-C after"))
  }

  @Test func aLongRunSaysSoWithoutDrawingToo() throws {
    let program = try TemporaryProgram(silentProgram)
    let terminal = try session(["--plain", program.file])
    try terminal.wait(forText: "(ringside)")
    try terminal.send("continue\r")
    try terminal.wait(forText: "running, at step ")
    try terminal.send("\u{3}")
    try terminal.wait(forText: "stopped by Ctrl-C after")
    #expect(!terminal.output.contains("\u{1b}"))
  }

  @Test func aStrangerIsInTheFirstLessonAtOnce() throws {
    let terminal = try session([], columns: 60)
    try terminal.waitForPrompt(Self.prompt)
    let text = terminal.screen.text
    #expect(text.contains("lesson 1"))
    #expect(text.contains("## What you already have"))
    #expect(text.contains("[Enter goes on]"))
    try terminal.send("\r")
    try terminal.wait(forText: "[answer a, b, c or d]")
    try terminal.waitForPrompt(Self.prompt)
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.screen.text.contains("Your place in lesson 1 is kept."))

    // Another day it goes on there.
    let again = try session([], columns: 60)
    try again.waitForPrompt(Self.prompt)
    #expect(again.screen.text.contains("[answer a, b, c or d]"))
  }

  @Test func plainSessionsHaveNoEscapesAndNoSigns() throws {
    let terminal = try session(["--plain", shippedLessons + "/programs/two-modes.s"])
    try terminal.wait(forText: "(ringside)")
    try terminal.send("trap\r")
    try terminal.wait(forText: "trap 1: step ")
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.output.contains("\u{1b}"))
    #expect(terminal.output.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func colourIsLeftOutWhereItIsNotWanted() throws {
    for environment in [["NO_COLOR": "1"], ["TERM": "dumb"]] {
      let terminal = try session(
        [shippedLessons + "/programs/two-modes.s"], environment: environment)
      try terminal.wait(forText: "(ringside)")
      #expect(!terminal.output.contains("\u{1b}[36m"), "\(environment)")
    }
  }

  @Test func theWidthIsThatOfTheWindowAsItIsNow() throws {
    let terminal = try session([shippedLessons + "/programs/two-modes.s"], columns: 80)
    try terminal.waitForPrompt(Self.prompt)
    let wide = try terminal.run("rings", prompt: Self.prompt)
    #expect(wide.split(separator: "\n").contains { $0.count > 60 })
    terminal.resize(columns: 40, rows: 40)
    let narrow = try terminal.run("rings", prompt: Self.prompt)
    #expect(
      narrow.replacing(/\u{1b}\[[0-9;]*m/, with: "").split(separator: "\n").allSatisfy {
        $0.count <= 40
      })
  }
}
