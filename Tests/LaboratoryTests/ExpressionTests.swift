import Monitor
import Onion
import OnionISA
import Testing

@testable import Laboratory

/// What `print`, conditions and goals may be written with.
struct ExpressionTests {
  static let arithmetic: [(String, Int64)] = [
    ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 * 3 % 4", 2), ("10 - 3 - 2", 5), ("7 / 2", 3),
    ("-7 / 2", -3), ("-7 % 3", -1), ("1 << 2 + 1", 8), ("1 + 1 << 3", 16), ("256 >> 4 >> 2", 4),
    ("1 < 2 == 1", 1), ("3 == 3 & 1", 1), ("6 & 3 | 8", 10), ("6 ^ 3 | 8", 13),
    ("6 | 1 ^ 1 & 3", 6),
    ("1 || 0 && 0", 1), ("0 && 1 / 0", 0), ("1 || 1 / 0", 1), ("2 && 3", 1), ("!0 + !5", 1),
    ("~0", -1), ("-~4", 5), ("- - 3", 3), ("+5", 5), ("!!7", 1), ("5 >= 5 && 5 <= 5", 1),
    ("4 != 4 || 3 > 4", 0), ("0x10 + 0b11 + 1_000", 1019), ("0xFFFF_FFFF", 4_294_967_295),
    ("0xFFFFFFFFFFFFFFFF", -1), ("9223372036854775807 + 1", .min),
    ("-9223372036854775807 - 1", .min),
    ("(1 << 63) / -1", .min), ("(1 << 63) % -1", 0), ("-(1 << 63)", .min), ("(1 << 63) * -1", .min),
    ("1 << 64", 0), ("1 << 0x7FFFFFFFFFFFFFFF", 0), ("-1 >> 1000", -1), ("1 >> 64", 0),
    ("8 << -1", 4), ("8 >> -1", 16), ("1 << (1 << 63)", 0), ("-1 >> (1 << 63)", 0),
    ("'A'", 65), ("'\\n' + '\\x41'", 75), ("'\\''", 39), ("'\\\\'", 92), ("' '", 32),
    ("  1\t+ 1 ", 2), ("1+-1", 0), ("1<2", 1), ("1&&1", 1), ("3|4", 7), ("1!=2", 1),
  ]

  @Test(arguments: arithmetic) func itIsCsArithmetic(text: String, value: Int64) throws {
    let session = try #require(Session())
    #expect(try session.value(of: text) == value)
    #expect(try session.evaluate(condition: text) == (value != 0))
  }

  static let mistakes: [(String, Int, String)] = [
    ("", 1, "missing"), ("   ", 4, "missing"), ("1 +", 4, "a value is missing"),
    ("1 + * ", 7, "missing"),
    ("(1 + 2", 7, "')' is missing"), ("1 2", 3, "'2' is too much"), ("a0 = 5", 4, "written =="),
    ("1 / (2 - 2)", 3, "division by zero"), ("5 % 0", 3, "division by zero"),
    ("spp + 1", 1, "did you mean 'sp'?"), ("1 + mod", 5, "did you mean 'mode'?"),
    ("status.IFF", 1, "did you mean 'status.IF'?"), ("bogus_name", 1, "is not known"),
    ("12ab", 1, "not a number"), ("0x", 1, "not a number"), ("1.5", 1, "not a number"),
    ("99999999999999999999", 1, "64 bits"), ("0x10000000000000000", 1, "64 bits"),
    ("mem[", 5, "missing"), ("mem[4", 6, "']' is missing"), ("foo[4]", 1, "mem8[address]"),
    ("mem[0xFFFFFFFC]", 1, "fffffffc lies outside memory"), ("mem[1 << 32]", 1, "32 bits"),
    ("*0x90000000", 1, "90000000"),
    ("traps(", 7, "')' is missing"), ("traps(pgae)", 1, "did you mean 'page'?"),
    ("traps(64)", 1, "no trap"),
    ("trap(page)", 1, "can't be called"), ("traps(alpha, page)", 1, "needs a guest"),
    ("alpha.virtual.IF", 1, "needs a guest"), ("vmm.entries", 1, "needs a guest"),
    ("$", 1, "no value"),
    ("@", 1, "no value"), ("1 + é", 5, "no value"), ("'ab'", 1, "a character is written"),
    ("'", 1, "a character is written"), ("...", 1, "not known"), (".", 1, "not known"),
    (String(repeating: "(", count: 500), 60, "too deep"),
    (String(repeating: "-", count: 500), 60, "too deep"),
    (String(repeating: "1+", count: 100_000) + "1", 2001, "longer than 2000"),
  ]

  @Test(arguments: mistakes)
  func aMistakeIsNamedAtItsPlace(text: String, column: Int, part: String) throws {
    let session = try Bench.session(Bench.calls, .bare)
    do throws(ConditionError) {
      let value = try session.value(of: text)
      Issue.record("'\(text)' is \(value)")
    } catch {
      #expect(error.column == column, "\(error)")
      #expect(error.message.contains(part), "\(error)")
      #expect(!error.message.contains("\n") && !error.message.hasSuffix("."))
    }
  }

  @Test func aLongSumIsWorkedOut() throws {
    let session = try #require(Session())
    #expect(try session.value(of: String(repeating: "1+", count: 990) + "1") == 991)
    #expect(
      try session.value(
        of: String(repeating: "(", count: 50) + "7" + String(repeating: ")", count: 50)) == 7)
  }

  @Test(arguments: Place.allCases) func registersHaveBothTheirNames(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    for (number, name) in Register.names.enumerated() where number > 0 {
      try session.change(
        .register(Register(bits: UInt32(number)), UInt32(0xF000_0000) + UInt32(number)))
      let value = Int64(0xF000_0000) + Int64(number)
      for spelling in [name, "r\(number)", "$\(name)", "$r\(number)"] {
        #expect(try session.value(of: spelling) == value)
      }
    }
    #expect(try session.value(of: "zero + r0 + $r0") == 0)
    #expect(throws: ConditionError.self) { try session.value(of: "r16") }
    #expect(throws: ConditionError.self) { try session.value(of: "r01") }
  }

  @Test func theMachinesStateHasNames() throws {
    let session = try Bench.session(Bench.calls, .bare)
    try session.change(.status(Status(rawValue: 0x24)))
    try session.change(.control(.badaddr, 0xABC))
    for (name, value): (String, Int64) in [
      ("status", 0x24), ("status.IF", 1), ("IF", 1), ("status.TF", 0), ("TF", 0),
      ("status.IOPL", 2),
      ("IOPL", 2), ("cpl", 0), ("ring", 0), ("status.CPL", 0), ("status.ring", 0),
      ("badaddr", 0xABC),
      ("mode", 0x8000_0000), ("cpuid", 0), ("steps", 0), ("cycles", 0), ("instructions", 0),
      ("stopped", 0), ("console.length", 0), ("pc == boot", 1), ("*pc == mem[boot]", 1),
      ("(mem8[pc + 3] << 24 | mem8[pc + 2] << 16 | mem16[pc]) == mem32[pc]", 1), ("POWER", 0x50),
      ("phys[pc] == mem[pc]", 1), ("phys8[pc] == mem8[pc]", 1), ("traps()", 0),
      ("traps(divide)", 0),
    ] {
      #expect(try session.value(of: name) == value, "\(name)")
    }
    _ = session.run(4)
    #expect(try session.value(of: "steps") == 4)
    #expect(try session.value(of: "tvec == gates && sp == 0x8000") == 1)
    for control in ControlRegister.allCases {
      #expect(
        try session.value(of: control.name) == Int64(session.world.machine.value(of: control)))
    }
  }

  @Test(arguments: Place.allCases) func trapsAreCounted(place: Place) throws {
    let session = try Bench.session(Bench.calls, place)
    #expect(session.continue().word == "stopped")
    #expect(try session.value(of: "stopped") == 1)
    #expect(try session.value(of: "traps(divide)") == 1)
    #expect(try session.value(of: "traps(0) + traps(32) * 10 + traps( software ) * 100") == 111)
    #expect(try session.value(of: "traps()") == Int64(session.trapLog.count))
    if place == .bare {
      #expect(try session.value(of: "traps()") == 2)
    } else {
      #expect(try session.value(of: "traps(alpha)") == 2)
      #expect(try session.value(of: "traps(alpha, divide) + traps(alpha, 32)") == 2)
      #expect(try session.value(of: "traps(alpha, protection)") == 0)
      #expect(try session.value(of: "traps(protection)") > 3)
      #expect(throws: ConditionError.self) { try session.value(of: "traps(beta, page)") }
    }
  }

  @Test func whatIsBelievedAndWhatIsTrueHaveNames() throws {
    let session = try Bench.session("start: sti\nhere: nop\n", .guest)
    try session.reach("here")
    for (name, value): (String, Int64) in [
      ("alpha.virtual.ring", 0), ("alpha.true.ring", 1), ("alpha.virtual.IF", 1),
      ("alpha.true.IF", 1),
      ("alpha.virtual.TF", 0), ("alpha.virtual.IOPL", 0), ("alpha.virtual.status", 4),
      ("alpha.true.status", 5), ("alpha.virtual.ksp0", 0x7000), ("alpha.virtual.tvec == gates", 1),
      ("alpha.true.tvec != alpha.virtual.tvec", 1), ("alpha.virtual.mode & 1", 0),
      ("alpha.true.mode & 1", 1),
      ("cpl", 1), ("vmm.emulated", 3), ("vmm.reflected", 0), ("vmm.entries >= vmm.emulated", 1),
      ("vmm.hidden > 0", 1), ("instructions == alpha.virtual.instret", 1),
    ] {
      #expect(try session.value(of: name) == value, "\(name)")
    }
    for (wrong, part) in [
      ("beta.virtual.IF", "it is 'alpha'"),
      ("alpha.virtual.XF", "did you mean 'alpha.virtual.IF'?"),
      ("vmm.emulate", "did you mean 'vmm.emulated'?"), ("vmm.entries.now", "is not known"),
      ("vmm..entries", "did you mean 'vmm.entries'?"), ("alpha.IF", "is not known"),
    ] {
      do throws(ConditionError) {
        _ = try session.value(of: wrong)
        Issue.record("\(wrong) has a value")
      } catch {
        #expect(error.message.contains(part), "\(error)")
      }
    }
  }

  @Test(arguments: Place.allCases) func noTextTrapsTheProcess(place: Place) throws {
    let session = try Bench.kernel(place)
    _ = session.run(4000)
    let state = session.whole
    let pieces =
      [
        "+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "~", "!", "&&", "||", "==", "!=", "<",
        "<=", ">",
        ">=", "=", "(", ")", "[", "]", ",", ".", "$", "'", "\\", " ", "0", "1", "0x",
        "0xFFFFFFFFFFFFFFFF",
        "(1<<63)", "9223372036854775807", "mem[", "mem8[", "mem16[", "phys[", "traps(", "page",
        "alpha", "64",
        "virtual", "true", "status", "sp", "pc", "vmm", "boot", "é", "👍🏽", "\n", "\u{0}", "'a'",
      ] + session.knownNames
    var numbers = Numbers(seed: 77)
    var valid = 0
    for _ in 0..<3000 {
      let text = (0...numbers.below(9)).map { _ in numbers.pick(pieces) }.joined()
      do throws(ConditionError) {
        _ = try session.value(of: text)
        valid += 1
      } catch {
        #expect((1...(text.count + 1)).contains(error.column), "'\(text)': \(error)")
        #expect(!error.message.isEmpty)
      }
    }
    #expect(valid > 100)
    #expect(session.whole == state)
  }
}
