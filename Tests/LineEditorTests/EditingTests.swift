import TestSupport
import Testing

/// Typing at the line editor in a real terminal.
@Suite struct EditingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func session(
    columns: Int = 80, prompt: String = "> ", environment: [String: String] = [:]
  ) throws -> Terminal {
    let terminal = try Terminal(
      builtExecutable("line-editor-driver"), [folder.path(of: "history"), prompt],
      environment: childEnvironment(["HOME": folder.path].merging(environment) { $1 }),
      columns: columns)
    try terminal.waitForPrompt("> ")
    return terminal
  }

  @Test func everyLineIsHandedOver() throws {
    let terminal = try session()
    #expect(try terminal.run("one two", prompt: "> ") == "got: one two\n")
    #expect(try terminal.run("", prompt: "> ") == "got: \n")
    try terminal.send("quit\r")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func ctrlDOnAnEmptyLineEndsTheInput() throws {
    let terminal = try session()
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.screen.text == "> ^D\nbye")
  }

  @Test func ctrlDInALineDeletes() throws {
    let terminal = try session()
    try terminal.send("abc\u{1}")
    try terminal.wait(for: "the cursor at the start") { $0.cursorColumn == 2 }
    try terminal.send("\u{4}")
    try terminal.waitForLine("> bc")
    #expect(try terminal.run("", prompt: "> ") == "got: bc\n")
  }

  @Test func ctrlCGivesTheLineUp() throws {
    let terminal = try session()
    try terminal.send("half a com")
    try terminal.waitForLine("> half a com")
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    #expect(terminal.screen.lines.prefix(3) == ["> half a com^C", "cancelled", ">"])
    #expect(try terminal.run("whole", prompt: "> ") == "got: whole\n")
  }

  @Test func ctrlCStopsAComputationAndNotTheProgram() throws {
    let terminal = try session()
    try terminal.send("spin\r")
    try terminal.wait(forText: "spinning")
    try terminal.waitForCooked()
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    #expect(terminal.screen.text.contains("stopped"))
    #expect(try terminal.run("on", prompt: "> ") == "got: on\n")
  }

  @Test func ctrlBackslashDoesNothing() throws {
    let terminal = try session()
    try terminal.send("abc\u{1c}d")
    try terminal.waitForLine("> abcd")
    #expect(try terminal.run("", prompt: "> ") == "got: abcd\n")
    try terminal.send("spin\r")
    try terminal.wait(forText: "spinning")
    try terminal.waitForCooked()
    try terminal.send("\u{1c}")
    try terminal.wait(forText: "^\\")
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    #expect(try terminal.run("on", prompt: "> ") == "got: on\n")
  }

  @Test func anIgnoredSignalDoesNotEndTheInput() throws {
    let terminal = try session()
    try terminal.send("abc")
    try terminal.waitForLine("> abc")
    terminal.signal(3)
    try terminal.wait(forText: "cancelled")
    try terminal.waitForLine("> ")
    #expect(try terminal.run("on", prompt: "> ") == "got: on\n")
  }

  @Test func aLineThatWrapsCanBeEdited() throws {
    let terminal = try session(columns: 40)
    let long = "0123456789 0123456789 0123456789 0123456789 end"
    try terminal.send(long)
    try terminal.waitForLine("56789 end")
    try terminal.send("\u{1}")
    try terminal.wait(for: "the cursor at the start") { $0.cursorRow == 0 && $0.cursorColumn == 2 }
    try terminal.send("new ")
    try terminal.wait(for: "the longer line") {
      $0.lines.prefix(2).joined() == "> new " + long
    }
    #expect(try terminal.run("", prompt: "> ").hasSuffix("got: new \(long)\n"))
  }

  @Test func severalPastedLinesAreReadInTurn() throws {
    let terminal = try session()
    try terminal.send("first\rsecond\rthird\r")
    try terminal.wait(forText: "got: third")
    try terminal.waitForPrompt("> ")
    let answers = terminal.screen.lines.filter { $0.hasPrefix("got:") }
    #expect(answers == ["got: first", "got: second", "got: third"])
  }

  @Test func textIsUTF8() throws {
    let terminal = try session()
    try terminal.send("Käse 日本x")
    try terminal.waitForLine("> Käse 日本x")
    try terminal.send("\u{7f}\u{7f}")
    try terminal.waitForLine("> Käse 日")
    #expect(terminal.screen.cursorColumn == 9)
    #expect(try terminal.run("", prompt: "> ") == "got: Käse 日\n")
  }

  @Test func textIsUTF8InTheCLocaleToo() throws {
    let terminal = try session(environment: ["LANG": "C", "LC_ALL": "C"])
    #expect(try terminal.run("Käse", prompt: "> ") == "got: Käse\n")
  }
}
