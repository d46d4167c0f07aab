import SourceText
import Testing

/// Lines broken at spaces.
struct WrappingTests {
  @Test func wordsStayWhole() {
    let text: StyledText = "the kernel is not in ring zero"
    #expect(text.wrapped(to: 12).plain == "the kernel\nis not in\nring zero")
    #expect(text.wrapped(to: 30).plain == text.plain)
  }

  @Test func laterLinesHang() {
    let text: StyledText = "the kernel is not in ring zero"
    #expect(
      text.wrapped(to: 14, first: "why ", hanging: "    ").plain
        == "why the kernel\n    is not in\n    ring zero")
  }

  @Test func theGroupsOfANumberStayTogether() {
    #expect(("about 15 826 cycles" as StyledText).wrapped(to: 9).plain == "about\n15 826\ncycles")
    #expect(("ring 3 is 1000 2" as StyledText).wrapped(to: 9).plain == "ring 3 is\n1000 2")
  }

  @Test func linesOfTheTextStay() {
    #expect(("a b\n\nc d" as StyledText).wrapped(to: 10).plain == "a b\n\nc d")
    #expect(("  indented text" as StyledText).wrapped(to: 11).plain == "  indented\ntext")
    #expect(("a  b" as StyledText).wrapped(to: 10).plain == "a  b")
  }

  @Test func overlongWordsAreCut() {
    #expect(("abcdefghij" as StyledText).wrapped(to: 4).plain == "abcd\nefgh\nij")
    #expect(
      ("x abcdefghij" as StyledText).wrapped(to: 6, hanging: "  ").plain
        == "x\n  abcd\n  efgh\n  ij")
    #expect(("漢字漢字" as StyledText).wrapped(to: 5).plain == "漢字\n漢字")
  }

  @Test func stylesStayWithTheirWords() {
    let text = StyledText("good", .good) + " and " + StyledText("bad", .bad)
    let lines = text.wrapped(to: 8).lines
    #expect(lines.map(\.plain) == ["good and", "bad"])
    #expect(lines[0].runs.first?.style == .good)
    #expect(lines[1].runs.first?.style == .bad)
  }

  /// Whatever the text and the width: no line is wider, and nothing but spaces is lost.
  @Test func noLineIsEverWider() {
    let pieces = [
      "a", "bb", "a-long-word-that-is-cut", " ", "  ", "\n", "漢字", "é", "e\u{301}", "x y z ",
    ]
    var state: UInt64 = 42
    for _ in 0..<400 {
      var text = StyledText()
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let number = Int(state >> 33)
        text.append(pieces[number % pieces.count], Style.allCases[number % Style.allCases.count])
      }
      for width in [4, 7, 10, 20] {
        let wrapped = text.wrapped(to: width, first: "* ", hanging: "  ")
        #expect(wrapped.width <= width, "\(text.plain) at \(width)")
        let letters = wrapped.plain.filter { !" *\n".contains($0) }
        #expect(letters == text.plain.filter { !" \n".contains($0) })
      }
    }
  }
}
