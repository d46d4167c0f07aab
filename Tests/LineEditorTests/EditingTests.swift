import Foundation
import TestSupport
import Testing

/// Typing at the line editor in a real terminal.
@Suite struct EditingTests {
  let home: DriverHome

  init() throws { home = try DriverHome() }

  @Test func everyLineIsHandedOver() throws {
    let terminal = try home.session()
    #expect(try terminal.run("one two", prompt: "> ") == "got: one two\n")
    #expect(try terminal.run("", prompt: "> ") == "got: \n")
    try terminal.send("quit\r")
    #expect(try terminal.waitForExit() == .exited(0))
  }

  @Test func ctrlDOnAnEmptyLineEndsTheInput() throws {
    let terminal = try home.session()
    try terminal.send("\u{4}")
    #expect(try terminal.waitForExit() == .exited(0))
    #expect(terminal.screen.text == "> ^D\nbye")
  }

  @Test func ctrlDInALineDeletes() throws {
    let terminal = try home.session()
    try terminal.send("abc\u{1}")
    try terminal.wait(for: "the cursor at the start") { $0.cursorColumn == 2 }
    try terminal.send("\u{4}")
    try terminal.waitForLine("> bc")
    #expect(try terminal.run("", prompt: "> ") == "got: bc\n")
  }

  @Test func ctrlCGivesTheLineUp() throws {
    let terminal = try home.session()
    try terminal.send("half a com")
    try terminal.waitForLine("> half a com")
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    #expect(terminal.screen.lines.prefix(3) == ["> half a com^C", "cancelled", ">"])
    #expect(try terminal.run("whole", prompt: "> ") == "got: whole\n")
  }

  @Test func ctrlCStopsAComputationAndNotTheProgram() throws {
    let terminal = try home.session()
    try terminal.send("spin\r")
    try terminal.wait(forText: "spinning")
    try terminal.waitForCooked()
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    #expect(terminal.screen.text.contains("stopped"))
    #expect(try terminal.run("on", prompt: "> ") == "got: on\n")
  }

  @Test func ctrlBackslashDoesNothing() throws {
    let terminal = try home.session()
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

  @Test(arguments: [SIGQUIT, SIGPIPE, SIGTSTP, SIGCONT, SIGWINCH])
  func aSignalDoesNotHarmTheLine(signal: Int32) throws {
    let terminal = try home.session()
    try terminal.send("abc")
    try terminal.waitForLine("> abc")
    terminal.signal(signal)
    try terminal.send("d")
    try terminal.waitForLine("> abcd")
    #expect(try terminal.run("", prompt: "> ").hasSuffix("got: abcd\n"))
  }

  @Test func theLineIsDrawnAnewWhenAStoppedSessionGoesOn() throws {
    let terminal = try home.session()
    try terminal.send("abc")
    try terminal.waitForLine("> abc")
    terminal.signal(SIGSTOP)
    terminal.signal(SIGCONT)
    try terminal.wait(for: "the line drawn anew") { _ in terminal.output.contains("\r> abc") }
    try terminal.waitForLine("> abc")
    #expect(try terminal.run("d", prompt: "> ") == "got: abcd\n")
  }

  @Test func anEndBySignalLeavesTheTerminalAsItWas() throws {
    let terminal = try home.session()
    terminal.signal(SIGTERM)
    #expect(try terminal.waitForExit() == .signalled(SIGTERM))
    try terminal.waitForCooked()
  }

  @Test func aNarrowerWindowWrapsTheLineThatIsTypedOn() throws {
    let terminal = try home.session()
    try terminal.send("abc")
    try terminal.waitForLine("> abc")
    terminal.resize(columns: 40, rows: 24)
    try terminal.send(String(repeating: "x", count: 40))
    try terminal.wait(for: "the second row") { $0.cursorRow == 1 && $0.cursorColumn == 5 }
    #expect(
      try terminal.run("", prompt: "> ").contains("got: abc" + String(repeating: "x", count: 40)))
  }

  @Test func bytesThatAreNotUTF8BecomeAMark() throws {
    let terminal = try home.session()
    try terminal.send(bytes: [0x61, 0xff, 0xc3, 0x62])
    try terminal.waitForLine("> a\u{fffd}\u{fffd}b")
    #expect(try terminal.run("", prompt: "> ") == "got: a\u{fffd}\u{fffd}b\n")
  }

  @Test func keysWithoutAMeaningLeaveNothingInTheLine() throws {
    let terminal = try home.session()
    // F1, F5, Shift-Tab, Page Up, the marks around a paste, Ctrl-Left twice.
    try terminal.send("ab\u{1b}OP\u{1b}[15~\u{1b}[Z\u{1b}[5~\u{1b}[200~ cd\u{1b}[201~")
    try terminal.waitForLine("> ab cd")
    try terminal.send("\u{1b}[1;5D\u{1b}[1;5D!")
    try terminal.waitForLine("> !ab cd")
  }

  @Test func aLineThatWrapsCanBeEdited() throws {
    let terminal = try home.session(columns: 40)
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
    let terminal = try home.session()
    try terminal.send("first\rsecond\rthird\r")
    try terminal.wait(forText: "got: third")
    try terminal.waitForPrompt("> ")
    let answers = terminal.screen.lines.filter { $0.hasPrefix("got:") }
    #expect(answers == ["got: first", "got: second", "got: third"])
  }

  @Test func textIsUTF8() throws {
    let terminal = try home.session()
    try terminal.send("Käse 日本x")
    try terminal.waitForLine("> Käse 日本x")
    try terminal.send("\u{7f}\u{7f}")
    try terminal.waitForLine("> Käse 日")
    #expect(terminal.screen.cursorColumn == 9)
    #expect(try terminal.run("", prompt: "> ") == "got: Käse 日\n")
  }

  @Test func textIsUTF8InTheCLocaleToo() throws {
    let terminal = try home.session(environment: ["LANG": "C", "LC_ALL": "C"])
    #expect(try terminal.run("Käse", prompt: "> ") == "got: Käse\n")
  }
}
