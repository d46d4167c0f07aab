import SourceText

/// A file that the command line names for something to be written to; `-` is standard output.
struct OutputFile {
  static let standardOutput = "-"

  let path: String

  init(_ name: String) { path = Environment.withHome(name) }

  var isStandardOutput: Bool { path == Self.standardOutput }

  /// Puts `text` in the place of what the file holds.
  ///
  /// - Parameter inputs: the files that it was made from: none of them is written over.
  func replace(_ text: String, madeFrom inputs: [String] = []) throws {
    try write(text) { () throws(FileError) in
      try WholeFile.replace(path, with: Array(text.utf8), madeFrom: inputs)
    }
  }

  /// Writes a new file; one that is there is an error.
  func create(_ text: String) throws {
    try write(text) { () throws(FileError) in
      try WholeFile.create(path, with: Array(text.utf8))
    }
  }

  private func write(_ text: String, toFile: () throws(FileError) -> Void) throws {
    guard !isStandardOutput else { return try AssembleCommand.write(text) }
    do throws(FileError) {
      try toFile()
    } catch {
      throw CommandFailure("\(error)")
    }
  }
}
