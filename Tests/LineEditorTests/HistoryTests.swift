import Foundation
import TestSupport
import Testing

@testable import LineEditor

/// Earlier lines, in a real terminal.
@Suite struct HistoryKeyTests {
  let home: DriverHome

  init() throws { home = try DriverHome() }

  @Test func upBringsTheLastLineBack() throws {
    let terminal = try home.session()
    try terminal.run("one", prompt: "> ")
    try terminal.run("two", prompt: "> ")
    try terminal.send("\u{1b}[A")
    try terminal.waitForLine("> two")
    try terminal.send("\u{1b}[A")
    try terminal.waitForLine("> one")
    try terminal.send("\u{1b}[B")
    try terminal.waitForLine("> two")
    #expect(try terminal.run("!", prompt: "> ") == "got: two!\n")
  }

  @Test func aRepeatedLineStandsOnlyOnce() throws {
    let terminal = try home.session()
    for line in ["one", "two", "one", "one"] { try terminal.run(line, prompt: "> ") }
    try terminal.send("\u{10}")
    try terminal.waitForLine("> one")
    try terminal.send("\u{10}")
    try terminal.waitForLine("> two")
    try terminal.send("\u{10}!")
    try terminal.waitForLine("> two!")
    try terminal.send("\u{3}")
    try terminal.waitForPrompt("> ")
    try home.end(terminal)
    #expect(try home.folder.read("history") == "two\none\n")
  }

  @Test func ctrlRSearches() throws {
    let terminal = try home.session()
    for line in ["break kernel", "step", "walk 0x40"] { try terminal.run(line, prompt: "> ") }
    try terminal.send("\u{12}")
    try terminal.wait(forText: "bck:")
    try terminal.send("kern")
    try terminal.wait(forText: "bck:kern")
    #expect(try terminal.run("", prompt: "> ").hasSuffix("got: break kernel\n"))
  }

  @Test func anArrowKeyTakesWhatTheSearchFound() throws {
    let terminal = try home.session()
    for line in ["break kernel", "step"] { try terminal.run(line, prompt: "> ") }
    try terminal.send("\u{12}")
    try terminal.wait(forText: "bck:")
    try terminal.send("kern")
    try terminal.wait(forText: "bck:kern")
    try terminal.send("\u{1b}[15~\u{1b}[F!")
    try terminal.waitForLine("> break kernel!")
    #expect(try terminal.run("", prompt: "> ") == "got: break kernel!\n")
  }

  @Test func ctrlCEndsASearch() throws {
    let terminal = try home.session()
    try terminal.run("step", prompt: "> ")
    try terminal.send("\u{12}")
    try terminal.wait(forText: "bck:")
    try terminal.send("\u{3}")
    try terminal.wait(forText: "cancelled")
    try terminal.waitForPrompt("> ")
    #expect(try terminal.run("on", prompt: "> ") == "got: on\n")
  }

  @Test func theNextSessionKnowsTheLines() throws {
    let first = try home.session(history: "new/folder/history")
    try first.run("Grüße \\ $x", prompt: "> ")
    try home.end(first)
    let second = try home.session(history: "new/folder/history")
    try second.send("\u{1b}[A")
    try second.waitForLine("> Grüße \\ $x")
    try second.send("\u{3}")
    try second.waitForPrompt("> ")
    try home.end(second)
    #expect(try home.folder.read("new/folder/history") == "Grüße \\ $x\n")
  }

  @Test func twoSessionsAtOnceKeepEachOthersLines() throws {
    let one = try home.session()
    let other = try home.session()
    try one.run("of one", prompt: "> ")
    try other.run("of the other", prompt: "> ")
    try home.end(other)
    try home.end(one)
    #expect(try home.folder.read("history") == "of the other\nof one\n")
  }

  @Test func aFileThatIsNoHistoryIsReportedAndLeftAlone() throws {
    try home.folder.write("", to: "history/in-it")
    let terminal = try home.session()
    #expect(terminal.screen.lines.first?.hasSuffix("is not a plain file.") == true)
    #expect(try terminal.run("on", prompt: "> ") == "got: on\n")
    try home.end(terminal)
    #expect(terminal.screen.text.hasSuffix("is not a plain file.\nbye"))
  }
}

/// The history file itself.
@Suite struct HistoryFileTests {
  let folder: TemporaryFolder
  let file: HistoryFile

  init() throws {
    folder = try TemporaryFolder()
    file = HistoryFile(path: folder.path(of: "a/b/history"))
  }

  @Test func noFileIsAnEmptyHistory() throws {
    #expect(try file.load() == [])
  }

  @Test func theFileIsForItsOwnerOnlyAndNothingElseIsLeft() throws {
    _ = try file.save(adding: ["one", "two"])
    _ = try file.save(adding: ["one"])
    #expect(try file.load() == ["two", "one"])
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "a/b")) == ["history"])
  }

  @Test func theOldestLinesGo() throws {
    let entries = try file.save(adding: (1...2500).map { "line \($0)" })
    #expect(entries.lines.count == 1000)
    #expect(entries.lines.first == "line 1501")
    #expect(try file.load() == entries.lines)
  }

  @Test func blankLinesAndLineBreaksAreNotKept() throws {
    #expect(try file.save(adding: ["", "  \t", "a\nb", "c\rd", "e\0f", "g"]).lines == ["g"])
  }

  @Test func bytesThatAreNotTextAreNoObstacle() throws {
    try folder.write("", to: "a/b/x")
    try Data([0x61, 0xff, 0x0a, 0x62, 0x00, 0x0a, 0x63, 0x0d, 0x0a, 0x0a, 0x64]).write(
      to: URL(fileURLWithPath: file.path))
    #expect(try file.save(adding: ["new"]).lines == ["a\u{fffd}", "c", "d", "new"])
  }

  @Test func aLinkToTheFileStaysALink() throws {
    try folder.write("old\n", to: "real")
    try folder.write("", to: "a/b/x")
    try FileManager.default.createSymbolicLink(
      atPath: file.path, withDestinationPath: folder.path(of: "real"))
    _ = try file.save(adding: ["new"])
    #expect(try folder.read("real") == "old\nnew\n")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file.path).hasSuffix("real"))
  }

  @Test func aFileInTheWayOfTheFolderIsReported() throws {
    try folder.write("not a folder", to: "a")
    let failure = #expect(throws: HistoryFile.Failure.self) { try file.save(adding: ["new"]) }
    #expect(
      failure?.message == "The history file \(file.path) cannot be written: Not a directory.")
  }

  @Test func manySavesAtOnceLoseNothing() async throws {
    let file = file
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in 0..<8 {
        group.addTask {
          for line in 0..<5 { _ = try file.save(adding: ["session \(session) line \(line)"]) }
        }
      }
      try await group.waitForAll()
    }
    #expect(try file.load().count == 40)
  }
}
