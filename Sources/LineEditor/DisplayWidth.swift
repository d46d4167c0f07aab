import CTerminal

/// How much room text takes in a terminal.
enum DisplayWidth {
  /// The columns of one scalar as libedit shows it: a control character is shown as `^X`.
  static func columns(_ scalar: Unicode.Scalar) -> Int {
    let width = Int(terminal_character_width(scalar.value))
    return width < 0 ? 2 : width
  }

  static func columns(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns($1) }
  }

  /// The row, counted from 0, on which the cursor stands after the text in a window so wide.
  static func row(after text: String, columns: Int) -> Int {
    var row = 0
    var column = 0
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        row += 1
        column = 0
        continue
      }
      let width = self.columns(scalar)
      if column + width > columns {
        row += 1
        column = 0
      }
      column += width
      if column >= columns {
        row += 1
        column = 0
      }
    }
    return row
  }

  /// The longest beginning of the text that takes at most so many columns.
  static func clipped(_ text: String, to columns: Int) -> String {
    var used = 0
    let kept = text.unicodeScalars.prefix { scalar in
      used += self.columns(scalar)
      return used <= columns
    }
    return String(String.UnicodeScalarView(kept))
  }
}
