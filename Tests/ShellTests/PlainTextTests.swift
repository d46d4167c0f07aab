import Foundation
import OnionISA
import TestSupport
import Testing

@testable import Shell

/// Text for readers that have ASCII only says the same.
struct PlainTextTests {
  @Test(arguments: [
    ("branch if a ≥ b", "branch if a >= b"), ("a ≠ b, a ≤ c", "a != b, a <= c"),
    ("2³² − 1 and 10² ± 2⁰", "2^32 - 1 and 10^2 +- 2^0"), ("a ↔ b", "a <-> b"),
    ("1 → 0 … “x”", "1 -> 0 ... \"x\""), ("3 × 4 ÷ 2", "3 x 4 / 2"),
  ])
  func signsKeepTheirMeaning(text: String, wanted: String) {
    #expect(PlainText.ascii(text, width: 80) == wanted)
  }

  @Test func aLineThatGrowsStaysAsWideAsTheTerminal() {
    let line = "  " + String(repeating: "a ≥ b, ", count: 11) + "c"
    let shown = PlainText.ascii(line, width: line.count)
    #expect(shown.split(separator: "\n").allSatisfy { $0.count <= line.count })
    #expect(shown.split { $0 == " " || $0 == "\n" }.filter { $0 == ">=" }.count == 11)
  }

  /// Every sign in any file whose text may reach a screen has an ASCII form: tables, views, help, lessons, programs
  /// and transcripts. One that isn't known would be shown as `?`.
  @Test func everySignThatIsShownHasAForm() throws {
    var unknown: [Unicode.Scalar: String] = [:]
    var count = 0
    for folder in ["Sources", "lessons", "transcripts"] {
      let root = repositoryRoot + "/" + folder
      let names = try #require(FileManager.default.enumerator(atPath: root))
      for case let name as String in names
      where [".swift", ".md", ".s"].contains(where: name.hasSuffix) {
        let text = try String(contentsOfFile: root + "/" + name, encoding: .utf8)
        count += 1
        for scalar in text.unicodeScalars where !PlainText.knows(scalar) {
          unknown[scalar] = name
        }
      }
    }
    #expect(count > 300)
    #expect(unknown.isEmpty, "\(unknown)")
  }

  /// No two instructions become alike.
  @Test func instructionsStayApart() {
    let meanings = InstructionTable.rows.map(\.meaning)
    let plain = meanings.map { PlainText.ascii($0, width: 200) }
    #expect(Set(plain).count == Set(meanings).count)
    #expect(plain.allSatisfy { !$0.contains("?") })
    #expect(plain.contains("branch if a >= b signed") && plain.contains("branch if a != b"))
  }
}
