import Foundation
import TestSupport
import Testing

@testable import LineEditor

/// Keys that have no character, pastes, hints, and what is shown above the prompt.
@Suite struct KeyTests {
  let home: DriverHome

  init() throws { home = try DriverHome() }

  // MARK: Codes of keys

  static let meaningless = [
    "[15~", "[17;2~", "OP", "[Z", "[5~", "[6~", "[2~", "[I", "[O", "[1;5P", "[15;6~", "[[A",
    "[1;8A",
    "[27;5;9~", "[57399u",
  ]

  @Test(arguments: meaningless, ["", "bind -v\n"])
  func aKeyWithoutAMeaningLeavesNothing(code: String, settings: String) throws {
    _ = try home.folder.write(settings, to: ".editrc")
    let terminal = try home.session()
    try terminal.send("ab\u{1b}\(code)")
    try terminal.send("cd")
    try terminal.waitForLine("> abcd")
    #expect(try terminal.run("", prompt: "> ") == "got: abcd\n")
  }

  @Test(arguments: [
    ("[H", "!abc"), ("OH", "!abc"), ("[1~", "!abc"), ("[7~", "!abc"), ("[D", "ab!c"),
    ("OD", "ab!c"), ("[1;2D", "ab!c"), ("[1;5D", "!abc"), ("[1;3D", "!abc"),
  ])
  func keysThatMoveTheCursor(code: String, line: String) throws {
    let terminal = try home.session()
    try terminal.send("abc\u{1b}\(code)")
    try terminal.wait(for: "the cursor moved") { $0.cursorColumn < 5 }
    try terminal.send("!")
    try terminal.waitForLine("> \(line)")
  }

  @Test(arguments: [("[H", "!abc", ""), ("[3~", "bc", "\u{1b}[H"), ("[F", "abc!", "\u{1b}[H")])
  func homeEndAndDeleteWorkWithViKeysToo(code: String, line: String, before: String) throws {
    _ = try home.folder.write("bind -v\n", to: ".editrc")
    let terminal = try home.session()
    try terminal.send("abc")
    try terminal.waitForLine("> abc")
    try terminal.send("\(before)\u{1b}\(code)\(line.contains("!") ? "!" : "")")
    try terminal.waitForLine("> \(line)")
  }

  @Test func altWithALetterGoesByWords() throws {
    let terminal = try home.session()
    try terminal.send("one two\u{1b}b")
    try terminal.wait(for: "the cursor at the word") { $0.cursorColumn == 6 }
    try terminal.send("!")
    try terminal.waitForLine("> one !two")
  }

  @Test(arguments: [
    #"bind "\e[15~" ed-move-to-beg"#, "line-editor-driver:bind ^[[15~ ed-move-to-beg",
  ])
  func aKeyOfTheUsersOwnWorks(setting: String) throws {
    _ = try home.folder.write(setting + "\n", to: ".editrc")
    let terminal = try home.session()
    try terminal.send("abc\u{1b}[15~")
    try terminal.wait(for: "the cursor at the start") { $0.cursorColumn == 2 }
  }

  @Test func whatAnEditrcBindsIsRead() {
    let text = """
      # a comment
      bind "^L" ed-clear-screen
      bind -a "\\e[5~" vi-prev
      other:bind \\033OP x
      bind
      edit on
      """
    #expect(KeyBindings.keys(boundBy: text) == ["^L", "\\e[5~", "\\033OP"])
  }

  // MARK: Pastes

  private func paste(_ text: String) -> String { "\u{1b}[200~\(text)\u{1b}[201~" }

  @Test(arguments: ["", "bind -v\n"])
  func aPastedLineIsNotRunBeforeEnter(settings: String) throws {
    _ = try home.folder.write(settings, to: ".editrc")
    let terminal = try home.session()
    try terminal.send("a \(paste("b\tc\u{7}\u{1b}[31md\n"))")
    try terminal.waitForLine("> a b c[31md")
    #expect(try terminal.run(" e", prompt: "> ") == "got: a b c[31md e\n")
  }

  @Test func severalPastedLinesAskFirst() throws {
    let terminal = try home.session()
    try terminal.send("x\(paste("1\r2\r3\r"))")
    try terminal.wait(forText: "pasted 3 lines: Enter runs them one by one")
    try terminal.send("\r")
    try terminal.wait(forText: "got: 3")
    try terminal.waitForPrompt("> ")
    let answers = terminal.screen.lines.filter { $0.hasPrefix("got:") }
    #expect(answers == ["got: x1", "got: 2", "got: 3"])
    #expect(terminal.screen.lines.contains("> 2"))
  }

  @Test(arguments: ["n", "\u{3}", "\u{1b}[A", "\u{1b}"])
  func severalPastedLinesCanBeDropped(key: String) throws {
    let terminal = try home.session()
    try terminal.send("x\(paste("1\n2\n"))")
    try terminal.wait(forText: "pasted 2 lines")
    try terminal.send(key)
    try terminal.waitForLine("> x")
    #expect(try terminal.run("y", prompt: "> ") == "got: xy\n")
  }

  @Test func ctrlCStandsBehindTheLineItGivesUp() throws {
    let terminal = try home.session()
    try terminal.send("walk program")
    try terminal.waitForLine("> walk program")
    try terminal.send("\u{1b}[D\u{1b}[D\u{1b}[D")
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    #expect(terminal.screen.text.contains("> walk program^C\n"))
    try terminal.run("one two", prompt: "> ")
    try terminal.send("\u{12}two")
    try terminal.wait(for: "the search") { $0.text.contains("bck:two") }
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    #expect(terminal.screen.text.contains("bck:two\n^C\n"))
  }

  /// Ctrl-C throws away the keys that were not read yet, at any moment: also one that a wait has seen already.
  @Test func ctrlCRightBehindOtherKeysIsNeverLost() throws {
    let terminal = try home.session()
    for round in 0..<100 {
      try terminal.send("ab")
      for _ in 0..<round % 7 { try terminal.send("\u{1b}[D") }
      try terminal.send("\u{3}")
      try terminal.waitForPrompt("> ")
    }
    #expect(try terminal.run("y", prompt: "> ") == "got: y\n")
  }

  @Test func ctrlCDropsWhatIsLeftOfAPaste() throws {
    let terminal = try home.session()
    try terminal.send(paste("spin\nnever\n"))
    try terminal.wait(forText: "pasted 2 lines")
    try terminal.send("\r")
    try terminal.wait(forText: "spinning")
    try terminal.waitForCooked()
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    #expect(try terminal.run("on", prompt: "> ").hasSuffix("got: on\n"))
  }

  @Test func aPasteAtTheQuestionDropsBoth() throws {
    let terminal = try home.session()
    try terminal.send(paste("1\n2\n"))
    try terminal.wait(forText: "pasted 2 lines")
    try terminal.send(paste("22\r23\r24\r"))
    try terminal.waitForPrompt("> ")
    #expect(try terminal.run("y", prompt: "> ") == "got: y\n")
    #expect(!terminal.output.contains("got: 2"))
  }

  @Test func anotherSizeIsNoAnswer() throws {
    let terminal = try home.session()
    try terminal.send(paste("1\n2\n"))
    try terminal.wait(forText: "pasted 2 lines")
    terminal.resize(columns: 100, rows: 24)
    try terminal.send("y")
    try terminal.wait(forText: "got: 2")
  }

  @Test func aPasteWhileSearchingIsSearchedFor() throws {
    let terminal = try home.session()
    try terminal.run("first load", prompt: "> ")
    try terminal.send("abc\u{12}")
    try terminal.wait(for: "the search") { $0.text.contains("bck:") }
    try terminal.send(paste("load"))
    try terminal.wait(for: "what it found") {
      $0.text.contains("first load") && $0.text.contains("bck:load")
    }
    try terminal.send("\u{7}")
    try terminal.waitForLine("> abc")
    // A long one did harm to the line's own memory once.
    try terminal.send("\u{12}")
    try terminal.wait(for: "the search") { $0.text.contains("bck:") }
    try terminal.send(paste(String(repeating: "0123456789", count: 300)))
    try terminal.send("\u{7}\u{7}")
    try terminal.send("\u{15}")
    try terminal.waitForLine(">")
    #expect(try terminal.run("on", prompt: "> ").hasSuffix("got: on\n"))
  }

  @Test func aLongPasteIsWhole() throws {
    let terminal = try home.session()
    let text = String(repeating: "0123456789", count: 600)
    try terminal.send(paste(text) + "end")
    try terminal.wait(for: "its end") { $0.cursorLine.hasSuffix("end") }
    try terminal.send("\r")
    try terminal.wait(forText: "got: 0123")
    try terminal.waitForPrompt("> ")
    #expect(terminal.output.contains("got: \(text)end"))
  }

  @Test func pastesAreMadeOfLines() {
    #expect(Paste("").lines == [""])
    #expect(Paste("a\n").lines == ["a"])
    #expect(Paste("a\r\nb\rc").lines == ["a", "b", "c"])
    #expect(Paste("\n\n").lines == [""])
    #expect(Paste("a\n\n  \nb").lines == ["a", "b"], "Enter alone would repeat a")
    #expect(Paste("é漢\u{301}\u{85}").lines == ["é漢\u{301}"])
  }

  // MARK: Hints

  @Test func aHintStandsBehindTheLineAndIsNoPartOfIt() throws {
    let terminal = try home.session()
    #expect(try terminal.run("hint", prompt: "> ") == "")
    try terminal.send("br")
    try terminal.waitForLine("> break PLACE")
    #expect(terminal.screen.cursorColumn == 4)
    #expect(terminal.output.hasSuffix("\u{1b}[2meak PLACE\u{1b}[0m\u{1b}[9D"), "it is dim")
    try terminal.send("\u{2}")
    try terminal.waitForLine("> br")
    try terminal.send("\u{5}\u{7f}")
    try terminal.waitForLine("> b")
    try terminal.send("r")
    try terminal.waitForLine("> break PLACE")
    try terminal.send("\r")
    try terminal.wait(forText: "got: br")
    try terminal.waitForPrompt("> ")
    #expect(terminal.screen.lines.contains("> br"), "it does not stay on the screen")
  }

  @Test func aHintFitsTheWindow() throws {
    let terminal = try home.session(columns: 10)
    try terminal.run("hint", prompt: "> ")
    try terminal.send("br")
    try terminal.waitForLine("> break P")
    try terminal.send("xxxxxxx")
    try terminal.wait(for: "two rows") { $0.cursorRow > 0 && $0.cursorLine == "x" }
  }

  @Test(arguments: ["dumb", "unknown"])
  func aTerminalThatCannotDrawGetsNoCodes(name: String) throws {
    let terminal = try home.session(environment: ["TERM": name])
    try terminal.run("hint", prompt: "> ")
    try terminal.run("br", prompt: "> ")
    #expect(!terminal.output.contains("\u{1b}["))
  }

  // MARK: Work behind the prompt

  @Test(arguments: [80, 12])
  func whatComesWhileALineIsTypedStandsAboveIt(columns: Int) throws {
    let terminal = try home.session(columns: columns)
    try terminal.run("work", prompt: "> ")
    let line = "half a line that goes on"
    try terminal.send(line)
    try terminal.wait(forText: "work 3")
    try terminal.wait(for: "the line below it") {
      // A blank at the end of a row is not seen.
      $0.lines.joined().filter { $0 != " " }.hasSuffix("andalinemore>halfalinethatgoeson")
    }
    try terminal.send("!\r")
    try terminal.wait(forText: "got: half")
    try terminal.waitForPrompt("> ")
    #expect(terminal.output.contains("got: \(line)!"))
  }

  // MARK: Characters and sizes

  @Test func wideAndCombiningCharactersTakeTheRoomTheyTake() throws {
    let terminal = try home.session()
    try terminal.send("漢e\u{301}ü")
    try terminal.wait(for: "the characters") { $0.cursorColumn == 6 }
    try terminal.send("\u{1}x")
    try terminal.wait(for: "the cursor behind x") { $0.cursorColumn == 3 }
    #expect(try terminal.run("", prompt: "> ").hasSuffix("got: x漢e\u{301}ü\n"))
  }

  @Test func aVeryLongLineIsWhole() throws {
    let terminal = try home.session()
    let text = String(repeating: "abcdefghij", count: 2000)
    try terminal.send(text + "\r")
    try terminal.wait(for: "the answer") { _ in
      terminal.output.contains("got: \(text)\r")
    }
  }

  @Test(arguments: [30, 120])
  func anotherWidthInTheMidstOfALongLine(columns: Int) throws {
    let terminal = try home.session(columns: 60)
    let text = String(repeating: "0123456789", count: 9)
    try terminal.send(text)
    try terminal.wait(for: "the line") { $0.cursorRow == 1 }
    terminal.resize(columns: columns, rows: 24)
    try terminal.send("\u{c}")
    try terminal.wait(for: "the line drawn anew") {
      $0.cursorRow == (text.count + 2) / columns
        && $0.lines.joined() == "> " + text
    }
    #expect(try terminal.run("!", prompt: "> ").contains("got: \(text)!"))
  }
}
