import SourceText
import Testing

/// What somebody may have meant.
struct SuggestionTests {
  @Test(arguments: [
    ("addd", "add"), ("dad", "add"), ("ad", "add"), ("brek", "break"), ("contineu", "continue"),
    ("conitnue", "continue"), ("stepp", "step"), ("tsep", "step"),
  ])
  func near(word: String, wanted: String) {
    #expect(
      Suggestion.nearest(to: word, among: ["sub", "add", "break", "continue", "step"]) == wanted)
  }

  @Test(arguments: ["xyzzy", "a", "", "addition", "brxyz", "contxxxx"])
  func far(word: String) {
    #expect(
      Suggestion.nearest(to: word, among: ["sub", "add", "break", "continue", "step"]) == nil)
  }

  @Test func ofEqualsTheFirst() {
    #expect(Suggestion.nearest(to: "lx1", among: ["lw1", "lb1"]) == "lw1")
    #expect(Suggestion.nearest(to: "lx1", among: ["lb1", "lw1"]) == "lb1")
    // A nearer one wins wherever it stands.
    #expect(Suggestion.nearest(to: "abcdef", among: ["abcdxy", "abcdeg"]) == "abcdeg")
  }

  @Test func theWordItselfIsNoSuggestion() {
    #expect(Suggestion.nearest(to: "step", among: ["step"]) == nil)
    #expect(Suggestion.nearest(to: "step", among: [String]()) == nil)
  }

  @Test func ofManyTheNearestAreListed() {
    #expect(Suggestion.some(of: ["b", "a"], near: "x") == "b, a")
    let many = (1...400).map { "a-\($0)-student.s" }
    #expect(
      Suggestion.some(of: many, near: "a-77-studen")
        == "a-7-student.s, a-17-student.s, a-27-student.s, a-37-student.s, a-77-student.s and 395 more"
    )
    let long = [String](repeating: String(repeating: "x", count: 5000), count: 30)
    #expect(Suggestion.some(of: long, near: long[0]).hasSuffix(" and 25 more"))
  }
}
