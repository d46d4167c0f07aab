import Monitor
import Onion
import OnionISA

/// Who had the CPU over a stretch of history, in equal parts of its cycles.
public struct Timeline: Sendable {
  public enum Lane: Hashable, Sendable {
    /// The VMM, at its work in ring 0.
    case monitor
    case ring(Ring)
    /// A guest, whatever of it.
    case guest(String)
    /// A guest's kernel: its virtual ring 0.
    case kernel(String)
    /// A program of a guest. The VMM doesn't know its name, only the page directory that it runs with; nil with
    /// the guest's paging off.
    case process(String, directory: UInt32?)
    /// Nobody: `hlt` waited.
    case idle
  }

  /// By what those who had the CPU are told apart.
  public enum Division: String, CaseIterable, Sendable {
    case rings, guests, processes
  }

  /// Cycles of the real machine.
  public private(set) var start: UInt64
  public private(set) var end: UInt64
  /// For who had it at all, the cycles in each part.
  public private(set) var lanes: [Lane: [Double]] = [:]
  /// Cycles for which each guest waited for the CPU though it had something to run.
  public internal(set) var stolen: [(guest: String, cycles: UInt64)] = []
  private let parts: Int

  init(from start: UInt64, to end: UInt64, parts: Int) {
    (self.start, self.end, self.parts) = (start, end, max(1, parts))
  }

  /// The cycles of one part.
  public var part: Double { Double(end - start) / Double(parts) }

  /// A lane's share of everything, from 0 to 1.
  public func share(of lane: Lane) -> Double {
    guard end > start else { return 0 }
    return (lanes[lane] ?? []).reduce(0, +) / Double(end - start)
  }

  /// Gives a lane some cycles that begin `offset` after the start.
  mutating func add(_ cycles: UInt64, to lane: Lane, at offset: UInt64) {
    guard cycles > 0, part > 0 else { return }
    var (from, to) = (Double(offset) / part, Double(offset + cycles) / part)
    from = min(from, Double(parts))
    to = min(to, Double(parts))
    var row = lanes[lane] ?? Array(repeating: 0, count: parts)
    var index = Int(from)
    while index < parts, Double(index) < to {
      row[index] += (min(to, Double(index + 1)) - max(from, Double(index))) * part
      index += 1
    }
    lanes[lane] = row
  }
}

extension Session {
  /// Who had the CPU between two steps of this history; the session stays where it is.
  public func timeline(
    of division: Timeline.Division = .rings, from: UInt64, to: UInt64, parts: Int,
    poll: Poll = { false }
  ) throws(ComparisonFailure) -> Timeline {
    let furthest = max(furthestStep, world.steps)
    guard to <= furthest else { throw .notReached(furthest: furthest) }
    return try comparison { (there) throws(ComparisonFailure) in
      let world = there.world
      try there.reach(to, poll)
      let end = world.machine.cycles
      let stolen = world.stolen
      try there.reach(from, poll)
      var timeline = Timeline(from: world.machine.cycles, to: end, parts: parts)
      let stolenBefore = world.stolen.map(\.cycles)
      timeline.stolen = stolen.enumerated().map { index, item in
        // Guests that were made in between had not waited before.
        let before = index < stolenBefore.count ? stolenBefore[index] : 0
        return (item.guest, item.cycles - min(before, item.cycles))
      }
      var work: UInt64 = 0
      while world.steps < to {
        there.repeatChanges()
        let before = ClockReading(world)
        let lane = world.lane(division)
        let chunk = before.isWaiting ? 1 : min(to - world.steps, there.stepsToNextEvent)
        let steps = world.steps
        let pause = world.run(
          steps: chunk, cycleLimit: .max, stops: RunStops(atTrap: true, atSystem: true))
        let after = ClockReading(world)
        timeline.add(from: before, to: after, running: lane)
        if there.isEnd(pause) { break }
        work += world.steps - steps + Self.callCost
        if work >= Self.pollInterval {
          work = 0
          if poll() { throw .interrupted }
        }
      }
      return timeline
    }
  }
}

/// The clocks at one moment.
private struct ClockReading {
  var cycles: UInt64
  /// Of them the VMM's own.
  var monitor: UInt64
  /// Of them those that a guest halted.
  var idle: UInt64
  var isWaiting: Bool

  init(_ world: World) {
    cycles = world.machine.cycles
    monitor = world.monitor?.overheadCycles ?? 0
    idle = world.monitor?.idleCycles ?? 0
    isWaiting = world.isWaiting
  }
}

extension Timeline {
  /// A run in one ring, with what the VMM did at its end and how long was waited.
  fileprivate mutating func add(
    from before: ClockReading, to after: ClockReading, running lane: Lane
  ) {
    let passed = after.cycles - before.cycles
    // Odd prices may make the guest's own work dearer than the VMM's.
    let worked = after.monitor > before.monitor ? after.monitor - before.monitor : 0
    let monitor = min(worked, passed)
    var idle = min(after.idle - before.idle, passed - monitor)
    // On the bare machine the step that ends a wait is all wait, but for the interrupt's delivery.
    if before.isWaiting, idle == 0, monitor == 0 { idle = passed }
    let own = passed - monitor - idle
    var offset = before.cycles - start
    let waited = before.isWaiting ? [(idle, Lane.idle)] : []
    let waits = before.isWaiting ? [] : [(idle, Lane.idle)]
    for (cycles, lane) in waited + [(own, lane), (monitor, .monitor)] + waits {
      add(cycles, to: lane, at: offset)
      offset += cycles
    }
  }
}

extension World {
  /// Who runs now.
  fileprivate func lane(_ division: Timeline.Division) -> Timeline.Lane {
    guard let monitor, division != .rings else { return .ring(machine.status.cpl) }
    // Its name and virtual CPU without what runs directly: that changes neither ring 0 nor the directory.
    let (name, cpu) = monitor.running
    if division == .guests { return .guest(name) }
    return cpu.ring == .ring0
      ? .kernel(name) : .process(name, directory: cpu.isPagingOn ? cpu.ptbr : nil)
  }

  /// Each guest's steal time so far.
  fileprivate var stolen: [(guest: String, cycles: UInt64)] {
    guard let monitor else { return [] }
    return zip(monitor.guests, monitor.shares).map { ($0.name, $1.stolen) }
  }
}
