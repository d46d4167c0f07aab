import Monitor
import Onion
import OnionISA

/// A loop of traps that can never end: the machine comes back to a state in which it was before, with
/// nothing in it that time alone would change.
public struct EndlessTrap: Hashable, Sendable {
  /// The trap of a round that the program's own kernel handles; a fault if there is one.
  public var trap: TrapLogEntry
  /// How often this trap was taken in the run.
  public var count: UInt64
  /// The traps of one round that the program's kernel handles.
  public var trapsInRound: Int
  /// Steps of one round.
  public var steps: UInt64
  /// The program looks at the console on the way: what is typed could end it.
  public var canInputEnd: Bool
}

extension Session {
  /// The longest round that is looked at closely.
  private static let longestRound: UInt64 = 10_000

  /// A search for a run that begins here; nil where the loop was told already, and the run goes on in it.
  func trapLoopSearch() -> TrapLoopSearch? {
    if let told = toldTrapLoop, world.steps >= told { return nil }
    return TrapLoopSearch()
  }

  /// Looks after a trap whether the machine will take the same ones for ever, and remembers if so.
  ///
  /// - Parameter start: the step at which the run began.
  func endlessTrap(_ search: inout TrapLoopSearch?, since start: UInt64) -> EndlessTrap? {
    guard let round = search?.noteTrap(self) else { return nil }
    let traps = trapLog.reversed().prefix { $0.step >= round.lowerBound }
    // What the VMM does unnoticed is no trap to the program.
    let handled = traps.reversed().filter { $0.outcome == .delivered || $0.outcome == .reflected }
    guard let trap = handled.first(where: { $0.trap.vector.kind == .fault }) ?? handled.first,
      round.upperBound - round.lowerBound <= Self.longestRound,
      journalPosition == journal.count, let canInputEnd = looksAtInput(in: round)
    else { return nil }
    let count = trapLog.reversed().prefix { $0.step >= start }
      .count { $0.trap == trap.trap && $0.pc == trap.pc }
    toldTrapLoop = world.steps
    return EndlessTrap(
      trap: trap, count: UInt64(count), trapsInRound: handled.count,
      steps: round.upperBound - round.lowerBound, canInputEnd: canInputEnd)
  }

  /// Makes a round once more with records: whether the program looks at the console in it. Nil if it isn't
  /// certain to be the same for ever, because it takes interrupts or reads a clock.
  private func looksAtInput(in round: Range<UInt64>) -> Bool? {
    excursion { there in
      let world = there.world
      let state = Moment(world)
      var looksAtInput = false
      for _ in round {
        let devices = world.devices
        if world.takesInterrupts {
          guard devices.timer.interval == 0, devices.nextTransfer == .max else { return nil }
          if devices.console.control & 1 != 0 { looksAtInput = true }
        }
        let step = there.recordedStep()
        guard case .done = step.reason, let record = step.record else { return nil }
        for case .fetched(_, _, let instruction) in record.machine {
          if instruction.readsClock { return nil }
          if instruction.readsConsole { looksAtInput = true }
        }
      }
      return Moment(world).isSameState(as: state) ? looksAtInput : nil
    } ?? nil
  }
}

extension World {
  /// IF as the program has it: the virtual one under the VMM.
  fileprivate var takesInterrupts: Bool {
    (monitor?.guest.cpu.status ?? machine.status).interruptsEnabled
  }
}

extension DecodedInstruction {
  /// It reads what time alone changes.
  fileprivate var readsClock: Bool {
    switch instruction {
    case .getcr:
      guard let controlRegister else { return false }
      return !ControlRegister.stateful.contains(controlRegister) && controlRegister != .cpuid
    case .in: return port == Port.timerAcknowledge.rawValue
    default: return false
    }
  }

  fileprivate var readsConsole: Bool {
    guard instruction == .in else { return false }
    return port == Port.consoleData.rawValue || port == Port.consoleControl.rawValue
  }
}
