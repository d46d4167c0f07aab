import SourceText
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lets files be read from some folders only, links followed, and remembers what was reached for outside.
final class FileConfinement: Sendable {
  private let reached = Mutex<[String]>([])

  /// The names that lead outside, in order.
  var attempts: [String] { reached.withLock { $0 } }

  func path(of name: String, in folders: [String]) throws(CommandFailure) -> String {
    let isOutside =
      name.hasPrefix("/") || name.hasPrefix("~/") || name.split(separator: "/").contains("..")
    if !isOutside {
      for folder in folders {
        let place = "\(folder)/\(name)"
        guard WholeFile.isReadable(place) else { continue }
        if let real = Self.resolved(place), let root = Self.resolved(folder),
          real.hasPrefix(root + "/")
        {
          // Reading a pipe waits for somebody to write.
          if WholeFile.isOrdinary(place) { return place }
          throw CommandFailure("'\(name)' is no ordinary file")
        }
        throw refusal(name)
      }
      if let fault = FileFinder.fault(inName: name) { throw fault }
      throw CommandFailure("there is no file '\(name)' beside this transcript or in its lesson")
    }
    throw refusal(name)
  }

  private func refusal(_ name: String) -> CommandFailure {
    reached.withLock { if $0.count < 100 { $0.append(name) } }
    return CommandFailure(
      "'\(name)' lies outside: only files beside the transcript and in its lesson are read")
  }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
