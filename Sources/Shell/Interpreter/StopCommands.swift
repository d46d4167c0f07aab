import Laboratory
import SourceText

// `commands`: what is run after a stop.
extension CommandInterpreter {
  /// How many lines a stop may lead to, where commands run on to the next stop, and so forth.
  private static let lineLimit = 1000

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
      let line = queue.removeFirst()
      // A block among them is given to what wants it. It is recorded with the breakpoint that it is part of.
      let said = collect(line, isRecorded: false) ?? perform(line)
      if !said.text.isEmpty { outcome.text.appendLine(said.text) }
      if let next = stopCommands { queue = next }
      stopCommands = nil
      guard said.succeeded else { break }
    }
  }
}
