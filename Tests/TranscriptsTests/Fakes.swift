import Foundation
import Laboratory

@testable import Transcripts

/// A machine that is one number: `add N` adds and tells the sum, `say TEXT` says it.
final class Adder: LineRunner {
  var sum: Int
  var lines: [String] = []

  init(sum: Int = 0) { self.sum = sum }

  func run(line: String) -> LineOutcome {
    lines.append(line)
    let words = line.split(separator: " ", maxSplits: 1)
    switch words.first {
    case "add":
      sum += words.count > 1 ? Int(words[1]) ?? 0 : 0
      return LineOutcome(output: "the sum\nis \(sum)\n")
    case "set":
      sum = Int(words[1]) ?? 0
      return LineOutcome(output: "")
    case "say":
      let text = words.count > 1 ? words[1].replacingOccurrences(of: "/", with: "\n") : ""
      return LineOutcome(output: text + "\n")
    case nil: return LineOutcome(output: "again\n")
    default: return LineOutcome(output: "'\(line)' is not a command\n", succeeded: false)
    }
  }

  func stateDigest() -> String { "state-\(sum)" }
}

/// A folder that is gone after the test.
final class TemporaryFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "transcripts-" + UUID().uuidString
    try? FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: file(name), atomically: false, encoding: .utf8)
  }

  func read(_ name: String) throws -> String {
    try String(contentsOfFile: file(name), encoding: .utf8)
  }
}

/// The message of what `body` throws.
func problem(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}
