import Foundation
import SourceText
import TestSupport
import Testing

/// How files are read and written.
struct FileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path(of: name), withDestinationPath: target)
  }

  private func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: folder.path(of: name))[.posixPermissions]
      as? Int
  }

  private func isLink(_ name: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path(of: name))) != nil
  }

  // MARK: Writing

  @Test func aFileKeepsItsModeAndNothingIsLeftBeside() throws {
    let path = try folder.write("old", to: "a")
    #expect(chmod(path, 0o604) == 0)
    try WholeFile.replace(path, with: bytes("new"))
    #expect(try folder.read("a") == "new")
    #expect(try mode("a") == 0o604)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
  }

  @Test func linksAreFollowedWhereverTheyLead() throws {
    try folder.write("old", to: "real/file")
    try link("one", to: "real/file")
    try link("two", to: folder.path(of: "one"))
    try link("real/dangling", to: "../fresh")
    for (index, name) in ["one", "two", "real/dangling"].enumerated() {
      try WholeFile.replace(folder.path(of: name), with: bytes("\(index)"))
      #expect(isLink(name))
    }
    #expect(try folder.read("real/file") == "1")
    #expect(try folder.read("fresh") == "2")
    try link("new", to: "made")
    try WholeFile.create(folder.path(of: "new"), with: bytes("made"))
    #expect(try folder.read("made") == "made" && isLink("new"))
    try link("round", to: "round")
    #expect(throws: FileError.self) {
      try WholeFile.replace(folder.path(of: "round"), with: [])
    }
  }

  @Test func aFileWithTwoNamesKeepsBoth() throws {
    let path = try folder.write("old, and longer", to: "a")
    #expect(Glibc.link(path, folder.path(of: "b")) == 0)
    try WholeFile.replace(path, with: bytes("new"))
    #expect(try folder.read("b") == "new")
  }

  /// By its own name, through a link, by another name of the same file.
  @Test(arguments: ["a", "linked", "hard"])
  func whatTheOutputIsMadeFromIsNotWrittenOver(name: String) throws {
    let path = try folder.write("source", to: "a")
    try link("linked", to: "a")
    #expect(Glibc.link(path, folder.path(of: "hard")) == 0)
    let error = #expect(throws: FileError.self) {
      try WholeFile.replace(
        folder.path(of: name), with: bytes("image"), madeFrom: [folder.path(of: "other"), path])
    }
    #expect(error?.reason.contains("the output is made from") == true)
    #expect(try folder.read("a") == "source")
  }

  @Test func whatIsThereIsNotCreatedAgain() throws {
    let path = try folder.write("old", to: "a")
    #expect(throws: FileError.self) { try WholeFile.create(path, with: bytes("new")) }
    #expect(try folder.read("a") == "old")
  }

  @Test func aPipeIsWrittenToAndStaysAPipe() throws {
    let path = folder.path(of: "pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try WholeFile.replace(path, with: bytes("one "))
    try WholeFile.create(path, with: bytes("two"))
    var buffer = [UInt8](repeating: 0, count: 100)
    let count = read(reader, &buffer, 100)
    #expect(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self) == "one two")
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
  }

  @Test func devicesAndFoldersAreWhatTheyAre() throws {
    try WholeFile.replace("/dev/null", with: bytes("x"))
    let full = #expect(throws: FileError.self) {
      try WholeFile.replace("/dev/full", with: bytes("x"))
    }
    #expect(full?.description == "cannot write to /dev/full: No space left on device")
    let isFolder = #expect(throws: FileError.self) {
      try WholeFile.replace(folder.path, with: bytes("x"))
    }
    #expect(isFolder?.reason == "Is a directory")
  }

  // MARK: Reading

  @Test func aPipeThatNobodyOpensIsGivenUp() throws {
    let path = folder.path(of: "pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let reading = #expect(throws: FileError.self) { try WholeFile.read(path, as: .source) }
    #expect(reading?.reason == "nobody writes to this pipe")
    let writing = #expect(throws: FileError.self) { try WholeFile.replace(path, with: [1]) }
    #expect(writing?.reason == "nobody reads from this pipe")
  }

  @Test func aPipeIsReadToItsEnd() throws {
    let path = folder.path(of: "pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let writer = Thread {
      let descriptor = open(path, O_WRONLY)
      for part in ["one ", "two"] {
        usleep(60_000)
        _ = part.withCString { Glibc.write(descriptor, $0, strlen($0)) }
      }
      close(descriptor)
    }
    writer.start()
    #expect(try WholeFile.read(path, as: .source) == bytes("one two"))
  }

  @Test(arguments: FileKind.allCases)
  func everyKindHasABound(kind: FileKind) throws {
    guard kind.limit <= 16 << 20 else { return }
    let endless = #expect(throws: FileError.self) { try WholeFile.read("/dev/zero", as: kind) }
    #expect(endless?.reason == kind.limitReached)
    let path = try folder.write("", to: "large")
    #expect(truncate(path, off_t(kind.limit)) == 0)
    #expect(try WholeFile.read(path, as: kind).count == kind.limit)
    #expect(truncate(path, off_t(kind.limit + 1)) == 0)
    #expect(throws: FileError.self) { try WholeFile.read(path, as: kind) }
  }

  @Test func theKindIsAskedOfTheFirstBytes() throws {
    let path = try folder.write("abc", to: "a")
    var heads: [[UInt8]] = []
    _ = try WholeFile.read(path) { head in
      heads.append(Array(head))
      return .image
    }
    #expect(heads == [bytes("abc")])
  }
}
