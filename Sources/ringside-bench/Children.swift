import Foundation

/// Another program run to its end.
struct Finished {
  var seconds: Double
  var errors: String

  /// Nil if it can't be run or fails.
  static func running(_ program: URL, _ arguments: [String]) -> Finished? {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let errors = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    let clock = ContinuousClock()
    let start = clock.now
    guard (try? process.run()) != nil else { return nil }
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let duration = start.duration(to: clock.now)
    guard process.terminationReason == .exit, process.terminationStatus == 0 else { return nil }
    return Finished(
      seconds: duration / .seconds(1), errors: String(decoding: text, as: UTF8.self))
  }
}

enum Tools {
  /// This program, and those that were built beside it.
  static var folder: URL {
    (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]))
      .deletingLastPathComponent()
  }

  /// A program on the path, if it is installed.
  static func find(_ name: String) -> URL? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").map { URL(filePath: String($0)).appending(path: name) }
      .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
  }
}
