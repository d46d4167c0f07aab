import Testing

/// One direction, from the ground up: who may import whom.
struct ImportTests {
  /// What each target may import of the package's own.
  static let own: [String: Set<String>] = [
    "SourceText": [],
    "OnionISA": [],
    "OnionAssembler": ["OnionISA", "SourceText"],
    "Onion": ["OnionISA"],
    "Monitor": ["Onion", "OnionISA"],
    "Laboratory": ["Monitor", "Onion", "OnionAssembler", "OnionISA", "SourceText"],
    "Transcripts": ["Laboratory", "OnionISA", "SourceText"],
    "Lessons": ["Laboratory", "OnionISA", "SourceText"],
    "CEditline": [],
    "CTerminal": [],
    "LineEditor": ["CEditline", "CTerminal"],
    "Shell": [
      "CTerminal", "Laboratory", "Lessons", "LineEditor", "Monitor", "Onion", "OnionAssembler",
      "OnionISA", "SourceText", "Transcripts",
    ],
    "ringside": ["Shell"],
    "Manual": ["Lessons", "OnionISA", "Shell", "SourceText"],
    "ringside-bench": ["Laboratory", "Monitor", "Onion", "OnionAssembler", "OnionISA"],
  ]

  /// What each target may import from elsewhere, beside the system's own library.
  static let others: [String: Set<String>] = [
    "Transcripts": ["Crypto"],
    "Lessons": ["CYaml", "Yams"],
    "Shell": ["ArgumentParser", "Crypto"],
    "ringside-bench": ["Benchmark", "Foundation"],
  ]

  static let system: Set = ["Darwin", "Glibc", "Synchronization"]

  @Test func everyImportPointsDown() throws {
    var wrong: [String] = []
    for path in Repository.files(in: "Sources", endingIn: ".swift") {
      let target = String(path.split(separator: "/")[1])
      let allowed = (Self.own[target] ?? []).union(Self.others[target] ?? []).union(Self.system)
      for line in try Repository.lines(of: path) {
        guard let module = Self.importedModule(line), !allowed.contains(module) else { continue }
        wrong.append("\(path): \(target) may not import \(module)")
      }
    }
    #expect(wrong == [])
  }

  @Test func everyTargetHasARow() throws {
    #expect(try Repository.folders(in: "Sources").filter { Self.own[$0] == nil } == [])
  }

  @Test func theTableHasNoCycle() {
    var ranks: [String: Int] = [:]
    // As many rounds as targets settle every row if, and only if, there is no cycle.
    for _ in Self.own {
      for (target, below) in Self.own {
        let known = below.compactMap { ranks[$0] }
        if known.count == below.count { ranks[target] = (known.max() ?? -1) + 1 }
      }
    }
    #expect(Self.own.keys.filter { ranks[$0] == nil }.sorted() == [])
  }

  /// What lies below the shell returns values and is a function of what it is given.
  @Test func belowTheShellNothingPrintsReadsAClockOrDrawsANumber() throws {
    let forbidden =
      /\b(print|debugPrint|dump|getenv|clock_gettime|gettimeofday|readLine|arc4random)\(|\b(ContinuousClock|SuspendingClock|SystemRandomNumberGenerator)\b|\.random\(|\.randomElement\(\)|\.shuffled\(\)/
    let targets = [
      "SourceText", "OnionISA", "OnionAssembler", "Onion", "Monitor", "Laboratory", "Transcripts",
      "Lessons",
    ]
    let files = targets.flatMap { Repository.files(in: "Sources/\($0)", endingIn: ".swift") }
    let found = try Repository.search(files) { line in
      let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
      return code.contains(forbidden)
    }
    #expect(found == [])
  }

  @Test(arguments: [
    ("import Onion", "Onion"), ("  import Glibc", "Glibc"), ("public import struct A.B", "A"),
    ("@testable import Shell", "Shell"), ("@_exported public import C", "C"),
  ])
  func importLinesAreRead(line: String, module: String) {
    #expect(Self.importedModule(Substring(line)) == module)
  }

  @Test(arguments: ["// import Onion", "let imported = 1", "/// An import Onion"])
  func otherLinesAreNot(line: String) {
    #expect(Self.importedModule(Substring(line)) == nil)
  }

  static func importedModule(_ line: Substring) -> String? {
    // Spares the slow match where it can't succeed.
    guard line.contains("import ") else { return nil }
    let pattern =
      /^\s*(?:@\w+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)/
    return line.firstMatch(of: pattern).map { String($0.1) }
  }
}
