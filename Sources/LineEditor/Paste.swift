/// What was pasted, made fit to stand in lines.
struct Paste: Equatable {
  /// The lines, at least one. Control characters are left out, tabs are blanks.
  let lines: [String]

  init(_ text: String) {
    var lines: [String.UnicodeScalarView] = [.init()]
    var last: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where last == "\r": break
      case "\n", "\r": lines.append(.init())
      case "\t": lines[lines.count - 1].append(" ")
      case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value): break
      default: lines[lines.count - 1].append(scalar)
      }
      last = scalar
    }
    // Text that was copied whole ends with its line; that alone shall run nothing.
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    // Enter alone would repeat the command before it.
    let kept = lines.map { String($0) }.filter { $0.contains { $0 != " " } }
    self.lines = kept.isEmpty ? [""] : kept
  }

  var isSeveralLines: Bool { lines.count > 1 }
}
