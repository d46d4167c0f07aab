import LineEditor
import SourceText
import Transcripts

/// Asks for lines until there are no more.
struct ReadEvaluateLoop {
  let session: ShellSession
  let look: LookOptions

  /// Reads and runs lines to the end of the input or of the session.
  func run() {
    let isTerminal = TerminalInfo.isTerminal(0) && TerminalInfo.isTerminal(1)
    let editor = look.plain ? nil : makeEditor()
    let reader: any LineReading =
      editor ?? PlainLineReader(descriptor: 0, promptDescriptor: isTerminal ? 1 : nil)
    session.interpreter.leavesOutRefusedBlocks = !isTerminal
    // The line that was read last, and the one that began the block which is open.
    var (number, opening) = (0, 0)
    while !session.isLeaving, session.output.failure == nil {
      // With the colours of the theme that holds now.
      let usual = session.output.rendered(StyledText(TranscriptCommand.prompt, .prompt)) + " "
      let prompt = session.interpreter.isCollecting ? "> " : usual
      switch reader.read(prompt: prompt) {
      case .interrupted:
        if let dropped = session.interpreter.dropCollection() { session.output.write(dropped) }
        if let stopped = session.interpreter.interruptBackground() { session.output.write(stopped) }
      case .endOfInput where isTerminal && session.interpreter.isCollecting:
        // Who wants to be out of it means the lines, not the session.
        if editor == nil { session.output.write(raw: "\n") }
        while session.interpreter.isCollecting { _ = session.run(LineCollection.end) }
      case .endOfInput:
        if let missing = session.interpreter.endOfLines() {
          Ringside.complain("line \(opening): \(missing)")
        }
        if let stopped = session.interpreter.interruptBackground() { session.output.write(stopped) }
        if isTerminal, editor == nil { session.output.write(raw: "\n") }
        leave(isTerminal)
        return
      case .line(let line):
        remember(line.trimmed, in: editor)
        let wasCollecting = session.interpreter.isCollecting
        number += 1
        let (text, succeeded) = session.answer(line)
        if !wasCollecting { opening = number }
        // What was pasted behind a block's refused beginning is not run as if it were commands.
        let wasRefused = !succeeded && session.interpreter.opensBlock(line)
        if session.wasInterrupted || wasRefused { editor?.dropPasted() }
        if succeeded || isTerminal {
          let typed = StyledText(TranscriptCommand.prompt + " ", .prompt) + StyledText(line)
          session.show(text, typed: typed)
        } else {
          // Whoever reads the answers of a script gets no complaints among them.
          Ringside.complain(text.plain)
        }
        if isTerminal, !wasCollecting, session.interpreter.isCollecting {
          session.output.write(StyledText(CommandInterpreter.collectionAdvice))
        }
      }
    }
    leave(isTerminal)
  }

  private func makeEditor() -> LineEditor? {
    let path = Environment.stateFolder.map { $0 + "/history" }
    let completer = Completer(session: session)
    guard
      let editor = LineEditor(
        program: "ringside", historyFile: path, completer: { completer.completions($0, $1) })
    else { return nil }
    session.canWatch = true
    editor.pageKey = { session.line(of: $0) }
    editor.background = { runBehindThePrompt() }
    if session.output.usesColor { editor.hinter = { Hints(session: session).hint(after: $0) } }
    if let problem = editor.loadHistory() { Ringside.complain(problem) }
    return editor
  }

  /// A slice of the run that goes on while nobody types.
  private func runBehindThePrompt() -> LineEditor.Background {
    guard session.interpreter.background != nil else { return .nothing }
    let end = ContinuousClock.now + Self.slice
    switch session.interpreter.runSlice({ LineEditor.hasInput || ContinuousClock.now > end }) {
    case .more(let text): return text.isEmpty ? .more : .text(session.output.rendered(text))
    case .waiting(let text): return text.isEmpty ? .nothing : .text(session.output.rendered(text))
    case .over(let text): return .text(session.output.rendered(text))
    }
  }

  /// Long enough to run millions of instructions, short enough for a key to be answered at once.
  private static let slice = Duration.milliseconds(20)

  /// Saved at once: a terminal that is closed loses nothing.
  private func remember(_ line: String, in editor: LineEditor?) {
    guard let editor else { return }
    editor.addToHistory(line)
    if let problem = editor.saveHistory() {
      Ringside.complain(problem)
    }
  }

  private func leave(_ isTerminal: Bool) {
    let end = session.close()
    guard isTerminal else {
      if let end { Ringside.complain(end) }
      return
    }
    var words = "Goodbye."
    if let end { words += " \(end)." }
    if let engine = session.engine, !engine.isFinished, session.progress != nil {
      let lesson = engine.lesson
      words += " Your place in lesson \(Int(lesson.number) ?? 0) is kept."
    }
    session.output.write(StyledText(words).wrapped(to: session.output.width))
  }
}
