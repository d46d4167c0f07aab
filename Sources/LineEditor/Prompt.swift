/// A prompt in the form that libedit needs: what takes no room stands between marks.
///
/// libedit keeps such a run with the character after it, and when it draws only a part of the
/// prompt anew it sends only the runs of that part. So the colour is said again before every
/// character, and none may stand at the very end: a reset there moves before the last character,
/// which is a blank in most prompts.
struct Prompt {
  /// The character that libedit takes as the mark.
  static let mark: Unicode.Scalar = "\u{1}"

  /// The prompt for libedit.
  let marked: String
  /// What is seen of the prompt.
  let visible: String

  init(_ text: String) {
    var pieces: [(style: String, scalar: Unicode.Scalar)] = []
    var style = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if scalar == "\u{1b}", let sequence = Self.styleSequence(at: rest) {
        let reset = sequence == "\u{1b}[m" || sequence == "\u{1b}[0m"
        style = reset ? sequence : style + sequence
        rest = rest.dropFirst(sequence.unicodeScalars.count)
      } else {
        rest = rest.dropFirst()
        // Other control characters would make the width wrong.
        if scalar.value >= 0x20 || scalar == "\n" { pieces.append((style, scalar)) }
      }
    }
    if let last = pieces.indices.last, !style.isEmpty { pieces[last].style = style }
    visible = String(String.UnicodeScalarView(pieces.map(\.scalar)))
    var marked = ""
    for piece in pieces {
      if !piece.style.isEmpty, piece.scalar != "\n", DisplayWidth.columns(piece.scalar) > 0 {
        marked += "\(Self.mark)\(piece.style)\(Self.mark)"
      }
      marked.unicodeScalars.append(piece.scalar)
    }
    self.marked = marked
  }

  /// The SGR sequence (`ESC [ … m`) at the start of the text, if one is there.
  private static func styleSequence(at text: Substring.UnicodeScalarView) -> String? {
    guard text.dropFirst().first == "[" else { return nil }
    let parameters = text.dropFirst(2).prefix {
      ("0"..."9").contains($0) || $0 == ";" || $0 == ":"
    }
    guard text[parameters.endIndex...].first == "m" else { return nil }
    return String(Substring(text[..<text.index(after: parameters.endIndex)]))
  }
}
