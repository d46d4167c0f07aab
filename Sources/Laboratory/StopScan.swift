import Onion
import OnionISA

/// A breakpoint that a run came to.
public struct StopHit: Hashable, Sendable {
  public var breakpoint: Breakpoint
  /// Where going back lands: before the instruction at a place, before the step in which something
  /// happened.
  public var step: UInt64
  /// The value that is watched.
  public var value: WatchedValue?
  /// The real trap of the step, if it took one.
  public var trap: TrapLogEntry?
  /// Where the step of something that happened began, and the word there; nil for a place.
  public var instruction: StepPlace?
}

/// The instruction that a step began with.
public struct StepPlace: Hashable, Sendable {
  /// Whose instruction it was, by its place among the guests; 0 on the bare machine.
  public var guestIndex: Int
  public var pc: VirtualAddress
  /// Nil if the tables lead nowhere.
  public var word: UInt32?
}

/// What a run has to look at for the breakpoints' sake, and what it finds after each call of the engine.
struct StopScan {
  private struct Entry {
    var breakpoint: Breakpoint
    /// Nil without a condition, and for one that can't be read.
    var condition: Query?
    /// A watched expression's value before the step.
    var value: Int64?
  }

  private var entries: [Entry]
  private var state: EventState
  /// Where the engine pauses before an instruction.
  let addresses: Set<VirtualAddress>
  private(set) var triggers = Triggers()
  let watchesMemory: Bool
  /// What happens in a step must be asked for after each call of the engine.
  let isRestless: Bool

  init(_ breakpoints: [Breakpoint], in session: Session) {
    entries = breakpoints.filter(\.isEnabled).map { breakpoint in
      Entry(
        breakpoint: breakpoint,
        condition: breakpoint.condition.flatMap { try? Query.parse($0) })
    }
    state = EventState(session.world)
    var addresses: Set<VirtualAddress> = []
    var watchesMemory = false
    var isRestless = false
    for entry in entries {
      switch entry.breakpoint.place {
      case .address(let address): addresses.insert(address)
      case .memory: watchesMemory = true
      case .value(let query):
        triggers.formUnion(query.triggers)
        isRestless = true
      case .event(let event):
        triggers.formUnion(event.triggers)
        isRestless = true
      }
    }
    // On the classic profile a guest changes its ring and its flags without the VMM's knowing.
    if triggers.atSystem, session.world.monitor != nil, session.settings.profile == .classic {
      triggers.atEachStep = true
    }
    self.addresses = addresses
    self.watchesMemory = watchesMemory
    self.isRestless = isRestless
    sample(session)
  }

  /// What the engine is to watch; virtual addresses may lead elsewhere after a trap.
  func watches(in world: World) -> [MemoryWatch] {
    guard watchesMemory else { return [] }
    return entries.flatMap { entry -> [MemoryWatch] in
      guard case .memory(let memory) = entry.breakpoint.place else { return [] }
      return memory.engineWatches(in: world)
    }
  }

  /// Takes values as they are: what was changed from outside is no hit.
  mutating func sample(_ session: Session) {
    state = EventState(session.world)
    for index in entries.indices {
      guard case .value(let query) = entries[index].breakpoint.place else { continue }
      entries[index].value = try? session.value(of: query)
    }
  }

  /// The breakpoints at whose place the program is, their conditions holding.
  func arrivals(_ session: Session, trap: TrapLogEntry?) -> [StopHit] {
    entries.compactMap { entry in
      guard case .address(let address) = entry.breakpoint.place,
        session.hasArrived(at: address, trap: trap), holds(entry, session)
      else { return nil }
      return StopHit(breakpoint: entry.breakpoint, step: session.world.steps, trap: trap)
    }
  }

  /// The breakpoints that were hit by the last step, their conditions holding.
  mutating func found(_ session: Session, trap: TrapLogEntry?) -> [StopHit] {
    guard !entries.isEmpty else { return [] }
    var hits = arrivals(session, trap: trap)
    let now = isRestless ? EventState(session.world) : state
    let accesses = session.world.machine.watchHits
    for index in entries.indices {
      let entry = entries[index]
      var value: WatchedValue?
      switch entry.breakpoint.place {
      case .address: continue
      case .memory(let memory):
        guard !accesses.isEmpty,
          let found = memory.value(after: accesses, in: session.world)
        else { continue }
        value = found
      case .value(let query):
        let new = try? session.value(of: query)
        guard new != entry.value else { continue }
        value = WatchedValue(old: entry.value, new: new)
        entries[index].value = new
      case .event(let event):
        guard event.happened(trap: trap, before: state, after: now) else { continue }
      }
      guard holds(entry, session) else { continue }
      hits.append(
        StopHit(
          breakpoint: entry.breakpoint, step: session.world.steps &- 1, value: value, trap: trap))
    }
    state = now
    return hits
  }

  /// A condition that has no value any more stops the run: the learner shall see it.
  private func holds(_ entry: Entry, _ session: Session) -> Bool {
    guard let condition = entry.condition, let value = try? session.value(of: condition) else {
      return true
    }
    return value != 0
  }
}

/// The hits that were told when the session came to rest: running away from them they don't stop again.
struct ToldHits {
  struct Key: Hashable {
    var id: Int
    var step: UInt64

    init(_ hit: StopHit) {
      id = hit.breakpoint.id
      step = hit.step
    }
  }

  /// Steps made where the session came to rest.
  var position: UInt64
  var keys: Set<Key>
}

extension Session {
  /// Counts the hits, and gives those that stop the run; temporary ones are removed.
  ///
  /// All count, also several at one place; one with an ignore count only counts.
  func count(_ hits: [StopHit]) -> [StopHit] {
    hits.compactMap { hit in
      var stops = false
      let counted = updateBreakpoint(hit.breakpoint.id) { breakpoint in
        breakpoint.hits += 1
        stops = breakpoint.ignoreCount == 0
        if !stops { breakpoint.ignoreCount -= 1 }
      }
      guard stops, let counted else { return nil }
      if counted.isTemporary { deleteBreakpoint(counted.id) }
      var hit = hit
      hit.breakpoint = counted
      return hit
    }
  }

  /// Remembers what is told where the session rests now.
  func tell(_ hits: [StopHit]) {
    told = ToldHits(position: world.steps, keys: Set(hits.map { ToldHits.Key($0) }))
  }

  /// Without the hits that were told where this run began.
  func untold(_ hits: [StopHit], since start: UInt64) -> [StopHit] {
    guard !hits.isEmpty, let told, told.position == start else { return hits }
    return hits.filter { !told.keys.contains(ToldHits.Key($0)) }
  }
}
