import OnionISA

/// A place, or a kind of trap, at which a run stops.
public struct Breakpoint: Hashable, Sendable {
  public enum Place: Hashable, Sendable {
    /// Before the instruction at that address of the program.
    case address(VirtualAddress)
    /// After any trap or interrupt.
    case anyTrap
    /// After a trap or interrupt of that vector.
    case vector(Vector)
  }

  /// From 1; never used again in a session.
  public var id: Int
  public var place: Place
  /// Stops only if this is not 0.
  public var condition: String?
  /// Goes after the first stop.
  public var isTemporary: Bool
  /// How often a run stopped here.
  public var hits: UInt64 = 0
}

extension Session {
  @discardableResult
  public func addBreakpoint(
    _ place: Breakpoint.Place, condition: String? = nil, isTemporary: Bool = false
  ) -> Breakpoint {
    let breakpoint = Breakpoint(
      id: nextBreakpoint, place: place, condition: condition, isTemporary: isTemporary)
    nextBreakpoint += 1
    breakpoints.append(breakpoint)
    return breakpoint
  }

  /// Removes a breakpoint; false if there is none of that number.
  public func deleteBreakpoint(_ id: Int) -> Bool {
    let count = breakpoints.count
    breakpoints.removeAll { $0.id == id }
    return breakpoints.count < count
  }

  public func deleteAllBreakpoints() { breakpoints.removeAll() }

  /// The program has come to `address` with its last step.
  ///
  /// Not where the VMM makes an instruction run again: it was arrived at before. Nor where `hlt` waits
  /// in front of it: what ends the wait comes first.
  func hasArrived(at address: VirtualAddress, trap: TrapLogEntry?) -> Bool {
    world.pc == address && !world.machine.isWaiting && trap?.isUnnoticed(at: address) != true
  }

  /// The breakpoint at which a run stops now, counted as hit; a temporary one is removed.
  ///
  /// - Parameter trap: the trap that the last step took, if it took one.
  func hitBreakpoint(trap: TrapLogEntry?) -> Breakpoint? {
    for index in breakpoints.indices {
      let breakpoint = breakpoints[index]
      let isHere: Bool =
        switch breakpoint.place {
        case .address(let address): hasArrived(at: address, trap: trap)
        case .anyTrap: trap != nil
        case .vector(let vector): trap?.trap.vector == vector
        }
      guard isHere else { continue }
      // A condition that has no value any more stops the run: the learner shall see it.
      if let condition = breakpoint.condition,
        let holds = try? evaluate(condition: condition), !holds
      {
        continue
      }
      breakpoints[index].hits += 1
      let hit = breakpoints[index]
      if breakpoint.isTemporary { breakpoints.remove(at: index) }
      return hit
    }
    return nil
  }
}
