import CTerminal

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Takes characters one at a time from a terminal's bytes.
///
/// No byte is read before it is asked for, so that what was typed ahead stays with the terminal
/// for whoever reads next.
struct KeyReader {
  private let source: KeySource

  /// What came of asking for a character.
  enum Key: Equatable {
    case character(Unicode.Scalar)
    case endOfInput
    /// Instead of a key something else came that the editor has to see to.
    case event(terminal_wait)
  }

  /// The bytes of a character that is not complete, or one byte that did not belong to it.
  private var pending: [UInt8] = []
  /// A signal that came in the midst of a key's code.
  private var later: terminal_wait?

  init(descriptor: Int32) { source = KeySource(descriptor) }

  /// Waits for the next character. Bytes that are not UTF-8 come as U+FFFD.
  ///
  /// - Parameter milliseconds: after so long it is a `terminal_wait_timeout`; a negative number is for ever.
  mutating func next(within milliseconds: Int32 = -1) -> Key {
    while true {
      if let event = later {
        later = nil
        return .event(event)
      }
      if let scalar = takeCharacter() { return .character(scalar) }
      let wait = terminal_wait_for_key(source.descriptor, milliseconds)
      guard wait == terminal_wait_key else {
        if wait == terminal_wait_interrupt { pending = [] }
        return .event(wait)
      }
      var byte: UInt8 = 0
      switch terminal_read_byte(source.descriptor, &byte) {
      case 1: pending.append(byte)
      case 0: return .endOfInput
      // Ctrl-C has thrown it away between the wait and the read: the next wait tells of that.
      case _ where errno == EAGAIN: continue
      default: return .event(terminal_wait_failed)
      }
    }
  }

  /// What followed an escape character.
  enum Escape: Equatable {
    /// Nothing: the Escape key.
    case alone
    /// One character: a key pressed with Alt.
    case character(Unicode.Scalar)
    /// The code of a key that has no character, without the escape: `[A`, `OP`, `[3~`.
    case code(String)
  }

  /// Reads what belongs to an escape character. The bytes of a code come together; a person who types
  /// Escape leaves a gap.
  mutating func afterEscape() -> Escape {
    guard case .character(var first) = nextOfCode() else { return .alone }
    // Some terminals send Alt with a key as an escape before its code.
    if first == "\u{1b}", case .character(let second) = nextOfCode() { first = second }
    guard first == "[" || first == "O" else { return .character(first) }
    var code = String(first)
    while case .character(let scalar) = nextOfCode() {
      code.unicodeScalars.append(scalar)
      // The Linux console sends `[[A` for F1.
      if code == "[[" { continue }
      if first == "O" || (0x40...0x7e).contains(scalar.value) { return .code(code) }
      if code.unicodeScalars.count > Self.codeLimit { break }
    }
    return code == "[" || code == "O" ? .character(first) : .code(code)
  }

  /// The next character of a key's code. A signal that comes meanwhile is told later.
  private mutating func nextOfCode() -> Key {
    let key = next(within: Self.gap)
    guard case .event(let event) = key, event != terminal_wait_timeout else { return key }
    let again = next(within: Self.gap)
    later = event
    return again
  }

  /// Milliseconds within which the rest of a key's code comes.
  private static let gap: Int32 = 50
  private static let codeLimit = 32

  /// The text of a paste up to the mark of its end; nil if it was given up by Ctrl-C. Whatever happens, all of
  /// it is taken: the rest of a paste is never taken for typed keys.
  mutating func pastedText() -> String? {
    var text = String.UnicodeScalarView()
    let end = Array("\u{1b}[201~".unicodeScalars)
    var isGivenUp = false
    var held: terminal_wait?
    defer { later = held }
    while true {
      switch next(within: Self.pasteGap) {
      case .character(let scalar):
        // The key itself, in a terminal that sends it as a character.
        if scalar == "\u{3}" { isGivenUp = true }
        text.append(scalar)
        if scalar == "~", text.suffix(end.count).elementsEqual(end) {
          text.removeLast(end.count)
          return isGivenUp ? nil : String(text)
        }
      case .event(terminal_wait_interrupt):
        _ = Interrupts.take()
        isGivenUp = true
      case .event(terminal_wait_timeout):
        // A slow line; a person who gave it up need not wait for a mark that never comes.
        if isGivenUp { return nil }
      case .event(let event):
        held = event
        if event == terminal_wait_failed || event == terminal_wait_leave { return nil }
      case .endOfInput: return nil
      }
    }
  }

  /// Milliseconds after which a paste that was given up is taken to have ended.
  private static let pasteGap: Int32 = 500

  /// The character that the pending bytes make, if they are enough to tell.
  private mutating func takeCharacter() -> Unicode.Scalar? {
    guard let first = pending.first else { return nil }
    let length =
      switch first {
      case 0x00...0x7f: 1
      case 0xc2...0xdf: 2
      case 0xe0...0xef: 3
      case 0xf0...0xf4: 4
      default: 1
      }
    // A byte that starts something new ends what came before it.
    let next = pending.dropFirst().firstIndex { $0 & 0xc0 != 0x80 } ?? pending.count
    guard next < pending.count || pending.count >= length else { return nil }
    let taken = pending[..<min(next, length)]
    pending.removeFirst(taken.count)
    let text = String(decoding: taken, as: UTF8.self).unicodeScalars
    guard text.count == 1, let scalar = text.first else { return "\u{fffd}" }
    return scalar
  }
}
