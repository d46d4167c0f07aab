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
  /// The device that stored what is watched, if it was one.
  public var device: TransferDevice?
  /// Why the condition could not be worked out: it stops for that.
  public var conditionFault: ConditionError?
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
    /// Whose it is, by its place; nil: nobody's.
    var guest: Int?
    /// Nil without a condition, and for one that can't be read.
    var condition: Query?
    /// A watched expression's value before the step.
    var value: Int64?

    /// It is a guest's that isn't there now.
    var isAbsent: Bool { breakpoint.guest != nil && guest == nil }
  }

  private var entries: [Entry]
  private var state: EventState
  /// Where each guest was; empty for one or none.
  private var places: [VirtualAddress] = []
  /// The guest that had the CPU before the last call of the engine.
  private var guest: Int
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
    guest = session.world.monitor?.currentIndex ?? 0
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
      guard case .memory(let memory) = entry.breakpoint.place, !entry.isAbsent else { return [] }
      return memory.engineWatches(in: world, guest: entry.guest)
    }
  }

  /// Takes values as they are: what was changed from outside is no hit.
  mutating func sample(_ session: Session) {
    state = EventState(session.world)
    _ = session.world.machine.takeTransfers()
    noteGuests(session)
    for index in entries.indices {
      let name = entries[index].breakpoint.guest
      entries[index].guest = name.flatMap { session.guestIndex($0) }
      guard case .value(let query) = entries[index].breakpoint.place else { continue }
      entries[index].value = try? session.value(of: query, asGuest: entries[index].guest)
    }
  }

  /// Keeps who has the CPU, and where all are.
  private mutating func noteGuests(_ session: Session) {
    guard let monitor = session.world.monitor else { return }
    guest = monitor.currentIndex
    let count = monitor.guests.count
    places = count > 1 ? (0..<count).map { monitor.position(of: $0).pc } : []
  }

  /// The breakpoints at whose place the program is, their conditions holding.
  func arrivals(_ session: Session, trap: TrapLogEntry?) -> [StopHit] {
    entries.compactMap { entry in
      guard case .address(let address) = entry.breakpoint.place, !entry.isAbsent,
        hasArrived(at: address, entry, session, trap)
      else { return nil }
      return hit(
        StopHit(breakpoint: entry.breakpoint, step: session.world.steps, trap: trap), entry,
        session)
    }
  }

  /// A guest that loses the CPU has made its step; one that gets it is where it was, unless it was interrupted.
  private func hasArrived(
    at address: VirtualAddress, _ entry: Entry, _ session: Session, _ trap: TrapLogEntry?
  ) -> Bool {
    guard let monitor = session.world.monitor, monitor.currentIndex != guest,
      let owner = entry.guest
    else { return session.hasArrived(at: address, trap: trap, guest: entry.guest) }
    guard owner == guest || owner == monitor.currentIndex else { return false }
    let place = monitor.position(of: owner).pc
    guard place == address, !monitor.guests[owner].cpu.isWaiting else { return false }
    if owner == guest { return trap?.isUnnoticed(at: address) != true }
    return !places.indices.contains(owner) || places[owner] != address
  }

  /// The breakpoints that were hit by the last step, their conditions holding.
  mutating func found(_ session: Session, trap: TrapLogEntry?) -> [StopHit] {
    guard !entries.isEmpty else { return [] }
    var hits = arrivals(session, trap: trap)
    let now = isRestless ? EventState(session.world) : state
    let accesses = session.world.machine.watchHits
    let transfers = isRestless ? session.world.machine.takeTransfers() : []
    for index in entries.indices {
      let entry = entries[index]
      var value: WatchedValue?
      var device: TransferDevice?
      switch entry.breakpoint.place {
      case .address: continue
      case .memory(let memory):
        guard !accesses.isEmpty, !entry.isAbsent,
          let found = memory.value(
            after: accesses, in: session.world, guest: entry.guest,
            isOwn: entry.guest.map { $0 == guest } ?? true)
        else { continue }
        (value, device) = found
      case .value(let query):
        let new = try? session.value(of: query, asGuest: entry.guest)
        guard new != entry.value else { continue }
        value = WatchedValue(old: entry.value, new: new)
        device =
          transfers.isEmpty
          ? nil
          : transfers.last {
            $0.bytes.overlaps(any: session.bytes(readBy: query, asGuest: entry.guest))
          }?.device
        entries[index].value = new
      case .event(let event):
        guard entry.guest.map({ $0 == guest }) ?? !entry.isAbsent,
          event.happened(trap: trap, before: state, after: now)
        else { continue }
      }
      let hit = StopHit(
        breakpoint: entry.breakpoint, step: session.world.steps &- 1, value: value, trap: trap,
        device: device)
      if let hit = self.hit(hit, entry, session) { hits.append(hit) }
    }
    state = now
    if !places.isEmpty || guest != session.world.monitor?.currentIndex ?? 0 { noteGuests(session) }
    return hits
  }

  /// The hit, if its condition holds. One that has no value stops as well, and says why: the learner shall see it.
  private func hit(_ hit: StopHit, _ entry: Entry, _ session: Session) -> StopHit? {
    guard let text = entry.breakpoint.condition else { return hit }
    do throws(ConditionError) {
      let condition: Query
      if let parsed = entry.condition {
        condition = parsed
      } else {
        condition = try Query.parse(text)
      }
      return try session.value(of: condition, asGuest: entry.guest) == 0 ? nil : hit
    } catch {
      var hit = hit
      hit.conditionFault = error
      return hit
    }
  }
}

extension Range<UInt64> {
  fileprivate func overlaps(any others: [Range<UInt64>]) -> Bool {
    others.contains(where: overlaps)
  }
}
