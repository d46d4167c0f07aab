#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// How files are written: by everybody, everywhere, in this way.
extension WholeFile {
  /// Puts `bytes` in the place of what the file holds: at every moment there is the old file or the new one.
  ///
  /// Links are followed, and a file keeps its mode. What is no plain file is written to as it is; so is a file
  /// with several names, or one that is another user's, which a new file in its place would take from them.
  ///
  /// - Parameter inputs: the files that `bytes` were made from: none of them is written over.
  public static func replace(
    _ path: String, with bytes: [UInt8], madeFrom inputs: [String] = []
  ) throws(FileError) {
    let destination = try Destination(path)
    guard case .plain(let place, let status) = destination else {
      guard case .new(let place) = destination else { return try writeInPlace(bytes, path) }
      return try writeAnew(bytes, place, path, mode: nil)
    }
    for input in inputs where isSame(status, input) {
      throw FileError(
        "write to \(path)",
        reason: input == path
          ? "it is what the output is made from"
          : "it is the same file as \(input), which the output is made from")
    }
    // A file that its owner protected is not replaced, although its folder would allow it.
    guard access(place, W_OK) == 0 else { throw FileError("write to \(path)") }
    if status.st_nlink > 1 || status.st_uid != geteuid() {
      return try writeInPlace(bytes, path)
    }
    try writeAnew(bytes, place, path, mode: status.st_mode & 0o7777)
  }

  /// Writes a new file; one that is there is not touched but an error. Devices and pipes are written to.
  public static func create(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let (descriptor, isPlain) = try openNew(path)
    defer { close(descriptor) }
    do throws(FileError) {
      try write(bytes, to: descriptor, path)
    } catch {
      if isPlain { _ = unlink(path) }
      throw error
    }
  }

  /// Opens a new file for writing, as ``create(_:with:)`` does. The caller closes it.
  public static func openNew(_ path: String) throws(FileError) -> (descriptor: Int32, isPlain: Bool)
  {
    switch try Destination(path) {
    case .new(let place):
      let descriptor = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileError("create \(path)") }
      return (descriptor, true)
    case .plain:
      errno = EEXIST
      throw FileError("create \(path)")
    case .other: return (try openOther(path), false)
    }
  }

  /// Writes all of `bytes` where the descriptor is, and waits until they are on the disk if there is one.
  public static func write(
    _ bytes: [UInt8], to descriptor: Int32, _ path: String
  ) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { writeBytes(descriptor, $0) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN {
        wait(descriptor, for: POLLOUT, milliseconds: -1)
        continue
      }
      guard count > 0 else { throw FileError("write to \(path)") }
      written += count
    }
    // A pipe or a device cannot be synced, and need not be.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError("write to \(path)") }
  }

  // MARK: Where it goes

  /// What is at the end of a path and its links.
  private enum Destination {
    case new(String)
    case plain(String, stat)
    /// A device, a pipe, or a folder.
    case other

    init(_ path: String) throws(FileError) {
      var status = stat()
      if stat(path, &status) == 0 {
        let isPlain = status.st_mode & S_IFMT == S_IFREG
        // Under /dev a plain file is one that somebody else has open already.
        self = isPlain && !path.hasPrefix("/dev/") ? .plain(resolved(path) ?? path, status) : .other
        return
      }
      guard errno == ENOENT else { throw FileError("write to \(path)") }
      self = .new(try Self.end(of: path))
    }

    /// Where links lead that end at nothing yet.
    private static func end(of path: String) throws(FileError) -> String {
      var place = path
      for _ in 0..<40 {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
          bytes.withMemoryRebound(to: CChar.self) { characters in
            characters.baseAddress.map { readlink(place, $0, characters.count) } ?? -1
          }
        }
        guard count > 0 else { return place }
        let target = String(decoding: buffer[..<count], as: UTF8.self)
        let folder = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
        place = target.hasPrefix("/") ? target : folder + target
      }
      errno = ELOOP
      throw FileError("write to \(path)")
    }
  }

  private static func isSame(_ status: stat, _ path: String) -> Bool {
    var other = stat()
    return stat(path, &other) == 0 && other.st_dev == status.st_dev && other.st_ino == status.st_ino
  }

  /// A file beside the old one, which then takes its place.
  private static func writeAnew(
    _ bytes: [UInt8], _ place: String, _ path: String, mode: mode_t?
  ) throws(FileError) {
    let slash = place.lastIndex(of: "/").map { place.index(after: $0) } ?? place.startIndex
    let lead = "\(place[..<slash]).\(place[slash...].prefix(40)).\(getpid())"
    var descriptor: Int32 = -1
    var temporary = ""
    for number in 0..<100 {
      temporary = "\(lead).\(number).new"
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor < 0, errno == EEXIST else { break }
    }
    guard descriptor >= 0 else {
      // The folder takes no new file, but this one may be written to.
      if mode != nil { return try writeInPlace(bytes, path) }
      throw FileError("write to \(path)")
    }
    do throws(FileError) {
      defer { close(descriptor) }
      if let mode, fchmod(descriptor, mode) != 0 { throw FileError("write to \(path)") }
      try write(bytes, to: descriptor, path)
      guard rename(temporary, place) == 0 else { throw FileError("replace \(path)") }
    } catch {
      _ = unlink(temporary)
      throw error
    }
  }

  private static func writeInPlace(_ bytes: [UInt8], _ path: String) throws(FileError) {
    let descriptor = try openOther(path)
    defer { close(descriptor) }
    try write(bytes, to: descriptor, path)
  }

  /// Opens what is there. A pipe is given the time in which somebody who was started beside begins to read.
  private static func openOther(_ path: String) throws(FileError) -> Int32 {
    for _ in 0..<patience {
      let descriptor = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NONBLOCK)
      if descriptor >= 0 { return descriptor }
      guard errno == ENXIO, isPipe(path) else { throw FileError("write to \(path)") }
      poll(nil, 0, waitingTime)
    }
    throw FileError("write to \(path)", reason: "nobody reads from this pipe")
  }

  private static func isPipe(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }
}

/// `write` of the C library, under a name that the methods here don't hide.
private func writeBytes(_ descriptor: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
  write(descriptor, buffer.baseAddress, buffer.count)
}
