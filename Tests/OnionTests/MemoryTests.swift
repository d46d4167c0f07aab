import OnionISA
import Testing

/// The CPU manual, section 2: loads, stores and swap.
@Suite struct MemoryTests {
  @Test(
    arguments: [
      (Instruction.lw, 0, 0x8070_F3F2), (.lh, 0, 0xFFFF_F3F2), (.lhu, 0, 0xF3F2),
      (.lh, 2, 0xFFFF_8070),
      (.lb, 0, 0xFFFF_FFF2), (.lbu, 0, 0xF2), (.lb, 2, 0x70), (.lbu, 3, 0x80),
    ] as [(Instruction, Int32, UInt32)])
  func loadsAreLittleEndianAndExtend(
    instruction: Instruction, offset: Int32, result: UInt32
  ) {
    let bench = Bench([op(instruction, d: 4, a: 13, offset)], ring: 3)
    bench.put([0x8070_F3F2], at: Place.data)
    bench.set(13, Place.data)
    bench.step()
    #expect(bench.register(4) == result)
  }

  @Test(
    arguments: [
      (Instruction.sw, 0, 0x1234_5678), (.sh, 2, 0x5678_0000), (.sb, 1, 0x0000_7800),
    ] as [(Instruction, Int32, UInt32)])
  func storesWriteTheirBytesOnly(instruction: Instruction, offset: Int32, result: UInt32) {
    let bench = Bench([op(instruction, d: 4, a: 13, offset)], ring: 3)
    bench.set(13, Place.data)
    bench.set(4, 0x1234_5678)
    bench.step()
    #expect(bench.word(Place.data) == (instruction == .sb ? 0x7800 : result))
  }

  @Test func swapExchanges() {
    let bench = Bench([op(.swap, d: 4, a: 13, 8), op(.swap, d: 13, a: 13, 8)], ring: 3)
    bench.put([0xAAAA], at: Place.data + 8)
    bench.set(13, Place.data)
    bench.set(4, 0xBBBB)
    bench.step()
    #expect(bench.register(4) == 0xAAAA)
    #expect(bench.word(Place.data + 8) == 0xBBBB)
    bench.step()  // its own address register: the old value is the address and what is stored
    #expect(bench.register(13) == 0xBBBB)
    #expect(bench.word(Place.data + 8) == Place.data)
  }

  @Test func swapIsCheckedAsAStoreAndAFaultChangesNothing() {
    let bench = Bench([op(.swap, d: 4, a: 13)], ring: 3)
    bench.set(13, Place.constant)
    bench.set(4, 5)
    bench.step()
    #expect(bench.trap?.vector == 5)
    #expect(bench.trap?.error == 0b11_0011)  // P, write, CPL 3
    #expect(bench.register(4) == 5)
  }

  @Test(
    arguments: [(Instruction.lw, 2), (.lh, 1), (.lhu, 1), (.sw, 1), (.sh, 3), (.swap, 2)]
      as [(Instruction, Int32)])
  func misalignedAccessesFaultBeforeTheyAreTranslated(instruction: Instruction, offset: Int32) {
    let bench = Bench([op(instruction, d: 4, a: 13, offset)], ring: 3)
    bench.set(13, Place.absent)
    bench.step()
    #expect(bench.trap?.vector == 6)
    #expect(bench.trap?.error == Place.absent + UInt32(offset))
  }

  @Test func aLoadIntoRegister0StillHappens() {
    let bench = Bench([op(.lw, d: 0, a: 13)], ring: 3)
    bench.set(13, Place.absent)
    bench.step()
    #expect(bench.trap?.vector == 5)

    let swap = Bench([op(.swap, d: 0, a: 13)], ring: 3)
    swap.put([5], at: Place.data)
    swap.set(13, Place.data)
    swap.step()
    #expect(swap.word(Place.data) == 0)
  }

  @Test func aStoreToCodeIsSeenByTheNextFetch() {
    let bench = Bench(li(4, op(.addi, d: 5, a: 0, 42)) + [op(.sw, d: 4, a: 13), op(.addi)])
    bench.set(13, Place.code[0] + 12)
    // Once round before the change, so that the word has been executed.
    bench.put([op(.jal, -4)], at: Place.code[0] + 16)
    bench.reference.pc = Place.code[0] + 12
    bench.step(2)
    #expect(bench.pc == Place.code[0])
    bench.step(4)
    #expect(bench.register(5) == 42)
  }

  @Test func addressesWrapAround() {
    let bench = Bench([op(.lw, d: 4, a: 13, 0x7000)])
    bench.set(13, Place.data &- 0x7000)
    bench.put([3], at: Place.data)
    bench.step()
    #expect(bench.register(4) == 3)

    let low = Bench([op(.lw, d: 4, a: 13, 0x100)], paging: false)
    low.set(13, 0xFFFF_FF04)
    low.put([7], at: 4)
    low.step()
    #expect(low.register(4) == 7)
  }
}
