import SourceText

/// What a program printed, as lines that cannot disturb a terminal.
enum ConsoleText {
  private static let limit = 12

  /// The text with control characters made visible.
  static func lines(_ bytes: some Collection<UInt8>) -> [String] {
    var lines = [""]
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\n": lines.append("")
      case "\r": break
      case "\t": lines[lines.count - 1] += "    "
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        lines[lines.count - 1] += "\\x" + (digits.count < 2 ? "0" : "") + digits
      default: lines[lines.count - 1].unicodeScalars.append(scalar)
      }
    }
    if lines.last == "" { lines.removeLast() }
    return lines
  }

  /// What came out during a command: its last lines, each marked as the program's.
  static func excerpt(
    _ bytes: some Collection<UInt8>, width: Int, label: String = "console"
  ) -> StyledText {
    // So many bytes are more than the lines that are shown can hold.
    let tail = bytes.suffix(limit * max(width, 20) * 4)
    let all = lines(tail)
    let lead = StyledText(" \(label) | ", .dim)
    var shown: [StyledText] = []
    var count = 0
    for line in all.suffix(limit).reversed() {
      let rows = StyledText(line).wrapped(to: max(width, 20), first: lead, hanging: lead).lines
      // In a narrow terminal a line takes many rows, and what is said of the program needs room too.
      if width < 60, count > 0, shown.count + rows.count > limit { break }
      shown.insert(contentsOf: rows, at: 0)
      count += 1
    }
    if count < all.count || tail.count < bytes.count {
      shown.insert(StyledText(" \(label) | … ('console' shows all of it)", .dim), at: 0)
    }
    return StyledText(lines: shown)
  }
}
