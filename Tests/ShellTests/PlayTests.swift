import TestSupport
import Testing

@testable import Shell

/// `ringside replay --play`, under a real terminal and without one.
struct PlayTests {
  let folder: TemporaryFolder
  let file: String

  init() throws {
    folder = try TemporaryFolder()
    file = try folder.write(Self.text, to: "demo.md")
  }

  static let text = """
    # A demo

    First words.

    ```note
    Ask: what happens next?
    ```

    ## Loading

    ```console
    (ringside) load two-modes.s
    ...
    (ringside) step
    ...
    ```

    ## Stepping on

    ```note
    Slowly now.
    ```

    ```console
    (ringside) step 3
    ...
    (ringside) print pc
    $1 = 4112  (0x1010)
    ```

    """

  var environment: [String: String] {
    childEnvironment(["RINGSIDE_LESSONS": shippedLessons, "XDG_STATE_HOME": folder.path])
  }

  func terminal(_ options: [String] = []) throws -> Terminal {
    try Terminal(
      builtExecutable("ringside"), ["replay", file, "--play", "--color", "never"] + options,
      environment: environment)
  }

  func lines(_ input: String, _ options: [String] = []) throws -> ProcessResult {
    try runProcess(
      builtExecutable("ringside"), ["replay", file, "--play"] + options, input: input,
      environment: environment)
  }

  @Test func keysGoOnAndBack() throws {
    let terminal = try terminal()
    try terminal.wait(forText: "[0/4 A demo]")
    try terminal.send(" ")
    try terminal.wait(forText: "[0/4 Loading]")
    try terminal.send(" ")
    try terminal.wait(forText: "[1/4 Loading]")
    try terminal.send("\u{1b}[C")
    try terminal.wait(forText: "[2/4 Loading]")
    #expect(terminal.output.contains("00001004"))
    try terminal.send("b")
    try terminal.wait(forText: "back: command 2 is still to come")
    try terminal.wait(forText: "[1/4 Loading]")
    try terminal.send("]")
    try terminal.wait(forText: "[2/4 Stepping on]")
    try terminal.send("[[")
    try terminal.wait(forText: "[0/4")
    try terminal.send("q")
    try terminal.waitForExit()
    #expect(terminal.screen.text.contains("your place is kept"))
  }

  @Test func aDetourComesBackToTheScriptsState() throws {
    let terminal = try terminal()
    try terminal.wait(forText: "[0/4 A demo]")
    try terminal.send("g")
    try terminal.wait(forText: "go to command or chapter:")
    try terminal.send("2\r")
    try terminal.wait(forText: "[2/4 Loading]")
    try terminal.send("d")
    try terminal.waitForPrompt("(detour)")
    try terminal.run("set pc = 0x1000", prompt: "(detour)")
    #expect(try terminal.run("print pc", prompt: "(detour)").contains("$1 = 4096"))
    try terminal.send("return\r")
    try terminal.wait(forText: "back in the script, after command 2")
    try terminal.send("..,")
    try terminal.wait(forText: "0000100c")
    try terminal.send(" ")
    try terminal.wait(forText: "[2/4 Stepping on]")
    try terminal.send(" ")
    try terminal.wait(forText: "[3/4 Stepping on]")
    try terminal.send(" ")
    try terminal.wait(forText: "$1 = 4112  (0x1010)")
    try terminal.wait(forText: "the end]")
    try terminal.send(" ")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(!terminal.output.contains("not as written"))
  }

  @Test func itGoesByItselfAndPauses() throws {
    let terminal = try terminal(["--every", "0.3"])
    try terminal.wait(forText: "[1/4 Loading]")
    try terminal.send("p")
    try terminal.wait(forText: "paused]")
    try terminal.send("p")
    try terminal.wait(forText: "the end]")
    try terminal.send("q")
    try terminal.waitForExit()
  }

  @Test func searchFinds() throws {
    let terminal = try terminal()
    try terminal.wait(forText: "[0/4 A demo]")
    try terminal.send("/")
    try terminal.wait(forText: "search for:")
    try terminal.send("PRINT\r")
    try terminal.wait(forText: "[4/4")
    try terminal.send("/")
    try terminal.send("nowhere\r")
    try terminal.wait(forText: "'nowhere' is nowhere in it")
    try terminal.send("q")
    try terminal.waitForExit()
  }

  @Test func aKeyThatComesWhileACommandTypesItselfIsNotLost() throws {
    let terminal = try terminal()
    try terminal.wait(forText: "[0/4 A demo]")
    try terminal.send(" ")
    try terminal.wait(forText: "[0/4 Loading]")
    // The command types itself for about a second.
    try terminal.send(" q")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.output.contains("load two-modes.s"))
  }

  @Test func itCanGoByItselfAtAKey() throws {
    let terminal = try terminal()
    try terminal.wait(forText: "[0/4 A demo]")
    try terminal.send("+")
    try terminal.wait(forText: "it waits for your key; p makes it go by itself")
    try terminal.send("p")
    try terminal.wait(forText: "it goes by itself, at 200 words a minute")
    try terminal.send("+")
    try terminal.wait(forText: "250 words a minute")
    try terminal.wait(forText: "[1/4 Loading]")
    try terminal.send("q")
    try terminal.waitForExit()
  }

  @Test func theSearchGoesOnAndIsGivenUp() throws {
    let terminal = try terminal()
    try terminal.wait(forText: "[0/4 A demo]")
    try terminal.send("n")
    try terminal.wait(forText: "nothing was searched for yet")
    try terminal.send("/")
    try terminal.wait(forText: "search for:")
    try terminal.send("step\r")
    try terminal.wait(forText: "[2/4 Loading]")
    try terminal.send("n")
    try terminal.wait(forText: "[2/4 Stepping on]")
    try terminal.send("nn")
    try terminal.wait(forText: "from the beginning:")
    try terminal.send("q")
    try terminal.waitForExit()
  }

  @Test func aSearchCanBeGivenUp() throws {
    let terminal = try terminal()
    try terminal.wait(forText: "[0/4 A demo]")
    try terminal.send("/")
    try terminal.wait(forText: "search for:")
    try terminal.send("\u{1b}\r")
    try terminal.wait(forText: "[0/4 A demo]")
    try terminal.send("q")
    try terminal.waitForExit()
    #expect(!terminal.output.contains("is nowhere in it"))
  }

  @Test func theBeginningIsBeforeTheFirstCommand() throws {
    try folder.write(
      "```console\n(ringside) load two-modes.s\n...\n(ringside) step\n...\n```\n", to: "demo.md")
    let result = try lines("\n0\n,\nb\n/\ng\n?\nd\nquit\nreturn\nq\n", ["--restart"])
    #expect(result.stdout.contains("this is the beginning\n[0/2]\nthis is the beginning\n[0/2]\n"))
    #expect(result.stdout.contains("search for what? '/trap'\n"))
    #expect(result.stdout.contains("go where? 'g 5', or 'g' and a chapter\n"))
    #expect(result.stdout.contains(" Enter  goes on\n") && !result.stdout.contains("space goes on"))
    #expect(result.stdout.contains("'return' comes back to the script\n"))
  }

  @Test func oneBlankLineSetsProseOff() throws {
    let keys = try terminal()
    try keys.wait(forText: "[0/4 A demo]")
    try keys.send(" ")
    try keys.wait(forText: "[0/4 Loading]")
    try keys.send(" ")
    try keys.wait(forText: "[1/4 Loading]")
    try keys.send("q")
    try keys.waitForExit()
    let rows = keys.screen.text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.filter { $0 != " " } }.drop { $0.isEmpty }
    let last = rows.lastIndex { !$0.isEmpty } ?? rows.startIndex
    let shown = rows[...last]
    #expect(!zip(shown, shown.dropFirst()).contains { $0.isEmpty && $1.isEmpty }, "\(shown)")
  }

  @Test func codeInAHeadingIsShownAsInProse() throws {
    try folder.write(Self.text.replacing("## Loading", with: "## Loading by `load`"), to: "demo.md")
    let result = try lines("\n\n\nq\n", ["--restart"])
    #expect(result.stdout.contains("\nLoading by 'load'\n"))
    #expect(result.stdout.contains("[1/4 Loading by 'load']") && !result.stdout.contains("`load`"))
  }

  @Test func aNarrowTerminalIsToldOf() throws {
    let result = try lines("q\n", ["--width", "40"])
    #expect(
      result.stdout.replacing("\n", with: " ").contains("is 80 columns wide, this terminal 40"))
    #expect(!(try lines("q\n").stdout.contains("columns wide")))
  }

  @Test func whatAFileHoldsIsNotObeyed() throws {
    try folder.write(
      "# A \u{1b}[2J\n\n```console\n(ringside) print 1 \u{1b}[4A\n...\n(exit 1)\n```\n",
      to: "demo.md")
    let result = try lines("\n\nq\n", ["--restart"])
    #expect(!result.stdout.contains("\u{1b}"))
    #expect(result.stdout.contains("^[[4A"))
  }

  @Test func withoutATerminalWholeLinesDo() throws {
    let result = try lines("\n\n\nb\nzz\n\nd\nset a0 = 7\nreturn\ng step\n\nq\n", ["--restart"])
    #expect(result.status == .exited(0))
    #expect(!result.stdout.contains("\u{1b}"))
    #expect(result.stdout.contains("'zz' is nothing here; ? tells what is"))
    #expect(result.stdout.contains("a0 = 00000007"))
    #expect(result.stdout.contains("your place is kept: command 4 comes next"))
  }

  @Test func thePlaceIsRememberedAndTheNotesFollow() throws {
    _ = try lines("\n\n\nq\n")
    let notes = try runProcess(
      builtExecutable("ringside"), ["replay", file, "--notes"], environment: environment)
    #expect(notes.stdout.contains("2 of 4 commands, Loading\n\nSlowly now.\n\nnext: step 3"))
    let again = try lines("q\n")
    #expect(again.stdout.contains("going on where you left"))
    #expect(again.stdout.contains("[2/4 Loading]"))
    let anew = try lines("q\n", ["--restart"])
    #expect(anew.stdout.contains("[0/4 A demo]"))
  }

  @Test func theNotesAreLeftAtAKey() throws {
    try folder.write(Self.text.replacing("# A demo", with: "# A `cli` demo"), to: "demo.md")
    let notes = try Terminal(
      builtExecutable("ringside"), ["replay", file, "--notes"], environment: environment)
    try notes.wait(forText: "Notes: A 'cli' demo")
    try notes.wait(forText: "(q leaves)")
    try notes.send("q")
    #expect(try notes.waitForExit() == .exited(0))
  }

  @Test func aSecondTerminalFollows() throws {
    let presenter = try terminal()
    try presenter.wait(forText: "[0/4 A demo]")
    let notes = try Terminal(
      builtExecutable("ringside"), ["replay", file, "--notes"], environment: environment)
    try notes.wait(forText: "Ask: what happens next?")
    try presenter.send(" ")
    try presenter.wait(forText: "[0/4 Loading]")
    try presenter.send(" ")
    try presenter.wait(forText: "[1/4 Loading]")
    try presenter.send(" ")
    try presenter.wait(forText: "[2/4 Loading]")
    try notes.wait(forText: "Slowly now.")
    try notes.send("\u{3}")
    #expect(try notes.waitForExit() == .exited(0))
    try presenter.send("q")
    try presenter.waitForExit()
  }

  @Test func whatIsNotAsWrittenIsTold() throws {
    try folder.write(Self.text.replacing("4112", with: "4113"), to: "demo.md")
    let result = try lines("g 4\nq\n")
    #expect(result.stdout.contains("not as written: 4112 came, 4113 is written"))
    #expect(result.stdout.contains("1 command did not say what is written: number 4"))
  }

  @Test func plainIsPlain() throws {
    let result = try lines("\n\n\n?\nq\n", ["--plain", "--width", "40"])
    #expect(result.stdout.utf8.allSatisfy { $0 < 0x80 })
    #expect(result.stdout.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test(arguments: [
    (["--play", "--update"], "choose one"), (["--play", "--every", "0"], "--every is 0.1 to 3600"),
    (["--play", "--wpm", "1"], "--wpm is 20 to 5000"), (["--play", "x.md"], "take one transcript"),
  ])
  func slipsGiveTwo(options: [String], message: String) throws {
    let result = try runProcess(
      builtExecutable("ringside"), ["replay", file] + options, environment: environment)
    #expect(result.status == .exited(2))
    #expect(result.stderr.contains(message))
  }
}
