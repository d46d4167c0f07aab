import SourceText
import Testing

/// Tables that fit the terminal.
struct TextTableTests {
  static var table: TextTable {
    var table = TextTable([("count", .right), ("name", .left), ("meaning", .left)])
    table.add(["5", "timer", "an interrupt of the timer that nobody has acknowledged yet"])
    table.add(["12", StyledText("漢字", .bad), ""])
    table.add(["1"])
    return table
  }

  @Test func columnsAreAligned() {
    #expect(
      Self.table.rendered(width: 100).plain == """
         count  name   meaning
             5  timer  an interrupt of the timer that nobody has acknowledged yet
            12  漢字
             1
        """)
  }

  @Test func theLastColumnWraps() {
    #expect(
      Self.table.rendered(width: 44).lines.map(\.plain).prefix(4) == [
        " count  name   meaning",
        "     5  timer  an interrupt of the timer",
        "               that nobody has acknowledged",
        "               yet",
      ])
  }

  @Test func tooNarrowForColumnsItIsStacked() {
    #expect(
      Self.table.rendered(width: 28).lines.map(\.plain).prefix(3) == [
        " 5", "   name: timer", "   meaning: an interrupt of",
      ])
  }

  @Test func inTheLinearLayoutARowIsAPhrase() {
    var table = Self.table
    #expect(
      table.rendered(width: 60, layout: .linear).plain == """
         count 5, name timer, meaning an interrupt of the timer that
           nobody has acknowledged yet
         count 12, name 漢字
         count 1
        """)
    table.showsHeader = false
    #expect(table.rendered(width: 100, layout: .linear).lines[1].plain == " 12 漢字")
  }

  @Test(arguments: 8...100, Layout.allCases)
  func itFitsAnyWidth(width: Int, layout: Layout) {
    let text = Self.table.rendered(width: width, layout: layout)
    #expect(text.width <= width, "\(text.plain)")
    // Below that words are cut.
    guard width >= 12 else { return }
    for word in ["5", "timer", "12", "漢字", "1"] { #expect(text.plain.contains(word)) }
  }

  @Test func withoutAHeaderOrRows() {
    var table = TextTable(["a", "b"])
    #expect(table.isEmpty)
    table.showsHeader = false
    #expect(table.rendered(width: 20).plain == "")
    table.add(["x", "y", "too much"])
    #expect(table.rendered(width: 20).plain == " x  y")
  }
}
