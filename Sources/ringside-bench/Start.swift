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
  /// The hidden argument with which it tells what the one session takes that it has run.
  static let peakArgument = "--peak-memory"

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
      // In a child: what this process has run before counts as well, and so do the compilers that ran in
      // it if `swift run` became it.
      let peak = Finished.running(own, [Self.peakArgument]).flatMap({ Int($0.errors) })
    else { return nil }
    self.empty = empty
    self.quit = quit
    self.prompt = prompt
    peakMemory = peak
  }

  static func tellPeakMemory() throws {
    let ringside = Tools.folder.appending(path: "ringside")
    let lines = ["-c", "load --guest \(Bench.kernelPath)", "-c", "continue", "-c", "quit"]
    guard Finished.running(ringside, lines) != nil else {
      throw BenchFailure(description: "ringside can't run \(Bench.kernelPath)")
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    let text = Array(String(usage.ru_maxrss * 1024).utf8)
    _ = write(STDERR_FILENO, text, text.count)
  }

  private static func median(_ program: URL, _ arguments: [String]) -> Double? {
    let times = (0..<31).compactMap { _ in Finished.running(program, arguments)?.seconds }
    return Report.median(times).map { $0 * 1000 }
  }
}
