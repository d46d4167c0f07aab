import Foundation
import Testing

@testable import Shell

/// What was once said of real machines, or of this one, and is not true: no text may say it again.
struct TruthTests {
  /// A sentence that was wrong, as it was said, and a pattern that finds it in other words too.
  struct Wrong: CustomTestStringConvertible {
    var said: String
    var pattern: String
    /// What is true.
    var right: String

    init(_ said: String, _ pattern: String, right: String) {
      self.said = said
      self.pattern = pattern
      self.right = right
    }

    var testDescription: String { said }

    /// Where it is said, with what stands before it. (By ICU's expressions: many times as fast as Swift's.)
    func isFound(in text: String) throws -> [String] {
      let expression = try NSRegularExpression(pattern: pattern, options: .caseInsensitive)
      let text = text as NSString
      return expression.matches(
        in: text as String, range: NSRange(location: 0, length: text.length)
      ).map { match in
        let start = max(0, match.range.location - 60)
        return text.substring(
          with: NSRange(location: start, length: NSMaxRange(match.range) - start))
      }
    }
  }

  static let wrong = [
    Wrong(
      "cli is privileged: only code from a page with code 00 may run it.",
      "only code from a page with code 00|page with code 00 may run|from a page with code 00, or through",
      right: "a privileged instruction is judged by the CPU's level"),
    Wrong(
      "On the bare machine the same page has code 00, and it would pass.",
      "same page has code 00, and it would pass", right: "there the kernel is in ring 0"),
    Wrong(
      "The page that it runs from has the code 01, and `cli` needs 00.", "`?cli`? needs 00",
      right: "cli needs ring 0"),
    Wrong(
      "The machine closest to Onion here is Intel's Itanium.",
      "closest to Onion here is Intel|itanium's page privilege level comes nearest",
      right: "PA-RISC's fetch rule is Onion's where its PL1 and PL2 are equal"),
    Wrong(
      "Multics had rings in 1972, as a property of *segments*.", "multics had rings in 1972",
      right: "in service since 1969, by software; 1972 is the paper on the hardware"),
    Wrong(
      "Remember this table row: *code in ring 1 cannot touch pages with code 00*.",
      "remember this table row", right: "on Onion; by paging alone not on x86"),
    Wrong(
      "You can't look into a real TLB.", "can't look into a real TLB",
      right: "the 386 and the 486 had test registers for it"),
    Wrong(
      "32-bit x86 walks exactly like this: 10 + 10 + 12 bits", "walks exactly like this",
      right: "without PAE"),
    Wrong(
      "Real systems guard priorities: only an administrator may raise one.",
      "only (an administrator|administrators) may raise", right: "on Windows anyone may, up to High"
    ),
    Wrong(
      "So it was done: in 32-bit VMware and Xen the guest kernel ran in ring 1",
      "so it was done: in 32-bit VMware", right: "VMware translated the kernel, Xen had it changed"),
    Wrong(
      "A guest that computes hardly meets its VMM", "hardly meets its VMM",
      right: "ticks and hidden faults"),
    Wrong(
      "Programs that calculate feel nothing.", "programs that calculate feel nothing",
      right: "they feel ticks and hidden faults"),
    Wrong(
      "(the real IF stays 1: the VMM keeps the machine)",
      "real (IF|one|flag)( \\w+)? (stays (1|on)|was (never touched|1 all the time))",
      right: "the VMM's gate clears it, and it is 1 again when the guest runs"),
    Wrong(
      "Per *instruction* it costs nothing.", "per \\*?instruction\\*? it costs nothing",
      right: "TLBs are filled again"),
    Wrong(
      "A guest cannot see this by itself: it was ready, and time went by.",
      "guest (cannot|can't) see this by itself", right: "rdcycle beside getcr cycle shows it"),
    Wrong(
      "It wanted to run half of the time, and had to wait for others",
      "wanted to run half of the time",
      right: "for half of the time it was ready and others ran"),
    Wrong(
      "It is called a **balloon**. This takes a guest that was made to know of its VMM",
      "\\. this takes a guest that was made to know", right: "on Onion; ESX used a driver"),
    Wrong(
      "All four were refused.", "all four were refused",
      right: "two were granted, virtually, and reached nothing beyond the guest"),
    Wrong(
      "alpha has counted wrong, and there was no trap, no fault, no refusal.",
      "there was no trap, no fault, no refusal", right: "the guest traps all the time"),
    Wrong(
      "for a virtual machine with a virtual disk it is just the same.",
      "virtual disk it is just the same", right: "Onion's guests' disks never queue"),
    Wrong(
      "where `popf` stands, it puts a call to itself.", "it puts a call to itself",
      right: "mostly inline code, hence faster than traps"),
    Wrong(
      "What the VMM names leaves that mode, whether privileged or not.",
      "what the VMM names leaves",
      right: "from a list that the CPU has: cpuid always, popf never on VT-x"),
    Wrong(
      "A guest must not be able to tell that it is one, so each prints the same",
      "able to tell that it is one, so", right: "but for timing"),
    Wrong(
      "A guest can be moved from one to another while it runs",
      "moved from one to another while it runs|move[sd]? a guest[^.]{0,30} while it runs",
      right: "it is stopped, copied, resumed"),
    Wrong(
      "a stale entry could lead to a frame that is another guest's by now",
      "stale entry could lead to a frame that is another guest's",
      right: "a guest that forgets invlpg reaches its own frames only"),
    Wrong(
      "as on the 32-bit x86. They do less than they should, and say nothing.",
      "\\. they do less than they should", right: "getst and gettv tell too much"),
    Wrong(
      "riscv: \"mhartid\"", "riscv: \"mhartid\"|risc-v +mhartid *$|\\| mhartid \\|",
      right: "M-mode only; firmware passes it in a0"),
    Wrong(
      "popf as silent as before", "popf as silent as before",
      right: "with VT-x a guest's kernel in ring 0 changes an IF of its own"),
  ]

  /// Files with text for people, and what they say: lines joined, literals of the source put together.
  static func texts() throws -> [(file: String, text: String)] {
    let files =
      Repository.files(in: "lessons", endingIn: ".md")
      + Repository.files(in: "lessons", endingIn: ".s")
      + Repository.files(in: "transcripts", endingIn: ".md")
      + Repository.files(in: "Sources", endingIn: ".md")
      + Repository.files(in: "Sources", endingIn: ".swift")
      + Repository.files(in: "Sources/Manual/Manual.docc/Images", endingIn: ".svg") + ["README.md"]
    return try files.map { ($0, flat(try Repository.text(of: $0))) }
  }

  static func flat(_ text: String) -> String {
    text.replacing(/\\\n\s*/, with: "").replacing(/"\s*\+\s*"/, with: "").replacing(
      /\n\s*(;|\/\/\/?)\s/, with: " "
    )
    .replacing(/\s+/, with: " ")
  }

  @Test func nothingWrongIsSaidAgain() throws {
    let texts = try Self.texts()
    #expect(texts.count > 100)
    for wrong in Self.wrong {
      for (file, text) in texts {
        let found = try wrong.isFound(in: text)
        #expect(found == [], "\(file); true is: \(wrong.right)")
      }
    }
  }

  @Test(arguments: wrong)
  func thePatternFindsWhatWasSaid(wrong: Wrong) throws {
    #expect(try wrong.isFound(in: Self.flat(wrong.said)) != [])
  }

  /// What was half of the truth, and the other half that stands beside it now.
  static let beside: [(file: String, says: String)] = [
    ("lessons/02-four-rings/lesson.md", "*By paging alone an x86 has no such wall.*"),
    ("lessons/02-four-rings/lesson.md", "Code at CPL 1 comes to HLT."),
    ("lessons/03-two-programs-one-address/lesson.md", "TR6 and TR7"),
    (
      "lessons/03-two-programs-one-address/lesson.md", "Or it faults at once, if the TLB has pushed"
    ),
    ("lessons/04-gates-and-system-calls/lesson.md", "change tables on the way in and out"),
    ("lessons/06-ten-volumes-from-three-disks/lesson.md", "(Real ones do. Onion leaves that out"),
    ("lessons/07-low-walls/lesson.md", "On Windows any user may go up to *High*"),
    ("lessons/07-low-walls/lesson.md", "a VMM and the devices that it plays have bugs as well"),
    ("lessons/08-a-kernel-not-in-ring-0/lesson.md", "VMware *translated* the kernel's code"),
    ("lessons/08-a-kernel-not-in-ring-0/lesson.md", "without paging, devices and interrupts"),
    ("lessons/08-a-kernel-not-in-ring-0/lesson.md", "while the real IOPL is 0"),
    (
      "lessons/08-a-kernel-not-in-ring-0/lesson.md",
      "While the VMM worked it was 0: its gate cleared it"
    ),
    (
      "lessons/08-a-kernel-not-in-ring-0/lesson.md",
      "runs at CPL 1, in pages that are marked supervisor"
    ),
    ("lessons/09-whose-trap/lesson.md", "Directly, but not quite for nothing."),
    ("lessons/12-a-server/lesson.md", "`rdcycle` reads the machine's cycles"),
    ("lessons/12-a-server/lesson.md", "a few percent off"),
    ("lessons/12-a-server/lesson.md", "(VMware's ESX puts such a driver"),
    ("lessons/13-break-out/lesson.md", "Two attacks were refused. Two were granted, virtually"),
    ("lessons/14-three-duties-one-theorem/lesson.md", "nor reaches what it was not given"),
    (
      "lessons/14-three-duties-one-theorem/lesson.md",
      "On VT-x `cpuid` always leaves, and `popf` never does"
    ),
    (
      "Sources/Shell/Views/TechniqueView.swift",
      "(in and out because the VMM keeps the real IOPL 0)"
    ),
    ("Sources/Shell/Views/Glossary.swift", "Their model has no paging, devices or interrupts."),
    ("Sources/Shell/Views/Relatives.swift", "read in M-mode alone"),
    ("Sources/Shell/Commands/Hosts.swift", "Live migration copies a guest while it runs"),
    ("Sources/Manual/Manual.docc/TheVMM.md", "the copy takes no cycles"),
    ("Sources/Manual/Manual.docc/TheCPU.md", "HP's PA-RISC comes nearest to Onion"),
    ("Sources/Manual/Manual.docc/HostileGuests.md", "but for timing"),
    ("transcripts/a-stale-translation.md", "harms nobody but itself"),
  ]

  @Test func theOtherHalfIsSaidToo() throws {
    for (file, says) in Self.beside {
      #expect(Self.flat(try Repository.text(of: file)).contains(says), "\(file): \(says)")
    }
  }

  /// Lessons whose words about real machines were mended, and the sources that say so.
  static let sources: [(lesson: String, names: [String])] = [
    ("02-four-rings", ["QEMU, target/hppa/mem_helper.c", "Itanium", "multicians.org", "Xen 3.0"]),
    ("03-two-programs-one-address", ["i486 Processor Programmer's Reference Manual", "4.4"]),
    ("04-gates-and-system-calls", ["Linux, Documentation/arch/x86/pti.rst"]),
    ("06-ten-volumes-from-three-disks", ["the manual's page on the VMM"]),
    ("07-low-walls", ["SetPriority of Win32_Process", "setpriority(2)", "VMware KB 2080735"]),
    ("08-a-kernel-not-in-ring-0", ["Popek and Goldberg", "Bugnion", "Xen 3.0", "4.6, 5.5, 5.9"]),
    ("09-whose-trap", ["guest time", "Adams and Agesen"]), ("10-shadow-tables", ["Xen 3.0"]),
    ("12-a-server", ["Waldspurger", "which clock rdcycle reads"]),
    ("13-break-out", ["Xen 3.0"]),
    ("14-three-duties-one-theorem", ["Popek and Goldberg", "Adams and Agesen", "section 25.1"]),
  ]

  @Test func aLessonNamesTheSourcesOfWhatWasMended() throws {
    for (lesson, names) in Self.sources {
      let text = try Repository.text(of: "lessons/\(lesson)/lesson.md")
      let parts = text.components(separatedBy: "\nsources:\n")
      let sources = Self.flat(try #require(parts.last?.components(separatedBy: "\nclaims:").first))
      for name in names { #expect(sources.contains(name), "\(lesson): \(name)") }
    }
  }

  /// Where the cards' sentence is taught, x86's rule stands beside it.
  @Test(arguments: [
    "01-kernel-and-user-mode", "02-four-rings", "08-a-kernel-not-in-ring-0",
  ])
  func whoTeachesThatThePageHasTheRingSaysThatX86LooksAtCPL(lesson: String) throws {
    let text = Self.flat(try Repository.text(of: "lessons/\(lesson)/lesson.md"))
    #expect(text.contains(/[Aa]n x86 looks at \*?no page|look at it and at no page/))
    #expect(text.contains("CPL, in the register CS") || text.contains("register CS, CPL"))
  }

  /// A wall between rings 0 and 1 that is made of page codes is Onion's: each text that leans on it says so.
  @Test(arguments: [
    "lessons/02-four-rings/lesson.md", "lessons/08-a-kernel-not-in-ring-0/lesson.md",
    "lessons/13-break-out/lesson.md", "transcripts/reaching-for-the-vmm.md",
    "Sources/Manual/Manual.docc/Rings.md", "Sources/Manual/Manual.docc/TheVMM.md",
  ])
  func whoLeansOnPagesOfRing0SaysWhatX86Has(file: String) throws {
    #expect(Self.flat(try Repository.text(of: file)).contains("segment limits"))
  }
}
