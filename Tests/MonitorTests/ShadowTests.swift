import Monitor
import Onion
import OnionISA
import ReferenceOnion
import Testing

/// Shadow paging: hidden and true faults, tracing, views, and the VMM's own pages.
struct ShadowTests {
  /// Identity tables for the first 64 KiB with code 00, one page of ring 3 at 0x9000, paging on.
  static let paged =
    Guests.prologue + """
              .equ  DIRECTORY, 0xA000
              .equ  TABLE, 0xB000
      fault:  getcr s1, badaddr
              lw    s0, 0(sp)
              lw    t0, 4(sp)
              addi  t0, t0, 4
              sw    t0, 4(sp)
              iret
      start:  la    t0, fault
              la    t1, gates
              sw    t0, 40(t1)
              li    t0, 1
              sw    t0, 44(t1)
              li    t0, DIRECTORY
              li    t1, TABLE | 1
              sw    t1, 0(t0)
              li    t0, TABLE
              li    t1, 3
              li    t2, TABLE + 64
      fill:   sw    t1, 0(t0)
              li    a0, 4096
              add   t1, t1, a0
              addi  t0, t0, 4
              bne   t0, t2, fill
              li    t0, DIRECTORY
              setcr ptbr, t0
              li    t0, 1
              setcr mode, t0
      paged:

      """

  @Test func aFirstTouchIsAHiddenFaultAndTheGuestIsNotTold() throws {
    let monitor = try VirtualMachineMonitor(
      image: Guests.image(Self.paged + "lw a0, 0x2000(zero)\n j off"))
    let events = Guests.events(of: monitor) {
      if case .filledShadow(let fill) = $0 { fill.page.number == 2 } else { false }
    }
    let fills = events.compactMap { if case .filledShadow(let fill) = $0 { fill } else { nil } }
    let fill = try #require(fills.first)
    #expect(fill.guestRing == .ring0)
    #expect(fill.shadowRing == .ring1)
    #expect(fill.withheld == .notDirty)
    #expect(monitor.guest.machineAddress(of: fill.guestFrame.start)?.frame == fill.machineFrame)
    #expect(monitor.guest.deliveries[5] == 0)
    #expect(monitor.guest.counts.trueFaults == 0)
  }

  @Test func aTrueFaultTellsTheGuestItsOwnErrorWord() throws {
    let source = Self.paged + "li t0, 0x100000\n sw zero, 0(t0)\n j off"
    let (monitor, bare) = try Guests.pair(source)
    #expect(monitor.run(steps: 10_000) == .stopped(.switchedOff))
    #expect(bare.run(steps: 10_000) == .stopped(.switchedOff))
    // Not present, write, and the virtual ring: 0, not the real 1.
    #expect(monitor.machine[Register(bits: 13)] == 2)
    #expect(bare[Register(bits: 13)] == 2)
    #expect(monitor.machine[Register(bits: 14)] == 0x100000)
    #expect(monitor.guest.counts.trueFaults == 1)
  }

  @Test func aStoreToAPageTableIsCarriedOutAndTakesEffect() throws {
    let source =
      Self.paged + """
        lw   a0, 0x2000(zero)
        li   t0, TABLE + 8
        li   t1, 0x4003
        sw   t1, 0(t0)
        li   t0, 0x2000
        invlpg t0
        li   t1, 77
        sw   t1, 0x4000(zero)
        lw   a1, 0x2000(zero)
        j    off
        """
    let monitor = try Guests.finished(source)
    #expect(monitor.guest.counts.tracedWrites >= 1)
    #expect(monitor.machine[Register(bits: 5)] == 77)
    #expect(monitor.tracedFrames.map(\.number).contains(0xB))
  }

  @Test func accessedAndDirtyAppearInTheGuestsOwnTables() throws {
    let source = Self.paged + "lw a0, 0x2000(zero)\n sw a0, 0x3000(zero)\n j off"
    let (monitor, bare) = try Guests.pair(source)
    _ = monitor.run(steps: 10_000)
    _ = bare.run(steps: 10_000)
    for page in UInt32(0)..<16 {
      let address = MachineAddress(0xB000 + page * 4)
      let own = bare.memory.word(at: address)
      let guests = monitor.guest.machineAddress(of: GuestPhysicalAddress(address.rawValue)).flatMap
      {
        monitor.machine.memory.word(at: $0)
      }
      #expect(own == guests, "page \(page)")
    }
    #expect((bare.memory.word(at: MachineAddress(0xB008)) ?? 0) & 0x30 == 0x10)
    #expect((bare.memory.word(at: MachineAddress(0xB00C)) ?? 0) & 0x30 == 0x30)
  }

  @Test func theMonitorMovesOutOfTheGuestsWay() throws {
    let source =
      Self.paged + """
        li   t0, DIRECTORY + 4092
        li   t1, TABLE | 1
        sw   t1, 0(t0)
        li   t0, 0xFFC02000
        li   t1, 99
        sw   t1, 0(t0)
        lw   a0, 0x2000(zero)
        j    off
        """
    let monitor = try Guests.finished(source)
    #expect(monitor.machine[Register(bits: 4)] == 99)
    #expect(monitor.guest.counts.relocations == 1)
    #expect(monitor.ownPages.directoryIndex == 1022)
  }

  @Test func touchingTheMonitorsPagesIsTheGuestsOwnFault() throws {
    let monitor = try Guests.finished(Self.paged + "li t0, 0xFFC00000\n lw a0, 0(t0)\n j off")
    #expect(monitor.machine[Register(bits: 14)] == 0xFFC0_0000)
    #expect(monitor.guest.counts.relocations == 0)
    #expect(monitor.machine[Register(bits: 4)] != 0xFF00_0000)
  }

  @Test func aGuestReachesItsOwnMemoryOnlyAndNeverWithCode00() throws {
    for seed in UInt64(0)..<20 {
      let monitor = try VirtualMachineMonitor(
        image: RandomKernel.image(seed: seed, .plain), memorySize: 1 << 20)
      for _ in 0..<6 {
        _ = monitor.run(steps: 300)
        for (address, entry) in mapped(monitor) {
          let isOwn = monitor.ownPages.contains(address)
          let frame = MachineFrame(entry.frameNumber)
          #expect((entry.ring == .ring0) == isOwn, "seed \(seed) \(address)")
          #expect(
            (monitor.guest.guestAddress(of: frame.start) == nil) == isOwn, "seed \(seed) \(address)"
          )
        }
      }
    }
  }

  /// Every page of every shadow table.
  private func mapped(
    _ monitor: VirtualMachineMonitor
  ) -> [(VirtualAddress, PageTableEntry)] {
    func entry(_ address: UInt32) -> PageTableEntry {
      PageTableEntry(rawValue: monitor.machine.memory.word(at: MachineAddress(address)) ?? 0)
    }
    var result: [(VirtualAddress, PageTableEntry)] = []
    for (_, directory) in monitor.shadows.flatMap(\.directories) {
      for slot in UInt32(0)..<1024 {
        let upper = entry(directory.start.rawValue + slot * 4)
        guard upper.isPresent else { continue }
        for index in UInt32(0)..<1024 {
          let lower = entry(upper.frameNumber << 12 + index * 4)
          if lower.isPresent { result.append((VirtualAddress(slot << 22 | index << 12), lower)) }
        }
      }
    }
    return result
  }

  @Test func theCompressedTableLeaks() throws {
    // A program in virtual ring 1 reads its kernel's page: refused with a table for each view, and
    // read with the single one, since both live in real ring 1 then.
    let source =
      Self.paged + """
        li   t0, TABLE + 4*0xC
        li   t1, 0xC007
        sw   t1, 0(t0)
        li   t0, 0xC000
        invlpg t0
        li   t1, 0x30402000
        li   t2, 0x54000000
        sw   t1, 0(t0)
        sw   t2, 4(t0)
        li   t1, 1234
        sw   t1, 0x2000(zero)
        addi sp, sp, -16
        sw   t0, 4(sp)
        li   t1, 1
        sw   t1, 8(sp)
        sw   sp, 12(sp)
        li   a0, 0
        iret
        """
    for compressed in [false, true] {
      let monitor = try VirtualMachineMonitor(image: Guests.image(source))
      monitor.usesCompressedTable = compressed
      _ = monitor.run(steps: 400)
      #expect((monitor.machine[Register(bits: 4)] == 1234) == compressed)
    }
  }
}
