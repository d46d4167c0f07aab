import Foundation
import OnionAssembler
import OnionISA
import Testing

@testable import Laboratory
@testable import Monitor
@testable import Onion

/// Disks and the network card: data that move past the CPU, on the bare machine and for a guest.
struct TransferTests {
  private static let ports = """
            .equ SECTOR, 0x30
            .equ ADDRESS, 0x31
            .equ COMMAND, 0x32
            .equ STATUS, 0x33
            .equ SELECT, 0x34
            .equ POWER, 0x50
            .org 0x1000
            .entry boot

    """

  /// `a0` sector, `a1` address, `a2` disk, `a3` command; gives the status in `a0` when it is done.
  private static let transfer = """
    transfer:
            out   SECTOR, a0
            out   ADDRESS, a1
            out   SELECT, a2
            out   COMMAND, a3
    busy:   in    a0, STATUS
            li    t0, 1
            beq   a0, t0, busy
            out   STATUS, t0
            ret
    off:    li    t0, 1
            out   POWER, t0

    """

  private func finished(_ source: String, _ place: Place) throws -> Session {
    let session = try Bench.session(Bench.image(Self.ports + source + Self.transfer), place)
    _ = session.run(200_000)
    #expect(session.world.stop == .switchedOff)
    return session
  }

  private func register(_ name: String, _ session: Session) -> UInt32 {
    Register(name: name).map { session.world.machine[$0] } ?? .max
  }

  private func word(_ session: Session, _ address: UInt32) -> UInt32? {
    session.world.machineAddress(ofPhysical: address)
      .flatMap { session.world.machine.memory.word(at: $0) }
  }

  @Test(arguments: Place.allCases) func whatIsWrittenIsReadBack(place: Place) throws {
    let session = try finished(
      """
      boot:   li    t0, 0x1234
              li    t1, 0x4000
              sw    t0, 0(t1)
              sw    t0, 508(t1)
              li    a0, 5
              li    a1, 0x4000
              li    a2, 1
              li    a3, 2
              jal   ra, transfer
              mv    s0, a0
              li    a0, 5
              li    a1, 0x6000
              li    a2, 1
              li    a3, 1
              jal   ra, transfer
              mv    s1, a0
              j     off

      """, place)
    #expect(register("s0", session) == 0 && register("s1", session) == 0)
    #expect(word(session, 0x6000) == 0x1234 && word(session, 0x61FC) == 0x1234)
    #expect(session.world.diskSector(1, 5)?.prefix(4) == [0x34, 0x12, 0, 0])
    #expect(session.world.diskSector(0, 5) == [UInt8](repeating: 0, count: 512))
  }

  @Test(
    arguments: [
      (2048, 0x4000, 0, 1), (0, 0x4002, 0, 1), (0, 0x40_0000, 0, 1), (0, 0x3F_FF00, 0, 1),
      (0, 0x4000, 3, 1), (0, 0xFFFF_FFFC, 0, 2), (0xFFFF_FFFF, 0x4000, 0, 2),
    ] as [(UInt32, UInt32, UInt32, UInt32)], Place.allCases)
  func anErrorMovesNothing(
    command: (sector: UInt32, address: UInt32, disk: UInt32, command: UInt32), place: Place
  ) throws {
    let session = try finished(
      """
      boot:   li    a0, \(command.sector)
              li    a1, \(command.address)
              li    a2, \(command.disk)
              li    a3, \(command.command)
              jal   ra, transfer
              j     off

      """, place)
    #expect(register("a0", session) == 2)
    for disk in session.world.machine.devices.disks.compactMap({ $0 }) {
      #expect(disk == DiskContents(sectorCount: disk.sectorCount))
    }
  }

  @Test(arguments: Place.allCases) func aPulledDiskFailsAndANewOneIsEmpty(place: Place) throws {
    let source = """
      boot:   li    a1, 0x4000
              li    t0, 7
              sw    t0, 0(a1)
              li    a0, 5
              li    a2, 1
              li    a3, 2
              jal   ra, transfer
      again:  li    a0, 5
              li    a3, 1
              jal   ra, transfer
              mv    s0, a0
              lw    s1, 0(a1)
              j     again

      """
    let session = try Bench.session(Bench.image(Self.ports + source + Self.transfer), place)
    _ = session.run(4000)
    #expect(register("s1", session) == 7)
    try session.change(.disk(1, isPresent: false, guest: nil))
    _ = session.run(4000)
    #expect(register("s0", session) == 2)
    try session.change(.disk(1, isPresent: true, guest: nil))
    _ = session.run(4000)
    #expect(register("s0", session) == 0 && register("s1", session) == 0)
    // All of it can be gone over again.
    let end = session.world.snapshotDigest()
    session.goTo(step: 10)
    session.goTo(step: 12_000)
    #expect(session.world.snapshotDigest() == end)
  }

  /// The data come 2000 cycles after the command, not before, also for who doesn't ask the controller.
  @Test(arguments: Place.allCases) func theDataComeWhenTheyAreDue(place: Place) throws {
    let session = try finished(
      """
      boot:   li    t0, -1
              li    a1, 0x4000
              sw    t0, 0(a1)
              li    a3, 1
              out   SECTOR, zero
              out   ADDRESS, a1
              out   SELECT, zero
              out   COMMAND, a3
              li    s0, 0
      wait:   addi  s0, s0, 1
              lw    t1, 0(a1)
              bnez  t1, wait
              j     off

      """, place)
    // Three instructions a round, one cycle each, and the walks of TLB misses in a guest.
    #expect((660...668).contains(register("s0", session)), "\(register("s0", session))")
  }

  /// Code that a disk brings runs, though the page had been decoded before.
  @Test(arguments: Place.allCases) func codeFromADiskRuns(place: Place) throws {
    let session = try finished(
      """
      boot:   la    a1, piece
              li    a0, 3
              li    a2, 0
              li    a3, 2
              jal   ra, transfer
              la    t0, ret_at
              lw    t1, 0(t0)
              la    t0, piece
              jal   ra, piece
              mv    s0, a0
              sw    zero, 0(t0)
              sw    t1, 0(t0)
              li    a0, 0
              jal   ra, piece
              mv    s1, a0
              la    a1, piece
              li    a0, 3
              li    a2, 0
              li    a3, 1
              jal   ra, transfer
              jal   ra, piece
              mv    s2, a0
              j     off
      ret_at: ret
              .align 512
      piece:  li    a0, 42
              ret
              .space 512

      """, place)
    #expect(register("s0", session) == 42)
    #expect(register("s2", session) == 42)
    #expect(register("s1", session) != 42, "in between it only returned")
  }

  /// A page table that a disk brings counts, as if a store had written it.
  @Test(arguments: Place.allCases) func pageTablesFromADiskCount(place: Place) throws {
    let session = try finished(
      """
              .equ  P, 1
              .equ  W, 2
              .equ  AD, 0x30
      boot:   li    t0, 11
              li    t1, 0x10000
              sw    t0, 0(t1)
              li    t0, 22
              li    t1, 0x11000
              sw    t0, 0(t1)
      ; a directory at 0x8000, a table at 0x9000: page n is frame n, page 0x20 is frame 0x10
              li    t0, 0x9000 + P
              li    t1, 0x8000
              sw    t0, 0(t1)
              li    t1, 0x9000
              li    t2, P + W + AD
              li    t0, 32
      fill:   sw    t2, 0(t1)
              addi  t1, t1, 4
              li    a0, 0x1000
              add   t2, t2, a0
              addi  t0, t0, -1
              bnez  t0, fill
              li    t2, 0x11000 + P + W + AD
              sw    t2, 0(t1)
      ; with that entry the sector goes to the disk, then the entry is made frame 0x10
              li    a0, 9
              li    a1, 0x9000
              li    a2, 2
              li    a3, 2
              jal   ra, transfer
              li    t2, 0x10000 + P + W + AD
              li    t1, 0x9080
              sw    t2, 0(t1)
              li    t0, 0x8000
              setcr ptbr, t0
              li    t0, 1
              setcr mode, t0
              li    t1, 0x20000
              lw    s0, 0(t1)
              li    a0, 9
              li    a1, 0x9000
              li    a2, 2
              li    a3, 1
              jal   ra, transfer
              li    t1, 0x20000
              invlpg t1
              lw    s1, 0(t1)
              j     off

      """, place)
    #expect(register("s0", session) == 11 && register("s1", session) == 22)
  }

  @Test(arguments: Place.allCases) func framesAreSentAndReceived(place: Place) throws {
    let session = try Bench.session(
      Bench.image(
        Self.ports + """
                  .equ  BUFFER, 0x41
                  .equ  LENGTH, 0x42
                  .equ  NETWORK, 0x43
                  .equ  NSTATUS, 0x44
          boot:   in    s0, 0x40
                  li    t0, 0x01FF
                  li    t1, 0x4000
                  sw    t0, 0(t1)
                  out   BUFFER, t1
                  li    t0, 14
                  out   LENGTH, t0
                  li    t0, 1
                  out   NETWORK, t0
          busy:   in    a0, NSTATUS
                  beq   a0, t0, busy
                  out   NSTATUS, t0
                  li    t1, 0x5000
                  out   BUFFER, t1
                  li    t0, 2
                  out   NETWORK, t0
          wait:   lw    s1, 0(t1)
                  beqz  s1, wait
                  in    s2, LENGTH
                  li    t0, 1
                  out   POWER, t0

          """), place)
    _ = session.run(1000)
    #expect(
      session.world.devices.network.sent.last == [[0xFF, 0x01] + [UInt8](repeating: 0, count: 12)])
    let frame = [UInt8](1...20)
    switch session.world {
    case .bare(let machine):
      machine.devices.network.arrive([1, 2], at: machine.cycles)
      machine.devices.network.arrive(frame, at: machine.cycles)
    case .guest(let monitor):
      monitor.state.guest.devices.network.arrive(frame, at: monitor.guest.cpu.cycles + 100)
      // What brings the VMM back is set when the guest is resumed.
      try session.change(.typed([1]))
    }
    _ = session.run(1000)
    if place == .guest { return }
    #expect(session.world.stop == .switchedOff)
    #expect(register("s0", session) == 1)
    #expect(register("s1", session) == 0x0403_0201)
    #expect(register("s2", session) == 20)
  }

  @Test func diskContentsAreAValue() {
    var one = DiskContents(sectorCount: 20)
    #expect(one[20] == nil)
    #expect(one[19] == [UInt8](repeating: 0, count: 512))
    let isOutside = !one.write([1], to: 20)
    #expect(isOutside)
    let other = one
    let isWritten = one.write([1, 2], to: 9)
    #expect(isWritten)
    #expect(one != other)
    #expect(other[9]?.first == 0 && one[9]?.prefix(3) == [1, 2, 0])
    #expect(one.usedSectors == [9])
    one.write([], to: 9)
    #expect(one == other, "zeros are as if nothing was written")
  }
}

extension World {
  /// A digest of everything, to compare two moments.
  func snapshotDigest() -> [UInt8] {
    var bytes: [UInt8] = []
    describeState { bytes += $0 }
    return bytes
  }
}
