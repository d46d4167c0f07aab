import CTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Single keys, without Enter and without an echo, for what is paged or played.
///
/// The terminal is as it was before after ``suspend()``, and when the key pad is let go.
public final class KeyPad {
  /// A key, or what came instead of one.
  public enum Key: Equatable, Sendable {
    case character(Character)
    case left, right, up, down, home, end, pageUp, pageDown
    /// A key without a meaning here.
    case other
    /// No key came in the time that was given.
    case timeout
    /// Ctrl-C.
    case interrupted
    case endOfInput
  }

  private let descriptor: Int32
  private let usual: termios
  private var keys: KeyReader
  private var isActive = false

  /// Nil if the descriptor is no terminal.
  public init?(descriptor: Int32 = 0) {
    var usual = termios()
    guard TerminalInfo.isTerminal(descriptor), tcgetattr(descriptor, &usual) == 0 else {
      return nil
    }
    self.descriptor = descriptor
    self.usual = usual
    keys = KeyReader(descriptor: descriptor)
    resume()
  }

  deinit { suspend() }

  /// Gives the terminal back as it was.
  public func suspend() {
    guard isActive else { return }
    isActive = false
    var usual = usual
    tcsetattr(descriptor, TCSADRAIN, &usual)
    terminal_end_editing()
  }

  /// Takes single keys again.
  public func resume() {
    guard !isActive else { return }
    isActive = true
    terminal_begin_editing()
    var raw = usual
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(descriptor, TCSADRAIN, &raw)
  }

  /// Waits for a key, for at most so many milliseconds; a negative number is for ever.
  public func next(within milliseconds: Int = -1) -> Key {
    while true {
      switch keys.next(within: Int32(clamping: milliseconds)) {
      case .character("\u{1b}"): return afterEscape()
      case .character("\u{4}"): return .endOfInput
      case .character(let scalar): return .character(Character(scalar))
      case .endOfInput: return .endOfInput
      case .event(terminal_wait_timeout): return .timeout
      case .event(terminal_wait_interrupt):
        _ = Interrupts.take()
        return .interrupted
      case .event(terminal_wait_resized): continue
      case .event(terminal_wait_continued):
        isActive = false
        resume()
      case .event(terminal_wait_leave):
        suspend()
        terminal_begin_editing()
        terminal_pass_signal_on()
        terminal_end_editing()
        resume()
      case .event: return .endOfInput
      }
    }
  }

  private func afterEscape() -> Key {
    guard case .code(let code) = keys.afterEscape() else { return .other }
    switch code {
    case "[A", "OA": return .up
    case "[B", "OB": return .down
    case "[C", "OC": return .right
    case "[D", "OD": return .left
    case "[H", "OH", "[1~", "[7~": return .home
    case "[F", "OF", "[4~", "[8~": return .end
    case "[5~": return .pageUp
    case "[6~": return .pageDown
    default: return .other
    }
  }
}
