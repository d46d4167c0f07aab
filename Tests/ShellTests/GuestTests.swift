import Testing

@testable import Shell

/// `vm new` and the other commands for several guests.
struct GuestTests {
  private func shell(width: Int = 80) throws -> CommandInterpreter {
    let shell = try makeInterpreter(width: width)
    shell.say("vm new alpha kernel.s", "vm new beta kernel.s weight=512")
    return shell
  }

  @Test(arguments: [40, 80]) func guestsShareTheCPU(width: Int) throws {
    let shell = try shell(width: width)
    #expect(shell.say("vm list").contains("paused"))
    #expect(
      shell.say("run 10").split { $0 == " " || $0 == "\n" }.joined(separator: " ").contains(
        "no guest can run: alpha is paused and beta is paused; 'vm start alpha'"))
    shell.say("vm start all")
    let said = shell.say("run 60000")
    #expect(said.contains(" alpha | kernel: pages on") && said.contains(" beta | kernel: pages on"))
    let list = shell.say("vm list")
    #expect(list.split(separator: "\n").allSatisfy { $0.count <= width })
    for word in ["weight", "512", "cap", "none", "stolen"] {
      #expect(list.contains(word), "nothing is left out where it is narrow")
    }
    // A slice more or less counts for little in the end.
    let shares = shell.say("run 120000", "vm list").matches(of: /(\d+\.\d)%/).compactMap {
      Double($0.1)
    }
    #expect(shares.count == 2 && abs(shares[1] - 66.7) < 2, "\(list)")
  }

  /// Each entry has one cause, of one guest, whoever else there is.
  @Test func costsAreCountedOnceForEachGuest() throws {
    func emulated(_ lines: [String]) throws -> Substring? {
      let shell = try makeInterpreter()
      for line in lines { shell.say(line) }
      return shell.say("cost").firstMatch(of: /(\d+) +\d+ +[\d.]+%  out emulated/)?.1
    }
    let alone = try emulated(["load --guest kernel.s", "run 3000"])
    #expect(alone != nil)
    #expect(try emulated(["load --guest kernel.s", "vm new beta kernel.s", "run 3000"]) == alone)
    let shell = try shell()
    shell.say("vm start all", "run 30000")
    let shares = shell.say("cost").split(separator: "by cause")[0].matches(of: /(\d+\.\d)%/)
      .compactMap { Double($0.1) }
    #expect(abs(shares.reduce(0, +) - 100) < 0.3, "\(shares)")
  }

  /// What came of a trap is what came of it for the guest that took it, though another has the CPU afterwards.
  @Test func noInterruptIsCalledEmulated() throws {
    let shell = try shell()
    shell.say("vm start all", "run 60000")
    let ticks = shell.say("traps 1000").split(separator: "\n").filter { $0.contains("16 timer") }
    #expect(ticks.count > 10)
    #expect(ticks.dropFirst().allSatisfy { !$0.contains("emulated") }, "\(ticks)")
  }

  @Test func whoIsOffNeitherRunsNorRests() throws {
    let shell = try shell()
    shell.say("vm start all", "vm stop alpha")
    for verb in ["start", "pause"] {
      #expect(shell.say("vm \(verb) alpha").hasPrefix("alpha is stopped for good; 'back'"))
    }
    #expect(shell.say("vm pause all") == "beta is paused\n")
  }

  /// A catchpoint's stop says what came of the trap, and `why` explains it, though no card was shown.
  @Test func whatIsCaughtCanBeExplained() throws {
    let shell = try makeInterpreter()
    shell.say("load --guest kernel.s", "catch page hidden")
    #expect(shell.say("continue").contains(" · hidden: shadow filled"))
    #expect(shell.say("why").contains("The CPU walked the VMM's shadow table"))
    #expect(shell.say("card").contains("trap 1"))
    shell.say("reset")
    #expect(shell.say("why") == "no trap was taken yet; 'trap' runs to the next one\n")
  }

  @Test func everyGuestsValuesHaveNames() throws {
    let shell = try shell()
    shell.say("vm start all", "run 60000")
    for (expression, value): (String, Int64?) in [
      ("vmm.guests", 2), ("beta.weight", 512), ("alpha.paused", 0), ("beta.stopped", 0),
      ("alpha.running + beta.running", 1), ("alpha.virtual.ring <= 3", 1),
      ("beta.used > alpha.used", 1), ("beta.instructions > alpha.instructions", 1),
      ("beta.vmm.emulated > 0 && alpha.vmm.emulated > 0", 1),
      ("traps(beta, software) + traps(alpha, software) > 0", 1),
      ("printed(alpha, kernel: pages on)", 1), ("printed(beta, nothing of this)", 0),
      ("beta.console.length > 10", 1), ("gamma.weight", nil), ("printed(gamma, x)", nil),
      ("alpha.length", nil),
    ] {
      #expect(
        (try? shell.value(of: expression)) == value, "\(expression)")
    }
  }

  @Test func whatWasKeptComesBackWithAllItsGuests() throws {
    let shell = try shell()
    shell.say("vm start all", "run 20000", "break 0x1550", "set $n = 4")
    let (digest, list) = (shell.stateDigest(), shell.say("vm list"))
    let restore = shell.keepState()
    shell.say(
      "run 30000", "vm new gamma kernel.s", "delete", "set $n = 5", "load kernel.s", "step 9")
    for _ in 0..<2 {
      restore()
      #expect(shell.stateDigest() == digest)
      #expect(shell.say("vm list") == list)
      #expect(shell.say("print $n").contains("= 4"))
      shell.say("run 999", "back 5000")
    }
  }

  @Test func itCanBeGoneOverAgain() throws {
    let shell = try shell()
    shell.say("vm start all", "run 20000", "vm weight alpha 2000", "run 20000", "vm pause beta")
    shell.say("run 20000")
    let digest = shell.stateDigest()
    let end = shell.session.world.steps
    shell.say("goto 5", "back 2", "goto 30000", "goto \(end)")
    #expect(shell.stateDigest() == digest)
    #expect(shell.say("undo").contains("the share of beta: paused"), "what was changed is known")
  }

  @Test func aDiskOfOneIsNotThatOfAnother() throws {
    let shell = try shell()
    shell.say("vm start all", "run 1000")
    #expect(shell.say("disks").contains("2048"))
    #expect(
      shell.say("frames").contains("beta's memory")
        || shell.say("frames").contains("alpha's memory"))
  }

  @Test func typedTextGoesToTheConsoleInUse() throws {
    let shell = try shell()
    shell.say("vm use beta", "type hello", "vm start all", "run 2000")
    let guests = try #require(shell.session.world.monitor?.guests)
    #expect(guests[0].devices.console.input.isEmpty)
    #expect(guests[1].devices.console.input.count == 6)
  }

  @Test(arguments: [
    ("vm new", "a guest has a name and a program: 'vm new beta kernel.s weight=512'"),
    ("vm new beta kernel.s", "there is a guest 'beta' already"),
    ("vm new 1x kernel.s", "a guest's name is a word of up to 16 letters and digits"),
    ("vm new gamma nosuch.s", nil),
    (
      "vm new gamma kernel.s color=red",
      "'color=red' is unknown; there is memory=4M, weight=512, cap=20 and paravirtual"
    ),
    ("vm new gamma kernel.s memory=900M", "the machine has no room for a guest of 900 MiB more"),
    ("vm start gama", "there is no guest 'gama'; 'vm list' lists them"),
    ("vm start bta", "there is no guest 'bta'; did you mean 'beta'?"),
    ("vm strat beta", "there is no 'vm strat'; did you mean 'vm start'?"),
    ("vm weight beta 0", "a weight is 1 to 65536: 'vm weight beta 512'"),
    ("vm cap beta 101", "a cap is 1 to 100 per cent, or off: 'vm cap beta 20'"),
  ])
  func mistakesAreNamed(line: String, message: String?) throws {
    let shell = try shell(width: 200)
    let before = shell.stateDigest()
    let outcome = shell.execute(line)
    #expect(!outcome.succeeded)
    if let message { #expect(outcome.text.plain == message) }
    #expect(shell.stateDigest() == before)
  }
}
