// Going to other moments only to look, and back again.
extension Session {
  /// Does something that moves through the history, and puts the session back where it was.
  ///
  /// What is known of the way here stays as it was: the hits that were told, the log of traps, the last
  /// records, and how far this history goes. Marks and breakpoints are not touched by moving.
  func excursion<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let here = world.steps
    let (told, loop) = (told, toldTrapLoop)
    let (log, trap, step, furthest) = (trapLog, lastTrap, lastStep, furthestStep)
    defer {
      goTo(step: here)
      (self.told, toldTrapLoop) = (told, loop)
      (trapLog, lastTrap, lastStep, furthestStep) = (log, trap, step, furthest)
    }
    return try body()
  }
}
