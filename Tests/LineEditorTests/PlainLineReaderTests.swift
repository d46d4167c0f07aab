import Foundation
import TestSupport
import Testing

@testable import LineEditor

/// Lines from a pipe or a file.
@Suite struct PlainLineReaderTests {
  /// All lines of some bytes.
  private func lines(_ bytes: [UInt8]) throws -> [LineRead] {
    let folder = try TemporaryFolder()
    let path = try folder.write("", to: "input")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let descriptor = open(path, O_RDONLY)
    defer { close(descriptor) }
    let reader = PlainLineReader(descriptor: descriptor)
    var all: [LineRead] = []
    while all.last != .endOfInput, all.count < 100 { all.append(reader.read(prompt: "> ")) }
    return all
  }

  @Test(arguments: [
    ("", []),
    ("a\nb\n", ["a", "b"]),
    ("a\nb", ["a", "b"]),
    ("a\r\nb\r\n", ["a", "b"]),
    ("a\rb\n", ["a\rb"]),
    ("\n\nx", ["", "", "x"]),
    ("x \0 y\nz\0", ["x \u{fffd} y", "z\u{fffd}"]),
    ("Grüße 日本\n", ["Grüße 日本"]),
  ])
  func aLineEndsAtItsEndOrThatOfTheInput(input: String, expected: [String]) throws {
    #expect(try lines(Array(input.utf8)) == expected.map { .line($0) } + [.endOfInput])
  }

  @Test func whatIsNotUTF8IsReplaced() throws {
    #expect(try lines([0x61, 0xff, 0x62, 0x0a]) == [.line("a\u{fffd}b"), .endOfInput])
  }

  @Test func aLineMayBeLongerThanTheBuffer() throws {
    let long = String(repeating: "日本 ", count: 20_000)
    #expect(try lines(Array("\(long)\nnext\n".utf8)) == [.line(long), .line("next"), .endOfInput])
  }

  @Test func aLineWithoutEndIsCut() throws {
    let endless = [UInt8](repeating: 0x61, count: PlainLineReader.lineLimit + 50_000)
    let read = try lines(endless + [0x0a, 0x62, 0x0a])
    #expect(
      read == [
        .line(String(repeating: "a", count: PlainLineReader.lineLimit)), .line("b"), .endOfInput,
      ])
  }

  @Test func aFolderIsNoInputAndSaysWhy() {
    let descriptor = open("/", O_RDONLY)
    defer { close(descriptor) }
    let reader = PlainLineReader(descriptor: descriptor)
    #expect(reader.read(prompt: "") == .endOfInput)
    #expect(reader.failure == "Is a directory")
  }

  @Test func aProgramOnAPipeShowsNoPrompt() throws {
    let result = try runProcess(
      builtExecutable("line-editor-driver"), ["history"], input: "one\r\ntwo\nx\0y")
    #expect(result.stdout == "got: one\ngot: two\ngot: x\u{fffd}y\n")
    #expect(result.stderr == "")
    #expect(result.status == .exited(0))
  }

  @Test func muchInputAndOutputGoThrough() throws {
    let input = (1...60_000).map { "line \($0)\n" }.joined()
    let result = try runProcess(
      builtExecutable("line-editor-driver"), ["history"], input: input)
    #expect(result.stdout == input.replacing("line", with: "got: line"))
  }
}
