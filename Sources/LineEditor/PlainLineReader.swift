import CTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads lines from a pipe or a file, where nobody edits.
///
/// A line ends at LF or CR LF; the last one needs no end. NUL bytes and bytes that are not UTF-8
/// become U+FFFD. What is longer than `lineLimit` bytes is left out.
public final class PlainLineReader: LineReading {
  /// The most bytes that are kept of one line.
  public static let lineLimit = 1 << 20

  /// Why reading stopped before the end of the input, in the system's words; nil if it did not.
  public private(set) var failure: String?

  private let source: KeySource
  private let promptDescriptor: Int32?
  private var buffer: [UInt8] = []
  private var next = 0
  private var isAtEnd = false

  /// Reads from `descriptor`, which stays the caller's to close. The prompt is written to
  /// `promptDescriptor`, and to nothing when that is nil.
  public init(descriptor: Int32 = 0, promptDescriptor: Int32? = nil) {
    source = KeySource(descriptor)
    self.promptDescriptor = promptDescriptor
  }

  public func read(prompt: String) -> LineRead {
    if let promptDescriptor {
      // A Ctrl-C from before the prompt is forgotten.
      _ = Interrupts.take()
      Output.write(prompt, to: promptDescriptor)
      // Ctrl-D ends what a person was asked for, not the terminal.
      isAtEnd = false
    }
    var line: [UInt8] = []
    while true {
      if let end = buffer[next...].firstIndex(of: 0x0a) {
        Self.append(buffer[next..<end], to: &line)
        next = end + 1
        return .line(Self.text(line))
      }
      Self.append(buffer[next...], to: &line)
      buffer = []
      next = 0
      if isAtEnd { return line.isEmpty ? .endOfInput : .line(Self.text(line)) }
      if !fill(), Interrupts.take() { return .interrupted }
    }
  }

  /// Reads some more; false when nothing came of it.
  private func fill() -> Bool {
    if terminal_wait_for_key(source.descriptor, -1) == terminal_wait_interrupt { return false }
    var fresh = [UInt8](repeating: 0, count: 16384)
    #if canImport(Glibc)
      let count = Glibc.read(source.descriptor, &fresh, fresh.count)
    #else
      let count = Darwin.read(source.descriptor, &fresh, fresh.count)
    #endif
    if count > 0 {
      buffer = Array(fresh[..<count])
      return true
    }
    if count == 0 {
      isAtEnd = true
    } else if errno != EAGAIN, errno != EINTR {
      failure = String(cString: strerror(errno))
      isAtEnd = true
    }
    return false
  }

  private static func append(_ bytes: ArraySlice<UInt8>, to line: inout [UInt8]) {
    line += bytes.prefix(max(0, lineLimit - line.count))
  }

  private static func text(_ line: [UInt8]) -> String {
    let kept = line.last == 0x0d ? line.dropLast() : line[...]
    let text = String(decoding: kept, as: UTF8.self)
    guard kept.contains(0) else { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{fffd}" : $0 }))
  }
}
