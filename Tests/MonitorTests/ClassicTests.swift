import Monitor
import Onion
import OnionISA
import Testing

/// The holes of the classic profile: trap-and-emulate alone fails, visibly.
struct ClassicTests {
  @Test func getstTellsTheGuestItsRealRing() throws {
    let classic = try Guests.finished("getst a0\n hlt", profile: .classic)
    #expect(Status(rawValue: classic.machine[Register(bits: 4)]).cpl == .ring1)
    let strict = try Guests.finished("getst a0\n hlt", profile: .strict)
    #expect(Status(rawValue: strict.machine[Register(bits: 4)]).cpl == .ring0)
  }

  @Test func gettvTellsTheGuestWhereTheMonitorsTrapTableLies() throws {
    let monitor = try Guests.finished(
      "li t0, 0x3000\n setcr tvec, t0\n gettv a0\n hlt", profile: .classic)
    #expect(monitor.machine[Register(bits: 4)] == monitor.ownPages.trapTable.rawValue)
  }

  @Test func setstDoesNotTurnInterruptsOn() throws {
    let source = "li t0, 4\n setst t0\n hlt"
    let classic = try Guests.finished(source, profile: .classic)
    #expect(classic.guest.cpu.stop == .haltedForGood)
    let strict = try Guests.finished(source, profile: .strict)
    #expect(strict.guest.cpu.stop == .haltedNothingCanCome)
  }

  @Test func aFrameWithRing0PoppedInRing1TrapsAndIsCarriedOut() throws {
    let source =
      Guests.prologue + """
        start:  addi  sp, sp, -16
                la    t0, there
                sw    t0, 4(sp)
                sw    zero, 8(sp)
                sw    sp, 12(sp)
                iret
        there:  li    s0, 5
                j     off
        """
    let monitor = try Guests.finished(source, profile: .classic)
    #expect(monitor.machine[Register(bits: 13)] == 5)
    #expect(monitor.guest.cpu.ring == .ring0)
  }

  @Test func theMonitorLearnsARingThatIretReachedWithoutATrap() throws {
    // iret to ring 3 doesn't trap on classic; the next entry shows where the guest really is.
    let source =
      ShadowTests.paged + """
        li   t0, TABLE + 4*0xC
        li   t1, 0xC00F
        sw   t1, 0(t0)
        li   t0, 0xC000
        invlpg t0
        li   t1, 0x81000000
        sw   t1, 0(t0)
        addi sp, sp, -16
        sw   t0, 4(sp)
        li   t1, 7
        sw   t1, 8(sp)
        sw   sp, 12(sp)
        iret
        """
    let monitor = try VirtualMachineMonitor(image: Guests.image(source), profile: .classic)
    let events = Guests.events(of: monitor) {
      if case .statusChanged(_, let new) = $0 { new.cpl == .ring3 } else { false }
    }
    #expect(!events.isEmpty)
    // Believed IF is still off: the iret that should have set it changed nothing, and nobody was told.
    #expect(!monitor.guest.cpu.status.interruptsEnabled)
  }
}
