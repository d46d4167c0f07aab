import Laboratory
import SourceText

/// Lines that are being given, up to `end`.
struct LineCollection {
  enum Purpose {
    /// For a breakpoint, by its number.
    case breakpoint(Int)
    /// For a command of that name.
    case definition(String)
  }

  var purpose: Purpose
  var lines: [String] = []
  /// The line that began it, as a recording is to hold it.
  var opening: String

  init(_ purpose: Purpose, opening: String) {
    self.purpose = purpose
    self.opening = opening
  }
}

// `commands`: what is run after a stop.
extension CommandInterpreter {
  /// The lines that come in belong to something, up to `end`.
  var isCollecting: Bool { collection != nil }

  /// What a person is told who begins to give lines.
  static let collectionAdvice = "one command a line; 'end' ends them, Ctrl-C drops them"

  /// Forgets the lines that were given so far; what to say, or nil if none are being given.
  func dropCollection() -> StyledText? {
    guard let collected = collection else { return nil }
    collection = nil
    switch collected.purpose {
    case .definition(let name): return StyledText("the lines for '\(name)' are dropped")
    case .breakpoint(let id): return StyledText("the lines for breakpoint \(id) are dropped")
    }
  }

  /// How many lines a stop may lead to, where commands run on to the next stop, and so forth.
  private static let lineLimit = 1000

  /// Takes a line that belongs to something; nil if nothing is being given lines.
  func collect(_ line: String) -> Outcome? {
    guard let collected = collection else { return nil }
    guard TypedLine(line) != nil else { return Outcome(text: StyledText()) }
    switch collected.purpose {
    case .definition(let name):
      if line == "end" {
        userCommands.define(name, collected.lines)
        collection = nil
      } else {
        collection?.lines.append(line)
      }
      return Outcome(text: StyledText(), isSilentlyObserved: true)
    case .breakpoint(let id):
      if line == "end" {
        session.updateBreakpoint(id) { $0.commands = collected.lines }
        collection = nil
        // Not before: lines that are dropped never were.
        for line in [collected.opening] + collected.lines + [line] {
          observer?(line, LineOutcome(output: "", succeeded: true))
        }
        return Outcome(text: StyledText())
      }
      do throws(CommandFailure) {
        // A breakpoint is to know, and a recording to hold, the shell's own commands only.
        for plain in try userCommands.flattened(line) {
          collection?.lines.append(plain)
        }
        return Outcome(text: StyledText())
      } catch {
        return Outcome(text: error.text, succeeded: false, isSilentlyObserved: true)
      }
    }
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
