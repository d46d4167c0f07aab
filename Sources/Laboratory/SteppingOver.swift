import Monitor
import Onion
import OnionISA

// `next`: a step that doesn't go into what the instruction calls.
extension Session {
  /// Makes `next` so many times.
  public func next(_ count: UInt64, poll: Poll = { false }) -> RunResult {
    again(count, poll: poll) { result in
      if case .done = result.reason { true } else { false }
    } _: {
      next(poll: poll)
    }
  }

  /// Like `step`, but over a call, over the handler of a trap or interrupt, and over the VMM's work:
  /// the instruction at pc is made to its end.
  ///
  /// A breakpoint on the way stops it. So does the program's end, and after a fault that its handler
  /// doesn't mend the first instruction of a ring that isn't inward of this one.
  public func next(poll: Poll = { false }) -> RunResult {
    let start = world.steps
    let place = CodePlace(world)
    let isCall = place.word.flatMap { DecodedInstruction(word: $0) }.map(\.isCall) ?? false
    var loops = trapLoopSearch()
    var asked = start
    while true {
      var scan = StopScan(breakpoints, in: self)
      let (first, hits) = watchedStep(&scan)
      func result(_ reason: RunResult.Reason) -> RunResult {
        RunResult(
          reason: reason, steps: world.steps - start,
          record: first.steps == world.steps - start ? first.record : nil)
      }
      if let stop = stop(for: hits) { return result(stop) }
      guard case .done = first.reason, let record = first.record else {
        return result(first.reason)
      }
      let trap = trapOfLastStep
      let delivery = record.programDelivery
      let isUnnoticed = trap?.isUnnoticed(at: place.pc) ?? false
      guard isCall || delivery != nil || isUnnoticed else { return result(.done) }

      if trap != nil, let loop = endlessTrap(&loops, since: start) {
        return result(.endlessTrap(loop))
      }

      let travelled: RunResult
      if let delivery {
        travelled = runToReturn(from: delivery, place, poll: poll)
      } else if isUnnoticed {
        travelled = RunResult(reason: .arrived, steps: 0)
      } else {
        let back = place.pc + 4
        travelled = runBack(to: back, poll: poll) { $0.pc == back && $0.isBack(at: place) }
      }
      guard case .arrived = travelled.reason else { return result(travelled.reason) }
      // After a fault that was mended, or an interrupt, the instruction itself is still to be made.
      guard isUnnoticed || delivery != nil, world.pc == place.pc else { return result(.done) }
      if world.steps - asked >= Self.pollInterval / 8 {
        asked = world.steps
        if poll() { return result(.interrupted) }
      }
    }
  }

  /// Runs until the handler has come back to the code that it interrupted.
  private func runToReturn(
    from delivery: Delivery, _ place: CodePlace, poll: Poll
  ) -> RunResult {
    let back = delivery.request.pc
    guard delivery.request.trap.vector.kind == .fault else {
      // Another program may run in between, in the same ring: only this place and stack will do.
      return runBack(to: back, poll: poll) {
        $0.guest == place.guest && $0.pc == back && $0.ring == place.ring
          && $0.stackPointer == delivery.oldStackPointer
      }
    }
    // A handler may go on elsewhere, or end the program and start another.
    let isInward = delivery.switchedStack
    return runBack(to: nil, poll: poll) {
      $0.isBack(at: place)
        || isInward && $0.guest == place.guest && !$0.ring.isInward(of: place.ring)
    }
  }

  /// Runs until `isBack`, which is asked at that address only, or after each step if there is none.
  private func runBack(
    to address: VirtualAddress?, poll: Poll, isBack: (CodePlace) -> Bool
  ) -> RunResult {
    let route = Route(
      places: address.map { [$0] } ?? [], isSlow: address == nil, seeksTrapLoops: true)
    return travel(route, poll: poll) { [self] halt in
      heed(halt) ?? (isBack(CodePlace(world)) ? .arrived : nil)
    }
  }

  /// A recorded step, and the breakpoints that it hit, without those that were told where it began.
  func watchedStep(_ scan: inout StopScan) -> (RunResult, [StopHit]) {
    let place = stepPlace
    let told = told
    forgetAccesses()
    world.machine.watches = scan.watches(in: world)
    defer { disarm() }
    var hits: [StopHit] = []
    let result = recordedStep {
      hits = untold(scan.found(self, trap: trapOfLastStep), told)
    }
    return (
      result,
      hits.map { hit in
        var hit = hit
        if hit.step < world.steps { hit.instruction = place }
        return hit
      }
    )
  }
}

/// Where a program is, as far as coming back is told by it.
private struct CodePlace {
  /// Whose code it is, by its place among the guests.
  var guest: Int
  var pc: VirtualAddress
  var word: UInt32?
  var ring: Ring
  var stackPointer: UInt32

  init(_ world: World) {
    guest = world.monitor?.currentIndex ?? 0
    pc = world.pc
    word = world.word(at: world.pc)
    ring = world.ring
    stackPointer = world.machine.stackPointer
  }

  /// In the ring of `place` or an outer one, with its stack as it was or popped.
  func isBack(at place: CodePlace) -> Bool {
    guest == place.guest && !ring.isInward(of: place.ring) && stackPointer >= place.stackPointer
  }
}

extension StepRecord {
  /// The delivery that the program's own kernel noticed: the guest's under the VMM.
  fileprivate var programDelivery: Delivery? {
    guard guest != nil else { return delivery }
    for case .delivered(let delivery) in monitor.map(\.event) { return delivery }
    return nil
  }
}
