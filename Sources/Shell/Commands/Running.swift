import Laboratory
import Onion
import OnionISA
import SourceText

extension CommandTable {
  static let runningCommands: [Command] = [
    Command(
      "step", ["s", "st", "si", "stepi"], "[N|phase [all]]", group: .running,
      "executes one instruction, or N, or shows its phases", example: "step 3",
      details: """
        A step is an instruction with any trap that it causes, or the delivery of one interrupt. A trap \
        is shown as a card. Under the VMM a step is one instruction of the guest, or one real trap with \
        everything that the VMM does until it goes back. A breakpoint or watchpoint on the way stops it; \
        'run N' goes past. 'step phase' goes through one instruction in slow motion: fetch, translate, \
        decode, privilege, execute, deliver; with the last phase the step is made.
        """,
      completion: .expression, repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      if arguments.words.first.map({ "phases".hasPrefix($0) && $0.count > 1 }) == true {
        guard arguments.words.count == 1 || arguments.words[1...] == ["all"] else {
          throw CommandFailure("'step phase' shows the next phase, 'step phase all' those left")
        }
        return try shell.stepPhase(all: arguments.words.count > 1)
      }
      shell.slowStep = nil
      let count = try shell.count(arguments.text, of: "steps")
      return try shell.move { $0.step(count, poll: $1) }
    },
    Command(
      "next", ["n", "ni", "nexti"], "[N]", group: .running,
      "like step, but over calls, traps and the VMM's work", example: "next", repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "steps")
      return try shell.move { $0.next(count, poll: $1) }
    },
    Command(
      "continue", ["c", "cont"], "[N|to STEP|&]", group: .running,
      "runs to a breakpoint or the program's end", example: "break critical\ncontinue",
      details: """
        Ctrl-C stops the run, not the program; 'back' and 'continue' work as before. A run ends by \
        itself after 10 000 000 000 steps; 'set budget N' changes that. 'continue 3' goes past the breakpoint that it stands at twice and stops at its third hit, as 'ignore' \
        would. 'continue to 5000' ends at that step too. 'continue &' runs behind the \
        prompt: what the program prints comes above the line, and you can look and 'type' meanwhile.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      if arguments.text == "&" { return try shell.beginBackground() }
      if arguments.words.first == "to" {
        let step = try shell.moment(arguments.words.dropFirst().joined(separator: " "))
        guard step > shell.session.world.steps else {
          throw CommandFailure("step \(step) is not to come any more; 'goto \(step)' goes there")
        }
        return try shell.move { $0.continue(to: step, poll: $1) }
      }
      guard !arguments.isEmpty else { return try shell.move { $0.continue(poll: $1) } }
      let note = try shell.passHits(arguments.text)
      return note + "\n" + (try shell.move { $0.continue(poll: $1) })
    },
    Command(
      "interrupt", [], "", group: .running, "stops what 'continue &' began", example: "interrupt"
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("interrupt")
      return shell.interruptBackground() ?? "nothing runs; 'continue &' runs behind the prompt"
    },
    Command(
      "trap", ["t"], "[N]", group: .running, "runs to the next trap and shows it", example: "trap",
      details: "With N to the Nth from here. A breakpoint or watchpoint on the way stops it.",
      repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "traps")
      return try shell.move { $0.runToTrap(count, poll: $1) }
    },
    Command(
      "until", ["u", "advance"], "PLACE", group: .running, "runs to a label, address or line",
      example: "until kputs",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else {
        throw CommandFailure("until where? Name a label or an address")
      }
      let (guest, name) = shell.guestPlace(arguments.text)
      let place = try shell.codePlace(name, ofGuest: guest)
      return try shell.move { $0.run(until: place, ofGuest: guest, poll: $1) }
    },
    Command(
      "finish", ["fin"], "", group: .running, "runs until the current function returns",
      example: "until kputs\nfinish",
      details: """
        Which function that is the history says: the last call, trap or interrupt that hasn't come back. \
        It ends behind that call, or where a handler goes back to. Nothing called the outermost function, \
        and there is nothing to finish.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("finish")
      return try shell.move { $0.finish(poll: $1) }
    },
    Command(
      "run", ["r"], "N", group: .running,
      "executes N instructions without a word, past breakpoints", example: "run 5000",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else {
        throw CommandFailure(
          "run how many instructions? 'run 1000'; 'continue' runs on, 'reset' restarts")
      }
      let count = try shell.count(arguments.text, of: "instructions")
      return try shell.move { $0.run(count, poll: $1) }
    },
  ]
}

extension CommandInterpreter {
  /// `continue N`: lets the breakpoints at which the machine stands pass N - 1 more hits.
  fileprivate func passHits(_ text: String) throws(CommandFailure) -> StyledText {
    let count = try count(text, of: "hits")
    let ids = session.breakpointsHere
    guard !ids.isEmpty else {
      throw CommandFailure(
        "the machine doesn't stand at a breakpoint whose hits 'continue \(text)' could count; "
          + "'ignore N COUNT' lets hits of breakpoint N pass")
    }
    for id in ids { session.updateBreakpoint(id) { $0.ignoreCount = count - 1 } }
    let names = session.breakpoints.filter { ids.contains($0.id) }.map { title($0) }
    let word = ids.count == 1 ? "stops" : "stop"
    return StyledText(
      count == 1
        ? "\(view.list(names)) \(word) at the next hit"
        : "\(view.list(names)) \(word) after \(view.plural(count - 1, "more hit"))"
    ).wrapped(to: columns, hanging: "  ")
  }
}
