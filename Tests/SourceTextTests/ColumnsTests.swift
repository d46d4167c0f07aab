import SourceText
import Testing

/// How wide texts are on a terminal.
struct ColumnsTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("한", 2), ("ｆ", 2), ("😀", 2),
    ("→", 1), ("─", 1), ("\u{200B}", 0), ("\u{301}", 0), ("a\tb", 2), ("\u{1B}", 0), ("\u{7F}", 0),
    ("·", 1), ("Ω", 1), ("、", 2),
  ])
  func widthOf(text: String, width: Int) {
    #expect(columns(of: text) == width)
    #expect(StyledText(text).width == width)
  }

  @Test func ofSeveralLinesTheWidestCounts() {
    #expect(StyledText("a\n漢字\nabc").width == 4)
    #expect(StyledText("").width == 0)
  }
}
