import Onion
import OnionISA
import ReferenceOnion
import Testing

/// What the fast loop must not overlook: long runs at once, compared with the reference afterwards.
@Suite struct FastLoopTests {
  /// Every first and second that are fused somewhere, in one page, each with a word that a branch skips.
  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func twoAtOnceAreTheTwoOneByOne(seed: UInt64) {
    let kinds: [Instruction] = [
      .addi, .add, .sub, .and, .xor, .slli, .srli, .andi, .lui, .ori, .lw, .sw, .beq, .bne, .blt,
      .bge, .bltu, .bgeu,
    ]
    var random = SplitMix64(seed: seed)
    func word(_ kind: Instruction) -> UInt32 {
      let d = 4 + random.below(5)
      switch kind {
      case .lw, .sw: return op(kind, d: d, a: 3, Int32(random.below(64)) * 4)
      case .beq, .bne, .blt, .bge, .bltu, .bgeu:
        return op(kind, a: 4 + random.below(3), b: 4 + random.below(3), 2)
      case .lui: return op(kind, d: d, Int32(random.below(0x1_0000)))
      case .addi: return op(kind, d: d, a: 4 + random.below(5), Int32(random.below(7)) - 3)
      case .andi, .ori, .slli, .srli:
        return op(kind, d: d, a: 4 + random.below(5), Int32(random.below(32)))
      default: return op(kind, d: d, a: 4 + random.below(5), b: 4 + random.below(5))
      }
    }
    var code: [UInt32] = []
    for first in kinds {
      for second in kinds {
        code += [word(first), word(second), op(.addi, d: 9, a: 9, 1)]
      }
    }
    // What stands decoded is fused, so the second round is the first with pairs.
    code.append(op(.jal, -Int32(code.count)))
    let bench = Bench(code)
    bench.set(3, Place.innerData)
    for register in 4...8 { bench.set(register, random.word() & 0x8000_000F) }
    expectSame(bench, runs: [6000])
  }

  @Test func secondOfTwoMayBeReplaced() {
    // 0x8010 and 0x8014 are two at once; the first round replaces the second.
    let bench = Bench(
      li(4, op(.addi, d: 7, a: 7, 100)) + [
        op(.addi, d: 8, a: 0, 2), op(.addi),
        op(.addi, d: 6, a: 6, 1), op(.addi, d: 7, a: 7, 1),
        op(.sw, d: 4, a: 5, 0x14),
        op(.addi, d: 8, a: 8, -1), op(.bne, a: 8, b: 0, -4),
        op(.jal, 0),
      ])
    bench.set(5, Place.code[0])
    expectSame(bench, runs: [2000])
    #expect(bench.reference.registers[7] == 101)
  }

  @Test func pageThatWasDataBecomesCodeAndChanges() {
    // A word is stored and called, three times over.
    let bench = Bench([
      op(.addi, d: 8, a: 0, 3),
      op(.sw, d: 4, a: 3, 0), op(.jalr, d: 1, a: 3),
      op(.addi, d: 4, a: 4, 1), op(.addi, d: 8, a: 8, -1), op(.bne, a: 8, b: 0, -4),
      op(.jal, 0),
    ])
    bench.set(3, Place.innerData)
    bench.set(4, op(.addi, d: 7, a: 7, 5))
    bench.put([0, op(.jalr, d: 0, a: 1)], at: Place.innerData)
    expectSame(bench, runs: [2000])
    #expect(bench.reference.registers[7] == 5 + 6 + 7)
  }

  @Test func pagesThatShareATLBEntryPushEachOtherOut() {
    // 64 pages apart, so that each call finds the TLB without its page.
    let far = Place.code[0] + 64 << 12
    let bench = Bench([
      op(.jalr, d: 1, a: 3), op(.lw, d: 5, a: 3, 0), op(.lw, d: 5, a: 4, 0),
      op(.addi, d: 8, a: 8, -1), op(.bne, a: 8, b: 0, -4), op(.jal, 0),
    ])
    bench.map(far, to: 0x14000, ring: 0)
    bench.put([op(.jalr, d: 0, a: 1)], at: 0x14000)
    bench.set(3, far)
    bench.set(4, Place.code[0])
    bench.set(8, 20)
    expectSame(bench, runs: [3000])
  }

  @Test func ringsShareTheirTLBs() {
    // Ring 3's page and the handler's of ring 0 have one place in the TLB; and so have what they load.
    let user = Place.handlers + 64 << 12
    let data = Place.innerData + 64 << 12
    let bench = Bench(ring: 3)
    bench.map(user, to: 0x14000, ring: 3)
    bench.map(data, to: 0x15000, ring: 3)
    bench.put([op(.lw, d: 5, a: 4, 0), op(.int, 32), op(.jal, -2)], at: 0x14000)
    bench.put([op(.lw, d: 6, a: 3, 0), op(.iret)], at: Place.handler(32))
    bench.set(3, Place.innerData)
    bench.set(4, data)
    bench.reference.pc = user
    expectSame(bench, runs: [3000])
  }

  @Test func storesAfterASnapshotAreUndone() throws {
    let bench = Bench([
      op(.sw, d: 8, a: 3, 0), op(.addi, d: 8, a: 8, 1), op(.jal, -2),
    ])
    bench.set(3, Place.innerData)
    let machine = try #require(bench.makeMachine())
    _ = machine.run(steps: 3000)
    let snapshot = machine.snapshot()
    let before = machine.memory.word(at: MachineAddress(Place.innerData))
    _ = machine.run(steps: 3000)
    #expect(machine.memory.word(at: MachineAddress(Place.innerData)) != before)
    machine.restore(snapshot)
    #expect(machine.memory.word(at: MachineAddress(Place.innerData)) == before)
  }

  @Test func costsOfMoreThanACycleEndARunInTime() {
    let bench = Bench([
      op(.div, d: 5, a: 6, b: 7), op(.mul, d: 5, a: 6, b: 7), op(.addi, d: 8, a: 8, 1),
      op(.jal, -3),
    ])
    bench.set(6, 1000)
    bench.set(7, 3)
    expectSame(bench, runs: [1, 5000, 777, 3, 1500])
  }

  @Test func tickComesToTheCycle() {
    // The timer's handler acknowledges and counts.
    let bench = Bench(
      li(4, 1237) + [op(.out, d: 4, 0x20), op(.sti), op(.mul, d: 5, a: 5, b: 4), op(.jal, -1)])
    bench.put(
      [op(.out, d: 0, 0x21), op(.addi, d: 9, a: 9, 1), op(.iret)], at: Place.handler(16))
    expectSame(bench, runs: [10_000, 3, 4001])
    #expect(bench.reference.registers[9] > 3)
  }

  // MARK: Stops

  @Test func runPausesAtABreakpointEachTimeItIsCrossed() throws {
    let bench = Bench([
      op(.addi, d: 8, a: 8, 1), op(.addi, d: 9, a: 9, 1), op(.jal, -2),
    ])
    let machine = try #require(bench.makeMachine())
    _ = machine.run(steps: 2000)
    machine.breakpoints = [VirtualAddress(Place.code[0] + 4)]
    for _ in 0..<3 {
      let count = machine[Register(bits: 8)]
      #expect(machine.run(steps: 5000) == .breakpoint)
      #expect(machine.pc == VirtualAddress(Place.code[0] + 4))
      #expect(machine[Register(bits: 8)] - count <= 1)
    }
    machine.breakpoints = []
    #expect(machine.run(steps: 5000) == .limit)
  }

  @Test func watchedWordPausesAfterItsStoreAndOthersDoNot() throws {
    let bench = Bench([
      op(.addi, d: 8, a: 8, 1), op(.sw, d: 8, a: 3, 8), op(.slti, d: 5, a: 8, 500),
      op(.bne, a: 5, b: 0, -3), op(.sw, d: 8, a: 3, 0), op(.jal, -5),
    ])
    bench.set(3, Place.innerData)
    for space in [MemoryWatch.Space.virtual, .machine] {
      let machine = try #require(bench.makeMachine())
      _ = machine.run(steps: 400)
      let bytes = Place.innerData...Place.innerData + 3
      machine.watches = [MemoryWatch(space, bytes, reads: false, writes: true)]
      #expect(machine.run(steps: 50_000) == .watched)
      #expect(machine.watchHits.map(\.new) == [500])
      #expect(machine.watchHits.map(\.old) == [0])
      #expect(machine.watchHits.map(\.pc.rawValue) == [Place.code[0] + 16])
      #expect(machine.pc.rawValue == Place.code[0] + 20)
      #expect(machine.run(steps: 50_000) == .watched)
      #expect(machine.watchHits.map(\.old) == [500])
    }
  }

  @Test func watchedRegisterPausesAfterItsChange() throws {
    let bench = Bench([
      op(.addi, d: 8, a: 8, 1), op(.slti, d: 5, a: 8, 700), op(.bne, a: 5, b: 0, -2),
      op(.addi, d: 9, a: 9, 1), op(.jal, -4),
    ])
    let machine = try #require(bench.makeMachine())
    let stops = RunStops(registers: [Register(bits: 9)])
    #expect(machine.run(steps: 50_000, stops: stops) == .limit)
    #expect(machine.pc.rawValue == Place.code[0] + 16)
    #expect(machine[Register(bits: 9)] == 1)
  }

  /// Makes runs of those lengths on a fresh machine, and compares it with the reference after each.
  private func expectSame(_ bench: Bench, runs: [Int]) {
    guard let machine = bench.makeMachine() else {
      Issue.record("the host has no room for a machine")
      return
    }
    for count in runs {
      _ = machine.run(steps: UInt64(count))
      for _ in 0..<count { _ = bench.reference.step() }
      #expect(differences(machine, bench.reference, .complete) == [])
    }
  }
}
