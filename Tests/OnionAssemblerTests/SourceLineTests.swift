import OnionISA
import Testing

@testable import OnionAssembler

/// The lines of a source, as an image finds them again.
struct SourceLineTests {
  @Test(arguments: [
    "", "a", "a\n", "\n\na", "a\r\nb\rc", "a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f",
    "é\u{301}\nñ…\n\r\n→",
    "\r\r\n\n\u{85}",
  ])
  func areThoseThatTheReaderSees(text: String) {
    let image = Image(entry: 0, pieces: [], files: [Image.File(name: "a.s", text: text)])
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for line in 0...lines.count + 1 {
      #expect(
        image.text(file: 0, line: line)
          == (lines.indices.contains(line - 1) ? lines[line - 1] : nil))
    }
    #expect(image.text(file: 1, line: 1) == nil)
  }
}
