import Monitor
import Onion
import OnionISA
import SourceText

extension ViewContext {
  /// The rings in as many lines as there is room for: the picture, or one line that says the same.
  ///
  /// - Parameter rows: lines of the terminal.
  public func ringPicture(rows: Int) -> StyledText {
    let picture = rows >= Self.rowsForOnion && !isLinear && width >= 36 ? onion() : ringStrip()
    return picture + "\n"
      + StyledText(String(repeating: isLinear ? "-" : "─", count: min(width, 72)), .dim)
  }

  /// The picture leaves a step as much as a small terminal has.
  private static let rowsForOnion = 36

  /// Who lives in each ring, the CPU's in brackets.
  private func ringStrip() -> StyledText {
    let isNarrow = width < 60
    var line = StyledText()
    for ring in Ring.allCases {
      let isHere = ring == machine.status.cpl
      let name = isNarrow && !isHere ? nil : owner(of: ring)
      let text = "\(ring)" + (name.map { " \($0)" } ?? "")
      line.append(isHere ? " [\(text)] " : "  \(text)  ", ringStyle(ring))
    }
    line = line.truncated(to: width)
    guard let monitor else { return line }
    let believed = StyledText("   \(guestName) believes: ring \(monitor.guest.cpu.ring)", .changed)
    let both = line + believed
    return both.width <= width ? both : line + "\n" + believed.truncated(to: width)
  }
}
