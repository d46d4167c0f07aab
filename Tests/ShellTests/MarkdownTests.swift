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

  @Test func linksShowWhereTheyLeadIfThatIsAPage() {
    let text = "See [the *page*](https://a.org/x), ![a picture](p.png) and [notes](n.md#part)."
    #expect(
      Markdown.inline(text).plain
        == "See the page (https://a.org/x), a picture and notes.")
  }

  @Test(arguments: [
    "mem[x](y z)", "a[1] (b)", "[open", "[a]()", "2 * 3 * 4", "a_b_c", "`open", "**open", "*",
    "\\*no\\*",
  ])
  func signsThatMeanNothingStay(text: String) {
    #expect(Markdown.inline(text).plain == text.replacing("\\", with: ""))
  }
}
