/// Terminal columns that a text takes.
public func columns(of text: String) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

/// Terminal columns of a character: 2 for wide East Asian ones and emoji, 0 for combining and control
/// characters, else 1.
public func columns(of character: Character) -> Int {
  guard let scalar = character.unicodeScalars.first else { return 0 }
  if scalar.value < 0x20 || scalar.value == 0x7F { return 0 }
  if scalar.value < 0x300 { return 1 }
  if scalar.properties.generalCategory == .nonspacingMark { return 0 }
  if scalar.properties.isEmojiPresentation { return 2 }
  switch scalar.value {
  case 0x200B...0x200F, 0xFE00...0xFE0F: return 0
  case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}
