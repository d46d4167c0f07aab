import Foundation
import Lessons
import TestSupport
import Testing

@testable import Shell

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The process is killed at any moment of a lesson: what was on the screen is kept.
struct KillTests {
  /// The way through the first lesson: what is typed, and what is said and kept after each line.
  private struct Reference {
    var lines: [String] = []
    /// Everything that was written when so many lines were done.
    var outputs: [[UInt8]] = [[]]
    /// The progress then; at first there is no file.
    var progress = [""]

    init(_ folder: TemporaryFolder) throws {
      var look = LookOptions()
      (look.plain, look.width, look.color) = (false, 80, .never)
      let output = ShellOutput(look, descriptor: -1)
      let session = try ShellSession(
        output: output, library: try LessonLibrary(folder: shippedLessons),
        progress: ProgressFile(path: folder.path(of: "reference")))
      var line = "lesson 1"
      while lines.count < 200 {
        let text = session.run(line).text
        let said = text.isEmpty ? "" : output.rendered(text) + "\n"
        lines.append(line)
        outputs.append((outputs.last ?? []) + Array(said.utf8))
        progress.append((try? folder.read("reference")) ?? "")
        guard let engine = session.engine, !engine.isFinished else { return }
        switch engine.invitation {
        // The first task is done in another way than the lesson's.
        case .work: line = lines.contains("until program") ? "lesson skip" : "until program"
        case .workAlone, .letters, .number: line = "lesson skip"
        case .enter, .reveal, .play, .nothing: line = ""
        }
      }
    }
  }

  /// Starts the program, kills it after `microseconds`, and gives what it had written.
  private func run(_ folder: TemporaryFolder, killedAfter microseconds: UInt32?) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: builtExecutable("ringside"))
    process.arguments = ["--width", "80"]
    process.environment = childEnvironment([
      "RINGSIDE_LESSONS": shippedLessons, "XDG_STATE_HOME": folder.path,
    ])
    let input = folder.path(of: "input")
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: input))
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    if let microseconds {
      usleep(microseconds)
      kill(process.processIdentifier, SIGKILL)
    }
    let written = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(written)
  }

  @Test func nothingIsLostBeyondTheLineInHand() throws {
    let folder = try TemporaryFolder()
    let reference = try Reference(folder)
    try folder.write(reference.lines.joined(separator: "\n") + "\n", to: "input")
    let clock = ContinuousClock()
    var whole: [UInt8] = []
    let length = try clock.measure { whole = try run(folder, killedAfter: nil) }
    #expect(whole == reference.outputs.last)
    #expect(try folder.read("ringside/progress") == reference.progress.last)

    let count = isSoak ? 1000 : 10
    let total =
      Double(length.components.attoseconds) / 1e12 + Double(length.components.seconds) * 1e6
    var state: UInt64 = 7
    var places: Set<Int> = []
    for round in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let delay = UInt32(total * Double(state >> 40) / Double(1 << 24))
      try? FileManager.default.removeItem(atPath: folder.path(of: "ringside"))
      let written = try run(folder, killedAfter: delay)
      let seen = reference.outputs.lastIndex { written.starts(with: $0) } ?? 0
      places.insert(seen)
      let kept = (try? folder.read("ringside/progress")) ?? ""
      let allowed = reference.progress[seen...].prefix(2)
      #expect(allowed.contains(kept), "round \(round), after \(delay) µs, at line \(seen): \(kept)")
      #expect(Progress(kept).damagedLineCount == 0)
    }
    #expect(places.count > 1, "it was always killed at the same line")
  }
}
