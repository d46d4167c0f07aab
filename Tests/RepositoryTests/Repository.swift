import Foundation
import TestSupport

/// The checkout that these tests are part of.
enum Repository {
  /// Every file that is committed or could be, as paths from the root in their order: what git
  /// ignores is left out. Nil outside a checkout, such as in an unpacked archive.
  static func files() throws -> [String]? {
    let listing = try call(
      "git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
    guard listing.status == .exited(0) else { return nil }
    return listing.stdout.split(separator: "\0").map(String.init).filter(exists).sorted()
  }

  /// The files below `folder` that end in `suffix`.
  static func files(in folder: String, endingIn suffix: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: path(of: folder))
    return (names?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(suffix) }.sorted().map { "\(folder)/\($0)" }
  }

  static func folders(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(of: folder))
      .filter {
        var isFolder = false
        return FileManager.default.fileExists(
          atPath: path(of: "\(folder)/\($0)"), isDirectory: &isFolder) && isFolder
      }
      .sorted()
  }

  static func text(of path: String) throws -> String {
    try String(contentsOfFile: self.path(of: path), encoding: .utf8)
  }

  static func lines(of path: String) throws -> [Substring] {
    try text(of: path).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The lines that `matches` finds in the files, as `file:line: text`.
  static func search(
    _ paths: [String], _ matches: (Substring) -> Bool
  ) throws -> [String] {
    try paths.flatMap { path in
      try lines(of: path).enumerated().compactMap { index, line in
        matches(line) ? "\(path):\(index + 1): \(line)" : nil
      }
    }
  }

  static func path(of path: String) -> String { "\(repositoryRoot)/\(path)" }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: self.path(of: path))
  }
}

/// Runs a command that is found by its name, in the repository's root unless told otherwise.
func call(
  _ command: String, _ arguments: [String], in folder: String = repositoryRoot,
  environment: [String: String] = [:]
) throws -> ProcessResult {
  try runProcess(
    "/usr/bin/env", [command] + arguments, environment: childEnvironment(environment),
    folder: folder)
}

extension TemporaryFolder {
  /// Writes a program of the shell's and gives its path.
  @discardableResult
  func writeScript(_ text: String, to name: String) throws -> String {
    let file = try write("", to: name)
    // Another process writes it: what this one has open for writing, a child that another test is
    // starting would have open too, and a file that is being written can't be executed.
    let written = try runProcess(
      "/bin/sh", ["-c", #"cat > "$1" && chmod 755 "$1""#, "sh", file],
      input: "#!/bin/sh\n\(text)\n")
    guard written.status == .exited(0) else { throw CocoaError(.fileWriteUnknown) }
    return file
  }
}
