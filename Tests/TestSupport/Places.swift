import Foundation

/// The folder in which the test programme and the executables of the package were built.
public let builtProductsFolder: String = {
  let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
  let folder = (own as NSString).deletingLastPathComponent
  // `swift test` may run the tests inside a bundle: then the executables lie beside the bundle.
  guard let bundle = folder.range(of: ".xctest/") else { return folder }
  return (String(folder[..<bundle.lowerBound]) as NSString).deletingLastPathComponent
}()

/// The path of an executable that the package builds.
public func builtExecutable(_ name: String) -> String { builtProductsFolder + "/" + name }

/// The root of the repository: the nearest folder above this file that holds a `Package.swift`.
public let repositoryRoot: String = {
  var folder = (#filePath as NSString).deletingLastPathComponent
  while folder != "/", !FileManager.default.fileExists(atPath: folder + "/Package.swift") {
    folder = (folder as NSString).deletingLastPathComponent
  }
  return folder
}()

/// A folder of its own for one test, removed with everything in it when it is let go.
public final class TemporaryFolder {
  /// The absolute path, without symbolic links.
  public let path: String

  public init() throws {
    var template = Array((NSTemporaryDirectory() + "/ringside-tests-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SupportFailure("no temporary folder: \(String(cString: strerror(errno)))")
    }
    let made = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    path = URL(fileURLWithPath: made).resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something in the folder, whether it is there or not.
  public func path(of name: String) -> String { path + "/" + name }

  /// Writes a file, making the folders on the way to it, and gives its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    let file = path(of: name)
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  /// Reads a file as UTF-8.
  public func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(of: name))), as: UTF8.self)
  }
}

/// Why a helper of the tests could not do its work.
public struct SupportFailure: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
