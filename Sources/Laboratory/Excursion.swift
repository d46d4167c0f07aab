import Monitor
import Onion

// Looking at other moments, and at what might be.
extension Session {
  /// Does something that moves through the history, or changes the machine, in a copy of the session: looking never
  /// changes anything. Nil if the host has no room for a second machine.
  func excursion<Result, Failure: Error>(
    _ body: (_ there: Session) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard let there = Session(copying: self) else { return nil }
    return try body(there)
  }
}

extension World {
  /// The same at the same moment, on a machine of its own that no breakpoint pauses; nil if the host has no room
  /// for one.
  func copy() -> World? {
    switch self {
    case .bare(let machine): Machine(copying: machine).map(World.bare)
    case .guest(let monitor): VirtualMachineMonitor(copying: monitor).map(World.guest)
    }
  }
}
