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

  /// - Parameter limit: the most bytes that a file may have.
  public static func read(_ path: String, limit: Int = .max) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("read \(path)") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = buffer.withUnsafeMutableBytes { readBytes(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError("read \(path)") }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else {
        throw FileError("read \(path)", reason: "it has more than \(limit >> 20) MiB")
      }
    }
  }

  /// Puts `bytes` in the place of the file: at every moment there is the old file or the new one.
  public static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let temporary = path + ".new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    // The user knows only the file itself.
    guard descriptor >= 0 else { throw FileError("write to \(path)") }
    do throws(FileError) {
      defer { close(descriptor) }
      try write(bytes, to: descriptor, path)
      guard rename(temporary, path) == 0 else { throw FileError("replace \(path)") }
    } catch {
      _ = unlink(temporary)
      throw error
    }
  }

  /// Writes a new file; one that is there is not touched but an error. Devices and pipes are written to.
  public static func create(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let isFile = !exists(path) || isOrdinary(path)
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | (isFile ? O_CREAT | O_EXCL : 0), 0o644)
    guard descriptor >= 0 else { throw FileError("create \(path)") }
    defer { close(descriptor) }
    do throws(FileError) {
      try write(bytes, to: descriptor, path)
    } catch {
      if isFile { _ = unlink(path) }
      throw error
    }
  }

  private static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { writeBytes(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw FileError("write to \(path)") }
      written += count
    }
    // A pipe or a device cannot be synced, and need not be.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError("write to \(path)") }
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

  /// Whether there is a file that can be read.
  public static func isReadable(_ path: String) -> Bool { access(path, R_OK) == 0 }
}

/// `read` of the C library, under a name that the methods here don't hide.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}

/// `write` of the C library.
private func writeBytes(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
  write(descriptor, buffer.baseAddress, buffer.count)
}
