import OnionISA
import SourceText
import Testing

@testable import Shell

/// `explain`: one screen for each thing that has a name.
struct ExplainTests {
  /// Everything but pseudo-instructions, registers and the words that only this program has.
  static let topics = ViewContext.explainable.filter {
    InstructionTable.instruction(mnemonic: $0) != nil || Glossary.bits[$0] != nil
      || Glossary.words[$0] != nil || ControlRegister(name: $0) != nil
      || Vector.named.map(\.name).contains($0) || $0 == "software"
  }

  @Test func allAreKnown() {
    #expect(Self.topics.count >= 120)
  }

  @Test(arguments: [40, 80])
  func eachIsOneScreenWithRelatives(width: Int) throws {
    let shell = try makeInterpreter(width: width)
    for topic in Self.topics {
      let said = shell.say("explain \(topic)")
      for row in ["try", "x86", "RISC-V"] {
        #expect(
          said.split(separator: "\n").contains { $0.hasPrefix(" \(row)  ") }, "\(topic): \(said)")
      }
      #expect(said.split(separator: "\n").count <= (width < 80 ? 24 : 16), "\(topic): \(said)")
    }
  }

  @Test func whatItSaysToTryWorks() throws {
    for topic in Self.topics {
      let shell = try makeInterpreter(width: 200)
      shell.say("load --guest kernel.s", "run 3000", "trap")
      let said = shell.say("explain \(topic)").split(separator: "\n")
      let line = try #require(said.first { $0.hasPrefix(" try") }).dropFirst(4)
      let command = line.split(separator: " ").joined(separator: " ")
      // What is changed from outside is the VMM's where there is one.
      if command.hasPrefix("set ") { shell.say("load kernel.s") }
      let outcome = shell.execute(command)
      if shell.isCollecting { shell.say("end") }
      #expect(outcome.succeeded, "\(topic): \(command): \(outcome.text.plain)")
    }
  }

  @Test func whatItSaysToTryWritesOverNoInstruction() throws {
    let shell = try makeInterpreter()
    shell.say("load kernel.s")
    for topic in Self.topics {
      let said = shell.say("explain \(topic)")
      #expect(!said.contains("try       asm") || said.contains("'undo' brings that back"))
      #expect(!said.contains("try       set") && !said.contains("try       load"))
    }
    #expect(shell.say("explain cli").contains("disas critical, 1"))
  }

  @Test func theWordsOfTheCardsAreKnown() throws {
    let shell = try makeInterpreter()
    for word in [
      "code", "hidden", "traced", "reflected", "frame", "fault", "interrupt", "kernel", "stolen",
      "popek",
    ] {
      #expect(shell.execute("explain \(word)").succeeded, "\(word)")
    }
    #expect(shell.say("explain hidden").hasPrefix(" hidden fault\n"))
    #expect(!shell.execute("explain s").succeeded, "several begin so")
  }

  @Test func aWordWinsOverABitOfTheSameName() throws {
    let shell = try makeInterpreter()
    #expect(shell.say("explain ring").hasPrefix(" ring\n A privilege level."))
    #expect(shell.say("explain RING").hasPrefix(" RING\n Bits 3:2"))
    #expect(shell.say("explain cpl").hasPrefix(" CPL\n"))
  }
}
