/// A property of the hardware, chosen when the machine is made.
public enum Profile: String, CaseIterable, Hashable, Sendable {
  /// Every sensitive instruction is privileged: Popek and Goldberg's condition holds.
  case strict
  /// Four sensitive instructions do not trap: holes like those of the 32-bit x86, which has more.
  case classic
}
