import SourceText
import Testing

@testable import Shell

/// `set layout`, `set verbosity` and `set theme`: how things are shown, never what.
struct LookTests {
  @Test func aTrapHasThreeLengths() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "break critical", "continue")
    #expect(shell.say("trap").hasPrefix("━━ trap 49 ━"))
    shell.say("back", "set verbosity terse")
    #expect(
      shell.say("trap")
        == " trap 49 protection: cli at 00001300 critical, ring 1 → 0, emulated\n")
    shell.say("back", "set verbosity spoken")
    let spoken = shell.say("trap").split(separator: "\n").map { $0.drop { $0 == " " } }
      .joined(separator: " ")
    #expect(
      spoken.hasPrefix(
        "trap 49, protection: cli at 0000 1300 critical; cli needs ring 0; the CPU is in ring 1, because this "
          + "page's code is 01."))
    #expect(spoken.hasSuffix("alpha: ring 0, interrupts off, true: ring 1, interrupts on."))
  }

  @Test func linearLayoutHasNoColumnsAndNoPictures() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "run 30000", "set layout linear")
    for line in ["regs", "rings", "gates", "tlb", "timeline", "vcpu", "cost", "trap", "walk"] {
      let said = shell.say(line)
      #expect(!said.contains { "━─│▁▂▃▄▅▆▇█◀→".contains($0) }, "\(said)")
      let inner = said.split(separator: "\n").map { $0.drop { $0 == " " } }
      let columns = inner.filter { $0.contains("   ") }
      // The source's own comments stand behind three blanks.
      #expect(columns.allSatisfy { $0.contains("   ; ") }, "\(columns)")
    }
    #expect(shell.say("rings").contains(" ring 3, code 11, who alpha's programs"))
    #expect(shell.say("show layout") == "layout is linear\n")
  }

  @Test func bigLayoutIsShortAndHasNothingDim() throws {
    let shell = try makeInterpreter(width: 120)
    shell.say("load --guest kernel.s", "set layout big")
    let card = shell.execute("trap").text
    #expect(card.width <= Look.bigWidth)
    #expect(card.runs.allSatisfy { $0.style != .dim && $0.style != .comment })
    #expect(card.lines.contains { $0.isEmpty })
  }

  @Test func settingsSayWhatTheyTake() throws {
    let shell = try makeInterpreter()
    #expect(
      shell.say("set layout wide")
        == "'layout' is one of normal, big, linear: 'set layout linear'\n")
    #expect(shell.say("set theme high-contrast") == "theme is high-contrast\n")
    #expect(shell.look.theme == .highContrast)
  }

  /// No two rings, and neither good nor bad, look the same in a theme.
  @Test(arguments: Theme.allCases) func themesTellThingsApart(theme: Theme) {
    func look(_ style: Style) -> String { StyledText("x", style).rendered(.ansi(theme)) }
    let rings = [Style.ring0, .ring1, .ring2, .ring3].map(look)
    #expect(Set(rings).count == 4)
    #expect(!rings.contains(look(.address)), "no address looks like a ring")
    #expect(look(.good) != look(.bad))
    #expect(look(.changed) != look(.plain))
    if theme == .highContrast { #expect(look(.dim) == "x") }
  }

  @Test func aRecordingKeepsTheLook() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "set verbosity terse")
    #expect(shell.say("trap").split(separator: "\n").count == 1)
  }

  /// Costs that make the guest dearer than the VMM are odd, and no more than that.
  @Test func anyCostsAreCounted() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "set cost.port = 4000000000", "set cost.vmm-dispatch = 0")
    shell.say("set cost.vmm-read = 0", "set cost.vmm-emulate = 0", "run 3000")
    #expect(shell.say("cost").contains("out emulated"))
  }

  @Test func spokenTextSaysSigns() {
    let text = Speech.text("pc 00001300 → 00001304  <kputs>, *", width: 80).plain
    #expect(text == "pc 0000 1300 to 0000 1304  kputs, changed")
  }
}
