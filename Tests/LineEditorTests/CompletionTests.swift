import TestSupport
import Testing

@testable import LineEditor

/// What Tab does, in a real terminal.
@Suite struct TabTests {
  let home: DriverHome

  init() throws { home = try DriverHome() }

  @Test func theOnlyCandidateIsFilledInWithABlank() throws {
    let terminal = try home.session()
    try terminal.send("br\t")
    try terminal.waitForLine("> break")
    try terminal.send("5")
    try terminal.waitForLine("> break 5")
    #expect(try terminal.run("", prompt: "> ") == "got: break 5\n")
  }

  @Test func aWordBeforeTheCursorIsCompletedInsideALine() throws {
    let terminal = try home.session()
    try terminal.send("Grü 7\u{2}\u{2}")
    try terminal.wait(for: "the cursor after the word") { $0.cursorColumn == 5 }
    try terminal.send("\t")
    try terminal.waitForLine("> Grüße 7")
    #expect(try terminal.run("", prompt: "> ") == "got: Grüße 7\n")
  }

  @Test func severalCandidatesAreListedAndTheLineStays() throws {
    let terminal = try home.session()
    try terminal.send("x s\t")
    try terminal.wait(forText: "one instruction")
    try terminal.waitForLine("> x st")
    #expect(
      terminal.screen.text == """
        > x s
        step  one instruction
        stop  stop it
        > x st
        """)
    try terminal.send("e\t")
    try terminal.waitForLine("> x step")
    #expect(try terminal.run("", prompt: "> ") == "got: x step \n")
  }

  @Test func theListGoesBelowALineThatWraps() throws {
    let terminal = try home.session(columns: 40)
    let long = "0123456789 0123456789 0123456789 0123456789"
    try terminal.send("s \(long)\u{1}\u{6}")
    try terminal.wait(for: "the cursor after the s") {
      $0.lines[1] == "3456789" && $0.cursorRow == 0 && $0.cursorColumn == 3
    }
    try terminal.send("\t")
    try terminal.wait(for: "the line below the list") { $0.cursorRow == 4 && $0.cursorColumn == 4 }
    #expect(
      terminal.screen.text
        == """
        > s 0123456789 0123456789 0123456789 012
        3456789
        step  one instruction
        stop  stop it
        > st 0123456789 0123456789 0123456789 01
        23456789
        """)
  }

  @Test func manyCandidatesStandInColumns() throws {
    let terminal = try home.session(columns: 40)
    try terminal.run("numbers", prompt: "> ")
    try terminal.send("n\t")
    try terminal.waitForLine("> n1")
    #expect(terminal.screen.text.contains("n101  n108  n115  n122  n129  n136\nn102"))
  }

  @Test func tabAndSearchWorkWithViKeysToo() throws {
    try home.folder.write("bind -v\n", to: ".editrc")
    let terminal = try home.session()
    try terminal.send("br\t")
    try terminal.waitForLine("> break")
    try terminal.send("\u{1b}0")
    try terminal.wait(for: "the cursor at the start") { $0.cursorColumn == 2 }
    try terminal.send("x")
    try terminal.waitForLine("> reak")
    #expect(try terminal.run("", prompt: "> ") == "got: reak \n")
    try terminal.send("\u{12}")
    try terminal.wait(forText: "bck")
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
  }

  @Test func nothingToCompleteChangesNothing() throws {
    let terminal = try home.session()
    try terminal.send("zzz\t!")
    try terminal.waitForLine("> zzz!")
  }
}

/// The same, without a terminal.
@Suite struct CompletionStepTests {
  private func step(_ line: String, from start: Int, _ candidates: [String]) -> CompletionStep {
    CompletionStep(
      line: line, cursor: line.utf8.count,
      completions: Completions(
        replaceFrom: start, candidates: candidates.map { Completion(text: $0) }))
  }

  @Test func whatWasTypedInAnotherWayIsReplaced() {
    let step = step("x STE", from: 2, ["step"])
    #expect(step.removed == 3)
    #expect(step.inserted == "step ")
  }

  @Test func candidatesThatBeginOtherwiseLeaveTheWord() {
    let step = step("tpe", from: 0, ["type", "tape"])
    #expect(step.removed == 0)
    #expect(step.inserted == "")
    #expect(step.listed.map(\.text) == ["type", "tape"])
  }

  @Test func aCandidateMayAskForNoBlank() {
    let step = CompletionStep(
      line: "le", cursor: 2,
      completions: Completions(
        replaceFrom: 0, candidates: [Completion(text: "lessons/", addsSpace: false)]))
    #expect(step.inserted == "ssons/")
  }

  @Test(arguments: [-5, 99]) func aPlaceOutsideTheLineIsMovedIntoIt(place: Int) {
    let step = step("ab", from: place, ["abc"])
    #expect(step.inserted == (place < 0 ? "c " : "abc "))
  }

  @Test func aListFitsTheWindow() {
    let many = (1...30).map { Completion(text: "a-rather-long-name-\($0)") }
    let few = [Completion(text: "step", description: String(repeating: "long ", count: 20))]
    for width in [1, 10, 39, 40, 80] {
      for list in [many, few + few] {
        #expect(CompletionList.lines(list, columns: width).allSatisfy { $0.count < max(width, 2) })
      }
    }
  }

  @Test func aVeryLongListIsCutAndSaysSo() {
    let many = (1...500).map { Completion(text: "a-name-that-fills-a-row-\($0)") }
    let lines = CompletionList.lines(many, columns: 40)
    #expect(lines.count == 101)
    #expect(lines.last == "(500 in all: type more)")
  }
}
