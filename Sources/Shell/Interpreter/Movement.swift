import Laboratory
import Monitor
import Onion
import OnionAssembler
import OnionISA
import SourceText

/// An expression that is shown after each stop.
struct Display: Hashable {
  /// From 1; never used again.
  var id: Int
  var expression: String
  var format: ValueFormat?
}

// Moving the machine, and what is said when it stands still again.
extension CommandInterpreter {
  /// The machine has something to run, or the one line that says why not.
  func requireProgram() throws(CommandFailure) {
    if session.image != nil || session.world.word(at: session.world.pc) ?? 0 != 0 { return }
    throw CommandFailure("no program is loaded; 'load FILE.s' loads one")
  }

  /// Moves the machine forwards and tells how that ended.
  func move(_ run: (Session, Poll) -> RunResult) throws(CommandFailure) -> StyledText {
    try requireProgram()
    if let stop = session.world.stop {
      throw CommandFailure(
        "\(StopText.short(stop)); 'back' goes back, 'reset' starts the program again")
    }
    let before = session.world.context
    let start = session.world.steps
    let printed = printedSoFar
    let result = run(session, poll)
    if case .outermost = result.reason {
      throw CommandFailure(
        "this is the outermost function: no call or trap led into it; 'until PLACE' runs to a place"
      )
    }
    if result.steps > 0 { (previous, movementStart) = (before, start) }
    if case .interrupted = result.reason {
      replacementLine = "goto \(session.world.steps)"
    }
    return report(of: result, printedBefore: printed)
  }

  /// What is said of a run that ended.
  ///
  /// - Parameter printed: bytes that the console had printed before it.
  func report(of result: RunResult, printedBefore printed: [Int]) -> StyledText {
    var report = StyledText()
    var isSilent = false
    if case .breakpoint(let hits) = result.reason {
      isSilent = self.isSilent(hits)
      prepareCommands(hits)
    } else {
      prepareCommands([])
    }
    let output = printedText(since: printed)
    if !output.isEmpty { report.appendLine(output) }
    if isSilent { return report }
    if let line = reason(result) { report.appendLine(line) }
    if let record = result.record, record.isTrap {
      report.appendLine(trapStop(record))
      report.appendLine(displayLines())
      return trimmedEnd(report)
    }
    report.appendLine(stopReport())
    return report
  }

  /// Bytes that each console has printed.
  var printedSoFar: [Int] { session.world.consoles.map(\.output.count) }

  /// What the consoles printed since, a part for each; with several guests under their names.
  private func printedText(since printed: [Int]) -> StyledText {
    let consoles = session.world.consoles
    var text = StyledText()
    for (index, console) in consoles.enumerated() {
      let before = index < printed.count ? printed[index] : 0
      let output = console.output.dropFirst(before)
      guard !output.isEmpty else { continue }
      let label = consoles.count > 1 ? console.name : "console"
      text.appendLine(ConsoleText.excerpt(output, width: columns, label: label))
    }
    return text
  }

  /// Moves the machine backwards, or to a step, and tells where it is.
  func travel(_ go: (Session, Poll) -> RunResult) throws(CommandFailure) -> StyledText {
    try requireProgram()
    let before = session.world.context
    let start = session.world.steps
    let result = go(session, poll)
    if session.world.steps != start { (previous, movementStart) = (before, start) }
    var report = StyledText()
    prepareCommands([])
    switch result.reason {
    case .beginning:
      report = "this is the beginning: no step was made before"
    case .notFound: throw CommandFailure("there was no trap before this one")
    case .interrupted:
      replacementLine = "goto \(session.world.steps)"
      report = StyledText("stopped by Ctrl-C")
    case .breakpoint(let hits):
      prepareCommands(hits)
      if isSilent(hits) { return report }
      report = hitText(hits, isAhead: true)
    case .trap:
      guard let record = result.record, record.isTrap else { break }
      report = trapStop(record)
      report.appendLine(displayLines())
      return trimmedEnd(report)
    default: break
    }
    report.appendLine(stopReport())
    return report
  }

  /// Where the machine stands, and the displays.
  func stopReport() -> StyledText {
    var report = StyledText()
    if let stop = session.world.stop {
      report.append(StopText.long(stop, in: view))
    } else {
      report.append(view.location())
    }
    report.appendLine(displayLines())
    return trimmedEnd(report)
  }

  private func trimmedEnd(_ text: StyledText) -> StyledText {
    var lines = text.lines
    while let last = lines.last, last.isEmpty { lines.removeLast() }
    return StyledText(lines: lines)
  }

  /// Why the run ended, if the place alone doesn't say it.
  private func reason(_ result: RunResult) -> StyledText? {
    switch result.reason {
    case .done, .trap, .arrived, .stopped, .beginning, .notFound, .outermost: return nil
    case .breakpoint(let hits): return hitText(hits, isAhead: false)
    case .budget(let count):
      return StyledText(
        "the budget of \(view.plural(count, "step")) for one run is used up; 'continue' goes on, "
          + "'set budget N' and 'set budget off' change it")
    case .waitingForInput:
      return waitingText
    case .endlessTrap(let loop): return endlessTrapText(loop)
    case .interrupted:
      return StyledText("stopped by Ctrl-C after \(view.plural(result.steps, "step"))")
    }
  }

  private func instructionText(at value: Int64) -> String {
    let address = VirtualAddress(UInt32(truncatingIfNeeded: value))
    guard let word = session.world.word(at: address) else { return "\(address), no page is mapped" }
    return "\(named(address))  \(Disassembler.disassemble(word, at: address).text)"
  }

  /// The displays' values, a line each.
  func displayLines() -> StyledText {
    var lines: [StyledText] = []
    for display in displays {
      let value: String
      do throws(ConditionError) {
        let (number, isWord) = try session.wordOrCount(of: display.expression)
        value =
          display.format == .instruction
          ? instructionText(at: number) : text(of: number, display.format, isWord: isWord)
      } catch {
        value = error.message
      }
      lines.append(
        StyledText(" \(display.id): ", .dim) + StyledText("\(display.expression) = \(value)"))
    }
    return StyledText(lines: lines)
  }
}
