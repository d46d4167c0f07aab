import Foundation
import Testing

/// What a newcomer can count on when looking around.
struct LayoutTests {
  @Test func theTopLevelIsFixed() async throws {
    guard let files = try await Repository.files() else { return }
    let known: Set = [
      "Package.swift", "Sources", "Tests", "lessons", "transcripts", "README.md", "LICENSE",
      "Makefile", "CHANGELOG.md", "CONTRIBUTING.md",
    ]
    let top = Set(files.map { String($0.prefix { $0 != "/" }) })
    #expect(top.filter { !known.contains($0) && !$0.hasPrefix(".") }.sorted() == [])
  }

  @Test func nothingThatABuildMakesIsCommitted() async throws {
    guard let files = try await Repository.files() else { return }
    let made = files.filter { path in
      path.hasSuffix(".profraw") || path.hasSuffix("Package.resolved")
        || path.split(separator: "/").contains { $0.hasPrefix(".build") }
    }
    #expect(made == [])
  }

  @Test func noSwiftFileIsLong() throws {
    let long = try
      (Repository.files(in: "Sources", endingIn: ".swift")
      + Repository.files(in: "Tests", endingIn: ".swift"))
      .map { ($0, try Repository.lines(of: $0).count - 1) }
      .filter { $0.1 > 500 }
      .map { "\($0.0): \($0.1) lines" }
    #expect(long == [])
  }

  @Test func noFileSaysThatItIsUnfinished() async throws {
    guard let files = try await Repository.files() else { return }
    // In two pieces, so that this file isn't found.
    let words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "place" + "holder"]
    let found = try files.filter { isText($0) }.flatMap { path in
      try Repository.lines(of: path).enumerated().compactMap { index, line in
        words.contains { line.contains($0) } ? "\(path):\(index + 1): \(line)" : nil
      }
    }
    #expect(found == [])
  }

  @Test func noSourceForcesATryOrACast() throws {
    let found = try Repository.files(in: "Sources", endingIn: ".swift").flatMap { path in
      try Repository.lines(of: path).enumerated().compactMap { index, line in
        line.contains(/\b(try|as)!/) ? "\(path):\(index + 1): \(line)" : nil
      }
    }
    #expect(found == [])
  }

  @Test func noFileNamesAPathOfOneMachine() async throws {
    guard let files = try await Repository.files() else { return }
    let places = ["/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/"]
    let found = try files.filter { isText($0) }.flatMap { path in
      try Repository.lines(of: path).enumerated().compactMap { index, line in
        places.contains { line.contains($0) } ? "\(path):\(index + 1): \(line)" : nil
      }
    }
    #expect(found == [])
  }

  private func isText(_ path: String) -> Bool {
    [".swift", ".s", ".md", ".c", ".h", ".modulemap", "Makefile", ".ci/run"].contains {
      path.hasSuffix($0)
    }
  }
}
