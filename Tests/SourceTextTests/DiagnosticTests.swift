import SourceText
import Testing

/// A mistake as it is shown: where, what, the line, a caret.
struct DiagnosticTests {
  static func diagnostic(
    _ source: String, column: Int, length: Int = 1, suggestion: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      .error, "it is wrong", file: "a.s", line: 3, column: column, length: length, source: source,
      suggestion: suggestion)
  }

  @Test func inFull() {
    let shown = Self.diagnostic(
      "    addd a0", column: 5, length: 4, suggestion: "did you mean 'add'?"
    )
    .rendered()
    #expect(
      shown.plain == """
        a.s:3:5: error: it is wrong; did you mean 'add'?
              addd a0
              ^~~~
        """)
    #expect(shown.lines[0].runs.map(\.style) == [.strong, .bad, .plain])
    #expect(
      Diagnostic(.warning, "w", file: "f", line: 1, column: 1).rendered().plain
        == "f:1:1: warning: w")
  }

  /// The caret stands under the fault, however wide what is before it.
  @Test(arguments: [
    ("ab!", 3, "  ab!\n    ^"), ("\ta\t!", 4, "   a !\n     ^"), ("漢字!", 3, "  漢字!\n      ^"),
    ("e\u{301}!", 2, "  e\u{301}!\n   ^"), ("a漢!", 2, "  a漢!\n   ^~"), ("ab", 3, "  ab\n    ^"),
    ("ab", 99, "  ab\n    ^"), ("", 1, ""),
  ])
  func theCaretIsUnderTheFault(source: String, column: Int, expected: String) {
    let lines = Self.diagnostic(source, column: column).rendered(width: 80).lines.dropFirst()
    #expect(lines.map(\.plain).joined(separator: "\n") == expected)
  }

  @Test func nonsenseNumbersDoNoHarm() {
    for column in [Int.min, -1, 0, 1, 2, Int.max] {
      for length in [Int.min, 0, 1, Int.max] {
        let text = Self.diagnostic("ab", column: column, length: length).rendered(width: 20)
        #expect(text.width <= 20)
        #expect(text.plain.contains("^"))
      }
    }
  }

  @Test func aLongLineIsShownAroundTheFault() {
    let source = String(repeating: "a", count: 300) + "WRONG" + String(repeating: "b", count: 300)
    let lines = Self.diagnostic(source, column: 301, length: 5).rendered(width: 40).lines.map(
      \.plain)
    #expect(lines.dropFirst().allSatisfy { $0.count <= 40 })
    let place = lines[2].prefix { $0 == " " }.count
    #expect(lines[1].dropFirst(place).hasPrefix("WRONGb"))
    #expect(lines[2].hasSuffix("^~~~~"))
    #expect(place > 10)
  }

  @Test(arguments: [12, 20, 33, 40, 80], [1, 2, 17, 39, 40, 41, 79, 80, 81, 119, 120, 121])
  func everyPlaceFitsEveryWidth(width: Int, column: Int) {
    let source = String(repeating: "0123456789漢字漢字漢", count: 6)
    for length in [1, 5, 200] {
      let lines = Self.diagnostic(source, column: column, length: length).rendered(width: width)
        .lines
      #expect(lines.allSatisfy { $0.width <= width })
      let caret = lines[lines.count - 1].plain
      let shown = lines[lines.count - 2].plain
      // What is above the caret is the fault's first character.
      var used = 0
      let start = caret.prefix { $0 == " " }.count
      let above = shown.drop { character in
        used += columns(of: character)
        return used <= start
      }
      let fault = Array(source).dropFirst(column - 1).first
      #expect(above.first == fault)
    }
  }

  @Test func nothingInASourceOrdersATerminalAbout() {
    let evil = "a\u{1B}[2Jb\u{7}\u{202E}c\r"
    let diagnostic = Diagnostic(
      .error, "no '\(evil)'", file: evil, line: 1, column: 1, source: evil, suggestion: evil)
    for width in [30, 80, Int.max] {
      let text = diagnostic.rendered(width: width).plain
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      #expect(!text.unicodeScalars.contains("\u{202E}"))
    }
  }

  @Test func aMessageIsWrapped() {
    let text = Self.diagnostic("x", column: 1, suggestion: "write something else here instead")
      .rendered(width: 30)
    #expect(text.width <= 30)
    #expect(text.lines[1].plain.hasPrefix("  "))
  }
}
