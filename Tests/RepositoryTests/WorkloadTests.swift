import Foundation
import TestSupport
import Testing

/// Popek and Goldberg's third duty: all but the sensitive instructions run directly on the CPU. What each workload
/// that comes with ringside takes of the VMM stands in a table of the manual.
struct WorkloadTests {
  struct Workload: Sendable {
    var name: String
    var program: String
    var lines: [String] = []
    /// It hardly calls its kernel.
    var isComputing = false
  }

  static let workloads = [
    Workload(
      name: "computing: `primes 60000`, eight times", program: "shallot/shallot.s",
      lines: Array(repeating: "primes 60000", count: 8), isComputing: true),
    Workload(name: "a small kernel with two programs", program: "kernel.s"),
    Workload(
      name: "system calls: `ls`, `ps`, `mem`", program: "shallot/shallot.s",
      lines: ["ls", "ls 1", "ps", "mem"]),
    Workload(
      name: "shared memory: `share 300`", program: "shallot/shallot.s", lines: ["share 300"]),
    Workload(
      name: "pages on demand: `pages 300`", program: "shallot/shallot.s", lines: ["pages 300"]),
    Workload(
      name: "disks: `fill 3 40`, `check 3 40`", program: "shallot/shallot.s",
      lines: ["fill 3 40", "check 3 40"]),
    Workload(
      name: "network: `ping 255 20`", program: "shallot/shallot.s", lines: ["ping 255 20"]),
    Workload(name: "hostile: traps without end", program: "hostile/trap-storm.s"),
  ]

  /// What `run --stats` says.
  private struct Counts: Decodable {
    struct Monitor: Decodable {
      var entries: UInt64
      var emulated: UInt64
      var reflected: UInt64
      var hidden: UInt64
      var traced: UInt64
      var cycles: UInt64
      var idle: UInt64
      var direct: UInt64
    }
    var instructions: UInt64
    var cycles: UInt64
    var vmm: Monitor

    var directShare: Double { Double(vmm.direct) / Double(instructions) * 100 }
  }

  private func counts(_ workload: Workload) throws -> Counts {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "ringside-workload-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appending(path: "input")
    try (workload.lines + ["off\n"]).joined(separator: "\n")
      .write(to: input, atomically: true, encoding: .utf8)
    let result = try runProcess(
      builtExecutable("ringside"),
      [
        "run", Repository.path(of: "lessons/programs/\(workload.program)"), "--guest", "--stats",
        "--input", input.path,
      ])
    #expect(result.status == .exited(0), "\(workload.name): \(result.stderr)")
    let line = try #require(result.stderr.split(separator: "\n").last)
    return try JSONDecoder().decode(Counts.self, from: Data(line.utf8))
  }

  private static let page = "Sources/Manual/Manual.docc/Efficiency.md"
  private static let open = "<!-- workloads -->\n"
  private static let close = "<!-- /workloads -->"

  @Test func theTableOfWorkloadsIsFresh() throws {
    var rows = [
      "| workload | instructions | run directly | entries per million | emulated | reflected | hidden faults "
        + "| table writes | VMM's share of the cycles |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for workload in Self.workloads {
      let counts = try counts(workload)
      if workload.isComputing { #expect(counts.directShare > 99.9, "\(counts.directShare)") }
      func rate(_ count: UInt64) -> String {
        "\(Int((Double(count) * 1_000_000 / Double(counts.instructions)).rounded()))"
      }
      let awake = counts.cycles - counts.vmm.idle
      let share = Int((Double(counts.vmm.cycles) / Double(awake) * 100).rounded())
      let direct = (counts.directShare * 100).rounded(.down) / 100
      let cells =
        ["\(counts.instructions)", "\(direct) %"]
        + [
          counts.vmm.entries, counts.vmm.emulated, counts.vmm.reflected, counts.vmm.hidden,
          counts.vmm.traced,
        ].map(rate) + ["\(share) %"]
      rows.append("| \(workload.name) | \(cells.joined(separator: " | ")) |")
    }
    let text = try Repository.text(of: Self.page)
    let start = try #require(text.range(of: Self.open)).upperBound
    let end = try #require(text.range(of: Self.close, range: start..<text.endIndex)).lowerBound
    let fresh = text.replacingCharacters(
      in: start..<end, with: "\n\(rows.joined(separator: "\n"))\n\n")
    if ProcessInfo.processInfo.environment["RINGSIDE_UPDATE_MANUAL"] == "1" {
      try fresh.write(toFile: Repository.path(of: Self.page), atomically: true, encoding: .utf8)
    } else {
      #expect(fresh == text, "\(Self.page) is out of date; run: make manual-tables")
    }
  }
}
