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
    do {
      let measurements = try Measurement.all(kernel: text(of: kernelPath))
      let suite = BenchmarkSuite(name: "")
      for measurement in measurements {
        suite.benchmark(measurement.name) { measurement.run() }
      }
      var runner = BenchmarkRunner(
        suites: [suite], settings: [Format(.none), MinTime(seconds: 1), WarmupIterations(2)])
      try runner.run()
      let report = Report(measurements: measurements, results: runner.results)
      print((["", "medians of runs"] + report.lines).joined(separator: "\n"))
    } catch {
      let message = Array("ringside-bench: \(error)\n".utf8)
      _ = write(STDERR_FILENO, message, message.count)
      exit(1)
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
