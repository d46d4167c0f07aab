import Foundation
import Subprocess

/// The checkout that these tests are part of.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Every file that is committed or could be, as paths from the root in their order: what git
  /// ignores is left out. Nil outside a checkout, such as in an unpacked archive.
  static func files() async throws -> [String]? {
    let listing = try await run(
      .name("git"),
      arguments: [
        "-C", root.path, "ls-files", "--cached", "--others", "--exclude-standard", "-z",
      ],
      output: .string(limit: 1 << 22))
    guard listing.terminationStatus.isSuccess else { return nil }
    return (listing.standardOutput ?? "").split(separator: "\0").map(String.init)
      .filter { FileManager.default.fileExists(atPath: root.path + "/" + $0) }
  }

  /// The files below `folder` that end in `suffix`.
  static func files(in folder: String = "", endingIn suffix: String) throws -> [String] {
    let start = root.appendingPathComponent(folder)
    let names = FileManager.default.enumerator(atPath: start.path)?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(suffix) }.sorted().map {
      folder.isEmpty ? $0 : "\(folder)/\($0)"
    }
  }

  static func folders(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)
      .filter {
        (try? root.appendingPathComponent("\(folder)/\($0)")
          .resourceValues(forKeys: [.isDirectoryKey]).isDirectory) == true
      }
      .sorted()
  }

  static func text(of path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  static func lines(of path: String) throws -> [Substring] {
    try text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
  }
}

/// What a command printed and how it ended.
struct Outcome: Sendable {
  var output: String
  var errors: String
  var isSuccess: Bool
}

/// Runs a command in `folder` to its end, without input.
func outcome(
  of command: String, _ arguments: [String], in folder: URL = Repository.root,
  environment: [String: String] = [:]
) async throws -> Outcome {
  let updates = Dictionary(
    uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), Optional($1)) })
  let result = try await run(
    .name(command), arguments: Arguments(arguments),
    environment: .inherit.updating(updates),
    workingDirectory: .init(folder.path), output: .string(limit: 1 << 22),
    error: .string(limit: 1 << 22))
  return Outcome(
    output: result.standardOutput ?? "", errors: result.standardError ?? "",
    isSuccess: result.terminationStatus.isSuccess)
}

/// Makes a folder for `body` and removes it afterwards.
func withTemporaryFolder(_ body: (URL) async throws -> Void) async throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("ringside-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try await body(folder)
}

/// Writes a file, and the folders that it needs; `executable` makes it a program.
func write(_ text: String, to file: URL, executable: Bool = false) throws {
  try FileManager.default.createDirectory(
    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
  try text.write(to: file, atomically: true, encoding: .utf8)
  if executable {
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
  }
}
