import ReferenceOnion
import TestSupport
import Testing

@testable import SourceText

/// Markdown as CommonMark reads it.
struct MarkdownReadingTests {
  /// A short form of the tree: `p(…)`, `ul(li(…))`, `q(…)`, `*(…)`, `**(…)`, `<target>(…)`.
  private func form(_ text: String) -> String { form(Markdown(text).blocks) }

  private func form(_ blocks: [Markdown.Block]) -> String {
    blocks.map { block in
      switch block.content {
      case .heading(let level, let words): "h\(level)(\(form(words)))"
      case .paragraph(let words): "p(\(form(words)))"
      case .code(let lines): "code(\(lines.joined(separator: "|")))"
      case .quote(let inner): "q(\(form(inner)))"
      case .list(let list):
        (list.start.map { "ol\($0)" } ?? "ul") + (list.isTight ? "" : "~")
          + "(" + list.items.map { "li(\(form($0)))" }.joined() + ")"
      case .table(let table):
        "table(\(table.header.map { form($0) }.joined(separator: ","));"
          + table.rows.map { $0.map { form($0) }.joined(separator: ",") }.joined(separator: ";")
          + ")"
      case .rule: "hr"
      }
    }.joined()
  }

  private func form(_ words: [Markdown.Inline]) -> String {
    words.map { word in
      switch word {
      case .text(let text): text
      case .code(let code): "'\(code)'"
      case .emphasis(let inner): "*(\(form(inner)))"
      case .strong(let inner): "**(\(form(inner)))"
      case .link(let inner, let target): "<\(target)>(\(form(inner)))"
      case .lineBreak: "/"
      }
    }.joined()
  }

  @Test(arguments: [
    ("a\nb\n\nc", "p(a b)p(c)"), ("a  \nb\\\nc", "p(a/b/c)"),
    ("# A #\nb\n## C#", "h1(A)p(b)h2(C#)"), ("A\n===\nB\n---\n\n---", "h1(A)h2(B)hr"),
    ("#a", "p(#a)"), ("    x\n\n      y\n\nz", "code(x||  y)p(z)"), ("a\n    b", "p(a b)"),
    ("~~~ x\n```\n~~~\n", "code(```)"), ("```\na", "code(a)"),
    ("  ```\n  a\n b\n  ```", "code(a|b)"),
    ("> a\nb\n> c\n\nd", "q(p(a b c))p(d)"), ("> a\n\n> b", "q(p(a))q(p(b))"),
    ("> - a\n>   b\n> - c", "q(ul(li(p(a b))li(p(c))))"), ("> ```\n> x\ny", "q(code(x))p(y)"),
    (">> a\n> b", "q(q(p(a b)))"), ("> # A\nb", "q(h1(A))p(b)"), ("a\n> b", "p(a)q(p(b))"),
    ("- a\n- b", "ul(li(p(a))li(p(b)))"), ("- a\n\n- b", "ul~(li(p(a))li(p(b)))"),
    ("- a\n  - b\n    - c\n  - d\n- e", "ul(li(p(a)ul(li(p(b)ul(li(p(c))))li(p(d))))li(p(e)))"),
    ("1. a\n   - b\n\n     c\n2. d", "ol1(li(p(a)ul~(li(p(b)p(c))))li(p(d)))"),
    ("- a\n\n  b\n- c", "ul~(li(p(a)p(b))li(p(c)))"), ("- a\nb\n\nc", "ul(li(p(a b)))p(c)"),
    ("- a\n* b\n+ c", "ul(li(p(a)))ul(li(p(b)))ul(li(p(c)))"),
    ("3) a\n4) b", "ol3(li(p(a))li(p(b)))"),
    ("a\n- b", "p(a)ul(li(p(b)))"), ("a\n2. b", "p(a 2. b)"), ("a\n1. b", "p(a)ol1(li(p(b)))"),
    ("- ```\n  x\n  ```\n- > q\n  > r", "ul(li(code(x))li(q(p(q r))))"),
    ("-\n- a", "ul(li()li(p(a)))"),
    ("-a", "p(-a)"), ("* * *", "hr"), ("- - a", "ul(li(ul(li(p(a)))))"),
    ("-\n\n  a", "ul(li())p(a)"),
    ("-\ta\n\tb", "ul(li(p(a b)))"), ("1234567890. a", "p(1234567890. a)"),
    ("a | b\n--|:-:\n1 | 2 | 3\n4", "table(a,b;1,2;4,)"),
    ("| a |\n|---|\n| `x\\|y` |", "table(a;'x|y')"),
    ("| a | b |\n| c | d |", "p(| a | b | | c | d |)"), ("a\n| b |\n|---|", "p(a)table(b;)"),
  ])
  func blocks(text: String, wanted: String) { #expect(form(text) == wanted) }

  @Test(arguments: [
    ("[a](https://x.org/Ring_(computing)).", "<https://x.org/Ring_(computing)>(a)."),
    ("[a](b(c(d)e)f) )", "<b(c(d)e)f>(a) )"), ("[a](b(c)", "[a](b(c)"), ("[a](b\\)c)", "<b)c>(a)"),
    ("[a](<b c> \"t\")", "<b c>(a)"), ("[a](b 'title (x)')", "<b>(a)"), ("[a](b c)", "[a](b c)"),
    ("[*a* `]`](b)", "<b>(*(a) ']')"), ("[a [b](c)](d)", "[a <c>(b)](d)"),
    ("![a [b](c)](d)", "<d>(a b)"),
    ("[a\\](b)", "[a](b)"), ("[a]()", "[a]()"), ("[`a](b)`", "['a](b)'"), ("[a] (b)", "[a] (b)"),
    ("<https://a.b/c>", "<https://a.b/c>(https://a.b/c)"), ("<b>&lt;&#65;&x;", "<b><A&x;"),
    ("see https://a.b/c_(d). x", "see <https://a.b/c_(d)>(https://a.b/c_(d)). x"),
    ("(https://a.b)", "(<https://a.b>(https://a.b))"), ("xhttps://a.b", "xhttps://a.b"),
    ("a <!-- b --> c", "a  c"), ("a <!-- b", "a <!-- b"),
    ("*a **b** c*", "*(a **(b) c)"), ("***a***", "*(**(a))"), ("**a*", "**(a)"),
    ("a_b_c _d_", "a_b_c *(d)"), ("2 * 3 * 4", "2 * 3 * 4"), ("*a `*` b*", "*(a '*' b)"),
    ("``a`b`` `` ` ``", "'a`b' '`'"), ("`a", "`a"), ("\\`a`", "`a`"), ("*a", "*a"),
    ("a*b*c", "a*(b)c"),
    ("*foo**bar*", "*(foo**bar)"), ("**foo*bar**", "**(foo*bar)"), ("\\*a\\*", "*a*"),
    ("a\\b", "a\\b"),
  ])
  func inlines(text: String, wanted: String) { #expect(form(Markdown.inlines(text)) == wanted) }

  @Test func linksOfALineHaveColumns() {
    #expect(
      Markdown.links(in: "a [b](c_(d)) `[e](f)` ![g](h) []()")
        == [
          .init(target: "c_(d)", column: 3), .init(target: "h", column: 24),
          .init(target: "", column: 31),
        ])
  }

  /// No text, however deep or odd, takes long, or has no end: each sign again and again.
  @Test(arguments: [
    "[", "]", "![", "[](", "[a](b", "*", "**a ", "_a ", "*a **b ", "`", "` `` ", "<", "<!--", "&",
    "\\",
    "> ", "- ", "1. ", "- > ", "|", "https://(", "((((", "![![](a", "*a_ ",
  ])
  func longTextsOfOneKindAreRead(piece: String) {
    let text = String(repeating: piece, count: 20_000)
    _ = Markdown(text)
    _ = Markdown(text + "\n" + String(repeating: "|-", count: 20_000))
    _ = Markdown(String(repeating: piece + "\n", count: 20_000))
  }

  /// Random trees, written as one writes them, are read as what they are.
  @Test func whatIsWrittenIsRead() {
    var random = SplitMix64(seed: 17)
    for _ in 0..<(isSoak ? 100_000 : 2_000) {
      let blocks = MarkdownWriter.blocks(depth: 3, &random)
      let text = MarkdownWriter.lines(blocks).joined(separator: "\n")
      #expect(form(text) == form(blocks), "\(text)")
      if form(text) != form(blocks) { return }
    }
  }

  /// Any text at all is read without a stop.
  @Test func anyTextIsRead() {
    let pieces = [
      "a", " ", "\n", "\n\n", "- ", "1. ", "> ", "    ", "`", "```\n", "*", "**", "_", "[", "](",
      ")", "(",
      "!", "<", ">", "\\", "|", "|-|\n", "#", "# ", "&amp;", "https://x.y", "<!--", "-->", "---\n",
      "\t",
    ]
    var random = SplitMix64(seed: 18)
    for _ in 0..<(isSoak ? 200_000 : 5_000) {
      let text = (0..<Int.random(in: 1...60, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      _ = form(text)
    }
  }
}
