import Laboratory
import Onion
import OnionISA
import SourceText

extension CommandTable {
  static let runningCommands: [Command] = [
    Command(
      "step", ["s", "si", "stepi"], "[N]", group: .running, "executes one instruction, or N",
      details: """
        A step is an instruction with any trap that it causes, or the delivery of one interrupt. A trap \
        is shown as a card. Under the VMM a step is one instruction of the guest, or one real trap with \
        everything that the VMM does until it goes back.
        """,
      completion: .expression, repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "steps")
      return try shell.move { $0.step(count, poll: $1) }
    },
    Command(
      "next", ["n", "ni", "nexti"], "[N]", group: .running,
      "like step, but over calls, traps and the VMM's work", repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "steps")
      return try shell.move { session, poll in
        var result = session.next(poll: poll)
        var made = result.steps
        for _ in 1..<max(count, 1) {
          guard case .done = result.reason, !poll() else { break }
          result = session.next(poll: poll)
          made += result.steps
        }
        result.steps = made
        return result
      }
    },
    Command(
      "continue", ["c", "cont"], "", group: .running,
      "runs to a breakpoint or the program's end",
      details: """
        Ctrl-C stops the run, not the program; 'back' and 'continue' work as before. A run ends by \
        itself after 10 000 000 000 steps; 'set budget N' changes that.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("continue")
      return try shell.move { $0.continue(poll: $1) }
    },
    Command(
      "trap", ["t"], "[N]", group: .running, "runs to the next trap and shows it", repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "traps")
      return try shell.move { session, poll in
        var result = session.runToTrap(poll: poll)
        var made = result.steps
        for _ in 1..<max(count, 1) {
          guard case .trap = result.reason, !poll() else { break }
          result = session.runToTrap(poll: poll)
          made += result.steps
        }
        result.steps = made
        return result
      }
    },
    Command(
      "until", ["u", "advance"], "PLACE", group: .running, "runs to a label, address or line",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else {
        throw CommandFailure("until where? Name a label or an address")
      }
      let place = try shell.codePlace(arguments.text)
      return try shell.move { $0.run(until: place, poll: $1) }
    },
    Command(
      "finish", ["fin"], "", group: .running, "runs until the current function returns",
      details: "It returns when pc reaches what ra holds now, with the stack as it is or popped."
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("finish")
      return try shell.move { $0.finish(poll: $1) }
    },
    Command(
      "run", ["r"], "N", group: .running,
      "executes N instructions without a word, past breakpoints",
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

  static let backwardsCommands: [Command] = [
    Command(
      "back", ["rstep", "rs", "reverse-step"], "[N]", group: .backwards, "undoes one step, or N",
      details: """
        The machine is byte for byte as it was, cycles and TLBs included: it is restored from the \
        nearest snapshot and run forwards again. What you changed from outside is changed again.
        """,
      repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "steps")
      return try shell.travel { session, _ in session.back(count) }
    },
    Command(
      "rtrap", ["rt"], "", group: .backwards, "goes back to the trap before", repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("rtrap")
      try shell.requireProgram()
      let here = shell.session.world.steps
      guard let trap = shell.session.trapLog.last(where: { $0.step + 1 < here }) else {
        throw CommandFailure("there was no trap before this one")
      }
      let before = shell.session.world.context
      shell.session.goTo(step: trap.step)
      let result = shell.session.step()
      shell.previous = before
      guard let record = result.record, record.isTrap else { return shell.stopReport() }
      return shell.trapCard(record)
    },
    Command(
      "goto", [], "N", group: .backwards, "goes to where N steps have been made, back or forwards",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else { throw CommandFailure("goto which step? The first is 0") }
      let value = try shell.value(arguments.text)
      guard value >= 0 else { throw CommandFailure("steps are counted from 0; \(value) is none") }
      return try shell.travel { $0.goTo(step: UInt64(value), poll: $1) }
    },
    Command(
      "undo", [], "", group: .backwards, "takes back the last 'set' or 'type' made here"
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("undo")
      guard let change = shell.session.undo() else {
        throw CommandFailure("nothing was changed here; 'back' undoes steps")
      }
      return StyledText("undone: \(shell.describe(change))")
    },
  ]
}
