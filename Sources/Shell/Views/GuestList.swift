import Laboratory
import Monitor
import Onion
import OnionISA
import SourceText

extension ViewContext {
  /// Every guest: what it does, what it has had of the CPU, and what it is to have.
  public func guestList(kept: [KeptGuest] = []) -> StyledText {
    guard let monitor else { return StyledText() }
    let isNarrow = width < 60 && !isLinear
    var table = TextTable([("guest", .left), ("state", .left), ("share", .right)])
    if !isNarrow {
      table.columns += [
        ("cycles", .right), ("stolen", .right), ("weight", .right), ("cap", .right),
        ("memory", .right),
      ]
    }
    let shares = monitor.shares
    let total = shares.reduce(0) { $0 + $1.used }
    for (index, (guest, share)) in zip(monitor.guests, shares).enumerated() {
      let isHere = index == monitor.currentIndex && monitor.isGuestRunning
      var row = [
        StyledText(isHere ? "=> " : "   ", .strong) + StyledText(guest.name)
          + StyledText(index == monitor.consoleIndex ? " (console)" : "", .dim),
        StyledText(state(guest, share, isHere)),
        StyledText(
          total == 0 ? "" : "\((Double(share.used) / Double(total) * 1000).rounded() / 10)%"),
      ]
      if !isNarrow {
        row += [
          StyledText(grouped(share.used)), StyledText(grouped(share.stolen)),
          StyledText("\(share.weight)"), StyledText(share.cap.map { "\($0)%" } ?? "none"),
          StyledText(memory(guest)),
        ]
      }
      table.add(row)
    }
    var text = lay(table)
    if isNarrow { for table in narrowTables(monitor) { text.appendLine(lay(table)) } }
    if !kept.isEmpty {
      text.appendLine(
        paragraph(
          StyledText(
            "Kept: "
              + kept.map { "\($0.name) (\($0.checkpoint.name))" }.joined(separator: ", "), .dim)))
    }
    return text
  }

  /// What a narrow terminal has no room for beside the rest: nothing is left out.
  private func narrowTables(_ monitor: VirtualMachineMonitor) -> [TextTable] {
    var due = TextTable([("guest", .left), ("weight", .right), ("cap", .right), ("cycles", .right)])
    var had = TextTable([("guest", .left), ("stolen", .right), ("memory", .right)])
    for (guest, share) in zip(monitor.guests, monitor.shares) {
      let name = StyledText("   \(guest.name)")
      due.add([
        name, StyledText("\(share.weight)"), StyledText(share.cap.map { "\($0)%" } ?? "none"),
        StyledText(grouped(share.used)),
      ])
      had.add([name, StyledText(grouped(share.stolen)), StyledText(memory(guest))])
    }
    return [due, had]
  }

  /// `4 MiB`, or `3 of 4 MiB` if it gave some of it up.
  private func memory(_ guest: Guest) -> String {
    let whole = ByteCount(guest.memorySize).text
    guard guest.memory.givenUp > 0 else { return whole }
    let left = guest.memorySize - UInt32(guest.memory.givenUp) << 12
    let unit = whole.drop { $0 != " " }
    return ByteCount(left).rounded.replacing(unit, with: "") + " of \(whole)"
  }

  private func state(_ guest: Guest, _ share: CPUShare, _ isHere: Bool) -> String {
    if let stop = guest.cpu.stop {
      return switch stop {
      case .switchedOff: "off"
      case .tripleFault: "triple fault"
      default: "halted for good"
      }
    }
    if share.isPaused { return "paused" }
    if isHere { return "runs" }
    return guest.cpu.isWaiting ? "halts" : "ready"
  }
}
