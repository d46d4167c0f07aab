import Onion
import ReferenceOnion
import Testing

/// Long runs notice the same accesses to watched memory as single steps do, whatever else lies on those
/// pages.
@Suite struct WatchLockstepTests {
  @Test(arguments: 0..<4 as Range<UInt64>)
  func runsNoticeWhatStepsNotice(block: UInt64) throws {
    var hits = 0
    for seed in block * 50 + 1...block * 50 + 50 {
      hits += try check(RandomProgram(seed: seed))
    }
    #expect(hits > 1000)
  }

  struct Hit: Equatable {
    var step: UInt64
    var hit: WatchHit
  }

  /// The number of accesses that were noticed.
  private func check(_ program: RandomProgram) throws -> Int {
    var random = SplitMix64(seed: program.seed ^ 0xA7C4)
    let watches = watches(program, &random)
    let stepping = try machine(program, watches)
    let running = try machine(program, watches)
    let end: UInt64 = 4000

    var expected: [Hit] = []
    var isOver = false
    while stepping.steps < end, !isOver {
      isOver = stepping.step() != .limit
      expected += stepping.watchHits.map { Hit(step: stepping.steps, hit: $0) }
    }
    var found: [Hit] = []
    while running.steps < end {
      let pause = running.run(steps: min(end - running.steps, 1 + UInt64(random.below(1500))))
      found += running.watchHits.map { Hit(step: running.steps, hit: $0) }
      if pause != .limit, pause != .watched { break }
    }
    let differing = zip(found, expected).first { $0 != $1 }
    #expect(differing == nil && found.count == expected.count, "seed \(program.seed)")
    #expect(running.steps == stepping.steps && running.pc == stepping.pc, "seed \(program.seed)")
    #expect(
      running.fetchTLBEntries == stepping.fetchTLBEntries
        && running.dataTLBEntries == stepping.dataTLBEntries, "seed \(program.seed)")
    return found.count
  }

  private func machine(_ program: RandomProgram, _ watches: [MemoryWatch]) throws -> Machine {
    let machine = try #require(makeMachine(like: program.makeReference(), words: program.words))
    machine.watches = watches
    return machine
  }

  /// Words near those that the program stores.
  private func watches(_ program: RandomProgram, _ random: inout SplitMix64) -> [MemoryWatch] {
    let reference = program.makeReference()
    var written: [UInt32] = []
    for _ in 0..<500 {
      _ = reference.step()
      written += reference.written
    }
    return (0...random.below(3)).map { _ in
      let near = written.isEmpty ? 0 : written[Int(random.below(UInt32(written.count)))]
      let first = near &+ random.below(3) &* 4
      let size = [1, 2, 4][Int(random.below(3))] as UInt32
      return MemoryWatch(
        random.chance(50) ? .virtual : .machine, first...(first &+ (size - 1)),
        reads: random.chance(50), writes: random.chance(70))
    }
  }
}
