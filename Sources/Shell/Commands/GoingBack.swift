import Laboratory
import Onion
import OnionISA
import SourceText

extension CommandTable {
  static let backwardsCommands: [Command] = [
    Command(
      "back", ["rstep", "rs", "reverse-step"], "[N]", group: .backwards, "undoes one step, or N",
      example: "run 5000\nback 3",
      details: """
        The machine is byte for byte as it was, cycles and TLBs included: it is restored from the \
        nearest snapshot and run forwards again. What you changed from outside is changed again.
        """,
      repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "steps")
      return try shell.travel { $0.back(count, poll: $1) }
    },
    Command(
      "rnext", ["rn", "reverse-next"], "[N]", group: .backwards,
      "like back, but over calls, handlers and the VMM's work", example: "rnext", repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      let count = try shell.count(arguments.text, of: "steps")
      return try shell.travel { $0.nextBack(count, poll: $1) }
    },
    Command(
      "rfinish", ["rfin", "reverse-finish"], "", group: .backwards,
      "goes back to the call or trap that led into this function", example: "until kputs\nrfinish"
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("rfinish")
      return try shell.travel { $0.finishBack(poll: $1) }
    },
    Command(
      "rcontinue", ["rc", "reverse-continue"], "", group: .backwards,
      "goes back to the last breakpoint, watchpoint or catchpoint",
      example: "watch mem[ticks]\ncontinue\nrcontinue",
      details: """
        It ends before the instruction at a breakpoint, and before the step in which something \
        happened that is watched or caught: a step forwards does it again. Without one it ends at \
        the beginning.
        """
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("rcontinue")
      return try shell.travel { $0.continueBack(poll: $1) }
    },
    Command(
      "rtrap", ["rt"], "", group: .backwards, "goes back to the trap before", example: "rtrap",
      repeats: .same
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("rtrap")
      return try shell.travel { $0.trapBack(poll: $1) }
    },
    Command(
      "goto", [], "N|NAME", group: .backwards,
      "goes to where N steps have been made, or to a mark, back or forwards", example: "goto 500",
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      guard !arguments.isEmpty else {
        throw CommandFailure("goto which step? The first is 0; 'mark' lists the moments with names")
      }
      let step = try shell.moment(arguments.text)
      return try shell.travel { $0.goTo(step: step, poll: $1) }
    },
    Command(
      "mark", [], "[NAME|delete NAME]", group: .backwards,
      "gives this moment a name for 'goto'; without one lists them",
      example: "mark here\nrun 500\ngoto here"
    ) { (shell, arguments) throws(CommandFailure) in
      try shell.mark(arguments.words)
    },
    Command(
      "undo", [], "", group: .backwards, "takes back the last 'set', 'type' or 'asm' made here",
      example: "set a0 = 5\nundo",
      details: "What came after it is forgotten; 'back' undoes steps."
    ) { (shell, arguments) throws(CommandFailure) in
      try arguments.expectNone("undo")
      guard let (change, forgotten) = shell.session.undo() else { throw shell.nothingToUndo }
      var report = StyledText("undone: \(shell.describe(change))")
      if let now = shell.valueNow(change) { report = StyledText("undone: \(now) again") }
      report.append(shell.forgottenText(forgotten), .dim)
      return report.wrapped(to: shell.columns, hanging: "  ")
    },
  ]
}

extension CommandInterpreter {
  /// What stands now where a change was made: `a0 is 00000002`; nil for what is no register or memory.
  fileprivate func valueNow(_ change: Change) -> String? {
    let machine = session.world.machine
    switch change {
    case .register(let register, _):
      return "\(register) is \(OnionISA.hexadecimal(machine[register]))"
    case .pc: return "pc is \(named(session.world.pc))"
    case .status: return "status is \(OnionISA.hexadecimal(machine.status.rawValue))"
    case .control(let control, _):
      return "\(control.name) is \(OnionISA.hexadecimal(machine.value(of: control)))"
    case .word(let address, _):
      return session.world.word(at: address).map {
        "mem[\(address)] is \(OnionISA.hexadecimal($0))"
      }
    default: return nil
    }
  }

  fileprivate var nothingToUndo: CommandFailure {
    guard let last = session.lastChange else {
      return CommandFailure("nothing was changed here; 'back' undoes steps")
    }
    return CommandFailure(
      "nothing was changed here; the last change, \(describe(last.change)), was made at step "
        + "\(view.grouped(last.step)): 'goto \(last.step)', then 'undo'")
  }
}
