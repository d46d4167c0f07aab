import CTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What was typed in earlier sessions: a plain text file, a line for each, oldest first.
///
/// The file is replaced as a whole, so that whoever reads it finds the old or the new one. Saving
/// adds to what the file holds by then, so that sessions at the same time keep each other's lines.
struct HistoryFile {
  /// The largest file that is read, in bytes: anything larger is no history.
  static let sizeLimit = 16 << 20
  /// The longest wait for another session that is saving, in milliseconds.
  private static let patience = 500

  let path: String

  private var folder: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Why the file could not be used: a whole sentence for the person at the terminal.
  struct Failure: Error, Equatable {
    var message: String
  }

  /// The lines of the file; none if there is no file yet.
  func load() throws(Failure) -> [String] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return [] }
      throw failure("cannot be read")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(message: "The history file \(path) is not a plain file.")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count > 0 {
        bytes += chunk[..<count]
      } else if errno != EINTR {
        throw failure("cannot be read")
      }
      guard bytes.count <= Self.sizeLimit else {
        throw Failure(message: "The history file \(path) is too large to be a history.")
      }
    }
    return bytes.split { $0 == 0x0a || $0 == 0x0d }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Adds lines to the file, making it and the folders on the way to it if need be.
  ///
  /// A file that cannot be read is left as it is. Returns all lines that the file holds then.
  func save(adding fresh: [String]) throws(Failure) -> HistoryEntries {
    makeFolders()
    let lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard lock >= 0 else { throw failure("cannot be written") }
    defer { close(lock) }
    // Some network file systems have no locks. Saving without one is better than not saving.
    _ = terminal_lock(lock, Int32(Self.patience))
    var entries = HistoryEntries(try load())
    entries.add(fresh)
    try replace(with: entries.lines.map { $0 + "\n" }.joined())
    return entries
  }

  private func replace(with text: String) throws(Failure) {
    // A link to the file is followed, not replaced.
    let target = realpath(path, nil).map { resolved in
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let goal = target ?? path
    var template = Array("\(goal).XXXXXX".utf8CString)
    // mkstemp makes the file for its owner only (0600).
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure("cannot be written") }
    var text = text
    var problem = text.withUTF8 { terminal_write_all(descriptor, $0.baseAddress, $0.count) }
    if close(descriptor) != 0, problem == 0 { problem = errno }
    if problem == 0, rename(template, goal) != 0 { problem = errno }
    guard problem == 0 else {
      unlink(template)
      throw failure("cannot be written", problem)
    }
  }

  /// Makes what is missing of the folders. Whether it worked shows when the last one is opened.
  private func makeFolders() {
    for (index, character) in zip(path.indices, path)
    where character == "/" && index != path.startIndex {
      mkdir(String(path[..<index]), 0o700)
    }
  }

  private func failure(_ what: String, _ number: Int32 = errno) -> Failure {
    Failure(message: "The history file \(path) \(what): \(String(cString: strerror(number))).")
  }
}
