import TestSupport
import Testing

@testable import LineEditor

/// Prompts with colours.
@Suite struct PromptTests {
  @Test func aPlainPromptStaysAsItIs() {
    #expect(Prompt("(ringside) ").marked == "(ringside) ")
  }

  @Test func theColourIsSaidBeforeEveryCharacter() {
    let prompt = Prompt("\u{1b}[1;32mab\u{1b}[0m ")
    #expect(prompt.visible == "ab ")
    #expect(
      prompt.marked
        == "\u{1}\u{1b}[1;32m\u{1}a\u{1}\u{1b}[1;32m\u{1}b\u{1}\u{1b}[0m\u{1} ")
  }

  @Test func aResetAtTheEndGoesBeforeTheLastCharacter() {
    #expect(
      Prompt("\u{1b}[1m> \u{1b}[m").marked == "\u{1}\u{1b}[1m\u{1}>\u{1}\u{1b}[m\u{1} ")
  }

  @Test func otherControlCharactersAreLeftOut() {
    #expect(Prompt("a\u{7}\u{1}b\u{1b}[2Jc").visible == "ab[2Jc")
  }

  @Test func aColouredPromptIsAsWideAsItLooks() throws {
    let home = try DriverHome()
    let terminal = try home.session(prompt: "\u{1b}[32m>\u{1b}[0m ", columns: 40)
    let long = "0123456789 0123456789 0123456789 0123456789"
    try terminal.send(long + "\u{1}new ")
    try terminal.wait(for: "the line over two rows") {
      $0.lines.prefix(2).joined() == "> new " + long && $0.cursorColumn == 6
    }
    #expect(terminal.output.contains("\u{1b}[32m>\u{1b}[0m "))
  }
}
