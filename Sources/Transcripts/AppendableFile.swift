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
  init(_ action: String) {
    self.init(action, reason: String(cString: strerror(errno)))
  }

  init(_ action: String, reason: String) {
    self.action = action
    self.reason = reason
  }
}

/// A file that only grows, one whole piece at a time.
protocol AppendableFile: AnyObject {
  /// Puts `bytes` at the end and waits until they are on the disk. After an error the file is as before,
  /// as far as the disk allows.
  func append(_ bytes: [UInt8]) throws(FileError)
}

/// An `AppendableFile` on the disk.
final class DiskFile: AppendableFile {
  enum Opening {
    /// The file must not exist yet.
    case new
    /// The file must exist; what is behind this many bytes is cut off.
    case existing(keeping: Int)
  }

  private let descriptor: Int32
  private let path: String
  private var size: Int

  init(path: String, _ opening: Opening) throws(FileError) {
    self.path = path
    switch opening {
    case .new:
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      size = 0
      guard descriptor >= 0 else { throw FileError("create \(path)") }
    case .existing(let keeping):
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      size = keeping
      guard descriptor >= 0 else { throw FileError("write to \(path)") }
      guard ftruncate(descriptor, off_t(keeping)) == 0 else { throw FileError("shorten \(path)") }
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func append(_ bytes: [UInt8]) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress, $0.count, off_t(size + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw giveUp() }
      written += count
    }
    // A pipe or a device cannot be synced, and need not be.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw giveUp() }
    size += bytes.count
  }

  /// Takes back what was half written.
  private func giveUp() -> FileError {
    let error = FileError("write to \(path)")
    _ = ftruncate(descriptor, off_t(size))
    return error
  }
}

/// Whole files, read at once and replaced at once.
enum WholeFile {
  static func read(_ path: String) throws(FileError) -> [UInt8] {
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
    }
  }

  /// Puts `bytes` in the place of the file: at every moment there is the old file or the new one.
  static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let temporary = path + ".new"
    _ = unlink(temporary)
    do throws(FileError) {
      try DiskFile(path: temporary, .new).append(bytes)
      guard rename(temporary, path) == 0 else { throw FileError("replace \(path)") }
    } catch {
      _ = unlink(temporary)
      throw error
    }
  }
}

/// `read` of the C library, under a name that the methods here don't hide.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  read(descriptor, buffer.baseAddress, buffer.count)
}
