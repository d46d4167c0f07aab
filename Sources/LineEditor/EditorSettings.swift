#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file of the user's own key bindings, which libedit reads.
enum EditorSettings {
  /// Its text; empty if there is none.
  static func text() -> String {
    let path = getenv("EDITRC") ?? getenv("HOME")
    guard let path else { return "" }
    let name = String(cString: path) + (getenv("EDITRC") == nil ? "/.editrc" : "")
    // A pipe is not waited for.
    let descriptor = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
