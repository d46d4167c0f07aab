import Testing

@testable import Shell

/// Double and triple faults are told delivery by delivery.
struct FailedDeliveryTests {
  private static let triple = """
            .org  0x1000
    boot:   li    sp, 0x8000
    broken: div   a0, a0, zero
    """

  /// Gate 7 is there and gate 0 is not.
  private static let double = """
            .org  0x1000
            .entry boot
    gates:  .space 512
    boot:   li    sp, 0x8000
            la    t0, gates
            setcr tvec, t0
            la    t1, off
            sw    t1, 56(t0)
            li    t1, 1
            sw    t1, 60(t0)
    broken: div   a0, a0, zero
    off:    j     off
    """

  private func shell(_ program: String, guest: Bool, width: Int = 80) throws -> CommandInterpreter {
    let folder = try TemporaryProgram(program)
    let shell = try makeInterpreter(width: width, folders: [folder.path])
    shell.say("load \(guest ? "--guest " : "")program.s", "until broken")
    return shell
  }

  @Test(arguments: [false, true]) func theStopTellsWhichDeliveriesFailed(guest: Bool) throws {
    let shell = try shell(Self.triple, guest: guest)
    #expect(
      shell.say("c") == """
        the machine has stopped: triple fault
          1  Trap 0 divide was due at 00001004 broken.
          2  Vector 0 can't be delivered: Gate 0 of the trap table is absent.
          3  So a double fault is due: vector 7, error 0 (the first vector).
          4  Vector 7 can't be delivered: Gate 7 of the trap table is absent.
          5  That is a triple fault: nothing runs any further.

        """)
  }

  @Test func theCardOfATripleFaultTellsThemToo() throws {
    let shell = try shell(Self.triple, guest: false)
    let card = shell.say("step")
    #expect(card.hasPrefix("━━ trap 1 ━"))
    #expect(
      card.hasSuffix(
        """
         why       div divides by a register that holds 0.
         rings     the trap could not be delivered
         delivery  1  Vector 0 can't be delivered: Gate 0 of the trap table is absent.
                   2  So a double fault is due: vector 7, error 0 (the first vector).
                   3  Vector 7 can't be delivered: Gate 7 of the trap table is absent.
                   4  That is a triple fault: nothing runs any further.
         cost      0 cycles

        """))
  }

  @Test func theCardOfADoubleFaultTellsWhy() throws {
    let card = try shell(Self.double, guest: false).say("step")
    #expect(
      card.contains(
        """
         delivery  1  Vector 0 can't be delivered: Gate 0 of the trap table is absent.
                   2  So a double fault is due: vector 7, error 0 (the first vector).
         vector    7 double, error 0 (first vector 0)

        """))
  }

  @Test func theVMMTellsItOfItsGuest() throws {
    let card = try shell(Self.double, guest: true).say("step")
    #expect(
      card.contains(
        """
                   3  vector 0 can't be delivered: Gate 0 of the trap table is absent.
                      So a double fault is due: vector 7, error 0 (the first vector).
                   4  delivers vector 7 (double) to alpha's handler
        """))
    let last = try shell(Self.triple, guest: true).say("step")
    #expect(last.contains("   4  vector 7 can't be delivered: Gate 7"))
    #expect(last.contains("      That is a triple fault: nothing runs any further.\n"))
  }

  @Test func itFitsANarrowTerminal() throws {
    let shell = try shell(Self.triple, guest: false, width: 40)
    let lines = shell.say("step", "back", "c").split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 40 })
    #expect(lines.contains("  5  That is a triple fault: nothing"))
  }
}
