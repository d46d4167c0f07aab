import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

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
      // A device is not overwritten by being written to.
      descriptor =
        Self.isDevice(path)
        ? open(path, O_WRONLY | O_CLOEXEC)
        : open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
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
    guard isStillThere else {
      throw FileError("write to \(path)", reason: "the file or its folder was taken away")
    }
  }

  /// What is written to a file without a name is lost, though every write goes well.
  private var isStillThere: Bool {
    var named = stat()
    var opened = stat()
    return stat(path, &named) == 0 && fstat(descriptor, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  private static func isDevice(_ path: String) -> Bool {
    var named = stat()
    return stat(path, &named) == 0 && named.st_mode & S_IFMT == S_IFCHR
  }

  /// Takes back what was half written.
  private func giveUp() -> FileError {
    let error = FileError("write to \(path)")
    _ = ftruncate(descriptor, off_t(size))
    return error
  }
}
