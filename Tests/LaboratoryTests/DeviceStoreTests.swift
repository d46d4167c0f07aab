import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// What a device stores is the device's, not the instruction's that happened to run.
struct DeviceStoreTests {
  /// Stores to 0x8000, then lets disk 0 read its first sector there.
  static let reading = """
    start:  la    t0, 0x8000
            out   0x31, t0
            out   0x30, zero
            out   0x34, zero
            la    t1, 0x12345678
    put:    sw    t1, 0(t0)
            li    t1, 1
            out   0x32, t1
    wait:   in    t2, 0x33
            andi  t2, t2, 3
            li    t1, 1
            beq   t2, t1, wait
    got:    lw    a0, 0(t0)
            j     off
    """

  private func device(_ result: RunResult) throws -> TransferDevice? {
    guard case .breakpoint(let hits) = result.reason else {
      throw WatchFailure(text: "\(result.reason)")
    }
    return try #require(hits.first).device
  }

  private func stops() throws -> [Breakpoint.Place] {
    [
      .memory(WatchedMemory(.virtual, 0x8000, size: 4, access: .change)),
      .memory(WatchedMemory(.physical, 0x8000, size: 4, access: .any)),
      .value(try Query.parse("mem[0x8000] & 0xFFFF")),
      .value(try Query.parse("phys[mem[0x8000] * 0 + 0x8000]")),
    ]
  }

  @Test(arguments: Place.allCases) func aDisksStoreIsTheDisks(place: Place) throws {
    for stop in try stops() {
      let session = try Bench.session(Self.reading, place)
      session.addBreakpoint(stop)
      // Two words are watched by the program's own store first.
      #expect(try device(session.continue()) == nil)
      let here = session.world.steps
      #expect(try device(session.continue()) == .disk(0))
      #expect(try session.value(of: "mem[0x8000]") == 0)
      let there = session.world.steps
      // Step by step, and backwards.
      session.goTo(step: there - 1)
      #expect(try device(session.step()) == .disk(0))
      try session.reach("got")
      #expect(try device(session.continueBack()) == .disk(0))
      #expect(session.world.steps == there - 1)
      #expect(try device(session.continueBack()) == nil)
      #expect(session.world.steps == here - 1)
    }
  }

  @Test(arguments: Place.allCases) func anotherSectorsWordIsNot(place: Place) throws {
    let session = try Bench.session(Self.reading, place)
    // The step in which the disk is done changes a register as well, elsewhere.
    session.addBreakpoint(.value(try Query.parse("t2")))
    while case .breakpoint(let hits) = session.continue().reason {
      #expect(hits.allSatisfy { $0.device == nil })
    }
  }
}
