/// Something that can keep all that it is and become so again.
public protocol StateKeeper: AnyObject {
  /// Keeps the state as it is now. What is returned puts it back, as often as it is called.
  func keepState() -> () -> Void
}

extension Session: StateKeeper {
  public func keepState() -> () -> Void {
    let (settings, world, firstImage) = (settings, world, firstImage)
    let here = checkpointHere
    let (breakpoints, nextBreakpoint, marks) = (breakpoints, nextBreakpoint, marks)
    let (told, toldTrapLoop, variables) = (told, toldTrapLoop, variables)
    let (trapLog, lastTrap, lastStep) = (trapLog, lastTrap, lastStep)
    let (journal, checkpoints, furthestStep) = (journal, checkpoints, furthestStep)
    return { [unowned self] in
      self.settings = settings
      // A program that was loaded meanwhile has a machine of its own; this one still has its snapshot.
      self.world = world
      self.firstImage = firstImage
      world.restore(here.world)
      world.machine.cycleTable = here.costs
      world.machine.acceptsInput = acceptsInput
      journalPosition = here.journalPosition
      (self.breakpoints, self.nextBreakpoint, self.marks) = (breakpoints, nextBreakpoint, marks)
      (self.told, self.toldTrapLoop, self.variables) = (told, toldTrapLoop, variables)
      (self.trapLog, self.lastTrap, self.lastStep) = (trapLog, lastTrap, lastStep)
      (self.journal, self.checkpoints) = (journal, checkpoints)
      self.furthestStep = furthestStep
    }
  }
}
