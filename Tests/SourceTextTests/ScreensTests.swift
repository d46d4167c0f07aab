import SourceText
import TestSupport
import Testing

/// Long texts, broken into screens.
struct ScreensTests {
  private func text(_ lines: [StyledText]) -> StyledText { StyledText(lines: lines) }

  private func card(_ number: Int, _ count: Int) -> [StyledText] {
    [StyledText("━━ trap \(number) ━━", .heading)]
      + (1..<count).map { StyledText("    line \($0) of \(number)") }
  }

  private func command(_ line: String) -> StyledText {
    StyledText("(ringside) ", .prompt) + StyledText(line)
  }

  @Test func whatFitsStaysTogether() {
    let short = text(card(1, 10) + [StyledText()] + card(2, 12))
    #expect(short.screens(rows: 24) == [ScreenPage(text: short)])
    #expect(StyledText().screens(rows: 24) == [ScreenPage(text: StyledText())])
  }

  @Test func cardsComeOneAtATimeWithTheirCommands() {
    let long = text(
      [StyledText("What comes:"), StyledText(), command("trap")] + card(1, 10) + [command("trap")]
        + card(2, 10) + [command("trap")] + card(3, 10))
    let pages = long.screens(rows: 24)
    #expect(pages.map { $0.text.lines[0].plain }.prefix(2) == ["What comes:", "(ringside) trap"])
    #expect(pages.map { $0.text.plain.matches(of: #/━━ trap/#).count } == [0, 1, 1, 1])
    #expect(pages.allSatisfy { !$0.isCut })
  }

  @Test func aFigureIsNotBrokenAndAHeadingNotLeftAlone() {
    let figure = (0..<8).map { $0 == 4 ? StyledText() : StyledText("    +--\($0)--+", .code) }
    let prose = (0..<14).map { StyledText("prose \($0)") }
    let long = text(prose + [StyledText()] + figure + [StyledText()] + [StyledText("after it")])
    #expect(long.screens(rows: 24).map { $0.text.lines[0].plain } == ["prose 0", "    +--0--+"])
    let heading = StyledText("## ", .dim) + StyledText("Next", .heading)
    let below = (0..<12).map { StyledText("below \($0)") }
    let headed = text(prose + [StyledText(), heading, StyledText()] + below)
    #expect(headed.screens(rows: 24).map { $0.text.lines[0].plain } == ["prose 0", "## Next"])
  }

  @Test func whatDoesNotFitAnywhereIsSaidToBeCut() {
    let table = text((0..<40).map { StyledText(" row \($0)") })
    #expect(table.screens(rows: 24).map(\.isCut) == [true, false])
    let parts = (0..<40).map {
      $0 % 8 == 0 ? StyledText(" part", .strong) : StyledText("    \($0)")
    }
    #expect(text(parts).screens(rows: 24).map(\.isCut) == [false, false, false])
  }

  @Test func inAClassEachCommandHasItsScreen() {
    let block = text([command("load a.s"), StyledText("loaded"), command("step"), command("step")])
    #expect(block.screens(rows: 24).count == 1)
    #expect(
      block.screens(rows: 24, byCommand: true).map(\.text.plain)
        == ["(ringside) load a.s\nloaded", "(ringside) step", "(ringside) step"])
  }

  /// Nothing is lost, turned around or said twice, no screen is too long, and only what is too long is cut.
  @Test func anyTextIsShownWholeInScreensThatFit() {
    var dice = SystemRandomNumberGenerator()
    for _ in 0..<(isSoak ? 100_000 : 3000) {
      let rows = Int.random(in: 8...30, using: &dice)
      let largest = rows - 2
      var lines: [StyledText] = []
      for number in 0..<Int.random(in: 1...8, using: &dice) {
        let count = Int.random(in: 1...(rows - 3), using: &dice)
        switch Int.random(in: 0..<4, using: &dice) {
        case 0: lines += [command("trap")] + card(number, max(1, count - 1))
        case 1: lines += card(number, count)
        case 2: lines += [StyledText()] + (0..<count).map { StyledText("prose \(number) \($0)") }
        default:
          lines += [StyledText()] + (0..<count).map { StyledText("  code \(number) \($0)", .code) }
          lines += [StyledText(), StyledText("below \(number)")]
        }
      }
      let text = text(lines)
      for byCommand in [false, true] {
        let pages = text.screens(rows: rows, byCommand: byCommand)
        #expect(
          pages.flatMap { $0.text.lines }.filter { !$0.isEmpty } == lines.filter { !$0.isEmpty })
        for (index, page) in pages.enumerated() where pages.count > 1 {
          #expect(page.text.lines.count <= (index == pages.count - 1 ? largest + 1 : largest))
          #expect(page.text.lines.first?.isEmpty == false && page.text.lines.last?.isEmpty == false)
          #expect(!page.isCut, "\(rows) rows: \(text.plain)")
        }
      }
    }
  }
}
