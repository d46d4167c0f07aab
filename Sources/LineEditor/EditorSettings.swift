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
    guard let file = fopen(name, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
