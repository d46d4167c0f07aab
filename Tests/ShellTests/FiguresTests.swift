import Laboratory
import OnionISA
import Testing

@testable import Shell

/// Figures and sentences that say what they are.
struct FiguresTests {
  private func shell(_ lines: String...) throws -> CommandInterpreter {
    let shell = try makeInterpreter(
      folders: [shippedLessons + "/09-whose-trap", shippedLessons + "/14-three-duties-one-theorem"])
    for line in lines { shell.say(line) }
    return shell
  }

  /// A guest's clock is its own time, and not what the bare machine would take.
  @Test(arguments: ["asks.s", "kernel.s", "two-modes.s"])
  func ownTimeIsNotCalledBare(program: String) throws {
    let bare = try shell("load \(program)", "continue")
    let guest = try shell("load --guest \(program)", "continue")
    let own = try guest.value(of: "alpha.cycles - vmm.idle")
    let said = guest.say("cost")
    let first = try #require(said.split(separator: "\n").first { $0.contains("own time") })
    let digits = first.prefix { !$0.isLetter && $0 != "." }.filter(\.isNumber)
    #expect(digits.hasPrefix("\(own)"), "\(first)")
    #expect(try bare.value(of: "cycles") != own, "the note on the bare machine is needed")
    #expect(said.contains("'compare' runs both") && !said.contains("on the bare machine"))
  }

  /// No card says what the bare machine would take: a guest's own clock is in its record.
  @Test func cardsTellTheGuestsOwnClock() throws {
    let shell = try shell("load --guest kernel.s")
    for _ in 0..<60 {
      let card = shell.say("trap")
      guard let record = shell.session.lastTrap, let before = record.before.virtual,
        let after = record.after.virtual
      else { continue }
      if record.outcome == .filledShadow, !record.tellsGuest {
        #expect(card.contains("no trap on the bare machine"))
      } else {
        let own = after.cycles - before.cycles
        #expect(
          card.contains("\(own) cycle\(own == 1 ? "" : "s") of alpha's own time, "), "\(card)")
      }
    }
  }

  /// `compare` runs what `cost` tells, to the cycle: to choose what is chosen costs nothing.
  @Test(arguments: ["asks.s", "kernel.s", "two-modes.s"])
  func compareAndCostAgree(program: String) throws {
    let shell = try shell("load --guest \(program)", "continue")
    let cycles = try shell.value(of: "cycles")
    let comparison = try #require(try shell.session.compareTechniques())
    #expect(comparison.runs[1].cycles == UInt64(cycles))
    // The setting that is already so changes nothing, wherever it is made.
    let again = try self.shell("load --guest \(program)", "run 500", "shadow each", "continue")
    #expect(try again.value(of: "cycles") == cycles)
  }

  /// What `technique` says of one compressed table, by running it: virtual ring 1 gets in, and ring 3 doesn't.
  @Test func oneTableLeaksToRing1Only() throws {
    for (ring, leaks) in [(1, true), (2, false), (3, false)] {
      for compressed in [false, true] {
        let shell = try shell()
        let program = try TemporaryProgram(Self.ringReads(ring))
        shell.say("load --guest \(program.file)")
        if compressed { shell.say("shadow one") }
        shell.say("run 100000")
        #expect(shell.session.world.stop != nil, "it ends")
        let read = try shell.value(of: "s0 == 0x1234")
        #expect((read == 1) == (compressed && leaks), "ring \(ring), one table: \(compressed)")
        if read == 0 { #expect(try shell.value(of: "traps(alpha, page)") == 1) }
      }
    }
    let shell = try shell("load --guest kernel.s", "shadow one")
    let words = shell.say("technique").split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(
      words.contains("code in alpha's ring 1 gets at whatever page of its ring 0 has an entry"))
    #expect(words.contains("Rings 2 and 3 fault there, as they should"))
  }

  /// A kernel that touches a word on a page of its own, and goes to a ring that reads it.
  static func ringReads(_ ring: Int) -> String {
    """
            .equ  P, 1
            .equ  W, 2
            .org  0x1000
            .entry boot
    gates:  .space 512
    boot:   li    sp, 0x7000
            la    t0, gates
            setcr tvec, t0
            li    t0, 0x6000
            setcr ksp0, t0
            la    t1, over
            la    t0, gates
            sw    t1, 40(t0)
            li    t2, 1
            sw    t2, 44(t0)
            la    t1, over
            sw    t1, 256(t0)
            li    t2, 7
            sw    t2, 260(t0)
            la    t0, directory
            setcr ptbr, t0
            li    t0, 1
            setcr mode, t0
            li    t0, 0x1234
            sw    t0, 0x2000(zero)
            lw    t1, 0x2000(zero)
            li    t0, 0x9800
            push  t0
            li    t0, \(ring)
            push  t0
            la    t0, outside
            push  t0
            push  zero
            iret
    over:   li    t0, 1
            out   0x50, t0
            .org  0x8000
    outside: li   s0, 7
            lw    s0, 0x2000(zero)
            int   32
            .org  0xA000
    directory: .word 0xB000 + P
            .org  0xB000
            .word 0x0000 + P + W, 0x1000 + P + W, 0x2000 + P + W, 0x3000 + P + W
            .word 0x4000 + P + W, 0x5000 + P + W, 0x6000 + P + W, 0x7000 + P + W
            .word 0x8000 + P + W + \(ring * 4), 0x9000 + P + W + \(ring * 4), 0xA000 + P + W, 0xB000 + P + W
    """
  }

  /// On the classic profile an iret of real ring 1 doesn't trap: the guest knows where it is, the VMM doesn't yet.
  @Test func afterASilentReturnTheRecordIsWrong() throws {
    let shell = try shell()
    let program = try TemporaryProgram(Self.ringReads(3))
    shell.say("load --guest --profile classic \(program.file)", "until outside")
    #expect(try shell.value(of: "cpl == 3 && pc == outside") == 1)
    #expect(try shell.value(of: "alpha.virtual.ring") == 0, "the record")
    let said = shell.say("vcpu")
    let ring = try #require(said.split(separator: "\n").first { $0.contains("ring ") })
    #expect(ring.split(separator: " ").map(String.init) == ["*", "ring", "0", "3"], "\(ring)")
    let words = said.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("the VMM's record true") && !words.contains("alpha is wrong"))
    #expect(words.contains("alpha is right, and the VMM's record is wrong: it still says ring 0"))
    // Once the VMM was entered it knows.
    shell.say("trap")
    #expect(!shell.say("vcpu").contains("record is wrong"))
    let strict = try self.shell("load --guest \(program.file)", "until outside")
    #expect(!strict.say("vcpu").contains("record"))
  }

  // MARK: Numbers and names

  @Test(arguments: ["run", "step", "next", "trap", "back"])
  func aLabelIsNoCount(command: String) throws {
    let shell = try shell("load kernel.s", "run 100")
    let said = shell.say("\(command) puts")
    #expect(said.contains("'puts' is a place in the program and no number of"), "\(said)")
    #expect(said.contains("'until puts'"))
    #expect(shell.session.world.steps == 100)
    #expect(shell.say("\(command) puts + 4").contains("'until puts'"))
    shell.say("set $n = 3", "goto 100", "run $n", "run 2 * 2", "run mem8[puts] & 1 | 1")
    #expect(shell.session.world.steps == 108)
  }

  /// Every name that `set` takes, an expression has.
  @Test func whatIsSetIsPrinted() throws {
    let shell = try shell("load --guest kernel.s")
    for name in CycleTable.entries.map({ "cost.\($0.name)" }) {
      shell.say("set \(name) = 77")
      #expect(try shell.value(of: name) == 77, "\(name)")
      #expect(try shell.value(of: "\(name)-7 + 1") == 71, "\(name)")
    }
    #expect(shell.say("print cost.vmm-dispach").contains("'cost table' lists them"))
    #expect(shell.say("print alpha.virtual.iopl").contains("did you mean 'alpha.virtual.IOPL'?"))
    #expect(shell.say("print alpha.true.if").contains("did you mean 'alpha.true.IF'?"))
  }

  /// One reading of numbers, wherever they are typed.
  @Test(arguments: [
    ("00111", 0x111), ("0000c000", 0xC000), ("005fc003", 0x5F_C003), ("00400", 0x400),
    ("00001000", 0x1000), ("8000001c", 0x8000_001C), ("c0001000", 0xC000_1000), ("007", 7),
    ("0", 0), ("10000000", 10_000_000), ("12345", 12345), ("0x10", 16), ("0b101", 5),
    ("1_000", 1000),
  ])
  func aNumberIsReadInOneWay(text: String, value: Int64) throws {
    let shell = try shell("load kernel.s")
    #expect(try shell.value(of: text) == value)
    #expect(NumberSyntax.values(text).first == value)
    #expect(try shell.value(of: "\(text) + 1") == value + 1)
  }

  @Test func aNewMachineKeepsWhatIsNotTheMachines() throws {
    let shell = try shell("set budget 5000", "set history 64M", "machine --memory 8M")
    #expect(shell.session.budget == 5000)
    #expect(shell.session.historyLimit == 64 << 20)
    shell.say("host new other", "host use other")
    #expect(shell.session.budget == 5000 && shell.session.historyLimit == 64 << 20)
    #expect(shell.session.acceptsInput)
  }

  @Test func aNameThatIsNoTextIsTold() throws {
    let said = try shell().say("load caf\u{FFFD}.s")
    #expect(said.contains("is not text in UTF-8") && !said.contains("it was looked for"))
  }

  /// Where a program is made of several files, a narrow line still names the file.
  @Test(arguments: [20, 30, 40]) func aNarrowLineNamesItsFile(width: Int) throws {
    let shell = try makeInterpreter(width: width, folders: [shippedLessons + "/09-whose-trap"])
    let said = shell.say("load asks.s")
    #expect(said.split(separator: "\n").allSatisfy { $0.count <= width }, "\(said)")
    let last = try #require(said.split(separator: "\n").last)
    #expect(last.contains("small-kernel") || width < 24, "\(said)")
  }
}
