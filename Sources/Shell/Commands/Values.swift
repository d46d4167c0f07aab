import Laboratory
import Onion
import OnionISA
import SourceText

extension CommandTable {
  static let valueCommands: [Command] = [
    Command(
      "print", ["p", "inspect"], "[/FMT] [EXPR]", group: .looking, "the value of an expression",
      example: "print/x alpha.virtual.ptbr",
      details: """
        Registers, labels, mem[ADDRESS], traps(page), alpha.virtual.IF and C's operators. FMT is x \
        (hexadecimal), d, u, t (binary), c (character) or a (address). The value is kept: $1 is the \
        first that was printed, $ the last, $$ the one before.
        """,
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      let format = try ValueFormat.letter(arguments.format)
      guard !arguments.isEmpty || !shell.session.variables.history.isEmpty else {
        throw CommandFailure("print which value? 'print a0 + 4'")
      }
      let value = try shell.value(arguments.isEmpty ? "$" : arguments.text)
      let number = shell.session.variables.remember(value)
      return StyledText("$\(number) = ", .dim) + StyledText(shell.text(of: value, format))
    },
    Command(
      "output", [], "[/FMT] EXPR", group: .looking, "a value alone, which the history doesn't keep",
      example: "output mem[ticks] * 2",
      details: "For commands of a breakpoint and for scripts.", completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      let format = try ValueFormat.letter(arguments.format)
      guard !arguments.isEmpty else { throw CommandFailure("output which value? 'output a0'") }
      return StyledText(shell.text(of: try shell.value(arguments.text), format))
    },
    Command(
      "echo", [], "TEXT", group: .looking,
      "writes a text, for scripts and for commands of a breakpoint", example: "echo here it comes"
    ) { (_, arguments) throws(CommandFailure) in
      StyledText(arguments.text)
    },
  ]
}
