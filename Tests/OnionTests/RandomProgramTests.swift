import ReferenceOnion
import Testing

/// The lockstep test is worth what its programs reach.
@Suite struct RandomProgramTests {
  @Test func mostProgramsRunLongAndTogetherTheyReachEverything() {
    var beats = 0
    var vectors: Set<UInt32> = []
    var stops: Set<ReferenceStop> = []
    var rings = [0, 0, 0, 0]
    for seed in 1...UInt64(120) {
      let machine = RandomProgram(seed: seed).makeReference()
      for _ in 0..<300 {
        if case .stopped(let stop) = machine.step() {
          stops.insert(stop)
          break
        }
        beats += 1
        rings[Int(machine.cpl)] += 1
        vectors.formUnion(machine.raised)
      }
    }
    #expect(beats > 120 * 200)
    #expect(rings.allSatisfy { $0 > 1000 })
    #expect(vectors.isSuperset(of: [0, 1, 2, 3, 4, 5, 6, 7, 8, 16, 17]))
    #expect(vectors.count { $0 >= 32 } > 20)
    #expect(stops.contains(.tripleFault))
  }

  @Test func aSeedGivesTheSameProgramEachTime() {
    #expect(RandomProgram(seed: 7).words == RandomProgram(seed: 7).words)
    #expect(RandomProgram(seed: 7).words != RandomProgram(seed: 8).words)
  }
}
