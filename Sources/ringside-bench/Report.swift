import Benchmark

/// The table that `make bench` prints.
struct Report {
  let measurements: [Measurement]
  let results: [BenchmarkResult]
  let history: HistoryBench
  /// Nil if ringside wasn't built.
  let start: Start?
  /// Instructions of the host for each of the guest; empty without valgrind.
  let counts: [(name: String, ratio: Double)]

  var lines: [String] {
    ["", "Speed: medians of runs"] + speeds
      + ["", "Host instructions for each guest instruction (callgrind)"]
      + (counts.isEmpty
        ? ["  not counted: valgrind is not installed"]
        : counts.map { Self.line($0.name, Self.oneDecimal($0.ratio)) })
      + ["", "History: 10^8 instructions of the guest kernel under the VMM"]
      + [
        Self.line("time with history, without: 1", "\((history.ratio * 1000).rounded() / 1000)"),
        Self.line("memory of the history", Self.mebibytes(history.bytes)),
        Self.line("back, median of 301 moments", "\(Self.oneDecimal(history.back.median)) ms"),
        Self.line("back, 99th percentile", "\(Self.oneDecimal(history.back.late)) ms"),
        Self.line("rcontinue to a store half-way", "\(Self.oneDecimal(history.watch)) ms"),
      ]
      + ["", "Starting: medians of 31, beyond an empty Swift program"] + starting
  }

  private var starting: [String] {
    guard let start else { return ["  not measured: ringside was not built beside this program"] }
    return [
      Self.line("ringside -c quit", "\(Self.oneDecimal(start.quit - start.empty)) ms"),
      Self.line(
        "to the first prompt of lesson 1", "\(Self.oneDecimal(start.prompt - start.empty)) ms"),
      Self.line("peak memory with one guest", Self.mebibytes(start.peakMemory)),
    ]
  }

  private static func line(_ name: String, _ value: String) -> String {
    "  " + name.padded(to: 40) + value.leading(to: 12)
  }

  private static func mebibytes(_ bytes: Int) -> String {
    "\(oneDecimal(Double(bytes) / 1_048_576)) MiB"
  }

  /// A line for each result: what, the median of a run in milliseconds, and the rate.
  private var speeds: [String] {
    results.compactMap { result in
      guard let measurement = measurements.first(where: { $0.name == result.benchmarkName }),
        let nanoseconds = Self.median(result.measurements), nanoseconds > 0
      else { return nil }
      let rate = measurement.count / nanoseconds * 1e9
      return "  " + measurement.name.padded(to: 32)
        + "\(Self.oneDecimal(nanoseconds / 1e6)) ms".leading(to: 12)
        + Self.scaled(rate).leading(to: 12) + " \(measurement.unit)/s"
    }
  }

  static func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// With one digit behind the point, and M or k for millions and thousands.
  private static func scaled(_ value: Double) -> String {
    switch value {
    case 1e6...: oneDecimal(value / 1e6) + " M"
    case 1e3...: oneDecimal(value / 1e3) + " k"
    default: oneDecimal(value)
    }
  }

  private static func oneDecimal(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  fileprivate func leading(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
