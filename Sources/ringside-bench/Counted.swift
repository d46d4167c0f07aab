import Foundation
import Onion
import OnionISA

/// A program whose instructions on the host are counted.
struct Counted {
  let name: String
  let source: String
  /// Ask after each instruction whether a register changed, as a watchpoint on it does.
  var isCareful = false

  static let all = [
    Counted(name: "integer loop", source: BenchPrograms.loop),
    Counted(name: "memory through the TLB", source: BenchPrograms.memory),
    Counted(name: "calls", source: BenchPrograms.calls),
    Counted(name: "Fibonacci", source: BenchPrograms.fibonacci),
    Counted(name: "careful loop", source: BenchPrograms.loop, isCareful: true),
  ]

  /// The hidden argument with which this program runs one of them, for a number of instructions.
  static let argument = "--count"

  static func run(_ arguments: [String]) throws {
    guard arguments.count == 2, let counted = all.first(where: { $0.name == arguments[0] }),
      let steps = UInt64(arguments[1])
    else { throw BenchFailure(description: "\(argument) NAME STEPS") }
    let machine = try Measurement.machine(with: counted.source, named: counted.name)
    // A register that these programs leave alone.
    let stops = counted.isCareful ? RunStops(registers: [Register(bits: 15)]) : RunStops()
    _ = machine.run(steps: steps, stops: stops)
  }

  /// Instructions of the host for each of the guest, as callgrind counts them: what starting costs is
  /// taken off.
  func ratio(_ counter: Counter) -> Double? {
    let (few, many) = (1_000_000, 6_000_000)
    guard let short = counter.count(name, steps: few), let long = counter.count(name, steps: many)
    else { return nil }
    return Double(long - short) / Double(many - few)
  }
}

/// Counts the instructions of the host with callgrind.
struct Counter {
  private let valgrind: URL
  /// A copy of this program without its debug information, which callgrind would read for minutes.
  private let program: URL
  private let folder: URL

  /// Nil if valgrind isn't installed.
  init?() {
    guard let valgrind = Tools.find("valgrind"), let own = Bundle.main.executableURL else {
      return nil
    }
    self.valgrind = valgrind
    folder = FileManager.default.temporaryDirectory.appending(
      path: "ringside-bench-\(ProcessInfo.processInfo.processIdentifier)")
    let copy = folder.appending(path: "ringside-bench")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let isStripped =
      Tools.find("strip").flatMap {
        Finished.running($0, ["--strip-debug", "-o", copy.path(), own.path()])
      } != nil
    program = isStripped ? copy : own
  }

  func close() { try? FileManager.default.removeItem(at: folder) }

  fileprivate func count(_ name: String, steps: Int) -> Int? {
    let arguments = [
      "--tool=callgrind", "--callgrind-out-file=/dev/null", program.path(), Counted.argument, name,
      "\(steps)",
    ]
    return Finished.running(valgrind, arguments)?.errors.split(separator: "\n")
      .first { $0.contains("Collected :") }?.split(separator: " ").last.flatMap { Int($0) }
  }
}
