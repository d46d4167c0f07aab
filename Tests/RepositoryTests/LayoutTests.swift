import Testing

/// What a newcomer can count on when looking around.
struct LayoutTests {
  @Test func theTopLevelIsFixed() throws {
    guard let files = try Repository.files() else { return }
    let known: Set = [
      "Package.swift", "Sources", "Tests", "lessons", "transcripts", "README.md", "LICENSE",
      "Makefile", "CHANGELOG.md", "CONTRIBUTING.md",
    ]
    let top = Set(files.map { String($0.prefix { $0 != "/" }) })
    #expect(top.filter { !known.contains($0) && !$0.hasPrefix(".") }.sorted() == [])
  }

  @Test func nothingThatABuildMakesIsCommitted() throws {
    guard let files = try Repository.files() else { return }
    let made = files.filter { path in
      path.hasSuffix(".profraw") || path.hasSuffix("Package.resolved")
        || path.split(separator: "/").contains { $0.hasPrefix(".build") }
    }
    #expect(made == [])
  }

  @Test func noSwiftFileIsLong() throws {
    let files =
      Repository.files(in: "Sources", endingIn: ".swift")
      + Repository.files(in: "Tests", endingIn: ".swift")
    let long = try files.map { ($0, try Repository.lines(of: $0).count - 1) }.filter { $0.1 > 500 }
    #expect(long.map { "\($0.0): \($0.1) lines" } == [])
  }

  @Test func noFileSaysThatItIsUnfinished() throws {
    // Each in two pieces, so that this file isn't found.
    let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "place" + "holder"]
    let found = try Repository.search(textFiles()) { line in
      line.split { !($0.isLetter || $0 == "_") }.contains { words.contains(String($0)) }
    }
    #expect(found == [])
  }

  @Test func noSourceForcesATryOrACast() throws {
    let sources = Repository.files(in: "Sources", endingIn: ".swift")
    #expect(try Repository.search(sources) { $0.contains(/\b(try|as)!/) } == [])
  }

  @Test func noFileNamesAPathOfOneMachine() throws {
    let places = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/"]
    let found = try Repository.search(textFiles()) { line in
      places.contains { line.contains($0) }
    }
    #expect(found == [])
  }

  private func textFiles() throws -> [String] {
    let endings = [".swift", ".s", ".md", ".c", ".h", ".modulemap", "Makefile", ".ci/run"]
    return try (Repository.files() ?? []).filter { path in
      endings.contains { path.hasSuffix($0) }
    }
  }
}
