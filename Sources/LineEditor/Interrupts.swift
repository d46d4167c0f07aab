import CTerminal

/// Ctrl-C as a flag to look at, so that a long computation can stop in an orderly way.
///
/// The flag belongs to the process, as the signal does.
public enum Interrupts {
  /// Makes SIGINT raise the flag instead of ending the process, and SIGQUIT (Ctrl-\\) and SIGPIPE
  /// do nothing: a write to a closed pipe then fails with `EPIPE`.
  ///
  /// Call it once, before the first line is read.
  public static func install() {
    terminal_install_interrupts()
  }

  /// Whether Ctrl-C was pressed since the flag was last taken.
  public static var isPending: Bool { terminal_interrupt_is_pending() }

  /// Lowers the flag and says whether it was raised.
  public static func take() -> Bool { terminal_take_interrupt() }

  /// Raises the flag, as Ctrl-C does.
  public static func raise() { terminal_raise_interrupt() }
}
