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

extension Session {
  @discardableResult
  public func addBreakpoint(
    _ place: Breakpoint.Place, label: String = "", condition: String? = nil,
    isTemporary: Bool = false
  ) -> Breakpoint {
    let breakpoint = Breakpoint(
      id: nextBreakpoint, place: place, label: label, condition: condition,
      isTemporary: isTemporary)
    nextBreakpoint += 1
    breakpoints.append(breakpoint)
    return breakpoint
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
  func hasArrived(at address: VirtualAddress, trap: TrapLogEntry?) -> Bool {
    world.pc == address && !world.machine.isWaiting && trap?.isUnnoticed(at: address) != true
  }
}
