import Foundation
import TestSupport
import Testing

@testable import Shell

/// `ringside replay --export`.
struct ExportTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static let text = """
    # A <b>title</b> & more

    Prose with `code`, *emphasis*, [a page](https://example.org/) and <script>alert(1)</script>.

    ```note
    Ask them first.
    ```

    - one
    - two
      and more

    ## Loading

    ```console
    (ringside) load two-modes.s
    ...
    ```

    ## A mistake

    ```console
    (ringside) stpe <img src=x>
    ...
    (exit 1)
    (ringside) print 1 + 1
    $1 = 2
    ```

    """

  func export(_ format: String, _ text: String = text, _ more: [String] = []) throws
    -> ProcessResult
  {
    let file = try folder.write(text, to: "demo.md")
    return try CommandLineTests.ringside(["replay", file, "--export", format] + more)
  }

  @Test func thePageStandsAloneAndHoldsNoTagOfTheTranscripts() throws {
    let page = try export("html").stdout
    #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
    #expect(page.contains("<title>A &lt;b&gt;title&lt;/b&gt; &amp; more</title>"))
    #expect(page.contains("default-src 'none'"))
    #expect(!page.contains("<script>alert") && !page.contains("<img"))
    #expect(page.contains("data-line=\"stpe &lt;img src=x&gt;\""))
    #expect(page.contains("<a href=\"https://example.org/\">a page</a>"))
    #expect(!page.contains("Ask them first"), "notes are the presenter's")
    #expect(page.contains("<li>two and more</li>"))
    for part in [
      "<header>", "<main ", "<nav aria-label=\"Chapters\">", "<footer>", "href=\"#main\"",
    ] {
      #expect(page.contains(part))
    }
    #expect(page.matches(of: #/<h1>/#).count == 1)
    #expect(page.matches(of: #/class="step"/#).count == 3)
    #expect(page.contains("<span class=\"refused\">refused</span></p>"))
    let ids = page.matches(of: #/ id="([^"]+)"/#).map { String($0.1) }
    #expect(Set(ids).count == ids.count, "each id is there once")
    for link in page.matches(of: #/href="#([^"]+)"/#) { #expect(ids.contains(String(link.1))) }
  }

  @Test(arguments: [2, 3])
  func theCastIsLinesOfJSONWithMarkers(version: Int) throws {
    let cast = try export("cast", Self.text, ["--cast-version", "\(version)"]).stdout
    let lines = try cast.split(separator: "\n").map {
      try JSONSerialization.jsonObject(with: Data($0.utf8))
    }
    let header = try #require(lines[0] as? [String: Any])
    #expect(header["version"] as? Int == version)
    let events = lines.dropFirst().compactMap { $0 as? [Any] }
    #expect(events.count == lines.count - 1)
    let times = events.compactMap { ($0[0] as? NSNumber)?.doubleValue }
    #expect(times.allSatisfy { $0 >= 0 } && times.count == events.count)
    if version == 2 { #expect(times == times.sorted()) }
    let marks = events.filter { $0[1] as? String == "m" }.compactMap { $0[2] as? String }
    #expect(marks == ["A <b>title</b> & more", "Loading", "A mistake"])
    let shown = events.filter { $0[1] as? String == "o" }.compactMap { $0[2] as? String }.joined()
    #expect(shown.contains("$1 = "))
    #expect(!shown.contains("Ask them first"))
  }

  @Test func markdownIsReadAnywhere() throws {
    let markdown = try export("md", "---\nringside: 1\n---\n" + Self.text).stdout
    #expect(markdown.hasPrefix("# A <b>title</b> & more\n\nProse with"))
    #expect(markdown.contains("```text\n(ringside) stpe <img src=x>\nthere is no command"))
    #expect(!markdown.contains("sha256=") && !markdown.contains("ringside: 1"))
  }

  @Test func theSkeletonIsALessonThatIsWell() throws {
    let transcript = repositoryRoot + "/transcripts/one-page-two-faults.md"
    let lesson = try CommandLineTests.ringside(["replay", transcript, "--export", "lesson"])
    let id = try #require(lesson.stdout.firstMatch(of: #/\nid: (\d+-one-page-two-faults)\n/#)).1
    #expect(!id.hasPrefix("99"))
    try folder.write(lesson.stdout, to: "lessons/\(id)/lesson.md")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: "lessons/programs"),
      withDestinationPath: shippedLessons + "/programs")
    let check = try CommandLineTests.ringside(
      ["lessons", "check", folder.path(of: "lessons")])
    #expect(check.status == .exited(0), "\(check.stdout)")
  }

  static let chapters = """
    ```console
    (ringside) load \(shippedLessons)/programs/two-modes.s
    ...
    ```

    ## The first

    Words of it.

    ```console
    (ringside) stpe
    ...
    (exit 1)
    ```

    ## The second

    ```console
    (ringside) print 1
    $1 = 1
    ```

    """

  @Test func chaptersAreNoTitle() throws {
    let page = try export("html", Self.chapters).stdout
    #expect(page.contains("<h1>demo</h1>"))
    #expect(page.contains(">The first</h2>") && page.contains(">The second</h2>"))
    let first = try #require(page.firstRange(of: ">The first</h2>"))
    let load = try #require(page.firstRange(of: "<kbd>load"))
    #expect(load.lowerBound < first.lowerBound)
    let lesson = try export("lesson", Self.chapters).stdout
    #expect(lesson.contains("\ntitle: 'demo'\n") && lesson.contains("\n## The first\n"))
    #expect(lesson.contains("\nprograms: ['../programs/two-modes.s']\n"), "\(lesson)")
    let marks = try export("cast", Self.chapters).stdout
    #expect(marks.contains("\"m\",\"The first\""))
  }

  @Test func proseIsReadAsForgesReadIt() throws {
    let text = Self.text.replacing(
      "- one\n- two",
      with: """
        See [rings](https://example.org/wiki/Ring_(computing)) and [notes](javascript:alert(1)).

        > quoted
        > - in a list

        1. first
           - inner
        2. second

        - one
        - two
        """)
    let page = try export("html", text).stdout
    #expect(
      page.contains(
        "<p>See <a href=\"https://example.org/wiki/Ring_(computing)\">rings</a> and notes.</p>"))
    #expect(
      page.contains(
        "<blockquote>\n<p>quoted</p>\n<ul>\n<li>in a list</li>\n</ul>\n</blockquote>\n"))
    #expect(
      page.contains(
        "<ol>\n<li>first\n<ul>\n<li>inner</li>\n</ul>\n</li>\n<li>second</li>\n</ol>\n"))
  }

  @Test func codeInATitleIsCode() throws {
    let page = try export("html", Self.text.replacing("# A <b>", with: "# A `cli` <b>")).stdout
    #expect(page.contains("<h1>A <code>cli</code> &lt;b&gt;title"))
  }

  @Test func nothingIsWrittenOver() throws {
    let file = folder.path(of: "demo.md")
    let own = try export("md", Self.text, ["-o", file])
    #expect(own.status == .exited(2))
    #expect(own.stderr.contains("demo.md is there already; -o writes over nothing"))
    #expect(try folder.read("demo.md") == Self.text)
    let page = folder.path(of: "page.html")
    #expect(try export("html", Self.text, ["-o", page]).status == .exited(0))
    #expect(try folder.read("page.html").hasPrefix("<!doctype html>"))
    #expect(try export("html", Self.text, ["-o", page]).status == .exited(2))
    #expect(try export("md", Self.text, ["-o", "/dev/null"]).status == .exited(0))
    let nowhere = try export("md", Self.text, ["-o", "/nope/x.md"])
    #expect(nowhere.stderr.contains("cannot create /nope/x.md: "), "\(nowhere.stderr)")
  }

  @Test func anExportIsAsPlainAsItsReader() throws {
    let odd = Self.text.replacing("Prose with", with: "Prose \u{1b}[2J with")
    let markdown = try export("md", odd).stdout
    #expect(markdown.contains("Prose ^[[2J with"))
  }

  @Test func aCastWaitsAsLongAsOneReads() throws {
    func length(_ options: [String]) throws -> Double {
      try export("cast", Self.text, options).stdout.matches(of: #/\n\[([0-9.]+),/#)
        .reduce(0) { $0 + (Double($1.1) ?? 0) }
    }
    #expect(try length(["--wpm", "1000"]) < length([]))
  }

  @Test func whatDiffersIsNotExported() throws {
    let result = try export("html", Self.text.replacing("$1 = 2", with: "$1 = 3"))
    #expect(result.status == .exited(1))
    #expect(result.stdout.isEmpty)
    #expect(result.stderr.contains("2 came, 3 is written"))
  }

  @Test(arguments: [
    ["--export", "pdf"], ["-o", "x"], ["--export", "md", "other.md"],
    ["--export", "cast", "--cast-version", "4"], ["--export", "md", "--update"],
  ])
  func slipsGiveTwo(options: [String]) throws {
    let file = try folder.write(Self.text, to: "demo.md")
    #expect(try CommandLineTests.ringside(["replay", file] + options).status == .exited(2))
  }
}
