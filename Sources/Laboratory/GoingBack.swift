import Onion
import OnionISA

// Going back to where something happened. All ways share one search: from the present towards the
// beginning, span by span, each run through forwards from a snapshot, and the last find counts.
extension Session {
  /// A stretch of history and the last place in it at which to land, if any.
  typealias SpanSearch = (_ span: Range<UInt64>) -> BackwardFind?

  /// What going back ends at: where to land and why; where it stands if it was interrupted.
  struct BackwardFind {
    var step: UInt64
    var reason: RunResult.Reason = .done
  }

  /// Goes back to the last find before the present, or to the beginning.
  ///
  /// - Parameter lengths: steps of the first span, the second and so on at most; the last one goes on.
  func goBack(lengths: [UInt64] = [.max], poll: Poll, search: SpanSearch) -> RunResult {
    let here = world.steps
    func result(_ reason: RunResult.Reason) -> RunResult {
      RunResult(reason: reason, steps: here - min(here, world.steps))
    }
    var lengths = lengths[...]
    var end = here
    while end > 0 {
      let length = lengths.count > 1 ? lengths.removeFirst() : lengths.first ?? .max
      let start = max(checkpoints.step(before: end), end > length ? end - length : 0)
      // Spans may be too short for the runs over them to ask.
      if case .interrupted = goTo(step: start, poll: poll).reason { return result(.interrupted) }
      if poll() { return result(.interrupted) }
      if let find = search(start..<end) {
        if case .interrupted = find.reason { return result(.interrupted) }
        if case .interrupted = goTo(step: find.step, poll: poll).reason {
          return result(.interrupted)
        }
        return result(find.reason)
      }
      end = start
    }
    goTo(step: 0)
    return result(.beginning)
  }

  private func interruption(_ run: RunResult) -> BackwardFind? {
    guard case .interrupted = run.reason else { return nil }
    return BackwardFind(step: world.steps, reason: .interrupted)
  }

  /// Goes back to the last trap before the one that was taken last, and takes it again, with its record.
  /// Without one the session stays where it is.
  public func trapBack(poll: Poll = { false }) -> RunResult {
    let here = world.steps
    let (told, loop) = (told, toldTrapLoop)
    var result = goBack(poll: poll) { [self] span in
      var last: UInt64?
      let way = Route(
        steps: span.upperBound - span.lowerBound, heedsBreakpoints: false, isBudgeted: false)
      let run = travel(way, poll: poll) { halt in
        if halt.trap != nil, world.steps < here { last = world.steps - 1 }
        return nil
      }
      if let interruption = interruption(run) { return interruption }
      return last.map { BackwardFind(step: $0, reason: .trap) }
    }
    switch result.reason {
    case .trap: result.record = recordedStep().record
    case .beginning:
      goTo(step: here)
      (self.told, toldTrapLoop) = (told, loop)
      result.reason = .notFound
    default: break
    }
    result.steps = here - world.steps
    return result
  }

  /// Goes back to the last stop: before the instruction at a breakpoint, or before the step in which
  /// something happened that is watched or caught.
  public func continueBack(poll: Poll = { false }) -> RunResult {
    var stops = BackwardStops(self)
    return told(
      goBack(poll: poll) { [self] span in
        let way = Route(steps: span.upperBound - span.lowerBound, isBudgeted: false)
        stops.begin(span, self)
        let run = travel(way, poll: poll) { halt in
          stops.note(halt.hits, in: span)
          return nil
        }
        return interruption(run) ?? stops.last(after: nil, self)
      })
  }

  /// Goes back to before the last instruction, or the last `count`: over calls that have returned, and
  /// over the handlers of traps and interrupts.
  public func nextBack(_ count: UInt64 = 1, poll: Poll = { false }) -> RunResult {
    guard count > 0 else { return RunResult(reason: .done, steps: 0) }
    return frameBack(.next(count), lengths: [min(count, Self.slowSpan), Self.slowSpan], poll: poll)
  }

  /// Goes back to before the call, trap or interrupt that led into this function or handler.
  public func finishBack(poll: Poll = { false }) -> RunResult {
    frameBack(.finish, lengths: [Self.slowSpan], poll: poll)
  }

  /// Steps of a span in which every step is looked at.
  private static let slowSpan: UInt64 = 50_000

  private func frameBack(_ goal: FrameSearch.Goal, lengths: [UInt64], poll: Poll) -> RunResult {
    var stops = BackwardStops(self)
    var frames = FrameSearch(goal)
    let guest = world.monitor?.currentIndex
    return told(
      goBack(lengths: lengths, poll: poll) { [self] span in
        let way = Route(
          steps: span.upperBound - span.lowerBound, isSlow: true, isBudgeted: false)
        stops.begin(span, self)
        var effects: [StepEffect] = []
        var before = StepOrigin(world, guest: guest)
        let run = travel(way, poll: poll) { halt in
          stops.note(halt.hits, in: span)
          effects.append(before.effect(of: halt.trap, in: world))
          before = StepOrigin(world, guest: guest)
          return nil
        }
        if let interruption = interruption(run) { return interruption }
        let landing = frames.landing(effects, from: span.lowerBound).map { beforeUnnoticed($0) }
        return stops.last(after: landing, self) ?? landing.map { BackwardFind(step: $0) }
      })
  }

  /// The call, trap or interrupt that led into this function or handler, as the history has it, and nothing else;
  /// nil if none did: it is the outermost. The session stays where it is.
  func frameEntry(poll: Poll) throws(ComparisonFailure) -> FrameEntry? {
    let guest = world.monitor?.currentIndex
    var frames = FrameSearch(.finish)
    let outcome = try excursion { (there) throws(ComparisonFailure) -> FrameEntry? in
      try there.entry(into: &frames, guest: guest, poll: poll)
    }
    guard let outcome else { throw .noRoom }
    return outcome
  }

  /// Goes back to what led into the frame that `frames` looks for.
  private func entry(
    into frames: inout FrameSearch, guest: Int?, poll: Poll
  ) throws(ComparisonFailure) -> FrameEntry? {
    let found = goBack(lengths: [Self.slowSpan], poll: poll) { [self] span in
      let way = Route(
        steps: span.upperBound - span.lowerBound, heedsBreakpoints: false, isSlow: true,
        isBudgeted: false)
      var effects: [StepEffect] = []
      var before = StepOrigin(world, guest: guest)
      let run = travel(way, poll: poll) { halt in
        effects.append(before.effect(of: halt.trap, in: world))
        before = StepOrigin(world, guest: guest)
        return nil
      }
      return interruption(run)
        ?? frames.landing(effects, from: span.lowerBound).map { BackwardFind(step: $0) }
    }
    switch found.reason {
    case .interrupted: throw .interrupted
    case .done:
      let before = StepOrigin(world, guest: guest)
      var isCall = false
      let way = Route(steps: 1, heedsBreakpoints: false, isSlow: true, isBudgeted: false)
      _ = travel(way, poll: poll) { halt in
        if case .calls = before.effect(of: halt.trap, in: world) { isCall = true }
        return nil
      }
      return FrameEntry(origin: before, guest: guest, isCall: isCall)
    default: return nil
    }
  }

  /// The step before those with which only the VMM prepared the instruction there.
  private func beforeUnnoticed(_ step: UInt64) -> UInt64 {
    var step = step
    for entry in trapLog.reversed() where entry.step < step {
      guard entry.step + 1 == step, entry.isUnnoticed(at: entry.pc) else { break }
      step = entry.step
    }
    return step
  }

  /// Remembers the hits where the session has landed, and names the instruction that is to come.
  private func told(_ result: RunResult) -> RunResult {
    guard case .breakpoint(var hits) = result.reason else { return result }
    tell(hits)
    for index in hits.indices where !hits[index].breakpoint.isPlace {
      hits[index].instruction = stepPlace
    }
    return RunResult(reason: .breakpoint(hits), steps: result.steps)
  }
}

/// The call, trap or interrupt that led into a function or handler.
struct FrameEntry {
  /// The code that called, or was interrupted.
  var origin: StepOrigin
  /// Whose it is, by its place; nil on the bare machine.
  var guest: Int?
  var isCall: Bool
}

extension Breakpoint {
  /// It stops before an instruction, not after a step.
  var isPlace: Bool { if case .address = place { true } else { false } }
}

extension Session {
  /// What the last step arrived at can't be told from here: a change from outside was made since, or it isn't
  /// known any more whether that step took a trap.
  fileprivate var mustArriveAnew: Bool {
    // Which guest made that step isn't known any more either.
    if let monitor = world.monitor, monitor.guests.count > 1 { return true }
    if journalPosition > 0, journal[journalPosition - 1].step == world.steps { return true }
    let isLogged = trapLog.first.map { $0.step < world.steps } ?? false
    return !isLogged && world.trapCount != 0
  }
}

/// The hits of a span of history, of which the last ones count when going back.
private struct BackwardStops {
  private var known: Set<ToldHits.Key>
  private var hits: [StopHit] = []
  /// More hits than that are never needed.
  private let limit: Int

  init(_ session: Session) {
    known = session.told?.keys ?? []
    let ignored = session.breakpoints.reduce(1 as UInt64) { sum, breakpoint in
      sum.addingReportingOverflow(breakpoint.ignoreCount).partialValue
    }
    limit = Int(min(ignored, 1 << 24)) * max(1, session.breakpoints.count)
  }

  /// The session stands at the beginning of a span; what it arrived at there counts as well.
  mutating func begin(_ span: Range<UInt64>, _ session: Session) {
    hits = []
    guard span.lowerBound > 0 else { return }
    if session.mustArriveAnew {
      // The step before the span is made once more, and only what it arrived at is in the span.
      session.goTo(step: span.lowerBound - 1)
      let way = Route(steps: 1, isBudgeted: false)
      let never: Poll = { false }
      _ = session.travel(way, poll: never) { halt in
        note(halt.hits, in: span)
        return nil
      }
    } else {
      let scan = StopScan(session.breakpoints, in: session)
      note(scan.arrivals(session, trap: session.trapOfLastStep), in: span)
    }
  }

  mutating func note(_ found: [StopHit], in span: Range<UInt64>) {
    hits += found.filter { span.contains($0.step) && !known.contains(ToldHits.Key($0)) }
    if hits.count > 2 * limit + 64 { hits.removeFirst(hits.count - limit) }
  }

  /// Counts the hits from the last one on until one stops, but only those after `floor`.
  mutating func last(after floor: UInt64?, _ session: Session) -> Session.BackwardFind? {
    while let step = hits.map(\.step).max(), floor.map({ step > $0 }) ?? true {
      let here = hits.filter { $0.step == step }
      hits.removeAll { $0.step == step }
      let stopping = session.count(here)
      if !stopping.isEmpty {
        return Session.BackwardFind(step: step, reason: .breakpoint(stopping))
      }
    }
    return nil
  }
}
