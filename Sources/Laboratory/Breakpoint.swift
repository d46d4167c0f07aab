import OnionISA

/// Something at which runs stop: a place, watched memory, a value, or a kind of event.
public struct Breakpoint: Hashable, Sendable {
  public enum Place: Hashable, Sendable {
    /// Before the instruction at that address of the program.
    case address(VirtualAddress)
    /// After a step that read or changed that memory.
    case memory(WatchedMemory)
    /// After a step that changed the value of that expression.
    case value(Query)
    /// After a step in which that happened.
    case event(CaughtEvent)
  }

  /// From 1; never used again in a session.
  public var id: Int
  public var place: Place
  /// The guest whose it is, by its name: only there it stops. Nil: the machine's, whoever has the CPU.
  public var guest: String?
  /// What is watched, as it was typed; empty for places and events.
  public var label: String
  /// Stops only if this is not 0.
  public var condition: String?
  /// Goes after the first stop.
  public var isTemporary: Bool
  /// A disabled one neither stops nor counts.
  public var isEnabled = true
  /// So many more hits are counted and don't stop.
  public var ignoreCount: UInt64 = 0
  /// How often a run came here, its condition holding.
  public var hits: UInt64 = 0
  /// Lines that the shell runs after a stop here.
  public var commands: [String] = []
}

extension Breakpoint.Place {
  /// What it means depends on the guest.
  fileprivate func isGuestBound(condition: String?) -> Bool {
    if condition.flatMap({ try? Query.parse($0) })?.isGuestBound ?? false { return true }
    switch self {
    case .address: return true
    case .memory(let memory): return memory.space != .machine
    case .value(let query): return query.isGuestBound
    case .event: return false
    }
  }
}

extension Session {
  /// - Parameter guest: whose it is, by its place, if it is any guest's at all; nil: of the one that has the CPU.
  @discardableResult
  public func addBreakpoint(
    _ place: Breakpoint.Place, label: String = "", condition: String? = nil,
    isTemporary: Bool = false, guest: Int? = nil
  ) -> Breakpoint {
    let owner = place.isGuestBound(condition: condition) ? world.guest(guest)?.name : nil
    let breakpoint = Breakpoint(
      id: nextBreakpoint, place: place, guest: owner, label: label, condition: condition,
      isTemporary: isTemporary)
    nextBreakpoint += 1
    breakpoints.append(breakpoint)
    return breakpoint
  }

  /// The breakpoints at which the session stands: those that were told where it came to rest, or else those before
  /// the instruction that is next.
  public var breakpointsHere: [Int] {
    let enabled = breakpoints.filter(\.isEnabled)
    let told = Set(told?.keys.map(\.id) ?? [])
    let stopped = enabled.filter { told.contains($0.id) }
    guard stopped.isEmpty else { return stopped.map(\.id) }
    let guest = world.guest(nil)?.name
    return enabled.filter { $0.place == .address(world.pc) && $0.guest == guest }.map(\.id)
  }

  /// Removes a breakpoint; false if there is none of that number.
  @discardableResult
  public func deleteBreakpoint(_ id: Int) -> Bool {
    let count = breakpoints.count
    breakpoints.removeAll { $0.id == id }
    return breakpoints.count < count
  }

  public func deleteAllBreakpoints() { breakpoints.removeAll() }

  /// Changes a breakpoint's settings; nil if there is none of that number.
  @discardableResult
  public func updateBreakpoint(_ id: Int, _ update: (inout Breakpoint) -> Void) -> Breakpoint? {
    guard let index = breakpoints.firstIndex(where: { $0.id == id }) else { return nil }
    update(&breakpoints[index])
    return breakpoints[index]
  }

  /// The program has come to `address` with its last step.
  ///
  /// Not where the VMM makes an instruction run again: it was arrived at before. Nor where `hlt` waits
  /// in front of it: what ends the wait comes first.
  ///
  /// - Parameter guest: the guest that must have the CPU; nil: whichever.
  func hasArrived(at address: VirtualAddress, trap: TrapLogEntry?, guest: Int? = nil) -> Bool {
    if let guest, let monitor = world.monitor, guest != monitor.currentIndex { return false }
    return world.pc == address && !world.isWaiting && trap?.isUnnoticed(at: address) != true
  }
}
