import Foundation
import Laboratory
import Monitor
import Onion
import OnionISA
import ReferenceOnion
import SourceText
import TestSupport
import Testing

@testable import Shell

/// What cards say of the VMM's decisions is what the VMM decided.
struct EventWordsTests {
  /// Gates for everything, their handlers behind `back`; `gate` closes one to all but ring 0; ring 3 is `outside`.
  private static let prologue = """
            .equ  U, 12
            .org  0x1000
            .entry boot
    gates:  .space 512
    boot:   li    sp, 0x7000
            la    t0, gates
            setcr tvec, t0
            li    t0, 0x6000
            setcr ksp0, t0
            li    a5, 0
            la    t1, back
    fill:   la    t0, gates
            slli  t2, a5, 3
            add   t0, t0, t2
            sw    t1, 0(t0)
            li    t2, 7
            sw    t2, 4(t0)
            addi  a5, a5, 1
            li    t2, 64
            bne   a5, t2, fill
            la    t0, gates + 40 * 8
            li    t1, 1
            sw    t1, 4(t0)
            la    t0, gates + 16 * 8
            la    t1, tick
            sw    t1, 0(t0)
            j     main
    back:   lw    t0, 4(sp)
            addi  t0, t0, 4
            sw    t0, 4(sp)
            iret
    tick:   out   0x21, t0
            iret
    paging: la    t0, directory
            setcr ptbr, t0
            li    t0, 1
            setcr mode, t0
            ret
    user:   li    t0, 0x9800
            push  t0
            li    t0, 3
            push  t0
            li    t0, 0x8000
            push  t0
            push  zero
            iret

    """
  private static let epilogue = """

            .org  0xA000
    directory: .word 0xB001
            .org  0xB000
            .word 0x0003, 0x1003, 0x2003, 0x3003, 0x4003, 0x5003, 0x6003, 0x7003
            .word 0x800F, 0x900F, 0xA003, 0xB003, 0xC003, 0xD003
    """

  private func shell(
    _ program: String, load: String = "load --guest program.s", width: Int = 400
  ) throws -> CommandInterpreter {
    let folder = try TemporaryProgram(Self.prologue + program + Self.epilogue)
    let shell = try makeInterpreter(width: width, folders: [folder.path])
    #expect(shell.run(line: load).succeeded)
    shell.say("set budget 40000")
    return shell
  }

  /// The card of the first trap that is about `word`.
  private func card(_ shell: CommandInterpreter, _ word: String) -> String {
    for _ in 0..<400 {
      let card = shell.say("trap")
      if card.contains(word) { return card }
      if card.isEmpty { break }
    }
    return "no card with '\(word)'"
  }

  @Test func aClosedGateIsTheGuestsOwn() throws {
    let shell = try shell("main: call paging\n j user\n .org 0x8000\n int 40\nstay: j stay\n")
    let card = card(shell, "int 40")
    #expect(
      card.contains(
        "asks for a service through alpha's gate 40. Gate 40 admits an int from ring 0 only;"))
    #expect(card.contains("this code runs in virtual ring 3") && !card.contains("rings 0 to 3"))
    let why = shell.say("why")
    #expect(why.contains("the VMM's gate 40 at"))
    #expect(why.contains("alpha's gate 40 at 00001140: present, handler"))
    #expect(why.contains("admits ring 0 only") && why.contains("alpha's virtual CPU: refused"))
    #expect(why.contains("error 2 (gate: ring not allowed)"))
  }

  @Test func anOpenGateIsTheGuestsOwn() throws {
    let shell = try shell("main: int 41\nstay: j stay\n")
    #expect(card(shell, "int 41").contains("through alpha's gate 41, which admits rings 0 to 3."))
  }

  @Test func anUnwantedCallSaysWhyTheKernelGetsIt() throws {
    let plain = try shell("main: vmcall 0\nstay: j stay\n")
    #expect(card(plain, "vmcall 0").contains("alpha was not made to know of its VMM"))
    let outer = try shell(
      "main: call paging\n j user\n .org 0x8000\n vmcall 0\nstay: j stay\n",
      load: "vm new alpha program.s paravirtual")
    outer.say("vm start alpha")
    #expect(
      card(outer, "vmcall 0").contains(
        "only alpha's kernel may call its VMM, and this is virtual ring 3"))
  }

  @Test func aCallThatIsAnsweredIsNotTheVMMsOwnBusiness() throws {
    let shell = try shell(
      "main: vmcall 0\nstay: j stay\n", load: "vm new alpha program.s paravirtual")
    shell.say("vm start alpha")
    #expect(card(shell, "vmcall 0").contains("alpha knows of the VMM"))
    #expect(shell.say("traps 1").contains("answered by the VMM"))
  }

  @Test func aTracedStoreIsOneHiddenFault() throws {
    let shell = try shell(
      """
      main: call paging
      li t0, 0xB030
      li t1, 0xC001
      store: sw t1, 0(t0)
      again: sw t1, 4(t0)
      stay: j stay

      """)
    shell.say("until store")
    let hidden = try shell.value(of: "vmm.hidden")
    #expect(
      shell.say("walk 0xb030").contains(
        "the first load or fetch is a hidden page fault, and the VMM makes it so; a store never fills it"
      ))
    shell.say("catch page hidden")
    let said = shell.say("continue")
    #expect(said.contains("catchpoint 1") && said.contains("hidden: traced store"))
    let card = shell.say("card").split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    #expect(
      card.contains(
        "the page table is not present (P = 0). The CPU walked the VMM's shadow table, where no store makes an entry"
      ) && !card.contains("read-only"))
    #expect(try shell.value(of: "vmm.hidden") == hidden + 1 && shell.value(of: "vmm.traced") == 1)
    // Read, it is in the shadow, without W.
    shell.say("delete", "set t2 = 0")
    let walk = shell.say("back", "set pc = store", "walk 0xb030")
    #expect(walk.contains("carries it out"), "\(walk)")
  }

  /// A store to a page table that is in the shadow already is refused because W is withheld there.
  @Test func aTracedStoreThroughAnEntryIsRefusedForItsW() throws {
    let shell = try shell(
      "main: call paging\n li t0, 0xB030\n lw t1, 0(t0)\nstore: sw t1, 0(t0)\nstay: j stay\n")
    shell.say("until store")
    #expect(
      shell.say("walk 0xb030").contains(
        "a store is a hidden page fault, and the VMM carries it out"))
    let card = shell.say("trap")
    #expect(
      card.contains(
        "but the page is not writable (W = 0). The CPU walked the VMM's shadow table, where pages that hold"
      )
        && !card.contains("not present"))
  }

  /// A guest that sleeps until its timer ticks, again and again.
  private static let sleeper =
    prologue + "main: li t0, 30000\n out 0x20, t0\ndoze: sti\nasleep: hlt\n j doze\n" + epilogue

  /// Each sentence about the real timer, the switch and the wait, with guests that compute beside one that sleeps.
  @Test func whoGetsTheCPUAndWhyIsSaid() throws {
    let folder = try TemporaryProgram(Self.sleeper)
    let shell = try makeInterpreter(width: 400, folders: [folder.path])
    shell.say("vm new alpha program.s", "vm new beta kernel.s", "vm new gamma kernel.s")
    shell.say("vm start all")
    var missing: Set = [
      "The VMM had set it for the end of beta's time slice, because another guest wants the CPU",
      "The VMM had set it for beta's next timer tick",
      "The VMM had set it for the end of alpha's hlt: alpha's next timer tick",
      "alpha's hlt is over, and it has had less than beta: takes the CPU from beta and gives it to alpha",
      "beta's time slice is over: takes the CPU from it and gives it to gamma",
      "loads alpha's shadow table for virtual ring 0: real ptbr",
      "alpha halts until an interrupt is pending for it", "alpha halts, so beta gets the CPU",
      "it halts; beta has the CPU", "it waits; alpha has the CPU",
      "nobody has anything to run: lets", "pass until alpha's next timer tick",
      "beta is off, and stays off", "it has stopped; ",
    ]
    for _ in 0..<3000 where !missing.isEmpty {
      guard let record = shell.session.runToTrap().record else { break }
      let card = shell.view.trapCard(record).plain.split { $0 == "\n" || $0 == " " }
        .joined(separator: " ")
      missing = missing.filter { !card.contains($0.trimmingCharacters(in: .whitespaces)) }
    }
    #expect(missing.sorted() == [])
  }

  /// Code is named by the symbols of the guest whose it was, though another has the CPU by now.
  @Test func codeIsNamedByItsGuestsSymbols() throws {
    let folder = try TemporaryProgram(Self.sleeper)
    let shell = try makeInterpreter(width: 400, folders: [folder.path])
    shell.say("vm new alpha program.s", "vm new beta kernel.s", "vm start all", "run 20000")
    shell.say("catch vm if alpha.virtual.IF == 1")
    var found = false
    for _ in 0..<100 {
      let said = shell.say("continue")
      guard shell.say("card").contains("alpha halts, so beta gets the CPU") else { continue }
      found = true
      #expect(said.contains(" asleep  hlt"), "\(said)")
      #expect(shell.say("trace 1").contains(" asleep"))
      break
    }
    #expect(found)
  }

  /// A card is made of its record and of nothing else: made later, when the machine has gone on, it says the same.
  @Test(arguments: 0..<3) func aCardStaysWhatItWas(kind: Int) throws {
    let shell = try makeInterpreter(width: 80)
    shell.say(
      kind == 0 ? "load --guest kernel.s" : "vm new alpha kernel.s",
      kind == 2 ? "vm new beta two-modes.s" : "vm list", "vm start all")
    var cards: [(StepRecord, String)] = []
    for _ in 0..<(isSoak ? 3000 : 60) {
      guard let record = shell.session.runToTrap().record else { break }
      #expect(shell.session.trapLog.last?.outcome == record.outcome, "step \(record.number)")
      cards.append((record, shell.view.trapCard(record).plain))
    }
    _ = shell.session.step(50_000)
    for (record, card) in cards {
      #expect(shell.view.trapCard(record).plain == card, "step \(record.number)")
    }
  }
}
