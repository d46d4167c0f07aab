import SourceText
import Testing

/// Styled text as a value, and as a terminal gets it.
struct StyledTextTests {
  @Test func neighboursOfOneStyleAreOneRun() {
    var text: StyledText = "a"
    text += "b"
    text.append("c", .bad)
    text.append("", .good)
    text.append("d", .bad)
    #expect(text.runs.map(\.text) == ["ab", "cd"])
    #expect(text.runs.map(\.style) == [.plain, .bad])
    #expect(text.plain == "abcd")
    #expect(text == StyledText("ab") + StyledText("cd", .bad))
    #expect(StyledText("").isEmpty)
    let n = 5
    #expect(("n is \(n)" as StyledText).plain == "n is 5")
  }

  @Test func linesKeepTheirStyles() {
    let text = StyledText("a\nb", .good) + StyledText("c\n", .bad)
    let lines = text.lines
    #expect(lines.map(\.plain) == ["a", "bc", ""])
    #expect(lines[1].runs.map(\.style) == [.good, .bad])
    #expect(StyledText(lines: lines).lines == lines)
    #expect(StyledText().lines == [StyledText()])
  }

  @Test func appendLineStartsALineOnlyBehindSomething() {
    var text = StyledText()
    text.appendLine("one")
    text.appendLine()
    text.appendLine("three")
    #expect(text.plain == "one\n\nthree")
  }

  @Test func paddingCountsColumns() {
    #expect(StyledText("漢").padded(to: 4).plain == "漢  ")
    #expect(StyledText("漢").padded(left: 4).plain == "  漢")
    #expect(StyledText("abc").padded(to: 2).plain == "abc")
  }

  @Test func withoutColourItIsTheTextAlone() {
    for style in Style.allCases {
      #expect(StyledText("a\nb", style).rendered(.plain) == "a\nb")
    }
  }

  @Test func coloursAreTheSixteenThatEveryTerminalHas() {
    for style in Style.allCases {
      let text = StyledText("x", style).rendered(.ansi(.normal))
      if text == "x" { continue }
      #expect(text.hasPrefix("\u{1B}[") && text.hasSuffix("mx\u{1B}[0m"), "\(style)")
      let numbers = text.dropFirst(2).prefix { $0 != "m" }.split(separator: ";")
      #expect(
        numbers.allSatisfy { (0...9).contains(Int($0) ?? -1) || (30...37).contains(Int($0) ?? -1) })
    }
  }

  @Test func aStyleEndsWithItsLine() {
    #expect(
      StyledText("a\n\nb", .bad).rendered(.ansi(.normal))
        == "\u{1B}[31ma\u{1B}[0m\n\n\u{1B}[31mb\u{1B}[0m")
  }

  @Test func truncationShowsThatSomethingIsMissing() {
    #expect(StyledText("abcdef").truncated(to: 4).plain == "abc~")
    #expect(StyledText("abcdéf").truncated(to: 4).plain == "abc…")
    #expect(StyledText("abcd").truncated(to: 4).plain == "abcd")
    #expect(StyledText("漢字漢字").truncated(to: 4).plain == "漢…")
    for width in 1...8 { #expect(StyledText("漢字漢字").truncated(to: width).width <= max(width, 3)) }
  }

  @Test func nothingIsObeyedByATerminal() {
    let text = StyledText("a\u{1b}[31m", .bad) + "\u{7}\u{9b}\tb\n\u{7f}"
    #expect(text.visible.plain == "a^[[31m^G?\tb\n^?")
    #expect(StyledText("as it is").visible == "as it is")
  }

  @Test func aStyleHasNoHoleBetweenItsWords() {
    let text = StyledText("ring 3", .ring3).wrapped(to: 20)
    #expect(text.runs.count == 1)
  }
}
