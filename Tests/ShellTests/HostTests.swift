import TestSupport
import Testing

@testable import Shell

/// Guests that are kept, copied and moved between machines at the prompt.
struct HostTests {
  /// A guest operating system in the middle of a disk transfer.
  private static let way = [
    "vm new alpha shallot/shallot.s", "vm start alpha",
    "type \"fill 3 12\\ncheck 3 12\\nprimes 700\\noff\\n\"", "run 130000",
  ]

  private func shell(_ lines: [String] = way) throws -> CommandInterpreter {
    let shell = try makeInterpreter()
    for line in lines { #expect(shell.execute(line).succeeded, "\(line)") }
    return shell
  }

  /// The whole console of the guest with that name on the host in use.
  private func console(_ shell: CommandInterpreter, _ name: String = "alpha") -> String {
    let guest = shell.session.world.monitor?.guests.first { $0.name == name }
    return String(decoding: guest?.devices.console.output ?? [], as: UTF8.self)
  }

  private func undisturbed() throws -> String {
    let shell = try shell()
    shell.say("continue")
    let text = console(shell)
    #expect(text.hasSuffix("shallot: off\n") && text.contains("all is right on volume 3"))
    return text
  }

  @Test func aGuestGoesOnAtAnotherHost() throws {
    let shell = try shell(Self.way + ["host new second", "vm move alpha second"])
    #expect(shell.say("vm list").contains("off"))
    shell.say("host use second", "run 20000", "vm move alpha first", "host use first", "continue")
    #expect(console(shell) == (try undisturbed()))
    shell.say("host use second")
    #expect(shell.say("vm list").contains("off"))
  }

  /// What it is to have of the CPU goes with a guest, to an empty machine and back to where it was.
  @Test func weightAndCapGoAlong() throws {
    let shell = try shell(
      Self.way + [
        "vm weight alpha 77", "vm cap alpha 33", "host new second", "vm move alpha second",
      ])
    shell.say("host use second")
    func share() -> [Int] {
      let share = shell.session.world.monitor?.shares[0]
      return [Int(share?.weight ?? 0), Int(share?.cap ?? 0)]
    }
    #expect(share() == [77, 33])
    shell.say("vm weight alpha 88", "vm cap alpha off", "vm move alpha first", "host use first")
    #expect(share() == [88, 0])
  }

  @Test func aCopyDoesWhatTheOriginalDoes() throws {
    let shell = try shell(Self.way + ["vm clone alpha twin", "vm start twin", "continue"])
    #expect(console(shell) == (try undisturbed()))
    #expect(console(shell, "twin") == console(shell))
  }

  @Test func whatWasKeptComesBackAndHistoryKnowsIt() throws {
    let shell = try shell(
      Self.way + ["vm save alpha before", "continue", "vm restore alpha before"])
    shell.say("continue")
    #expect(console(shell) == (try undisturbed()))
    let end = shell.stateDigest()
    let last = shell.session.world.steps
    shell.say("goto 1000", "goto 140000", "goto \(last)")
    #expect(shell.stateDigest() == end, "going back and forward repeats it")
  }

  @Test func aRecordingOfItReplays() throws {
    let lines =
      Self.way + [
        "host new second", "vm save alpha before", "vm move alpha second", "host use second",
        "continue",
      ]
    let digests = try (0..<2).map { _ in try shell(lines).stateDigest() }
    #expect(digests[0] == digests[1])
  }

  @Test func aBalloonIsForWhoKnowsOfItsVMM() throws {
    let shell = try shell([
      "vm new alpha shallot/shallot.s paravirtual", "vm new beta kernel.s", "vm start alpha",
      "run 300000",
    ])
    #expect(shell.say("vm balloon beta 1M").contains("doesn't know of its VMM"))
    #expect(shell.say("vm balloon alpha 1M") == "alpha is asked to give up 256 frames\n")
    shell.say("run 300000")
    #expect(shell.say("vm list").contains("3.0 of 4 MiB"))
    shell.say("vm balloon alpha off", "run 300000")
    #expect(!shell.say("vm list").contains(" of 4 MiB"))
  }

  @Test(
    arguments: [
      ("vm move alpha third", "there is no host 'third'; 'host new third' makes one"),
      ("vm move alpha first", "alpha is on first already"),
      ("vm save alpha a-b", "a name is a word of up to 16 letters and digits"),
      ("vm restore alpha before", "nothing is kept; 'vm save alpha before' keeps a guest as it is"),
      ("vm clone alpha alpha", "there is a guest 'alpha' already"),
      ("vm clone alpha", "copy which guest, under which name? 'vm clone beta gamma'"),
      ("vm balloon alpha", "how much shall which guest give up? 'vm balloon beta 1M'"),
      ("vm blone alpha", "there is no 'vm blone'; did you mean 'vm clone'?"),
      ("host new 1st", "a host's name is a word of up to 16 letters and digits"),
      ("host new first", "there is a host 'first' already"),
      ("host use scnd", "there is no host 'scnd'; 'host new scnd' makes one"),
      ("host fly", "'host' lists them, 'host new second' makes one, 'host use second' goes to it"),
    ])
  func mistakesAreAnsweredInOneLine(line: String, answer: String) throws {
    let shell = try shell(["vm new alpha kernel.s"])
    let digest = shell.stateDigest()
    let outcome = shell.execute(line)
    #expect(!outcome.succeeded && outcome.text.plain == answer)
    #expect(shell.stateDigest() == digest)
  }
}
