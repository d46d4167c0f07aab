import TestSupport

/// A folder with a `program.s`, gone with the test.
struct TemporaryProgram {
  let folder: TemporaryFolder

  init(_ source: String) throws {
    folder = try TemporaryFolder()
    try folder.write(source, to: "program.s")
  }

  var path: String { folder.path }
  var file: String { folder.path(of: "program.s") }
}
