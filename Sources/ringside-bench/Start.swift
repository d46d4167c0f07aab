import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How long it takes to start, in milliseconds, and how much memory a session takes.
struct Start {
  /// The hidden argument with which this program ends at once.
  static let argument = "--nothing"

  var empty: Double
  var quit: Double
  var prompt: Double
  /// Bytes, of a session in which a guest ran to its end.
  var peakMemory: Int

  /// Nil if ringside wasn't built beside this program.
  init?() {
    let ringside = Tools.folder.appending(path: "ringside")
    guard let own = Bundle.main.executableURL,
      let quit = Self.median(ringside, ["-c", "quit"]),
      // Its input is at an end, so that it goes at the first prompt.
      let prompt = Self.median(ringside, ["lesson", "01"]),
      let empty = Self.median(own, [Self.argument]),
      Finished.running(
        ringside, ["-c", "load --guest \(Bench.kernelPath)", "-c", "continue", "-c", "quit"]) != nil
    else { return nil }
    self.empty = empty
    self.quit = quit
    self.prompt = prompt
    var usage = rusage()
    // The largest of all children so far: callgrind comes later.
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    peakMemory = Int(usage.ru_maxrss) * 1024
  }

  private static func median(_ program: URL, _ arguments: [String]) -> Double? {
    let times = (0..<31).compactMap { _ in Finished.running(program, arguments)?.seconds }
    return Report.median(times).map { $0 * 1000 }
  }
}
