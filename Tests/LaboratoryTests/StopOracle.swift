import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// A stop as a test sets it.
struct StopSpec {
  var place: Breakpoint.Place
  var label = ""
  var condition: String?
  /// Whose it is, by its place among the guests; 0 on the bare machine.
  var guest = 0
}

/// What every step of a history hits, found by looking at each step by itself, with nothing of what runs use.
struct StopOracle {
  /// Steps of the history that was looked through.
  private(set) var end: UInt64 = 0
  /// For each stop the steps at which going back would land for it.
  private(set) var hits: [[UInt64]]
  /// For each stop whether a hit is a place that was arrived at, not something that a step did.
  private let arePlaces: [Bool]

  /// What is told of a history: the stop's index, and where going back lands.
  struct Hit: Hashable {
    var stop: Int
    var step: UInt64
  }

  /// Scans a fresh session from its beginning.
  ///
  /// - Parameter changes: what is done from outside on the way, in order.
  init(
    _ session: Session, _ stops: [StopSpec], changes: [(step: UInt64, change: Change)],
    upTo limit: UInt64
  ) throws {
    arePlaces = stops.map { if case .address = $0.place { true } else { false } }
    hits = stops.map { _ in [] }
    var changes = changes[...]
    while session.world.steps < limit {
      while let next = changes.first, next.step <= session.world.steps {
        try session.change(next.change)
        changes.removeFirst()
      }
      let before = stops.map { Sight($0, session) }
      let (rings, tables) = (Self.rings(session), Self.tables(session))
      let start = session.world.steps
      guard let record = session.step().record else { break }
      #expect(session.world.steps == start + 1)
      let scene = Scene(
        record: record, session: session, ringChanged: Self.rings(session) != rings,
        tablesChanged: Self.tables(session) != tables)
      for (index, stop) in stops.enumerated() where scene.hits(stop, before[index]) {
        if let condition = stop.condition {
          let guest = stop.isBound && session.world.monitor != nil ? stop.guest : nil
          if try session.value(of: try Query.parse(condition), asGuest: guest) == 0 { continue }
        }
        hits[index].append(arePlaces[index] ? start + 1 : start)
      }
    }
    end = session.world.steps
  }

  private static func rings(_ session: Session) -> [Ring] {
    guard let monitor = session.world.monitor else { return [session.world.ring] }
    return monitor.guests.indices.map {
      $0 == monitor.currentIndex ? session.world.ring : monitor.guests[$0].cpu.ring
    }
  }

  private static func tables(_ session: Session) -> UInt64 {
    guard let monitor = session.world.monitor else {
      return UInt64(session.world.machine.value(of: .ptbr))
    }
    return monitor.guests.reduce(0) { $0 + $1.counts.tableSwitches }
  }

  /// What a run that makes that step hits with it.
  func made(by step: UInt64) -> [Hit] {
    hits.indices.compactMap { index in
      let landing = arePlaces[index] ? step + 1 : step
      return hits[index].contains(landing) ? Hit(stop: index, step: landing) : nil
    }
  }

  /// What going back finds at a step.
  func found(at step: UInt64) -> [Hit] {
    hits.indices.compactMap { hits[$0].contains(step) ? Hit(stop: $0, step: step) : nil }
  }

  /// What was there before a step.
  private struct Sight {
    var value: Int64?
    /// Where the guest was.
    var pc: VirtualAddress

    init(_ stop: StopSpec, _ session: Session) {
      pc = session.world.monitor?.position(of: stop.guest).pc ?? session.world.pc
      switch stop.place {
      case .memory(let memory): value = Self.value(memory, stop.guest, session)
      case .value(let query): value = Self.value(query, stop.guest, session)
      default: break
      }
    }

    static func value(_ query: Query, _ guest: Int, _ session: Session) -> Int64? {
      try? session.value(of: query, asGuest: session.world.monitor == nil ? nil : guest)
    }

    static func value(_ memory: WatchedMemory, _ guest: Int, _ session: Session) -> Int64? {
      let name =
        switch memory.space {
        case .virtual: "mem"
        case .physical: "phys"
        case .machine: "machine"
        }
      return (try? Query.parse("\(name)\(memory.size * 8)[\(memory.address)]")).flatMap {
        value($0, guest, session)
      }
    }
  }

  /// A step that was made.
  private struct Scene {
    var record: StepRecord
    var session: Session
    var ringChanged: Bool
    var tablesChanged: Bool

    /// The VMM alone was at work, and the program is where it was.
    private func isUnnoticed(_ before: Sight, _ now: VirtualAddress) -> Bool {
      guard record.guest != nil, record.isTrap, before.pc == now else { return false }
      return !record.monitor.contains { charged in
        switch charged.event {
        case .delivered, .emulated, .tracedWrite: true
        default: false
        }
      }
    }

    private func hasArrived(_ stop: StopSpec, _ address: VirtualAddress, _ before: Sight) -> Bool {
      guard let monitor = session.world.monitor else {
        return session.world.pc == address && !session.world.machine.isWaiting
      }
      let now = monitor.position(of: stop.guest).pc
      guard now == address else { return false }
      guard stop.guest == record.guestIndex else { return before.pc != now }
      return !monitor.guests[stop.guest].cpu.isWaiting && !isUnnoticed(before, now)
    }

    private var vector: Vector? { record.delivery?.request.trap.vector }

    func hits(_ stop: StopSpec, _ before: Sight) -> Bool {
      switch stop.place {
      case .address(let address): return hasArrived(stop, address, before)
      case .memory(let memory):
        switch memory.access {
        case .change: return Sight.value(memory, stop.guest, session) != before.value
        case .read: return isTouched(memory, byStores: false)
        case .any: return isTouched(memory, byStores: true)
        }
      case .value(let query): return Sight.value(query, stop.guest, session) != before.value
      case .event(let event): return happened(event)
      }
    }

    private func isTouched(_ memory: WatchedMemory, byStores: Bool) -> Bool {
      guard
        let place = session.world.machineAddress(of: memory.address, in: memory.space)?.rawValue
      else { return false }
      return record.machine.contains { event in
        switch event {
        case .loaded(let start, let size, _):
          start.rawValue < place + memory.size && place < start.rawValue + size
        case .stored(let start, let size, _, _):
          byStores && start.rawValue < place + memory.size && place < start.rawValue + size
        default: false
        }
      }
    }

    private func happened(_ event: CaughtEvent) -> Bool {
      switch event {
      case .anyTrap: vector != nil
      case .vector(let wanted): vector == wanted
      case .softwareTrap: vector.map { Vector.software.contains($0.rawValue) } ?? false
      case .interrupt:
        vector?.kind == .interrupt
          || record.monitor.contains { charged in
            if case .delivered(let delivery) = charged.event {
              delivery.request.trap.vector.kind == .interrupt
            } else {
              false
            }
          }
      case .ringChange: ringChanged
      case .monitorEntry: record.guest != nil && vector != nil
      case .truePageFault:
        vector == .page && (record.guest == nil || record.outcome == .reflected)
      case .hiddenPageFault: record.guest != nil && record.outcome == .filledShadow
      case .tableSwitch: tablesChanged
      }
    }
  }
}

extension StopSpec {
  /// It is a guest's, not the machine's.
  var isBound: Bool { if case .event = place { false } else { true } }
}
