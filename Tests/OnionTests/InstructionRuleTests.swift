import Onion
import OnionISA
import ReferenceOnion
import Testing

/// What every instruction may do in every ring of both profiles, as the table of rules has it.
@Suite struct InstructionRuleTests {
  /// Status bits: IF and IOPL of the program that runs.
  private static let interruptFlag: UInt32 = 4

  @Test func theTableHasEveryInstruction() {
    let names = Set(InstructionRules.all.map(\.mnemonic)).subtracting(["undefined"])
    #expect(names == Set(InstructionTable.rows.map(\.mnemonic)))
    for rule in InstructionRules.all {
      #expect(
        DecodedInstruction(word: rule.word)?.instruction.info.mnemonic ?? "undefined"
          == rule.mnemonic)
    }
  }

  @Test(arguments: ReferenceProfile.allCases, 0..<4 as Range<UInt32>)
  func everyInstructionObeysItsRule(profile: ReferenceProfile, ring: UInt32) {
    for rule in InstructionRules.all {
      let needsPort = rule.strict.contains(.needsPort)
      for iopl in 0..<4 as Range<UInt32> where needsPort || iopl == (ring ^ 1) {
        let bench = Self.bench(profile, ring, iopl, rule)
        let start = bench.pc
        let status = bench.status
        bench.step()
        let label = Comment(rawValue: "\(rule.mnemonic) in ring \(ring), \(profile), IOPL \(iopl)")
        switch rule.verdict(on: profile, ring: ring, iopl: iopl) {
        case .runs:
          #expect(bench.trap == nil, label)
          #expect(bench.pc != start, label)
          #expect(bench.machine.instructionsRetired == 1, label)
        case .traps(let vector, let error):
          // A fault saves its own pc, a trap the next.
          let isTrap = vector == 2 || vector == 8 || vector >= 32
          let wanted = TrapSeen(
            vector: vector, error: error, pc: isTrap ? start + 4 : start, status: status,
            sp: Place.stacks[Int(ring)] - 0x100)
          #expect(bench.trap == wanted, label)
          #expect(bench.machine.instructionsRetired == (isTrap ? 1 : 0), label)
        case .needsPort: Issue.record("the port right was to be decided")
        case .differs(let difference):
          #expect(bench.trap == nil, label)
          Self.check(difference, bench, oldStatus: status, label)
        }
      }
    }
  }

  /// IF = 1, so that a `hlt` waits and what silently keeps IF shows.
  private static func bench(
    _ profile: ReferenceProfile, _ ring: UInt32, _ iopl: UInt32, _ rule: InstructionRule
  ) -> Bench {
    let bench = Bench([rule.word], ring: ring, profile: profile)
    for upTo in 0..<4 as Range<UInt32> {
      bench.gate(32 + upTo, handler: Place.handler(32 + upTo), flags: upTo << 1 | 1)
    }
    bench.reference.status = ring | interruptFlag | iopl << 4
    bench.set(13, Place.data)
    bench.set(6, 3)
    bench.set(1, bench.reference.pc + 0x40)
    // Room below the stack's end for the frame that `iret` reads: same ring, everything else flipped.
    let sp = Place.stacks[Int(ring)] - 0x100
    bench.set(2, sp)
    let flipped = ring | (iopl ^ 3) << 4
    bench.put([0, bench.reference.pc + 0x40, flipped, sp], at: sp)
    // What `setst` writes: IF off, TF on, another IOPL.
    bench.set(4, 8 | (iopl ^ 3) << 4)
    bench.reference.timerInterval = 1_000_000
    bench.reference.nextTick = 1_000_000
    return bench
  }

  private static func check(
    _ difference: Difference, _ bench: Bench, oldStatus: UInt32, _ label: Comment
  ) {
    switch difference {
    case .showsStatus: #expect(bench.register(4) == oldStatus, label)
    case .showsTrapTable: #expect(bench.register(4) == Place.gates, label)
    case .writesOnlyTF: #expect(bench.status == oldStatus | 8, label)
    case .keepsIFAndIOPL:
      #expect(bench.status == oldStatus, label)
      #expect(bench.pc == Place.code[Int(oldStatus & 3)] + 0x40, label)
    }
  }

  @Test(arguments: ReferenceProfile.allCases)
  func inRing0SetstAndIretWriteEverythingThatTheyMay(profile: ReferenceProfile) {
    let setst = Bench([op(.setst, a: 4)], profile: profile)
    setst.set(4, 0xFFFF_FFFF)
    setst.step()
    #expect(setst.status == 0x3C)

    let iret = Bench([op(.iret)], profile: profile)
    iret.set(2, Place.stacks[0] - 16)
    iret.put([0, Place.code[3], 0xFFFF_FFF7, 0x6F00], at: Place.stacks[0] - 16)
    iret.step()
    #expect(iret.status == 0x37)
    #expect(iret.pc == Place.code[3])
    #expect(iret.register(2) == 0x6F00)
  }
}
