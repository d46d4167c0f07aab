import Laboratory
import SourceText

extension CommandTable {
  static let techniqueCommands: [Command] = [
    Command(
      "technique", [], "", group: .vmm, "by which techniques the guest is virtualised here",
      example: "technique",
      details:
        "The VMM's techniques for CPU and memory, and what they can't do on this machine's profile."
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("technique")
      _ = try shell.monitor()
      return shell.view.technique()
    },
    Command(
      "compare", [], "", group: .vmm,
      "what the program costs on the bare machine and under the VMM, start to end",
      example: "compare",
      details: """
        Runs the program on fresh machines, once in each way, with all that was typed so far waiting. The \
        machine in use stays as it is. The cycles are this model's: 'cost table' shows the prices.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("compare")
      return try shell.compare()
    },
    Command(
      "network", [], "[GUEST]", group: .vmm, "the virtual switch: who sent and received what",
      example: "network",
      details: """
        Each guest has an address, from 1 on; 255 means everyone. 'network GUEST' shows the last frames that it \
        sent. A frame begins with the addresses of destination and source, a byte each.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      guard arguments.words.count <= 1 else {
        throw CommandFailure("network of which guest? 'network beta'")
      }
      guard let name = arguments.words.first else { return shell.view.network() }
      return shell.view.frames(sentBy: try shell.guestIndex(name))
    },
  ]
}

extension CommandInterpreter {
  func compare() throws(CommandFailure) -> StyledText {
    guard session.image != nil else {
      throw CommandFailure("there is no program; 'load kernel.s' brings one")
    }
    let comparison: TechniqueComparison?
    do throws(LoadError) {
      comparison = try session.compareTechniques(poll: poll)
    } catch {
      throw CommandFailure(error)
    }
    guard let comparison else { throw CommandFailure("stopped; nothing was compared") }
    return view.comparison(comparison)
  }
}
