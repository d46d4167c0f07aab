/// What is given up when another future begins.
public struct Forgotten: Hashable, Sendable {
  /// Steps had been made after this moment.
  public var isFuture: Bool
  /// Moments of that future that had names.
  public var marks: [Mark]
}

// Changes from outside: they belong to the history, and going back and forward repeats them.
extension Session {
  /// Changes the machine from outside, at this step. If the session had gone back, this begins another
  /// future.
  @discardableResult
  public func change(_ change: Change) throws(ChangeError) -> Forgotten {
    let isFuture = world.steps < furthestStep || journalPosition < journal.count
    try world.apply(change)
    forgetToldFuture()
    toldTrapLoop = nil
    journal.removeSubrange(journalPosition...)
    checkpoints.remove { $0.step > world.steps }
    journal.append(JournalEntry(step: world.steps, change: change))
    journalPosition = journal.count
    furthestStep = world.steps
    return Forgotten(isFuture: isFuture, marks: forgetLaterMarks())
  }

  /// The last change from outside before now, and the step at which it was made.
  public var lastChange: (step: UInt64, change: Change)? {
    journal[..<journalPosition].last.map { ($0.step, $0.change) }
  }

  /// Takes the last change from outside back, if it was made at this step, and all that came after it.
  public func undo() -> (change: Change, forgotten: Forgotten)? {
    guard let last = lastChange, last.step == world.steps else { return nil }
    journal.removeSubrange((journalPosition - 1)...)
    forgetToldFuture()
    toldTrapLoop = nil
    checkpoints.remove { $0.journalPosition > journal.count }
    goTo(step: world.steps)
    // What came after this step came of the change.
    let isFuture = world.steps < furthestStep
    furthestStep = world.steps
    return (last.change, Forgotten(isFuture: isFuture, marks: forgetLaterMarks()))
  }
}
