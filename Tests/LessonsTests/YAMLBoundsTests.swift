import Testing

@testable import Lessons

/// How much of YAML is taken.
struct YAMLBoundsTests {
  @Test(arguments: [
    ("a: &x 1\n", 0, 3), ("a: 1\nb: *x\n", 1, 3), ("- &x [1]\n", 0, 2), ("&x {a: 1}\n", 0, 0),
    ("a: 1\n? *x\n: 2\n", 1, 2), ("a: &x\n  b: 1\n", 0, 3),
  ])
  func aliasesAreRefused(text: String, line: Int, column: Int) {
    let fault = YAMLBounds.fault(in: text)
    #expect(fault?.message.hasPrefix("there are no aliases") == true)
    #expect(fault?.line == line && fault?.column == column)
  }

  @Test(arguments: [
    "a: '&x'\nb: \"*y\"\n", "a: |\n  &x *y\n", "a: b &x *y\n", "a: 2 * 3\n", "not: [yaml\n", "",
    "- a\n- - b\n", "# &x\na: 1\n",
  ])
  func whatOnlyLooksLikeThemIsTaken(text: String) { #expect(YAMLBounds.fault(in: text) == nil) }

  @Test func depthAndSizeAreBounded() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(YAMLBounds.fault(in: nested(YAMLBounds.depthLimit)) == nil)
    #expect(YAMLBounds.fault(in: nested(YAMLBounds.depthLimit + 1))?.column == 16)
    #expect(YAMLBounds.fault(in: nested(500))?.message.contains("16 deep") == true)
    // So deep that the parser itself gives up: it is no YAML.
    let deep = LessonDocument.parse("---\na: \(nested(100_000))\n---\n\n# A\n", file: "l.md")
    #expect(deep.lesson == nil && !deep.diagnostics.isEmpty)
    #expect(YAMLBounds.fault(in: String(repeating: "{a: ", count: 10_000)) != nil)
    let large = "a: " + String(repeating: "x", count: YAMLBounds.sizeLimit)
    #expect(YAMLBounds.fault(in: large)?.message == "it has more than 256 KiB")
  }

  /// Forty lines of which each holds the one before twice, as keys.
  @Test func aBombIsOneLineOfAReport() {
    var front = "id: 20-strange\na0: &a0 {x: 1}\n"
    for number in 1..<40 {
      front += "a\(number): &a\(number) {p: *a\(number - 1), q: *a\(number - 1)}\n"
    }
    front += "? *a39\n: 1\n"
    let parsed = LessonDocument.parse("---\n\(front)---\n\n# A\n", file: "l.md")
    #expect(parsed.lesson == nil)
    let first = parsed.diagnostics.first
    #expect(first?.line == 3 && first?.column == 5, "\(String(describing: first))")
    #expect(first?.message.contains("there are no aliases") == true)
  }
}
