#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lets one process at a time change a file that several may want to change.
public enum FileLock {
  /// Does `body` while no other process holds the lock of the file at `path`, which lies beside it as `….lock`.
  ///
  /// A process that ends, however it does, holds no lock.
  public static func holding<Result>(
    _ path: String, _ body: () throws(FileError) -> Result
  ) throws(FileError) -> Result {
    let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("create \(path).lock") }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw FileError("lock \(path)") }
    }
    return try body()
  }
}
