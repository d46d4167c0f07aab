import CTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where keys or lines are read from. A terminal is opened anew, for reads that come back at once: what a wait saw
/// may be gone when it is read, since Ctrl-C throws away what was typed before it, and a read that then
/// waits would not notice the Ctrl-C either.
///
/// The terminal is closed with the last one that reads from it.
final class KeySource {
  let descriptor: Int32
  private let isOwn: Bool

  init(_ shared: Int32) {
    let own = terminal_open_keys(shared)
    isOwn = own >= 0
    descriptor = isOwn ? own : shared
  }

  deinit { if isOwn { close(descriptor) } }
}
