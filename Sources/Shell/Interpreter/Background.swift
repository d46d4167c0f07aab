import Laboratory
import SourceText

/// A run that goes on while the prompt is open, as gdb's `continue &`.
///
/// It is made in slices, between keys. Each line that is typed meanwhile finds the machine at some step; a
/// recording gets `continue to STEP` before that line, so that it replays on any machine.
struct BackgroundRun {
  /// The machine where the last line found it, or where the run began.
  var context: MachineContext
  var step: UInt64
  /// Bytes that each console had printed then.
  var printed: [Int]
  /// Bytes that are on the screen.
  var shown: [Int]
  /// Slices since the console printed last.
  var quiet = 0
}

extension CommandInterpreter {
  /// What came of a slice.
  enum Slice {
    /// There is more to run; what the console printed, if that is to be shown now.
    case more(StyledText)
    /// The program waits for what is typed.
    case waiting(StyledText)
    /// The run is over, and this is to be said.
    case over(StyledText)
  }

  /// Slices without output after which a line that has no end yet is shown.
  private static let patience = 3

  func beginBackground() throws(CommandFailure) -> StyledText {
    try requireProgram()
    if let stop = session.world.stop {
      throw CommandFailure(
        "\(StopText.short(stop)); 'back' goes back, 'reset' starts the program again")
    }
    guard host?.canWatch == true else {
      throw CommandFailure(
        "a run in the background needs a prompt with line editing; 'continue' runs")
    }
    let printed = printedSoFar
    background = BackgroundRun(
      context: session.world.context, step: session.world.steps, printed: printed, shown: printed)
    return "it runs; what it prints comes above the prompt, 'interrupt' or Ctrl-C stops it"
  }

  /// Runs on for as long as `poll` says no.
  func runSlice(_ poll: @escaping Poll) -> Slice {
    guard var run = background else { return .over(StyledText()) }
    // Guests may have been added.
    let consoles = printedSoFar.count
    run.shown += [Int](repeating: 0, count: max(0, consoles - run.shown.count))
    let result = session.continue(to: .max, poll: poll)
    run.quiet = printedSoFar == run.shown ? 0 : run.quiet + 1
    let isWaiting = if case .waitingForInput = result.reason { true } else { false }
    let isRunning = if case .interrupted = result.reason { true } else { isWaiting }
    guard isRunning else {
      background = nil
      let (text, report) = stopped(result, run)
      // The stop comes before that step.
      observer?("continue to \(session.world.steps + 1)", report)
      return .over(text)
    }
    let text = fresh(&run, all: isWaiting || run.quiet > Self.patience)
    background = run
    return isWaiting ? .waiting(text) : .more(text)
  }

  /// What the console printed since that was shown last: whole lines, or everything.
  private func fresh(_ run: inout BackgroundRun, all: Bool) -> StyledText {
    let consoles = session.world.consoles
    var text = StyledText()
    for (index, console) in consoles.enumerated() {
      var bytes = console.output[min(run.shown[index], console.output.count)...]
      if !all {
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { continue }
        bytes = bytes[...end]
      }
      guard !bytes.isEmpty else { continue }
      run.shown[index] = bytes.endIndex
      run.quiet = 0
      let label = consoles.count > 1 ? console.name : "console"
      text.appendLine(ConsoleText.excerpt(bytes, width: columns, label: label))
    }
    return fitted(text)
  }

  /// What is said when the run ended by itself, and what a `continue` from its last line would have said.
  private func stopped(
    _ result: RunResult, _ run: BackgroundRun
  ) -> (text: StyledText, recorded: LineOutcome) {
    (previous, movementStart) = (run.context, run.step)
    stopCommands = nil
    var recorded = report(of: result, printedBefore: run.printed)
    var text = report(of: result, printedBefore: run.shown)
    var commands = Outcome(text: StyledText())
    runStopCommands(&commands)
    for line in commands.text.lines where !commands.text.isEmpty {
      recorded.appendLine(line)
      text.appendLine(line)
    }
    return (fitted(text), Outcome(text: fitted(recorded)).line)
  }

  /// Stops the run; what to say, or nil if none is going on.
  func interruptBackground() -> StyledText? {
    guard var run = background else { return nil }
    run.shown += [Int](repeating: 0, count: max(0, printedSoFar.count - run.shown.count))
    var text = fresh(&run, all: true)
    background = run
    settleBackground()
    background = nil
    text.appendLine("stopped")
    text.appendLine(fitted(stopReport()))
    return text
  }

  /// Makes what ran since the last line a move of its own, for what the next line shows and records.
  func settleBackground() {
    guard var run = background, session.world.steps != run.step else { return }
    (previous, movementStart) = (run.context, run.step)
    let made = RunResult(reason: .done, steps: session.world.steps - run.step)
    let report = report(of: made, printedBefore: run.printed)
    observer?("continue to \(session.world.steps)", Outcome(text: fitted(report)).line)
    (run.context, run.step) = (session.world.context, session.world.steps)
    run.printed = printedSoFar
    background = run
  }
}

extension Command {
  /// It can be used while the program runs behind the prompt.
  var leavesRunning: Bool {
    switch group {
    case .looking, .vmm, .shell, .stopping, .changing: name != "undo"
    case .running: name == "interrupt"
    case .teaching: name == "note"
    case .programs, .backwards: false
    }
  }
}
