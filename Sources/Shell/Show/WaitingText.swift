import Laboratory
import Monitor
import Onion
import SourceText

/// What a guest, or the program, waits for that time alone doesn't bring.
private enum Wait: Hashable {
  /// It is stopped for good.
  case off
  /// Somebody has paused it.
  case paused
  /// It halts until something is typed.
  case input
  /// It halts until a frame comes.
  case frame
  /// It could run, but nobody gives it the CPU.
  case turn

  init(_ guest: Guest, _ share: CPUShare) {
    if guest.cpu.stop != nil {
      self = .off
    } else if share.isPaused {
      self = .paused
    } else if !guest.cpu.isWaiting {
      self = .turn
    } else if guest.devices.console.control & 1 != 0 {
      self = .input
    } else {
      self = .frame
    }
  }

  var words: String {
    switch self {
    case .off: "is off"
    case .paused: "is paused"
    case .input: "waits for input"
    case .frame: "waits for a frame from the network"
    case .turn: "waits for the CPU"
    }
  }
}

// Why nothing runs though nothing has ended, and what would help.
extension CommandInterpreter {
  /// What is waited for: input, a frame, or a guest that somebody has to start.
  var waitingText: StyledText {
    guard let monitor = session.world.monitor else {
      return "the program waits for input; 'type TEXT' types some, 'continue' goes on"
    }
    let waits = zip(monitor.guests, monitor.shares).map { (name: $0.name, wait: Wait($0, $1)) }
    let typing = "'type TEXT' types some, 'continue' goes on"
    if waits.count == 1, waits[0].wait == .input { return "the program waits for input; \(typing)" }
    var advice: [String] = []
    let console = monitor.consoleIndex
    if let waiting = waits.first(where: { $0.wait == .input }) {
      let isHeard = waits.indices.contains(console) && waits[console].wait == .input
      if !isHeard { advice.append("'vm use \(waiting.name)'") }
      if waits.allSatisfy({ $0.wait == .input }) { return "the guests wait for input; \(typing)" }
      advice.append("'type TEXT' types some")
    }
    if let paused = waits.first(where: { $0.wait == .paused }) {
      advice.append("'vm start \(paused.name)' lets it run")
    }
    let states = waits.map { "\($0.name) \($0.wait.words)" }
    let nobody = waits.allSatisfy { $0.wait == .off || $0.wait == .paused }
    return StyledText(
      (nobody ? "no guest can run: " : "") + view.list(states)
        + (advice.isEmpty ? "" : "; " + advice.joined(separator: ", "))
    ).wrapped(to: columns, hanging: "  ")
  }
}
