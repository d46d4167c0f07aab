import Foundation
import OnionISA
import SourceText
import Testing

@testable import OnionAssembler

/// The folder of these tests, and the root of the repository above it.
let testFolder = URL(filePath: #filePath).deletingLastPathComponent()
let repositoryFolder = testFolder.appending(path: "../..").standardizedFileURL

/// The image of a source without mistakes.
func assembled(
  _ source: String, files: [String: String] = [:],
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Image {
  let result = assemblyResult(source, files: files)
  return try #require(
    result.image, "\(result.diagnostics.map { $0.rendered().plain }.joined(separator: "\n"))",
    sourceLocation: sourceLocation)
}

/// What the assembler makes of a source that may include `files`.
func assemblyResult(_ source: String, files: [String: String] = [:]) -> AssemblyResult {
  Assembler.assemble(source: source, file: "test.s") {
    (name, _) throws(IncludeFailure) in
    guard let text = files[name] else { throw IncludeFailure("there is no such file") }
    return text
  }
}

/// The words of a source's only piece.
func words(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
  let bytes = try bytes(source, sourceLocation: sourceLocation)
  return stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { start in
    hexadecimal(bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) })
  }
}

/// The bytes of a source's only piece.
func bytes(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [UInt8] {
  let image = try assembled(source, sourceLocation: sourceLocation)
  try #require(image.pieces.count == 1, sourceLocation: sourceLocation)
  return image.pieces[0].bytes
}

/// The messages for a source, without the lines that they show.
func messages(_ source: String, files: [String: String] = [:]) -> [String] {
  assemblyResult(source, files: files).diagnostics.map {
    let advice = $0.suggestion.map { "; \($0)" } ?? ""
    return "\($0.file):\($0.line):\($0.column): \($0.message)\(advice)"
  }
}
