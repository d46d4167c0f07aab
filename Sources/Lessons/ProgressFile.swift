import SourceText

/// The file that holds a learner's progress. Several terminals may write to it.
public struct ProgressFile: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  /// Reads the file.
  ///
  /// - Returns: the progress, empty if there is no file; and what to tell the user if something was wrong.
  public func load() -> (progress: Progress, problem: String?) {
    guard WholeFile.isReadable(path) else { return (Progress(), nil) }
    do throws(FileError) {
      let progress = Progress(
        String(decoding: try WholeFile.read(path, as: .progress), as: UTF8.self))
      guard progress.damagedLineCount > 0 else { return (progress, nil) }
      let count = progress.damagedLineCount == 1 ? "a line" : "\(progress.damagedLineCount) lines"
      return (progress, "\(path): \(count) made no sense; the rest of your progress was kept")
    } catch {
      return (Progress(), "\(error); your progress begins anew")
    }
  }

  /// Notes how far `engine` is.
  ///
  /// - Returns: what to tell the user if it could not be written.
  public func note(_ engine: LessonEngine) -> String? {
    do throws(FileError) {
      try change { $0.note(engine) }
      return nil
    } catch {
      return "\(error); your progress is not kept"
    }
  }

  /// Forgets one lesson, or all.
  public func forget(_ id: String?) throws(FileError) {
    try change { progress in
      if let id {
        progress.forget(id)
        if progress.current == id { progress.current = nil }
      } else {
        progress = Progress()
      }
    }
  }

  /// Changes the file as it is now: another terminal may have written to it, and may not until this is done.
  ///
  /// The old file is there until the new one is whole. What was damaged is kept beside it as `….damaged`.
  public func change(_ body: (inout Progress) -> Void) throws(FileError) {
    WholeFile.makeFolders(for: path)
    try FileLock.holding(path) { () throws(FileError) in
      var (progress, _) = load()
      if progress.damagedLineCount > 0 {
        try WholeFile.replace(path + ".damaged", with: WholeFile.read(path, as: .progress))
      }
      body(&progress)
      try WholeFile.replace(path, with: Array(progress.text.utf8))
    }
  }
}
