import CTerminal

/// Takes characters one at a time from a terminal's bytes.
///
/// No byte is read before it is asked for, so that what was typed ahead stays with the terminal
/// for whoever reads next.
struct KeyReader {
  /// What came of asking for a character.
  enum Key: Equatable {
    case character(Unicode.Scalar)
    case endOfInput
    /// Instead of a key something else came that the editor has to see to.
    case event(terminal_wait)
  }

  let descriptor: Int32
  /// The bytes of a character that is not complete, or one byte that did not belong to it.
  private var pending: [UInt8] = []

  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Waits for the next character. Bytes that are not UTF-8 come as U+FFFD.
  mutating func next() -> Key {
    while true {
      if let scalar = takeCharacter() { return .character(scalar) }
      let wait = terminal_wait_for_key(descriptor)
      guard wait == terminal_wait_key else {
        if wait == terminal_wait_interrupt { pending = [] }
        return .event(wait)
      }
      var byte: UInt8 = 0
      switch terminal_read_byte(descriptor, &byte) {
      case 1: pending.append(byte)
      case 0: return .endOfInput
      // The wait says that there is something, so this is an error and not a terminal at rest.
      default: return .event(terminal_wait_failed)
      }
    }
  }

  /// The key after an escape character, when that was the start of a cursor key's code: in its
  /// shorter form, such as Ctrl-P for Up. Other codes are taken away and give nil.
  ///
  /// libedit knows no codes while it searches the history, and would search for them.
  mutating func cursorKeyAfterEscape() -> Unicode.Scalar? {
    // The bytes of a code come together; a person who types Escape leaves a gap.
    guard terminal_has_input(descriptor, 50), case .character(let first) = next() else {
      return "\u{1b}"
    }
    guard first == "[" || first == "O" else { return nil }
    var parameters = false
    while terminal_has_input(descriptor, 50), case .character(let scalar) = next() {
      guard (0x40...0x7e).contains(scalar.value) else {
        parameters = true
        continue
      }
      return parameters ? nil : Self.cursorKeys[scalar]
    }
    return nil
  }

  private static let cursorKeys: [Unicode.Scalar: Unicode.Scalar] = [
    "A": "\u{10}", "B": "\u{e}", "C": "\u{6}", "D": "\u{2}", "H": "\u{1}", "F": "\u{5}",
  ]

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
