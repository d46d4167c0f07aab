import Foundation
import TestSupport
import Testing

@testable import Shell

/// The session that the README shows is a real one.
struct ReadmeTests {
  @Test func theSessionInTheReadmeIsWhatTheShellSays() throws {
    let readme = try String(contentsOfFile: repositoryRoot + "/README.md", encoding: .utf8)
    let start = try #require(readme.range(of: "<!-- session -->"))
    let end = try #require(readme.range(of: "<!-- /session -->"))
    let block = readme[start.upperBound..<end.lowerBound]
    let lines = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      .filter { !$0.hasPrefix("```") }
    let shown = lines.drop { $0.isEmpty }.joined(separator: "\n")

    let shell = try makeInterpreter()
    let prompt = "(ringside) "
    var said = ""
    for line in lines where line.hasPrefix(prompt) {
      said += line + "\n" + shell.say(String(line.dropFirst(prompt.count)))
    }
    #expect(said.trimmingCharacters(in: .newlines) == shown.trimmingCharacters(in: .newlines))
    #expect(said.contains("trap"))
  }
}
