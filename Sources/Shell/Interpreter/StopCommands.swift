import Laboratory
import SourceText

/// Lines that are being given for a breakpoint, up to `end`.
struct CollectedCommands {
  /// The breakpoint's number.
  var id: Int
  var lines: [String] = []
}

// `commands`: what is run after a stop.
extension CommandInterpreter {
  /// The lines that come in belong to a breakpoint, up to `end`.
  var isCollecting: Bool { collectedCommands != nil }

  /// How many lines a stop may lead to, where commands run on to the next stop, and so forth.
  private static let lineLimit = 1000

  /// Takes a line for a breakpoint; nil if none is being given commands.
  func collect(_ line: String) -> Outcome? {
    guard let collected = collectedCommands else { return nil }
    if line == "end" {
      session.updateBreakpoint(collected.id) { $0.commands = collected.lines }
      collectedCommands = nil
    } else if TypedLine(line) != nil {
      collectedCommands?.lines.append(line)
    }
    return Outcome(text: StyledText())
  }

  /// Notes what the hits want to be run, in place of what was still to be run: the machine has moved.
  func prepareCommands(_ hits: [StopHit]) {
    stopCommands = hits.flatMap(\.breakpoint.commands).filter { $0 != "silent" }
  }

  /// Nothing is to be said of the stop.
  func isSilent(_ hits: [StopHit]) -> Bool {
    hits.contains { $0.breakpoint.commands.first == "silent" }
  }

  /// Runs what the last stop wants, and what the stops that this leads to want.
  func runStopCommands(_ outcome: inout Outcome) {
    guard var queue = stopCommands else { return }
    stopCommands = nil
    var left = Self.lineLimit
    while !queue.isEmpty {
      guard left > 0, !poll() else {
        outcome.text.appendLine(
          left > 0 ? "stopped by Ctrl-C" : "stopped: the breakpoints' commands never end")
        break
      }
      left -= 1
      let said = perform(queue.removeFirst())
      if !said.text.isEmpty { outcome.text.appendLine(said.text) }
      if let next = stopCommands { queue = next }
      stopCommands = nil
      guard said.succeeded else { break }
    }
  }
}
