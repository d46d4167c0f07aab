import Onion
import OnionISA
import Testing

@testable import Monitor

/// A guest that knows of its VMM lends it memory; one that doesn't is on a bare machine as far as it can tell.
struct BalloonTests {
  private func shallot(paravirtual: Bool, room: UInt32 = 64 << 20) throws -> VirtualMachineMonitor {
    let monitor = try VirtualMachineMonitor(
      image: #require(ShallotTests.image), memorySize: 2 << 20, roomForGuests: room)
    if paravirtual { monitor.makeParavirtual(0) }
    monitor.wallWatch = WallWatch()
    monitor.acceptsInput = true
    _ = monitor.run(steps: 2_000_000)
    return monitor
  }

  private func answer(_ monitor: VirtualMachineMonitor, to line: String) -> String {
    let before = monitor.guest.devices.console.output.count
    monitor.machine.type(Array("\(line)\n".utf8))
    for _ in 0..<20 where monitor.run(steps: 500_000) != .waitingForInput {}
    return String(
      decoding: monitor.guests[0].devices.console.output.dropFirst(before), as: UTF8.self)
  }

  private func expectWalls(_ monitor: VirtualMachineMonitor) throws {
    let watch = try #require(monitor.wallWatch)
    #expect(watch.breaches.isEmpty && watch.entries > 5)
  }

  @Test func theGuestPicksWhichFramesItGivesUp() throws {
    let monitor = try shallot(paravirtual: true)
    let free = monitor.freeFrameCount
    _ = answer(monitor, to: "write notes remember me")
    _ = answer(monitor, to: "mem")  // the shell's stack grows by a page
    #expect(answer(monitor, to: "mem").contains("\n487 frames are free\n"))
    monitor.setBalloonTarget(300, of: 0)
    #expect(answer(monitor, to: "mem").contains("\n187 frames are free\n"))
    #expect(monitor.guests[0].memory.givenUp == 300)
    #expect(monitor.freeFrameCount == free + 300)
    #expect(answer(monitor, to: "cat notes").contains("remember me"))
    #expect(answer(monitor, to: "pages 100").contains("the sum of all pages is 4950"))
    monitor.setBalloonTarget(0, of: 0)
    #expect(answer(monitor, to: "mem").contains("\n487 frames are free\n"))
    #expect(monitor.guests[0].memory.givenUp == 0 && monitor.freeFrameCount == free)
    try expectWalls(monitor)
  }

  @Test func whatItGaveUpIsAnotherGuestsAndEmpty() throws {
    // Room for a second guest of 1 MiB only if the first gives half of its memory up.
    let monitor = try shallot(
      paravirtual: true, room: (1 << 20) + (2 << 20) + (1 << 20) + (512 << 10))
    let image = try Guests.image("boot: li s0, 7\nloop: addi s0, s0, 1\n j loop\n")
    #expect(throws: MonitorError.noRoom(memorySize: 1 << 20)) {
      try monitor.addGuest(name: "beta", image: image, memorySize: 1 << 20)
    }
    _ = answer(monitor, to: "pages 300")
    monitor.setBalloonTarget(256, of: 0)
    _ = answer(monitor, to: "mem")
    try monitor.addGuest(name: "beta", image: image, memorySize: 1 << 20)
    let beta = monitor.guests[1]
    for number in UInt32(0)..<256 where number != 1 {
      let frame = try #require(beta.memory[GuestFrame(number)])
      #expect(monitor.machine.memory.isEmpty(frame))
    }
    monitor.changeShare(of: 1) { $0.isPaused = false }
    _ = monitor.run(steps: 100_000)
    #expect(monitor.guests[1].cpu.instret > 10_000)
    // Nothing is left to give back.
    monitor.setBalloonTarget(0, of: 0)
    _ = monitor.run(steps: 300_000)
    #expect(monitor.guests[0].memory.givenUp == 124 && monitor.freeFrameCount == 0)
    try expectWalls(monitor)
  }

  @Test func whoDoesNotKnowOfItsVMMHasTheWholeMachine() throws {
    let monitor = try shallot(paravirtual: false)
    monitor.setBalloonTarget(300, of: 0)
    #expect(answer(monitor, to: "mem").contains("\n488 frames are free\n"))
    #expect(monitor.guests[0].memory.givenUp == 0 && monitor.guests[0].counts.hypercalls == 0)
  }

  /// Only a kernel's calls are the VMM's; a program's go to its kernel.
  @Test func aFrameThatWasGivenUpIsAsMemoryThatIsNotThere() throws {
    let source =
      Guests.prologue + """
        start:  la    t0, gates
                la    t1, fault
                sw    t1, 40(t0)
                li    t1, 1
                sw    t1, 44(t0)
                vmcall 0
                mv    s0, a0
                li    a0, 0x40
                vmcall 2
                mv    s1, a0
                li    a0, 0x40
                vmcall 2
                mv    s2, a0
                li    t2, 0x40000
                lw    a1, 0(t2)
                j     off
        fault:  lw    a2, 0(sp)
                getcr a3, badaddr
                vmcall 99
                j     off
        """
    let monitor = try VirtualMachineMonitor(
      image: Guests.image(source), memorySize: 1 << 20, roomForGuests: 16 << 20)
    monitor.makeParavirtual(0)
    monitor.wallWatch = WallWatch()
    #expect(monitor.run(steps: 10_000) == .stopped(.switchedOff))
    func value(_ name: String) throws -> UInt32 {
      monitor.machine[try #require(Register(name: name))]
    }
    #expect(try value("s0") == 1 && value("s1") == 0 && value("s2") == .max)
    // Present and reserved: outside memory, as the bare machine would say.
    #expect(try value("a2") & 9 == 9 && value("a3") == 0x40000 && value("a0") == .max)
    try expectWalls(monitor)
  }
}
