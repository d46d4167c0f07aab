#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why the operating system refused something about a file.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, such as "write to work.md".
  public let action: String
  /// Why it was refused, such as "No space left on device".
  public let reason: String

  /// "cannot write to work.md: No space left on device".
  public var description: String { "cannot \(action): \(reason)" }

  /// The refusal that the C library's `errno` tells of.
  public init(_ action: String) {
    self.init(action, reason: String(cString: strerror(errno)))
  }

  public init(_ action: String, reason: String) {
    self.action = action
    self.reason = reason
  }
}

/// Whole files, read at once and replaced at once.
public enum WholeFile {
  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Reads what is no longer than a file of its kind may be.
  ///
  /// A named pipe is waited for only as long as somebody writes to it.
  public static func read(_ path: String, as kind: FileKind) throws(FileError) -> [UInt8] {
    try read(path) { _ in kind }
  }

  /// Reads what says by its first bytes, of which there are none in an empty file, of which kind it is.
  public static func read(
    _ path: String, as kind: (ArraySlice<UInt8>) -> FileKind
  ) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError("read \(path)") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError("read \(path)") }
    // One without a name has had its writer before it was opened here.
    let isNamedPipe = status.st_mode & S_IFMT == S_IFIFO && resolved(path) != nil
    return try read(descriptor, path, kind, waitsForWriter: isNamedPipe)
  }

  /// Reads standard input to its end.
  public static func readStandardInput(as kind: FileKind) throws(FileError) -> [UInt8] {
    try read(STDIN_FILENO, "standard input", { _ in kind }, waitsForWriter: false)
  }

  private static func read(
    _ descriptor: Int32, _ name: String, _ kind: (ArraySlice<UInt8>) -> FileKind,
    waitsForWriter: Bool
  ) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    // Rounds that are left for somebody to open the other end; nil once somebody has.
    var rounds = waitsForWriter ? patience : nil
    var limit = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { readBytes(descriptor, $0) }
      if count > 0 {
        rounds = nil
        if bytes.isEmpty { limit = kind(buffer[..<count]).limit }
        bytes += buffer[..<count]
        guard bytes.count <= limit else {
          throw FileError("read \(name)", reason: kind(bytes[...]).limitReached)
        }
      } else if count == 0 {
        guard let left = rounds else { return bytes }
        guard left > 0 else {
          throw FileError("read \(name)", reason: "nobody writes to this pipe")
        }
        // Somebody came and left without a word.
        let ended = wait(descriptor, for: POLLIN, milliseconds: waitingTime)
        if ended == Int16(POLLHUP) { return bytes }
        rounds = left - 1
      } else if errno == EAGAIN {
        rounds = nil
        wait(descriptor, for: POLLIN, milliseconds: -1)
      } else if errno != EINTR {
        throw FileError("read \(name)")
      }
    }
  }

  /// Rounds of waiting for the other end of a pipe to be opened.
  static let patience = 100
  /// How long such a round is, in milliseconds.
  static let waitingTime: Int32 = 20

  /// - Returns: what the wait ended with, in `poll`'s bits.
  @discardableResult
  static func wait(_ descriptor: Int32, for events: Int32, milliseconds: Int32) -> Int16 {
    var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    return poll(&polled, 1, milliseconds) > 0 ? polled.revents : 0
  }

  /// The path of a file that is there, without links; nil if it is not there or has no path.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Takes a file away, if it is there.
  public static func remove(_ path: String) { _ = unlink(path) }

  /// Makes the folders that a path leads through, where they are missing; what can't be made shows when
  /// the file is written.
  public static func makeFolders(for path: String) {
    for index in path.indices.dropFirst() where path[index] == "/" {
      mkdir(String(path[..<index]), 0o700)
    }
  }

  /// The names in a folder, in the order of their bytes; without `.` and `..`.
  public static func names(inFolder path: String) throws(FileError) -> [String] {
    guard let folder = opendir(path) else { throw FileError("read \(path)") }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether there is a file, links followed, and it is neither a folder nor a device nor a pipe.
  public static func isOrdinary(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Whether there is a folder, links followed.
  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether there is a file that can be read.
  public static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }
}

/// `read` of the C library, under a name that the methods here don't hide.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}
