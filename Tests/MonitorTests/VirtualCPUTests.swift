import Monitor
import Onion
import OnionISA
import ReferenceOnion
import Testing

/// What a guest on the strict profile believes, and what is true meanwhile.
struct VirtualCPUTests {
  @Test func aCliTurnsOffOnlyTheVirtualInterrupts() throws {
    let monitor = try VirtualMachineMonitor(
      image: Guests.image("sti\n cli\n j boot\nboot: j boot"))
    _ = Guests.events(of: monitor) {
      if case .emulated(let decoded) = $0 { decoded.instruction == .sti } else { false }
    }
    #expect(monitor.guest.cpu.status.interruptsEnabled)
    let events = Guests.events(of: monitor) {
      if case .emulated(let decoded) = $0 { decoded.instruction == .cli } else { false }
    }
    #expect(events.contains(.checkedRing(virtual: .ring0, needed: .ring0, isAllowed: true)))
    #expect(!monitor.guest.cpu.status.interruptsEnabled)
    #expect(monitor.guest.cpu.ring == .ring0)
    #expect(monitor.machine.status.cpl == .ring1)
    #expect(monitor.machine.status.interruptsEnabled)
  }

  @Test func aCliCostsWhatTheCycleTableSays() throws {
    let monitor = try VirtualMachineMonitor(image: Guests.image("cli\n cli\nloop: j loop"))
    _ = monitor.step()  // the hidden fault of the first fetch
    _ = monitor.step()
    let before = monitor.machine.cycles
    _ = monitor.step()
    let table = monitor.machine.cycleTable
    let expected =
      table.trapEntry + table.vmmDispatch + table.vmmReadInstruction + table.vmmEmulate
      + table.trapReturn
    #expect(expected == 214)
    #expect(monitor.machine.cycles - before == expected)
  }

  @Test func statusAndControlRegistersShowTheVirtualMachine() throws {
    let monitor = try Guests.finished(
      """
        getst a0
        gettv a1
        li    t0, 0x3000
        setcr tvec, t0
        gettv a2
        getcr a3, mode
        getcr a4, ptbr
        getcr a5, cpuid
        hlt
      """)
    let registers = (4...9).map { monitor.machine[Register(bits: UInt32($0))] }
    #expect(registers == [0, 0, 0x3000, 0x8000_0000, 0, 0])
    #expect(monitor.guest.cpu.stop == .haltedForGood)
  }

  @Test func instructionsRetiredAreTheGuestsOwn() throws {
    let source = "li a0, 1\n li a1, 2\n cli\n getcr s0, instret\n getcr s1, instreth\n hlt"
    let (monitor, bare) = try Guests.pair(source)
    _ = monitor.run(steps: 100)
    _ = bare.run(steps: 100)
    let s0 = Register(bits: 13)
    #expect(monitor.machine[s0] == 3)
    #expect(bare[s0] == 3)
    #expect(monitor.guest.cpu.instret == bare.instructionsRetired)
  }

  @Test func hltWithInterruptsOffStopsTheGuest() throws {
    #expect(try Guests.finished("hlt").guest.cpu.stop == .haltedForGood)
  }

  @Test func hltThatNothingCanEndStopsTheGuest() throws {
    #expect(try Guests.finished("sti\n hlt").guest.cpu.stop == .haltedNothingCanCome)
  }

  @Test func aGuestSleepsUntilItsTimerAndTimePasses() throws {
    let source =
      Guests.prologue + """
        tick:   out   0x21, t0
                iret
        start:  la    t0, tick
                la    t1, gates
                sw    t0, 128(t1)
                li    t0, 1
                sw    t0, 132(t1)
                li    t0, 5000
                out   0x20, t0
                sti
                hlt
                in    s0, 0x21
                j     off
        """
    let (monitor, bare) = try Guests.pair(source)
    #expect(monitor.run(steps: 1000) == .stopped(.switchedOff))
    #expect(bare.run(steps: 1000) == .stopped(.switchedOff))
    #expect(monitor.guest.deliveries[16] == 1)
    #expect(monitor.guest.counts.idleCycles > 4000)
    #expect(monitor.machine[Register(bits: 13)] == 1)
    #expect(monitor.guest.cpu.instret == bare.instructionsRetired)
  }

  @Test func anInterruptWaitsForTheInstructionBehindSti() throws {
    // The tick is due before the sti; the handler must find a0 set by the instruction behind it.
    let source =
      Guests.prologue + """
        tick:   out   0x20, zero
                out   0x21, t0
                mv    s0, a0
                iret
        start:  la    t0, tick
                la    t1, gates
                sw    t0, 128(t1)
                li    t0, 1
                sw    t0, 132(t1)
                li    t0, 3
                out   0x20, t0
                nop
                nop
                nop
                sti
                li    a0, 7
                cli
                j     off
        """
    let (monitor, bare) = try Guests.pair(source)
    #expect(monitor.run(steps: 1000) == .stopped(.switchedOff))
    #expect(bare.run(steps: 1000) == .stopped(.switchedOff))
    #expect(bare[Register(bits: 13)] == 7)
    #expect(monitor.machine[Register(bits: 13)] == 7)
  }

  @Test func typedInputReachesTheGuestsConsole() throws {
    let source =
      Guests.prologue + """
        key:    in    a0, 0x10
                out   0x10, a0
                li    t0, 'q'
                beq   a0, t0, off
                iret
        start:  la    t0, key
                la    t1, gates
                sw    t0, 136(t1)
                li    t0, 1
                sw    t0, 140(t1)
                out   0x11, t0
        wait:   sti
                hlt
                j     wait
        """
    let monitor = try VirtualMachineMonitor(image: Guests.image(source))
    monitor.acceptsInput = true
    #expect(monitor.run(steps: 1000) == .waitingForInput)
    monitor.type(Array("a".utf8))
    #expect(monitor.run(steps: 1000) == .waitingForInput)
    monitor.type(Array("bq".utf8))
    #expect(monitor.run(steps: 1000) == .stopped(.switchedOff))
    #expect(monitor.guest.devices.console.output == Array("abq".utf8))
    #expect(monitor.guest.deliveries[17] == 3)
  }

  @Test func aVirtualTripleFaultStopsTheGuestOnly() throws {
    let monitor = try Guests.finished(".word 0")
    guard case .tripleFault(let fault)? = monitor.guest.cpu.stop else {
      Issue.record("stopped otherwise: \(String(describing: monitor.guest.cpu.stop))")
      return
    }
    #expect(fault.first == Trap(.undefined, error: 0))
    #expect(monitor.machine.stop == nil)
  }

  @Test func goingBackToASnapshotAndOnAgainGivesTheSameState() throws {
    let image = RandomKernel.image(seed: 11, .timer)
    let monitor = try VirtualMachineMonitor(image: image, memorySize: 1 << 20)
    _ = monitor.run(steps: 400)
    let saved = monitor.snapshot()
    _ = monitor.run(steps: 700)
    let first = digest(monitor)
    monitor.restore(saved)
    #expect(monitor.steps == 400)
    _ = monitor.run(steps: 700)
    #expect(digest(monitor) == first)
  }

  private func digest(_ monitor: VirtualMachineMonitor) -> [UInt8] {
    var bytes: [UInt8] = []
    monitor.describeState { bytes += $0 }
    return bytes
  }
}
