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
  /// It has places that can be written to, and shortened.
  let isPlain: Bool
  private var size: Int

  init(path: String, _ opening: Opening) throws(FileError) {
    self.path = path
    switch opening {
    case .new:
      (descriptor, isPlain) = try WholeFile.openNew(path)
      size = 0
    case .existing(let keeping):
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      isPlain = true
      size = keeping
      guard descriptor >= 0 else { throw FileError("write to \(path)") }
      guard ftruncate(descriptor, off_t(keeping)) == 0 else { throw FileError("shorten \(path)") }
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  func append(_ bytes: [UInt8]) throws(FileError) {
    do throws(FileError) {
      if isPlain, lseek(descriptor, off_t(size), SEEK_SET) < 0 {
        throw FileError("write to \(path)")
      }
      try WholeFile.write(bytes, to: descriptor, path)
    } catch {
      // What was half written is taken back.
      if isPlain { _ = ftruncate(descriptor, off_t(size)) }
      throw error
    }
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
}
