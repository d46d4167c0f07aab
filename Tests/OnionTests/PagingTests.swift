import Onion
import OnionISA
import ReferenceOnion
import Testing

/// The CPU manual, sections 3 and 4: who may touch which page.
@Suite struct PagingTests {
  /// A page fault's error word.
  private func error(
    present: Bool = true, write: Bool = false, fetch: Bool = false, reserved: Bool = false,
    ring: UInt32
  ) -> UInt32 {
    (present ? 1 : 0) | (write ? 2 : 0) | (fetch ? 4 : 0) | (reserved ? 8 : 0) | ring << 4
  }

  @Test(arguments: 0..<4 as Range<UInt32>, 0..<4 as Range<UInt32>)
  func ringsSeeOutwardNeverInward(ring: UInt32, code: UInt32) {
    for writable in [true, false] {
      let load = Bench([op(.lw, d: 4, a: 13)], ring: ring)
      load.map(Place.data, ring: code, writable: writable)
      load.set(13, Place.data + 8)
      load.step()
      let mayLoad = ring <= code
      #expect((load.trap == nil) == mayLoad)
      if !mayLoad {
        #expect(load.trap?.vector == 5)
        #expect(load.trap?.error == error(ring: ring))
        #expect(load.machine.value(of: .badaddr) == Place.data + 8)
      }

      let store = Bench([op(.sb, d: 4, a: 13)], ring: ring)
      store.map(Place.data, ring: code, writable: writable)
      store.set(13, Place.data + 9)
      store.step()
      let mayStore = ring <= code && writable
      #expect((store.trap == nil) == mayStore)
      if !mayStore {
        #expect(store.trap?.vector == 5)
        #expect(store.trap?.error == error(write: true, ring: ring))
        #expect(store.machine.value(of: .badaddr) == Place.data + 9)
      }
    }

    let fetch = Bench([op(.addi)], ring: ring)
    fetch.map(Place.code[Int(ring)], ring: code)
    fetch.step()
    #expect((fetch.trap == nil) == (ring == code))
    if ring != code {
      #expect(fetch.trap?.error == error(fetch: true, ring: ring))
      #expect(fetch.trap?.pc == Place.code[Int(ring)])
    }
  }

  /// Every bit of a table's entry on its own, set in a page that ring 0 stores to.
  @Test(arguments: 0..<12 as Range<UInt32>)
  func bitsOfATableEntry(bit: UInt32) {
    let bench = Bench([op(.sw, d: 4, a: 13)])
    bench.put([(Place.data | 3) ^ 1 << bit], at: Place.entry(of: Place.data))
    bench.set(13, Place.data)
    bench.step()
    switch bit {
    case 0: #expect(bench.trap?.error == error(present: false, write: true, ring: 0))
    case 1: #expect(bench.trap?.error == error(write: true, ring: 0))
    case 6...8: #expect(bench.trap?.error == error(write: true, reserved: true, ring: 0))
    default: #expect(bench.trap == nil)
    }
  }

  @Test(arguments: 0..<12 as Range<UInt32>)
  func bitsOfADirectoryEntry(bit: UInt32) {
    // Slot 1 shares the table of slot 0.
    let bench = Bench([op(.lw, d: 4, a: 13)])
    bench.put([(Place.table | 1) ^ 1 << bit], at: Place.directory + 4)
    bench.set(13, 0x40_0000 + Place.data)
    bench.step()
    switch bit {
    case 0: #expect(bench.trap?.error == error(present: false, ring: 0))
    case 1, 2, 3, 5, 6, 7, 8: #expect(bench.trap?.error == error(reserved: true, ring: 0))
    default: #expect(bench.trap == nil)
    }
  }

  @Test func framesOutsideMemoryAreReserved() {
    for (directory, entry, isGood) in [
      (Place.table | 1, 0xFF << 12 | 1, true), (Place.table | 1, 0x100 << 12 | 1, false),
      (0x100 << 12 | 1, 0, false), (Place.table | 1, 0xFFFFF << 12 | 1, false),
    ] as [(UInt32, UInt32, Bool)] {
      let bench = Bench([op(.lw, d: 4, a: 13)])
      bench.put([directory], at: Place.directory + 4)
      bench.put([entry], at: Place.entry(of: Place.data))
      bench.set(13, 0x40_0000 + Place.data)
      bench.step()
      #expect((bench.trap == nil) == isGood)
      if !isGood { #expect(bench.trap?.error == error(reserved: true, ring: 0)) }
    }
  }

  @Test func aDirectoryOutsideMemoryFaultsOnTheNextFetch() {
    let bench = Bench([op(.setcr, a: 4, 2)])
    bench.set(4, 0x10_0000)
    bench.step(2)
    // Neither the fault nor the double fault finds its gate.
    #expect(reason(bench.machine.stop) == .tripleFault)
    #expect(bench.machine.value(of: .badaddr) == Place.gates + 8 * 7)
  }

  @Test func onlyAGrantedAccessSetsAccessedAndDirty() {
    let bench = Bench([op(.sw, d: 4, a: 13), op(.lw, d: 4, a: 14), op(.sw, d: 4, a: 14)])
    bench.put([Place.table | 1], at: Place.directory)
    bench.set(13, Place.constant)
    bench.set(14, Place.data)
    bench.put([op(.lw, d: 4, a: 14), op(.sw, d: 4, a: 14)], at: Place.handler(5))

    bench.step()  // refused: not writable
    #expect(bench.word(Place.entry(of: Place.constant))! & 0x30 == 0)
    bench.step()
    #expect(bench.word(Place.entry(of: Place.data))! & 0x30 == 0x10)
    bench.step()
    #expect(bench.word(Place.entry(of: Place.data))! & 0x30 == 0x30)
    #expect(bench.word(Place.directory)! & 0x30 == 0x10)
  }

  @Test func aStaleEntryStaysUntilInvlpg() {
    // Ring 3's page loses everything in the table; the TLB still allows it.
    let bench = Bench([
      op(.lw, d: 4, a: 13), op(.sw, d: 0, a: 14), op(.lw, d: 5, a: 13), op(.invlpg, a: 13),
      op(.lw, d: 6, a: 13),
    ])
    bench.put([7], at: Place.data)
    bench.set(13, Place.data)
    bench.set(14, Place.tableWindow + 4 * (Place.data >> 12))
    bench.step(3)
    #expect(bench.register(5) == 7)
    bench.step()
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == error(present: false, ring: 0))
  }

  @Test func aStaleEntryNeverAllowsTooLittle() {
    let bench = Bench([
      op(.lw, d: 4, a: 13), op(.sw, d: 5, a: 14), op(.sw, d: 4, a: 13),
    ])
    bench.map(Place.data, ring: 3, writable: false)
    bench.set(13, Place.data)
    bench.set(14, Place.tableWindow + 4 * (Place.data >> 12))
    bench.set(5, Place.data | 3)
    bench.step(3)
    #expect(bench.trap == nil)
    #expect(bench.word(Place.entry(of: Place.data)) == Place.data | 0x33)
  }

  @Test(
    arguments: [(Instruction.setcr, 1), (.setcr, 2), (.setcr, 3), (.invlpg, 0)]
      as [(Instruction, Int32)])
  func whatEmptiesTheTLBs(instruction: Instruction, number: Int32) {
    let bench = Bench([op(.lw, d: 4, a: 13), op(instruction, a: 5, number)])
    bench.set(13, Place.data)
    bench.set(5, [1: 1, 2: Place.directory, 3: Place.gates][number] ?? Place.constant)
    bench.step(2)
    let isThere = bench.machine.dataTLBEntries.contains { $0.isValid }
    #expect(isThere == (instruction == .invlpg || number == 3))
  }

  @Test func invlpgDropsItsPageOnlyFromBothTLBs() {
    let other = Place.data + 0x40000  // the same place in the TLB
    let bench = Bench([
      op(.lw, d: 4, a: 13), op(.invlpg, a: 14), op(.invlpg, a: 13), op(.invlpg, a: 15),
    ])
    bench.set(13, Place.data)
    bench.set(14, other)
    bench.set(15, Place.code[0] + 0x234)
    bench.step(2)
    #expect(bench.machine.dataTLBEntries[12].isValid)
    bench.step()
    #expect(!bench.machine.dataTLBEntries[12].isValid)
    #expect(bench.machine.fetchTLBEntries[8].isValid)
    bench.step()
    #expect(!bench.machine.fetchTLBEntries[8].isValid)
  }

  @Test func pagesSixtyFourApartShareAPlace() {
    let other = Place.data + 0x40000
    let bench = Bench([op(.lw, d: 4, a: 13), op(.lw, d: 4, a: 14)])
    bench.map(other, to: Place.data, ring: 0)
    bench.set(13, Place.data)
    bench.set(14, other)
    bench.step(2)
    #expect(bench.machine.dataTLBEntries[12].page.number == other >> 12)
  }

  @Test func aCodeChangedUnderRunningCodeIsAPageFaultNotARingChange() {
    let bench = Bench([op(.sw, d: 4, a: 14), op(.addi), op(.invlpg, a: 13), op(.addi)])
    bench.set(4, Place.code[0] | 0xC | 1)
    bench.set(13, Place.code[0])
    bench.set(14, Place.tableWindow + 4 * (Place.code[0] >> 12))
    bench.step(3)  // the fetch TLB still has the old code
    #expect(bench.trap == nil)
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == error(fetch: true, ring: 0))
    #expect(bench.trap?.pc == Place.code[0] + 12)
  }

  @Test func aPageTableMayMapItself() {
    // Directory slot 16 is the directory as a table, so its entry 16 is the directory as a page.
    let bench = Bench([op(.lw, d: 4, a: 13), op(.sw, d: 4, a: 13)])
    bench.put([Place.directory | 1], at: Place.directory + 4 * 16)
    bench.set(13, 16 << 22 | 16 << 12)
    bench.step()
    #expect(bench.register(4) == Place.table | 0x11)
    #expect(bench.word(Place.directory + 4 * 16) == Place.directory | 0x11)
    bench.step()
    #expect(bench.trap?.vector == 5)
  }

  /// In a large memory an entry may be an instruction too: setting its A bit changes what it does.
  @Test func aPageTableMayBeExecuted() throws {
    let machine = try #require(Machine(memorySize: 1 << 30))
    let entry: UInt32 = 0x2044_0001  // addi a0, a0, 1: page 8, frame 20440
    let code: [UInt32] = [
      op(.jal, d: 1, 0x400 + 8), op(.lw, d: 5, a: 13), op(.jal, d: 1, 0x400 + 6),
    ]
    let words: [(UInt32, [UInt32])] = [
      (0x2000, [0x3001]), (0x3000 + 4 * 4, [0x4001, 0x3001]),
      (0x3000 + 4 * 8, [entry, op(.jalr, a: 1)]),
      (0x4000, code),
    ]
    for (start, words) in words {
      for (index, word) in words.enumerated() {
        machine.write(word, at: MachineAddress(start + 4 * UInt32(index)))
      }
    }
    machine.set(.ptbr, 0x2000)
    machine.set(.mode, 1)
    machine.pc = VirtualAddress(0x4000)
    machine[Register(bits: 13)] = 0x8000
    machine.step()
    machine.step()
    #expect(machine[Register(bits: 4)] == 1)
    for _ in 0..<4 { machine.step() }
    #expect(machine[Register(bits: 4)] == 1 + 0x11)
  }

  @Test func withPagingOffAddressesArePhysicalAndTheTLBsRest() {
    let bench = Bench([op(.lw, d: 4, a: 13), op(.lw, d: 4, a: 14)], paging: false)
    bench.put([5], at: Place.absent)
    bench.set(13, Place.absent)
    bench.set(14, 0x10_0000)
    bench.step()
    #expect(bench.register(4) == 5)
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == error(reserved: true, ring: 0))
    #expect(!bench.machine.fetchTLBEntries.contains { $0.isValid })
    #expect(!bench.machine.dataTLBEntries.contains { $0.isValid })
  }

  @Test func withPagingOffEveryPageHasCode00() {
    let bench = Bench([op(.iret)], paging: false)
    bench.set(2, Place.stacks[0] - 16)
    bench.put([0, Place.code[3], 3, Place.stacks[3]], at: Place.stacks[0] - 16)
    bench.step(2)
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == error(fetch: true, ring: 3))
  }

  @Test func pagingTurnedOnUnderAnUnmappedPCFaultsAtThatPC() {
    let bench = Bench([op(.setcr, a: 4, 1)], paging: false)
    bench.set(4, 1)
    bench.put([0], at: Place.entry(of: Place.code[0]))
    bench.step()
    #expect(bench.trap == nil)
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.pc == Place.code[0] + 4)
    #expect(bench.trap?.error == error(present: false, fetch: true, ring: 0))
  }
}
