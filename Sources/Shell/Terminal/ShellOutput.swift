import LineEditor
import SourceText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where the shell's text goes: here, and nowhere else, styles become escape sequences or nothing.
final class ShellOutput {
  let usesColor: Bool
  /// The colours, if there are any.
  var theme = Theme.normal
  /// Only ASCII is written.
  let isPlain: Bool
  /// How a session that writes here begins.
  var look: Look { Look(layout: isPlain ? .linear : .normal) }
  private let fixedWidth: Int?
  private let descriptor: Int32
  /// The system's `errno` of the first write that failed; nothing is written after it.
  private(set) var failure: Int32?

  init(_ look: LookOptions, descriptor: Int32 = 1) {
    self.descriptor = descriptor
    isPlain = look.plain
    fixedWidth = look.width
    usesColor = look.usesColor(on: descriptor)
  }

  /// Columns of the terminal as it is now, or as the user said; 80 where there is neither.
  var width: Int { fixedWidth ?? TerminalInfo.columns(descriptor) ?? 80 }

  /// Lines of the terminal as it is now; nil if there is none or it doesn't tell.
  var rows: Int? { TerminalInfo.rows(descriptor) }

  /// Writes a text on lines of its own; nothing if it is empty.
  func write(_ text: StyledText) {
    guard !text.isEmpty else { return }
    write(raw: rendered(text) + "\n")
  }

  func rendered(_ text: StyledText) -> String {
    let rendered = text.visible.rendered(usesColor ? .ansi(theme) : .plain)
    return isPlain ? PlainText.ascii(rendered, width: width) : rendered
  }

  /// Empties the screen of a terminal.
  func clear() { write(raw: "\u{1B}[H\u{1B}[2J\u{1B}[3J") }

  func write(raw text: String) {
    guard failure == nil else { return }
    failure = Output.write(text, to: descriptor)
  }

  /// Ends the process if a write failed: quietly if nobody reads any more, else with a message.
  func leaveIfBroken() throws(OutputFailure) {
    if let failure { throw OutputFailure(number: failure) }
  }
}

/// Standard output can't be written to.
struct OutputFailure: Error {
  var number: Int32

  /// Nil if nobody reads any more: then nobody wants to hear of it.
  var message: String? {
    number == EPIPE ? nil : "cannot write to standard output: \(String(cString: strerror(number)))"
  }

  static let exitCode: Int32 = 1
}
