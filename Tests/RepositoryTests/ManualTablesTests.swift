import Foundation
import Manual
import OnionISA
import Testing

/// The manual's tables are the code's own, and its pages hang together.
struct ManualTablesTests {
  static let folder = "Sources/Manual/Manual.docc"

  static var pages: [String] { Repository.files(in: folder, endingIn: ".md") }

  @Test func everyTableIsFresh() throws {
    let updates = ProcessInfo.processInfo.environment["RINGSIDE_UPDATE_MANUAL"] == "1"
    for path in Self.pages {
      let text = try Repository.text(of: path)
      let fresh = try ManualPage(text).refreshed()
      if updates, fresh != text {
        try fresh.write(
          toFile: Repository.path(of: path), atomically: true, encoding: .utf8)
      } else {
        #expect(fresh == text, "\(path) is out of date; run: make manual-tables")
      }
    }
  }

  @Test func everyTableIsShownOnce() throws {
    let shown = try Self.pages.flatMap { try ManualPage(Repository.text(of: $0)).tables() }
    #expect(shown.map(\.rawValue).sorted() == ManualTable.allCases.map(\.rawValue).sorted())
  }

  @Test func everyInstructionAndPortIsInATable() {
    let text = ManualTable.allCases.map(\.markdown).joined(separator: "\n")
    for row in InstructionTable.rows { #expect(text.contains(row.meaning)) }
    for port in Port.allCases { #expect(text.contains(port.onWrite)) }
    for control in ControlRegister.allCases { #expect(text.contains(control.summary)) }
  }

  @Test func everyRowHasAsManyCellsAsTheHead() {
    for table in ManualTable.allCases {
      let bars = table.markdown.split(separator: "\n").map { row in
        row.replacing("\\|", with: "").count { $0 == "|" }
      }
      #expect(Set(bars).count == 1, "\(table.rawValue)")
    }
  }

  @Test func everyPageIsReachedAndEveryLinkLeadsToAPage() throws {
    let names = Set(Self.pages.map { $0.dropFirst(Self.folder.count + 1).dropLast(3) })
    var listed: Set<Substring> = ["Manual"]
    for path in Self.pages {
      for match in try Repository.text(of: path).matches(of: /<doc:(\w+)>/) {
        #expect(names.contains(match.1), "\(path) links to \(match.1), which is no page")
        if path.hasSuffix("/Manual.md") { listed.insert(match.1) }
      }
    }
    #expect(names.subtracting(listed).sorted() == [], "pages that the landing page doesn't list")
  }

  @Test func aTableIsWrittenBetweenItsMarkers() throws {
    let page = ManualPage("a\n<!-- table:ports -->\nold\n<!-- /table -->\nb\n")
    let fresh = try page.refreshed()
    #expect(fresh.hasPrefix("a\n<!-- table:ports -->\n\n| port |"))
    #expect(fresh.hasSuffix("|\n\n<!-- /table -->\nb\n"))
    #expect(try ManualPage(fresh).refreshed() == fresh)
  }

  @Test func anUnknownTableIsNamedWithThoseThatExist() {
    #expect(throws: ManualPage.Failure.unknownTable("port", line: 2)) {
      try ManualPage("a\n<!-- table:port -->\n<!-- /table -->").refreshed()
    }
    let words = "\(ManualPage.Failure.unknownTable("port", line: 2))"
    #expect(words.hasPrefix("line 2: there is no table 'port'; there are: registers, "))
  }

  @Test func aTableThatIsNotClosedIsAnError() {
    #expect(throws: ManualPage.Failure.unclosedTable("ports", line: 1)) {
      try ManualPage("<!-- table:ports -->\nrow").refreshed()
    }
  }
}
