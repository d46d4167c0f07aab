import Foundation
import Onion
import ReferenceOnion
import Testing

/// The machine does what the reference interpreter does, beat for beat, in all that the architecture
/// can see.
@Suite struct LockstepTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func randomProgramsRunTheSame(block: UInt64) throws {
    var beats = 0
    for seed in block * 25 + 1...block * 25 + 25 {
      let program = RandomProgram(seed: seed)
      for drive in Drive.allCases {
        beats += try check(program, drive: drive, beats: drive == .leaps ? 3000 : 200)
      }
    }
    #expect(beats > 25 * 4 * 100)
  }

  @Test(arguments: 1...50)
  func runsOfEveryLengthLeaveTheSame(quantum: Int) throws {
    for seed in UInt64(1000)..<1006 {
      _ = try check(RandomProgram(seed: seed), drive: .runs, quantum: quantum, beats: 400)
    }
  }

  /// Millions of beats, for the night: `RINGSIDE_SOAK=1 swift test --filter Soak`. `RINGSIDE_SOAK` is
  /// the first seed, `RINGSIDE_SOAK_COUNT` the number of programs.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RINGSIDE_SOAK"] != nil))
  func soak() throws {
    let environment = ProcessInfo.processInfo.environment
    let first = UInt64(environment["RINGSIDE_SOAK"] ?? "") ?? 1
    let count = UInt64(environment["RINGSIDE_SOAK_COUNT"] ?? "") ?? 20_000
    var beats = 0
    for seed in first..<first + count {
      let drive = Drive.allCases[Int(seed % 5)]
      beats += try check(
        RandomProgram(seed: seed), drive: drive, beats: drive == .leaps ? 10_000 : 1000)
      if seed % 1000 == 0 { print("soak: seed \(seed), \(beats) beats the same") }
    }
    print("soak: seeds \(first) to \(first + count - 1), \(beats) beats the same")
  }

  /// Runs one program; a failure is found as closely as can be, and kept under .build/soak.
  private func check(
    _ program: RandomProgram, drive: Drive, quantum: Int? = nil, beats: Int
  ) throws -> Int {
    let lockstep = Lockstep(program: program, drive: drive, quantum: quantum)
    do {
      return try lockstep.run(beats: beats)
    } catch {
      var closest = error
      do {
        _ = try lockstep.runThoroughly(beats: error.beat)
      } catch {
        closest = error
      }
      keep(closest)
      throw closest
    }
  }

  private func keep(_ divergence: Lockstep.Divergence) {
    let folder = URL(filePath: FileManager.default.currentDirectoryPath)
      .appending(path: ".build/soak")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "seed-\(divergence.seed)-\(divergence.drive.rawValue).txt")
    try? Data(divergence.description.utf8).write(to: file)
  }
}
