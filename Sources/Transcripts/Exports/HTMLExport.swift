import SourceText

extension Performance {
  /// One page that stands alone: it asks nobody for anything, and without scripts it is a page to read.
  public var html: String {
    var prose = ProseHTML()
    var body = ""
    var number = 0
    for item in items {
      switch item {
      case .prose(let lines): body += prose.render(lines, skippingTitle: title)
      case .note: continue
      case .command(let command):
        number += 1
        body += Self.section(command, number: number)
      }
    }
    let name = ProseHTML.escaped(title)
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      script-src 'unsafe-inline'; img-src data:">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="ringside">
      <link rel="icon" href="data:,">
      <title>\(name)</title>
      <style>
      \(HTMLPage.style)</style>
      </head>
      <body>
      <a class="skip" href="#main">To the session</a>
      <header>
      <h1>\(ProseHTML.inline(title))</h1>
      \(about)</header>
      \(Self.contents(prose.chapters))<nav id="controls" class="controls" aria-label="Stepping" hidden>
      <button type="button" id="mode" aria-pressed="false">Step through</button>
      <button type="button" id="first">First</button>
      <button type="button" id="back">Back</button>
      <button type="button" id="forward">Forward</button>
      <button type="button" id="chapter-back">Chapter back</button>
      <button type="button" id="chapter-on">Next chapter</button>
      <button type="button" id="theme">Other colours</button>
      <span id="where" role="status"></span>
      </nav>
      <main id="main" tabindex="-1">
      \(body)</main>
      <footer><p>A ringside transcript: <code>ringside replay FILE</code> runs it again.</p></footer>
      <script>
      \(HTMLPage.script)</script>
      </body>
      </html>

      """
  }

  /// What the front matter says, for people.
  private var about: String {
    var rows: [(String, String)] = []
    let machine = frontMatter.machine.filter { ["profile", "memory"].contains($0.name) }
    if !machine.isEmpty { rows.append(("machine", machine.map(\.value).joined(separator: ", "))) }
    if !frontMatter.images.isEmpty {
      rows.append(("programs", frontMatter.images.map(\.name).joined(separator: ", ")))
    }
    if let lesson = frontMatter.lesson { rows.append(("lesson", lesson)) }
    if let name = frontMatter.name { rows.append(("by", name)) }
    rows.append(("commands", "\(commandCount)"))
    return "<dl>\n"
      + rows.map { "<div><dt>\($0.0)</dt><dd>\(ProseHTML.escaped($0.1))</dd></div>\n" }.joined()
      + "</dl>\n"
  }

  private static func contents(
    _ chapters: [(id: String, title: [Markdown.Inline])]
  ) -> String {
    guard chapters.count > 1 else { return "" }
    return "<nav aria-label=\"Chapters\">\n<ol>\n"
      + chapters.map { "<li><a href=\"#\($0.id)\">\(ProseHTML.inline($0.title))</a></li>\n" }
      .joined()
      + "</ol>\n</nav>\n"
  }

  private static func section(_ command: Command, number: Int) -> String {
    let line = ProseHTML.escaped(command.line)
    var html = "<div class=\"step\" id=\"c\(number)\" data-line=\"\(line)\">\n"
    html += "<p class=\"command\"><span class=\"prompt\" aria-hidden=\"true\">(ringside) </span>"
    html += "<kbd>\(line.isEmpty ? "Enter" : line)</kbd>"
    html += (command.succeeded ? "" : " <span class=\"refused\">refused</span>") + "</p>\n"
    if !command.output.isEmpty {
      let label = "What command \(number) says"
      html += "<pre tabindex=\"0\" role=\"group\" aria-label=\"\(label)\">"
      html += styled(command.output) + "</pre>\n"
    }
    return html + "</div>\n"
  }

  private static func styled(_ text: StyledText) -> String {
    text.runs.map { run in
      let words = ProseHTML.escaped(run.text)
      guard let name = HTMLPage.className(run.style) else { return words }
      return "<span class=\"\(name)\">\(words)</span>"
    }.joined()
  }
}
