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
}
