import CTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is known of the terminal at a file descriptor (0 input, 1 output, 2 errors).
public enum TerminalInfo {
  /// Whether there is a terminal at all, rather than a pipe or a file.
  public static func isTerminal(_ descriptor: Int32) -> Bool { terminal_is_terminal(descriptor) }

  /// Whether the terminal knows the codes that move its cursor and erase: all but those that are unknown or
  /// call themselves dumb.
  public static var canMoveTheCursor: Bool {
    guard let name = getenv("TERM").map({ String(cString: $0) }) else { return false }
    return !["", "dumb", "unknown"].contains(name)
  }

  /// Whether keys are shown as they are typed while no line is being edited.
  public static func setEcho(_ on: Bool) { _ = terminal_set_echo(0, on) }

  /// How many characters fit in a line; nil when this is no terminal or it does not tell.
  public static func columns(_ descriptor: Int32) -> Int? {
    let columns = terminal_columns(descriptor)
    return columns > 0 ? Int(columns) : nil
  }

  /// How many lines fit in the window; nil when this is no terminal or it does not tell.
  public static func rows(_ descriptor: Int32) -> Int? {
    let rows = terminal_rows(descriptor)
    return rows > 0 ? Int(rows) : nil
  }
}

/// Output that is whole or has failed: no part of it waits in a buffer.
public enum Output {
  /// Writes the text as UTF-8. Returns nil, or the system's `errno` for the write that failed:
  /// `EPIPE` when nobody reads any more.
  @discardableResult
  public static func write(_ text: String, to descriptor: Int32 = 1) -> Int32? {
    var text = text
    let failure = text.withUTF8 { terminal_write_all(descriptor, $0.baseAddress, $0.count) }
    return failure == 0 ? nil : failure
  }
}
