import Laboratory
import Onion
import OnionISA
import Testing

@testable import Shell

/// What a card says of a privileged instruction: the CPU's level is the reason, and on Onion the page is why it
/// has that level. (On x86 no page has a say in it, so the page alone is never given as the reason.)
struct RefusalWordsTests {
  @Test func aPrivilegedInstructionIsJudgedByTheCPUsLevel() {
    for instruction in Instruction.allCases {
      for ring in [Ring.ring1, .ring2, .ring3] {
        let refusal = Refusal.privileged(instruction, ring: ring)
        let said =
          "\(instruction) needs ring 0; the CPU is in ring \(ring), because this page's code is \(ring.code)."
        #expect(RefusalWords().why(refusal) == said)
        #expect(
          RefusalWords().remedy(refusal) == "It would pass in ring 0, and only a gate leads there.")
        for virtual in Ring.allCases {
          let words = RefusalWords(guest: "alpha", virtualRing: virtual)
          let isKernel = virtual == .ring0
          #expect(
            words.why(refusal)
              == said + (isKernel ? " The VMM moved alpha's kernel to ring 1." : ""))
          // Only what the guest's kernel tries would pass on its own machine.
          #expect(words.remedy(refusal).contains("On the bare machine alpha's kernel") == isKernel)
        }
      }
    }
  }

  /// The sentence is true: in real runs the ring is the CPU's, and the page that ran has that code.
  @Test(arguments: [
    "kernel.s", "two-modes.s", "four-rings.s", "hostile/forged-frame.s", "hostile/iret-inward.s",
    "hostile/ports.s", "hostile/trap-storm.s",
  ])
  func thePageHasTheCodeThatIsSaid(program: String) throws {
    var seen = 0
    for guest in ["", "--guest ", "--guest --profile classic "] {
      let shell = try makeInterpreter()
      shell.say("load \(guest)\(program)")
      for _ in 0..<40 {
        guard let record = shell.session.runToTrap().record, record.isTrap else { break }
        guard case .privileged(_, let ring)? = record.refusal else { continue }
        #expect(record.before.status.cpl == ring)
        let number = shell.session.world.steps
        shell.say("goto \(record.number)")
        let leaf = shell.session.world.machine.walk(record.before.pc)?.leaf
        #expect(leaf?.ring == ring, "\(program), step \(record.number)")
        shell.say("goto \(number)")
        seen += 1
      }
    }
    #expect(seen >= 5, "\(program): \(seen)")
  }
}
