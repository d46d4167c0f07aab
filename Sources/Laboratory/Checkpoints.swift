/// The moments to which a session can return at once, in order of time; the first is the beginning.
///
/// They lie so close that going on from the nearest takes some milliseconds at most, and so far apart
/// that taking them slows a run by some percent at most. When they take too much memory, those go first
/// whose neighbours are close for how long ago they are.
struct Checkpoints {
  /// Work between two checkpoints.
  struct Spacing {
    /// Soon after the beginning, where runs are short.
    var least: UInt64 = 100_000
    /// Later on, if little memory changes.
    var most: UInt64 = 2_000_000
    /// At least that for each 4 KiB that the last one took.
    var perFrame: UInt64 = 8_000

    func after(_ checkpoint: Checkpoint, bytes: Int) -> UInt64 {
      let usual = min(max(least, checkpoint.work.units / 16), most)
      return max(usual, UInt64(bytes / 4096) * perFrame)
    }
  }

  private struct Kept {
    var checkpoint: Checkpoint
    /// What it takes beyond the one before.
    var bytes: Int
  }

  private var all: [Kept]
  /// All that the checkpoints hold.
  private(set) var bytes: Int
  /// At most so many bytes; the beginning and the last checkpoint stay in any case.
  var limit = 64 << 20 { didSet { thinOut(around: all.count - 1) } }
  var spacing = Spacing()
  /// Before that there is nothing to take.
  private var nextLook = CheckpointWork(units: 0)

  /// More would take longer to look through than they save.
  static let countLimit = 1024

  init(from first: Checkpoint) {
    all = []
    bytes = 0
    begin(from: first)
  }

  /// Begins another history.
  mutating func begin(from first: Checkpoint) {
    all = [Kept(checkpoint: first, bytes: first.bytes)]
    bytes = first.bytes
    lookAgain()
  }

  var count: Int { all.count }
  var steps: [UInt64] { all.map(\.checkpoint.step) }

  // MARK: Looking

  /// The last one at or before `step`; the machine is about to go on from there.
  mutating func resume(at step: UInt64) -> Checkpoint {
    lookAgain()
    return all[index(notAfter: step)].checkpoint
  }

  /// The step of the last one before `step`, or 0.
  func step(before step: UInt64) -> UInt64 {
    step == 0 ? 0 : all[index(notAfter: step - 1)].checkpoint.step
  }

  private func index(notAfter step: UInt64) -> Int {
    var (low, high) = (0, all.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if all[middle].checkpoint.step <= step { low = middle } else { high = middle }
    }
    return low
  }

  // MARK: Taking

  /// Steps that may be made before asking again whether one is due.
  func stepsToNextLook(from work: CheckpointWork) -> UInt64 {
    nextLook.units - min(nextLook.units, work.units)
  }

  /// There may be one to take.
  func isWorthALook(_ work: CheckpointWork) -> Bool { work >= nextLook }

  /// True if a checkpoint is due at a moment to which the session has run forwards.
  mutating func isDue(at step: UInt64, _ work: CheckpointWork) -> Bool {
    let nearest = all[index(notAfter: step)]
    let due =
      nearest.checkpoint.work.units + spacing.after(nearest.checkpoint, bytes: nearest.bytes)
    nextLook = CheckpointWork(units: due)
    return work >= nextLook
  }

  /// Keeps a checkpoint at its place in time.
  mutating func insert(_ checkpoint: Checkpoint) {
    let index = index(notAfter: checkpoint.step) + 1
    all.insert(Kept(checkpoint: checkpoint, bytes: 0), at: index)
    recount(index)
    recount(index + 1)
    lookAgain()
    thinOut(around: index)
  }

  private mutating func lookAgain() { nextLook = CheckpointWork(units: 0) }

  // MARK: Removing

  /// Removes those of a future that is no more.
  mutating func remove(where isGone: (Checkpoint) -> Bool) {
    all.removeAll { isGone($0.checkpoint) }
    bytes = all.reduce(0) { $0 + $1.bytes }
    lookAgain()
  }

  /// Removes checkpoints while there are too many; the one at `present` stays.
  private mutating func thinOut(around present: Int) {
    var present = present
    while bytes > limit || all.count > Self.countLimit {
      guard let index = mostDispensable(seenFrom: present) else { return }
      bytes -= all[index].bytes
      all.remove(at: index)
      recount(index)
      if index < present { present -= 1 }
    }
  }

  /// The one without which the gap would be smallest, measured against the root of how far away it is:
  /// what is near stays dense, and what is far isn't given up.
  private func mostDispensable(seenFrom present: Int) -> Int? {
    let here = Double(all[present].checkpoint.work.units)
    func score(_ index: Int) -> Double {
      let before = all[index - 1].checkpoint.work.units
      let after = all[index + 1].checkpoint.work.units
      let distance = abs(here - Double(all[index].checkpoint.work.units))
      return Double(after - before) / (distance + 1).squareRoot()
    }
    return all.indices.dropFirst().dropLast().filter { $0 != present }
      .min { score($0) < score($1) }
  }

  /// Counts anew what a checkpoint takes whose neighbour changed.
  private mutating func recount(_ index: Int) {
    guard all.indices.contains(index), index > 0 else { return }
    let now = all[index].checkpoint.bytes(beyond: all[index - 1].checkpoint)
    bytes += now - all[index].bytes
    all[index].bytes = now
  }
}
