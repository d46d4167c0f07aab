import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

extension CommandTable {
  static let lookingCommands: [Command] = [
    Command(
      "regs", ["registers"], "", group: .looking,
      "the registers; what the last move changed has a *", example: "regs"
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("regs")
      return shell.view.registers()
    },
    Command(
      "changed", [], "[FROM [TO]]", group: .looking,
      "what changed between two moments, or since the last move", example: "run 100\nchanged",
      details: """
        FROM and TO are numbers of steps or names of marks; without TO it is from there to here. It \
        shows registers, what the guest believes, TLBs, devices and words of memory. The machine stays \
        where it is.
        """,
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.changed(arguments.words)
    },
    Command(
      "timeline", [], "[rings|guests|processes] [FROM [TO]]", group: .looking,
      "who had the CPU, from the beginning or between two moments",
      example: "run 20000\ntimeline\ntimeline processes",
      details: """
        Told apart by rings, or by guests, or by guests' kernels and processes, with the steal time of each \
        guest. FROM and TO are numbers of steps or names of marks. Cycles are the real machine's; a trap's \
        entry counts with what it interrupted.
        """,
      completion: .words(Timeline.Division.allCases.map(\.rawValue))
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.timeline(arguments.words)
    },
    Command(
      "trace", [], "[N]", group: .looking, "the last 10 steps, or N, and what each changed",
      example: "run 100\ntrace 5"
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "steps", fallback: 10)
      return try shell.trace(min(count, 1000))
    },
    Command(
      "rings", [], "", group: .looking, "the four rings: who lives where, and where the CPU is",
      example: "rings"
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("rings")
      return shell.view.rings()
    },
    Command(
      "why", [], "", group: .looking,
      "the chain of checks behind the last trap, and what would have let it pass",
      example: "trap\nwhy"
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("why")
      return shell.view.why(inFull: try shell.latestTrap())
    },
    Command(
      "card", [], "", group: .looking, "the last trap's card again", example: "trap\ncard"
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("card")
      return shell.trapCard(try shell.latestTrap())
    },
    Command(
      "explain", ["ex"], "WORD", group: .looking,
      "what an instruction, trap, bit, register, port or word means", example: "explain cli",
      completion: .words(ViewContext.explainable)
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else {
        throw CommandFailure(
          "explain what? An instruction, a trap, a bit: 'explain cli', 'explain IF'")
      }
      if let text = shell.view.explain(arguments.text) { return text }
      let guess = Suggestion.nearest(to: arguments.text, among: ViewContext.explainable)
      throw CommandFailure(
        "'\(arguments.text.prefix(40))' is not known here"
          + (guess.map { "; did you mean '\($0)'?" } ?? "; Tab lists what is"))
    },
    Command(
      "traps", [], "[N]", group: .looking, "how many traps of each kind, and the last 10, or N",
      example: "traps 5"
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "traps", fallback: 10)
      return shell.view.traps(last: Int(clamping: min(count, 1000)))
    },
    Command(
      "console", [], "", group: .looking, "everything that the program has printed",
      example: "console"
    ) {
      (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("console")
      return shell.view.console()
    },
    Command("devices", [], "", group: .looking, "timer, console and power", example: "devices") {
      (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("devices")
      return shell.view.devices()
    },
    Command(
      "cost", [], "[table [NAME …]]", group: .looking,
      "where the cycles went: programs, traps, and the VMM by cause",
      example: "run 5000\ncost",
      details: """
        Under the VMM an entry counts for what it turned out to be first, and with it all cycles from the \
        real trap to the guest's next instruction, less those of its own time. 'cost table' shows what \
        everything is charged, 'cost table vmm' what begins so; 'set cost.NAME = N' changes it.
        """,
      completion: .words(["table"])
    ) { (shell, arguments) throws(CommandFailure) in
      let words = arguments.words
      guard let first = words.first else { return shell.view.costs() }
      guard first == "table" else {
        throw CommandFailure("'cost' says where the cycles went, 'cost table' the prices")
      }
      let all = CycleTable.entries.map(\.name)
      var names: [String] = []
      for word in words.dropFirst() {
        let found = all.contains(word) ? [word] : all.filter { $0.hasPrefix(word) }
        guard !found.isEmpty else {
          let guess = Suggestion.nearest(to: word, among: all)
          throw CommandFailure(
            "there is no cost '\(word.prefix(40))'; "
              + (guess.map { "did you mean '\($0)'?" } ?? "'cost table' lists them"))
        }
        names += found
      }
      return shell.view.costTable(of: words.count == 1 ? nil : names)
    },
  ]
}
