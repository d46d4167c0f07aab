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
        (hexadecimal), d (with a sign), u (without), t (binary), c (character) or a (address). Words \
        have 32 bits; steps and cycles, and variables with a $, have 64. In comparisons a word counts \
        as positive, but a0 == -1 is true if all its bits are set. The value is kept: $1 is the \
        first that was printed, $ the last, $$ the one before.
        """,
      completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      let format = try ValueFormat.letter(arguments.format)
      guard !arguments.isEmpty || !shell.session.variables.history.isEmpty else {
        throw CommandFailure("print which value? 'print a0 + 4'")
      }
      let (value, isWord) = try shell.shownValue(arguments.isEmpty ? "$" : arguments.text)
      let number = shell.session.variables.remember(value)
      let names =
        (try? Query.parse(arguments.text)).map { shell.session.shadowedLabels(in: $0) } ?? []
      return names.reduce(
        StyledText("$\(number) = ", .dim)
          + StyledText(shell.text(of: value, format, isWord: isWord))
      ) { $0 + "\n" + StyledText(" " + shell.shadowNote($1), .dim) }
    },
    Command(
      "output", [], "[/FMT] EXPR", group: .looking, "a value alone, which the history doesn't keep",
      example: "output mem[ticks] * 2",
      details: "For commands of a breakpoint and for scripts.", completion: .expression
    ) { (shell, arguments) throws(CommandFailure) in
      let format = try ValueFormat.letter(arguments.format)
      guard !arguments.isEmpty else { throw CommandFailure("output which value? 'output a0'") }
      let (value, isWord) = try shell.shownValue(arguments.text)
      return StyledText(shell.text(of: value, format, isWord: isWord))
    },
    Command(
      "echo", [], "TEXT", group: .looking,
      "writes a text, for scripts and for commands of a breakpoint", example: "echo here it comes",
      details: #"\n begins another line; one at the end does nothing, for the line ends anyway."#
    ) { (_, arguments) throws(CommandFailure) in
      var text = arguments.text
      if text.hasSuffix(#"\n"#) { text.removeLast(2) }
      return StyledText(text.replacing(#"\n"#, with: "\n"))
    },
  ]
}
