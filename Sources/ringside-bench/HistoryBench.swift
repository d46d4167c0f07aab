import Laboratory
import Monitor
import Onion
import OnionAssembler
import OnionISA

/// What history costs in a run of 10^8 instructions of the guest kernel under the VMM, and what going
/// back over it takes.
struct HistoryBench {
  /// Time with history for the time without.
  var ratio: Double
  var bytes: Int
  /// Milliseconds from random moments.
  var back: (median: Double, late: Double)
  /// Milliseconds back to a store half-way.
  var watch: Double

  static let steps: UInt64 = 100_000_000

  init(kernel: String) throws {
    let image = try Measurement.image(of: LongKernel.source(from: kernel), named: "long kernel")
    // In pairs, one close after the other, since a machine's speed wanders.
    let ratios = try (0..<15).map { _ in
      let monitor = try VirtualMachineMonitor(image: image)
      let without = Self.milliseconds { _ = monitor.run(steps: Self.steps) }
      let session = try Self.session(image)
      return Self.milliseconds { _ = session.run(Self.steps) } / without
    }
    ratio = Report.median(ratios) ?? 0
    let session = try Self.session(image)
    _ = session.run(Self.steps)
    bytes = session.historyBytes
    back = Self.back(session)
    session.goTo(step: Self.steps)
    watch = try Self.watch(session, image)
  }

  private static func session(_ image: Image) throws -> Session {
    guard let session = Session() else {
      throw BenchFailure(description: "there is no memory for a machine")
    }
    try session.load(image, settings: MachineSettings(guest: "alpha"))
    return session
  }

  /// `back` from random moments, each after a leap to it.
  private static func back(_ session: Session) -> (Double, Double) {
    var state: UInt64 = 2026
    let times = (0..<301).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let moment = 1 + (state >> 33) % (steps - 1)
      if moment > session.world.steps { session.goTo(step: steps) }
      session.goTo(step: moment)
      return milliseconds { _ = session.back() }
    }.sorted()
    return (times[times.count / 2], times[times.count * 99 / 100])
  }

  /// `rcontinue` from the end to the one store to a word.
  private static func watch(_ session: Session, _ image: Image) throws -> Double {
    guard let once = image.symbol(named: "once") else {
      throw BenchFailure(description: "the long kernel has no word `once`")
    }
    let place = WatchedMemory(.physical, once.value, size: 4, access: .change)
    session.addBreakpoint(.memory(place))
    let time = milliseconds { _ = session.continueBack() }
    let share = Double(session.world.steps) / Double(steps)
    guard (0.4...0.6).contains(share) else {
      throw BenchFailure(description: "the store is at \(share) of the way, not half-way")
    }
    return time
  }

  private static func milliseconds(_ work: () -> Void) -> Double {
    ContinuousClock().measure(work) / .milliseconds(1)
  }
}
