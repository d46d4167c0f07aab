import Benchmark

/// The table that `make bench` prints.
struct Report {
  let measurements: [Measurement]
  let results: [BenchmarkResult]

  /// A line for each result: what, the median of a run in milliseconds, and the rate.
  var lines: [String] {
    results.compactMap { result in
      guard let measurement = measurements.first(where: { $0.name == result.benchmarkName }),
        let nanoseconds = Self.median(result.measurements), nanoseconds > 0
      else { return nil }
      let rate = measurement.count / nanoseconds * 1e9
      return measurement.name.padded(to: 28)
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
