import SourceText
import Testing

@testable import Shell

/// Lessons' prose on a terminal.
struct MarkdownTests {
  @Test func paragraphsAreFilledAndListsHang() {
    let text = Markdown.text(
      """
      One *two*
      three **four** `five`.

      - an item that is long
        enough to wrap
      - another

      1. first
      """, width: 24)
    #expect(
      text.plain == """
        One two three four
        'five'.

         - an item that is long
           enough to wrap
         - another

         1. first
        """)
  }

  @Test func codeKeepsItsLines() {
    let text = Markdown.text("Look:\n\n```asm\na:  nop  *not emphasis*\n```\n\nEnd.", width: 40)
    #expect(text.plain == "Look:\n\n    a:  nop  *not emphasis*\n\nEnd.")
  }

  /// Where the terminal is narrow a figure moves to the left, and nothing of it is lost.
  @Test func codeThatIsTooWideGoesOnBelow() {
    let text = Markdown.text("```\n0123456789 0123456789 01234\n  x\n```", width: 28)
    #expect(text.plain == " 0123456789 0123456789 01234\n   x")
    let narrow = Markdown.text("```\n0123456789 0123456789 01234\n```", width: 22)
    #expect(narrow.plain == "0123456789 0123456789\n  01234")
  }

  @Test func aTableIsAlignedOrToldRowByRow() {
    let table = "| name | **shows** |\n|---|---:|\n| `a` | 5 |\n| bb | 12 |"
    #expect(
      Markdown.text("T:\n\n" + table, width: 40).plain
        == "T:\n\n name  shows\n 'a'       5\n bb       12")
    #expect(Markdown.text(table, width: 11).plain == " 'a'\n   shows: 5\n bb\n   shows:\n     12")
    // Without the line below the names it is no table.
    #expect(Markdown.text("| a | b |\n| c | d |", width: 40).plain == "| a | b | | c | d |")
  }

  @Test func listsStandInListsAndQuotesAreMarked() {
    let text = Markdown.text(
      """
      - one item that is long
        - two

          more of two
        - three
      - four

      > said by *somebody* at
      > some length
      >
      > - a list

      9. nine
      10. ten
      """, width: 20)
    #expect(
      text.plain == """
         - one item that is
           long
           - two

             more of two
           - three
         - four

        > said by somebody
        > at some length
        >
        > - a list

         9. nine
         10. ten
        """)
  }

  @Test func aHeadingIsNoWiderThanTheTerminal() {
    #expect(
      Markdown.text("## A `long` heading of it", width: 12).plain == "A 'long'\nheading of\nit")
  }

  @Test func aNumberAtTheBeginningOfALineIsNoList() {
    #expect(
      Markdown.text("The index is\n32. An entry", width: 40).plain == "The index is 32. An entry")
    #expect(Markdown.text("1. one\n2. two", width: 40).plain == " 1. one\n 2. two")
  }

  @Test func linksShowWhereTheyLeadIfThatIsAPage() {
    let text = "See [the *page*](https://a.org/x), ![a picture](p.png) and [notes](n.md#part)."
    #expect(
      Markdown.inline(text).plain
        == "See the page (https://a.org/x), a picture and notes.")
    #expect(
      Markdown.inline("[rings](https://a.org/Ring_(computing)) https://b.org").plain
        == "rings (https://a.org/Ring_(computing)) https://b.org")
  }

  @Test(arguments: [
    "mem[x](y z)", "a[1] (b)", "[open", "[a]()", "2 * 3 * 4", "a_b_c", "`open", "**open", "*",
    "\\*no\\*",
  ])
  func signsThatMeanNothingStay(text: String) {
    #expect(Markdown.inline(text).plain == text.replacing("\\", with: ""))
  }
}
