import TestSupport
import Testing

@testable import Shell

/// What `why` suggests is typed, and then the instruction runs.
struct WhyTests {
  /// Paging with the first 16 pages mapped to themselves for ring 0, and ring 3's at 0x8000 and 0x9000.
  private static let prologue = """
            .equ  P, 1
            .equ  W, 2
            .equ  U, 12
            .org  0x1000
            .entry boot
    gates:  .space 512
    boot:   li    sp, 0x7000
            la    t0, gates
            setcr tvec, t0
            li    t0, 0x6000
            setcr ksp0, t0
            la    t1, handler
            li    a5, 0
    fill:   sw    t1, 0(t0)
            li    t0, 0
            la    t0, gates
            slli  t2, a5, 3
            add   t0, t0, t2
            sw    t1, 0(t0)
            li    t2, 7
            sw    t2, 4(t0)
            addi  a5, a5, 1
            li    t2, 64
            bne   a5, t2, fill
            la    t0, directory
            setcr ptbr, t0
            li    t0, 1
            setcr mode, t0
            j     main
    handler: j    handler
    user:   la    t0, 0x9800
            push  t0
            li    t0, 3
            push  t0
            la    t0, outside
            push  t0
            push  zero
            iret

    """

  private static let epilogue = """

            .org  0xA000
    directory: .word 0xB000 + P
            .org  0xB000
            .word 0x0000 + P + W, 0x1000 + P + W, 0x2000 + P + W, 0x3000 + P + W
            .word 0x4000 + P + W, 0x5000 + P + W, 0x6000 + P + W, 0x7000 + P + W
            .word 0x8000 + P + W + U, 0x9000 + P + W + U, 0xA000 + P + W, 0xB000 + P + W
            .word 0xC000 + P + W, 0xD000 + P, 0x0, 0xF000 + P + 0x40
    """

  /// Kinds of refusals, and programs that meet one; those of ring 3 stand behind `outside`.
  static let inRing0: [(String, String)] = [
    ("division", "main: li a0, 5\n div a0, a0, a5\n"),
    ("rest", "main: li a0, 5\n li s0, 0\n rem a0, a0, s0\n"),
    ("undefined", "main: .word 0xFF000000\n"),
    ("misaligned load", "main: li s0, 0xC002\n lw a0, 0(s0)\n"),
    ("misaligned store", "main: li s0, 0xC001\n sh a0, 0(s0)\n"),
    ("misaligned jump", "main: la s0, handler + 2\n jalr ra, 0(s0)\n"),
    (
      "misaligned iret",
      "main: push sp\n push zero\n la t0, handler + 1\n push t0\n push t0\n iret\n"
    ),
    ("not writable", "main: li s0, 0xD000\n sw a0, 0(s0)\n"),
    ("not present", "main: li s0, 0xE000\n sw a0, 0(s0)\n"),
    ("reserved bits", "main: li s0, 0xF000\n lw a0, 0(s0)\n"),
    ("no table", "main: li s0, 0x800000\n sw a0, 0(s0)\n"),
    ("other ring's code", "main: la s0, outside\n jalr ra, 0(s0)\n"),
    ("gate absent", "main: la t0, gates + 40 * 8\n sw zero, 4(t0)\n int 40\n"),
    (
      "handler misaligned",
      "main: la t0, gates + 40 * 8\n la t1, handler + 2\n sw t1, 0(t0)\n int 40\n"
    ),
    ("handler outward", "main: la t0, gates + 40 * 8\n la t1, outside\n sw t1, 0(t0)\n int 40\n"),
  ]

  static let inRing3: [(String, String)] = [
    ("privileged", "main: j user\n .org 0x8000\noutside: nop\n cli\n"),
    ("port", "main: j user\n .org 0x8000\noutside: nop\n out 0x10, a0\n"),
    ("outside", "main: j user\n .org 0x8000\noutside: nop\n li s0, 0xC000\n lw a0, 0(s0)\n"),
    (
      "gate's ring",
      "main: la t0, gates + 40 * 8\n li t1, 1\n sw t1, 4(t0)\n j user\n .org 0x8000\noutside: nop\n int 40\n"
    ),
    (
      "return inward",
      "main: j user\n .org 0x8000\noutside: nop\n push sp\n push zero\n la t0, outside\n push t0\n push t0\n iret\n"
    ),
  ]

  private func check(_ program: String, guest: Bool) throws {
    let outside = program.contains("outside:") ? "" : "  .org 0x8000\noutside: nop\n"
    let folder = try TemporaryProgram(Self.prologue + program + outside + Self.epilogue)
    let shell = try makeInterpreter(width: 400, folders: [folder.path])
    let loaded = shell.say("load \(guest ? "--guest " : "")program.s")
    #expect(loaded.contains("bytes"), "\(loaded)")
    shell.say("set budget 5000")
    var why = ""
    for _ in 0..<40 {
      shell.say("trap")
      why = shell.say("why")
      if why.contains("Tried in a copy of the machine") { break }
    }
    let text = try #require(
      why.firstMatch(of: /it runs after (.*)\. 'goto ([0-9]+)'/), "\(why)")
    let digest = shell.stateDigest()
    shell.say("why")
    #expect(shell.stateDigest() == digest, "trying changes nothing here")

    shell.say("goto \(text.2)")
    let traps = try shell.value(of: guest ? "traps(alpha)" : "traps()")
    let commands = text.1.matches(of: /'([^']*)'/).map(\.1)
    for command in commands {
      let outcome = shell.run(line: String(command))
      #expect(outcome.succeeded, "\(command): \(outcome.output)")
    }
    let said = shell.say("step")
    let more = try shell.value(of: guest ? "traps(alpha)" : "traps()") - traps
    // An `int` that is let through is delivered.
    #expect(more == (program.contains("int 40") ? 1 : 0), "\(commands): \(said)")
    if !guest { #expect(shell.session.lastStep?.refusal == nil) }
  }

  @Test(arguments: inRing0 + inRing3)
  func whatIsSuggestedHelps(kind: String, program: String) throws {
    try check(program, guest: false)
  }

  @Test(arguments: inRing0)
  func whatIsSuggestedToAGuestHelps(kind: String, program: String) throws {
    try check(program, guest: true)
  }
}
