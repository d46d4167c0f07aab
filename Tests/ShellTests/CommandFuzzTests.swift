import ReferenceOnion
import SourceText
import TestSupport
import Testing

@testable import Shell

/// Lines that nobody would type, and some that one does: the program never stops, no line is wider than
/// the terminal, and looking never changes the machine.
struct CommandFuzzTests {
  private static let words = [
    "a0", "sp", "r16", "pc", "$pc", "$", "$$", "$1", "$x", "$argc", "status.IF", "CPL", "mem[sp]",
    "mem8[ticks]",
    "phys[0x2000]", "machine[4]", "mem[", "*sp", "ticks", "critical", "kputs+4", "boot",
    "kernel.s:321",
    "nosuch.s:1", "kernel.s:99999", "alpha.virtual.IF", "alpha.virtual.ptbr", "vmm.hidden",
    "traps(page)",
    "traps(alpha, 32)", "traps(", "0", "1", "-1", "4", "7", "0x1000", "0xffffffff", "0x1_0000_0000",
    "99999999999999999999", "2147483648", "1 / 0", "1 << 70", "'a'", "'", "\"", "\"x", "if",
    "if a0", "=", "= 5",
    "==", "&&", "/x", "/8xb", "/0", "/3i", "/99999x", "on", "off", "end", "real", "each", "one",
    "page", "cli",
    "IF", "delete", "here", "step 3", "budget", "history", "64M", "9M", "values", "regs",
    "breakpoints",
    "--guest", "--memory", "--profile", "classic", "1M", "kernel.s", "two-modes.s", "four-rings.s",
    "nosuch",
    "addi a0, a0, 1", "li sp, 0", "hlt", "iret", "#", ";;", "é", "漢字", "\u{301}", "\u{7}",
    "\u{1b}[31m", "\t",
    String(repeating: "(", count: 90), String(repeating: "a", count: 3000), "a0 + a1 * (sp - 4)",
    ",", ".", "[", "]",
  ]

  /// Commands that look and change nothing; two of the VMM's choose as well.
  private static let looking = Set(
    CommandTable.all.filter { $0.group == .looking || $0.group == .vmm }.map(\.name))

  @Test(arguments: 0..<4 as Range<UInt64>)
  func anyLinesAreAnswered(block: UInt64) throws {
    let count: UInt64 = isSoak ? 850 : 3
    if isSoak { print("lines: seeds from \(block * count) on") }
    for seed in block * count..<(block + 1) * count { try run(seed) }
  }

  private func run(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let width = [20, 40, 80, 200][Int(random.below(4))]
    let shell = try makeInterpreter(width: width)
    // Long runs end at their first question.
    shell.poll = { true }
    shell.say(
      random.chance(50) ? "load --guest kernel.s" : "load kernel.s", "run \(random.below(30000))")
    var history: [String] = []
    for _ in 0..<300 {
      let line = line(&random)
      history.append(line)
      let isLooking =
        TypedLine(line).flatMap { CommandTable.fullName(of: $0.name) }
        .map { Self.looking.contains($0) } ?? false
      let checks = isLooking && random.chance(30) && !shell.isCollecting
      let before = checks ? shell.stateDigest() : ""
      let outcome = shell.execute(line)
      if checks, !line.contains("one"), !line.contains("each") {
        #expect(shell.stateDigest() == before, "seed \(seed): \(line)")
      }
      for shown in outcome.text.lines where shown.width > width {
        Issue.record("seed \(seed), \(width) columns, \(line.prefix(80)): \(shown.plain)")
      }
      #expect(outcome.succeeded || !outcome.text.isEmpty, "seed \(seed): \(line.prefix(80))")
    }
  }

  private func line(_ random: inout SplitMix64) -> String {
    var line: String
    if random.chance(70) {
      let command = random.choice(CommandTable.all)
      let names = [command.name] + command.abbreviations
      line = random.choice(names)
      if random.chance(20) { line += random.choice(["/x", "/4xw", "/i", "/s", "/zz", "/"]) }
    } else if random.chance(50) {
      line = random.choice(CommandTable.all).example.replacing("\n", with: " ")
    } else {
      line = random.choice(Self.words)
    }
    for _ in 0..<random.below(4) { line += " " + random.choice(Self.words) }
    guard random.chance(20) else { return line }
    var characters = Array(line)
    for _ in 0...random.below(3) where !characters.isEmpty {
      let index = Int(random.below(UInt32(characters.count)))
      switch random.below(3) {
      case 0: characters.remove(at: index)
      case 1: characters.insert(random.choice(Array("/ $*[](),.#=-~é\"")), at: index)
      default: characters.swapAt(index, Int(random.below(UInt32(characters.count))))
      }
    }
    return String(characters)
  }
}
