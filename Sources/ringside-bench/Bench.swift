import Benchmark

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Measures how fast the machine runs, and prints medians.
@main
enum Bench {
  static let kernelPath = "lessons/programs/kernel.s"

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.first != Start.argument else { return }
    do {
      switch arguments.first {
      case Counted.argument: try Counted.run(Array(arguments.dropFirst()))
      case Start.peakArgument: try Start.tellPeakMemory()
      default: try measureAll()
      }
    } catch {
      let message = Array("ringside-bench: \(error)\n".utf8)
      _ = write(STDERR_FILENO, message, message.count)
      exit(1)
    }
  }

  private static func measureAll() throws {
    let kernel = try text(of: kernelPath)
    let start = Start()
    let history = try HistoryBench(kernel: kernel)
    let measurements = try Measurement.all(kernel: kernel)
    let suite = BenchmarkSuite(name: "")
    for measurement in measurements {
      suite.benchmark(measurement.name) { measurement.run() }
    }
    var runner = BenchmarkRunner(
      suites: [suite], settings: [Format(.none), MinTime(seconds: 1), WarmupIterations(2)])
    try runner.run()
    let report = Report(
      measurements: measurements, results: runner.results, history: history, start: start,
      counts: counts())
    print(report.lines.joined(separator: "\n"))
  }

  private static func counts() -> [(name: String, ratio: Double)] {
    guard let counter = Counter() else { return [] }
    defer { counter.close() }
    return Counted.all.compactMap { counted in
      counted.ratio(counter).map { (counted.name, $0) }
    }
  }

  private static func text(of path: String) throws -> String {
    guard let file = fopen(path, "r") else {
      throw BenchFailure(
        description: "there is no \(path) here; run it in the root of the repository")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
