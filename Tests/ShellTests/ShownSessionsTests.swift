import Foundation
import TestSupport
import Testing

@testable import Shell

/// The sessions that the README and the manual show are real ones.
struct ShownSessionsTests {
  static let files =
    ["README.md"]
    + ((try? FileManager.default.contentsOfDirectory(atPath: repositoryRoot + "/" + manual)) ?? [])
    .filter { $0.hasSuffix(".md") }.sorted().map { manual + "/" + $0 }
  private static let manual = "Sources/Manual/Manual.docc"

  @Test(arguments: files)
  func whatIsShownIsWhatTheShellSays(file: String) throws {
    let path = repositoryRoot + "/" + file
    var text = try String(contentsOfFile: path, encoding: .utf8)
    let updates = ProcessInfo.processInfo.environment["RINGSIDE_UPDATE_MANUAL"] == "1"
    for shown in sessions(in: text) {
      let said = try replayed(shown)
      #expect(shown.contains("(ringside) "))
      #expect(said.split(separator: "\n").allSatisfy { $0.count <= 80 })
      if updates {
        text = text.replacingOccurrences(of: shown, with: said)
      } else {
        #expect(shown == said, "run again with RINGSIDE_UPDATE_MANUAL=1 if the new text is right")
      }
    }
    if updates { try text.write(toFile: path, atomically: true, encoding: .utf8) }
  }

  @Test func theReadmeAndTheManualShowSome() throws {
    for file in ["README.md", "Sources/Manual/Manual.docc/GoingBack.md"] {
      let text = try String(contentsOfFile: repositoryRoot + "/" + file, encoding: .utf8)
      #expect(!sessions(in: text).isEmpty, "\(file)")
    }
  }

  private func sessions(in text: String) -> [String] {
    text.matches(of: /<!-- session -->\n+```text\n([\s\S]*?)```\n+<!-- \/session -->/)
      .map { String($0.1) }
  }

  /// What the commands in it say, on a fresh machine.
  private func replayed(_ session: String) throws -> String {
    let shell = try makeInterpreter()
    let prompt = "(ringside) "
    return session.split(separator: "\n").filter { $0.hasPrefix(prompt) }
      .map { line in
        let said = shell.say(String(line.dropFirst(prompt.count)))
        return line + "\n" + said + (said.isEmpty || said.hasSuffix("\n") ? "" : "\n")
      }.joined()
  }
}
