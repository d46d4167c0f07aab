import Foundation
import ReferenceOnion
import SourceText
import TestSupport
import Testing

@testable import Shell

/// Every view of machines in any state: none traps the process, none has a line too wide for the terminal,
/// none shows what only a programmer should see, and none changes the machine.
struct RandomMachineTests {
  private static let lines = [
    "regs", "rings", "walk", "walk 0", "walk 0x3000", "walk 0x400000", "walk 0xffc01000",
    "walk 0xfffff000", "gates", "gates real", "tlb", "frames", "stack", "timeline", "cost",
    "cost table", "devices", "traps", "card", "why", "list", "disas", "x/20xw sp", "xp/8xb 0",
    "xm/8xb 0x3ffffc", "changed", "changed 0", "console", "vcpu", "shadow", "vm", "vm list",
    "disks", "disks 0 0", "pages", "trace 5", "technique", "network", "network alpha", "host",
    "timeline guests", "timeline processes",
    "info program",
    "info breakpoints", "info line", "print pc", "explain page",
  ]

  @Test(arguments: 0..<4 as Range<UInt64>)
  func everyViewIsFitToBeSeen(block: UInt64) throws {
    let count: UInt64 = isSoak ? 1500 : 6
    if isSoak { print("machines: seeds from \(block * count) on") }
    for seed in block * count..<(block + 1) * count { try look(seed) }
  }

  private func look(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let width = 20 + Int(random.below(181))
    let shell = try makeInterpreter(width: width)
    shell.look = Look(
      layout: random.choice(Layout.allCases), verbosity: random.choice(Verbosity.allCases))
    shell.say("set budget 3000")
    spoil(shell, &random)
    let before = shell.stateDigest()
    for line in Self.lines {
      let outcome = shell.execute(line)
      for shown in outcome.text.lines {
        let text = shown.plain
        if shown.width > width {
          Issue.record("seed \(seed), \(width) columns, \(line): \(text)")
        }
        if let dump = text.firstMatch(of: Self.dump) {
          Issue.record("seed \(seed), \(line): '\(dump.output)' in \(text)")
        }
      }
    }
    #expect(shell.stateDigest() == before, "seed \(seed)")
  }

  /// What Swift makes of a value by itself.
  private nonisolated(unsafe) static let dump =
    /Optional\(|\b(?:Onion|OnionISA|Monitor|Laboratory|Shell)\.[A-Z]|\brawValue\b|[a-z]\w*\([a-z]\w*: |\bnil\b/

  /// Brings the machine into some state, likely or not.
  private func spoil(_ shell: CommandInterpreter, _ random: inout SplitMix64) {
    let programs = ["kernel.s", "two-modes.s", "four-rings.s"]
    switch random.below(9) {
    case 0: break
    case 8:
      for name in ["alpha", "beta", "gamma", "delta"] {
        shell.say("vm new \(name) \(random.choice(programs)) weight=\(1 + random.below(900))")
      }
      shell.say("vm start all", "vm cap beta \(1 + random.below(100))")
    case 1: shell.say("load \(random.choice(programs))")
    case 2...3: shell.say("load --profile classic \(random.chance(50) ? "--guest " : "")kernel.s")
    default: shell.say("load --guest \(random.choice(programs))")
    }
    shell.say("run \(random.below(random.chance(50) ? 400 : 40000))")
    for _ in 0..<random.below(12) {
      let word = "0x" + String(random.word(), radix: 16)
      switch random.below(10) {
      // Entries of the kernel's own tables, half right or not at all.
      case 0...2:
        let entry = random.below(1 << 12) << 12 | random.below(64)
        shell.say("set phys[0x\(String(0x8000 + 4 * random.below(80), radix: 16))] = \(entry)")
      case 3: shell.say("set phys[0x7000] = \(random.chance(50) ? word : "0")")
      case 4: shell.say("set ptbr = \(random.chance(50) ? word : "0x3ff000")")
      case 5: shell.say("set mode = \(random.chance(50) ? "0" : "0x80000001")")
      case 6: shell.say("set pc = \(random.below(1 << 30) * 4)")
      case 7: shell.say("set \(random.choice(["CPL", "IOPL"])) = \(random.below(4))")
      case 8: shell.say("set \(random.choice(["sp", "tvec", "ksp0", "ra"])) = \(word)")
      default: shell.say(random.chance(50) ? "trap" : "step \(random.below(30))")
      }
    }
  }
}
