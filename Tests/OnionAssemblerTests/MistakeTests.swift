import Foundation
import OnionAssembler
import Testing

/// Wrong sources, and word for word what is said about them: the files under Mistakes.
///
/// In such a file lines with `> ` are a source, the lines behind them what is said, and an empty line
/// ends a case. RINGSIDE_UPDATE_MISTAKES=1 writes what is said anew, to be read before it is committed.
struct MistakeTests {
  struct Case {
    var source: [String] = []
    var said: [String] = []
  }

  static let folder = testFolder.appending(path: "Mistakes")

  static let files: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".txt") }.sorted()

  static func cases(in file: String) throws -> [Case] {
    let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    var cases = [Case()]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty {
        cases.append(Case())
      } else if line.hasPrefix("> ") {
        cases[cases.count - 1].source.append(String(line.dropFirst(2)))
      } else {
        cases[cases.count - 1].said.append(String(line))
      }
    }
    return cases.filter { !$0.source.isEmpty }
  }

  static func said(of source: [String]) -> [String] {
    let result = Assembler.assemble(source: source.joined(separator: "\n"), file: "program.s")
    return result.diagnostics.flatMap { $0.rendered(width: 100).lines.map(\.plain) }
  }

  @Test(arguments: files)
  func eachMistakeIsToldInFull(file: String) throws {
    var cases = try Self.cases(in: file)
    if ProcessInfo.processInfo.environment["RINGSIDE_UPDATE_MISTAKES"] != nil {
      for index in cases.indices { cases[index].said = Self.said(of: cases[index].source) }
      let text = cases.map { ($0.source.map { "> \($0)" } + $0.said).joined(separator: "\n") }
        .joined(separator: "\n\n")
      try Data((text + "\n").utf8).write(to: Self.folder.appending(path: file))
    }
    for (index, mistake) in cases.enumerated() {
      #expect(Self.said(of: mistake.source) == mistake.said, "case \(index + 1)")
    }
  }

  @Test func thereAreEnough() throws {
    let count = try Self.files.map { try Self.cases(in: $0).count }.reduce(0, +)
    #expect(count >= 150)
  }

  /// Whatever the terminal's width, no line is wider and the caret is there.
  @Test(arguments: files, [20, 40, 80])
  func eachFitsTheTerminal(file: String, width: Int) throws {
    for mistake in try Self.cases(in: file) {
      let source = mistake.source.joined(separator: "\n")
      let diagnostics = Assembler.assemble(source: source, file: "program.s").diagnostics
      #expect(!diagnostics.isEmpty, "\(source)")
      for diagnostic in diagnostics {
        let text = diagnostic.rendered(width: width)
        #expect(text.width <= width, "\(text.plain)")
        #expect(text.lines.last?.plain.contains("^") == true, "\(text.plain)")
      }
    }
  }
}
