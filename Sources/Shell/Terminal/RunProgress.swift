import LineEditor
import SourceText

/// Tells, while a command takes longer than half a second, how far the machine is and how to stop it.
///
/// It is a line that is rewritten in place and gone when the command ends; where the terminal can't draw, a
/// line now and then.
final class RunProgress {
  /// Before this nothing is said.
  private static let patience = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(200)
  private static let slowInterval = Duration.seconds(5)

  private let output: ShellOutput
  private let isWanted: Bool
  private let canDraw: Bool
  private var next: ContinuousClock.Instant?
  private var isShown = false

  init(_ output: ShellOutput) {
    self.output = output
    isWanted = TerminalInfo.isTerminal(0) && TerminalInfo.isTerminal(1)
    canDraw = !output.isPlain && TerminalInfo.canMoveTheCursor
  }

  /// A command begins.
  func begin() {
    next = isWanted ? ContinuousClock.now + Self.patience : nil
  }

  /// The command goes on.
  ///
  /// - Parameter step: where the machine is; asked for only if it is shown.
  func tick(step: () -> String) {
    guard let due = next, ContinuousClock.now >= due else { return }
    let words = "running, at step \(step()); Ctrl-C stops"
    let shown = String(words.prefix(max(output.width - 1, 1)))
    if canDraw {
      // A line that is typed meanwhile would push this one up, row by row.
      if !isShown { TerminalInfo.setEcho(false) }
      output.write(raw: "\r\u{1b}[K" + output.rendered(StyledText(shown, .dim)))
      isShown = true
    } else {
      output.write(StyledText(shown))
    }
    next = ContinuousClock.now + (canDraw ? Self.interval : Self.slowInterval)
  }

  /// The command ended: the line goes.
  func end() {
    next = nil
    if isShown {
      TerminalInfo.setEcho(true)
      output.write(raw: "\r\u{1b}[K")
    }
    isShown = false
  }
}
