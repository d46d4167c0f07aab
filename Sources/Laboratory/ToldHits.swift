/// The hits that were told when the session came to rest: running away from them they don't stop again.
///
/// They belong to the moment at which they were told. Every way of moving begins by looking at them and
/// forgets them, so that coming here again by another road finds everything anew.
struct ToldHits {
  struct Key: Hashable {
    var id: Int
    var step: UInt64

    init(_ hit: StopHit) {
      id = hit.breakpoint.id
      step = hit.step
    }
  }

  var keys: Set<Key>
}

extension Session {
  /// Counts the hits, and gives those that stop the run; temporary ones are removed.
  ///
  /// All count, also several at one place; one with an ignore count only counts.
  func count(_ hits: [StopHit]) -> [StopHit] {
    hits.compactMap { hit in
      var stops = false
      let counted = updateBreakpoint(hit.breakpoint.id) { breakpoint in
        breakpoint.hits += 1
        stops = breakpoint.ignoreCount == 0
        if !stops { breakpoint.ignoreCount -= 1 }
      }
      guard stops, let counted else { return nil }
      if counted.isTemporary { deleteBreakpoint(counted.id) }
      var hit = hit
      hit.breakpoint = counted
      return hit
    }
  }

  /// Remembers what is told where the session rests now.
  func tell(_ hits: [StopHit]) {
    told = ToldHits(keys: Set(hits.map { ToldHits.Key($0) }))
  }

  /// Those that were told where the session stood are left out.
  func untold(_ hits: [StopHit], _ told: ToldHits?) -> [StopHit] {
    guard !hits.isEmpty, let told else { return hits }
    return hits.filter { !told.keys.contains(ToldHits.Key($0)) }
  }

  /// What happens from here on may be another thing now, and what was told of it is no longer true.
  func forgetToldFuture() {
    guard let keys = told?.keys.filter({ $0.step < world.steps }) else { return }
    told = keys.isEmpty ? nil : ToldHits(keys: keys)
  }

  /// The session has moved away from a step, or not: what was told there is told no longer.
  func leave(_ step: UInt64) {
    if world.steps != step { told = nil }
  }
}
