import Foundation
import OnionAssembler
import OnionISA
import Testing

/// The programs that come with ringside.
struct ProgramTests {
  /// Every program under lessons, by its path from there; files that others include are parts, not programs.
  static let sources: [String] = {
    let folder = repositoryFolder.appending(path: "lessons")
    let all =
      FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    let sources = all.filter { $0.hasSuffix(".s") }
    let parts = sources.flatMap { path in
      let text = (try? String(contentsOf: folder.appending(path: path), encoding: .utf8)) ?? ""
      return text.matches(of: /\.include\s+"([^"]+)"/).map {
        (path as NSString).deletingLastPathComponent + "/" + $0.1
      }
    }
    return sources.filter { !parts.contains($0) }.sorted()
  }()

  static func result(_ path: String) throws -> AssemblyResult {
    let folder = repositoryFolder.appending(path: "lessons")
    let source = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    return Assembler.assemble(source: source, file: path) {
      (name, includer) throws(IncludeFailure) in
      let place = folder.appending(path: includer).deletingLastPathComponent().appending(path: name)
      guard let text = try? String(contentsOf: place, encoding: .utf8) else {
        throw IncludeFailure("there is no such file")
      }
      return text
    }
  }

  @Test(arguments: sources)
  func assemblesAndComesBackFromTheDisassembler(path: String) throws {
    let result = try Self.result(path)
    #expect(result.diagnostics.map { $0.rendered().plain } == [])
    for piece in try #require(result.image).pieces {
      let words = stride(from: 0, to: piece.bytes.count - piece.bytes.count % 4, by: 4).map {
        piece.bytes[$0..<$0 + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } as UInt32
      }
      guard piece.address % 4 == 0, !words.isEmpty else { continue }
      try RoundTripTests.expectRoundTrip(words, from: piece.address, "\(path)")
    }
  }

  @Test(arguments: sources)
  func comesBackFromItsImageFile(path: String) throws {
    let image = try #require(try Self.result(path).image)
    #expect(try ImageFile.image(from: ImageFile.text(of: image)) == image)
  }

  @Test func thereAreSome() { #expect(!Self.sources.isEmpty) }
}
