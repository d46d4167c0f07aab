/// The output that a document expects of a command, with places left open.
///
/// `...` alone on a line stands for any number of lines, also none; `[..]` within a line for any part
/// of it, also nothing. Everything else is compared exactly.
///
///     cycles 4[..]
///     ...
///     stopped at main
///
/// Text that is meant to be those signs is written with a backslash: `\...` and `[\..]`. Each further
/// backslash stands for itself, so any text can be written (`escaped(_:)`) and is read back the same.
public struct OutputPattern: Hashable, Sendable {
  /// One line of the pattern.
  public enum Line: Hashable, Sendable {
    /// `...`: any number of lines.
    case anyLines
    /// The fixed pieces of a line with anything between one and the next; one piece is an exact line.
    case pieces([String])
  }

  /// The lines as written in the document, none of them with a newline.
  public let source: [String]
  let lines: [Line]

  public init(lines source: [String]) {
    self.source = source
    self.lines = source.map(Self.parse)
  }

  /// `line` of real output, written so that as a pattern it matches that line alone.
  public static func escaped(_ line: String) -> String {
    if isDots(line) { return "\\" + line }
    return mapBrackets(line) { backslashes in
      .replaced("[" + String(repeating: "\\", count: backslashes + 1) + "..]")
    }.joined()
  }

  /// Whether the whole of `actual` fits.
  public func matches(_ actual: [String]) -> Bool {
    // As with a file-name glob it is enough to go back to the last `...` and let it take one more line.
    var here = 0
    var seen = 0
    var retry: (pattern: Int, actual: Int)?
    while seen < actual.count {
      if here < lines.count, lines[here] == .anyLines {
        retry = (here, seen)
        here += 1
      } else if here < lines.count, lines[here].matches(actual[seen]) {
        here += 1
        seen += 1
      } else if let last = retry {
        retry = (last.pattern, last.actual + 1)
        here = last.pattern + 1
        seen = last.actual + 1
      } else {
        return false
      }
    }
    return lines[here...].allSatisfy { $0 == .anyLines }
  }
}

extension OutputPattern {
  /// How many places are open in a line; for `...` as many as it likes.
  public func openCount(ofLine index: Int) -> Int {
    switch lines[index] {
    case .anyLines: .max
    case .pieces(let pieces): pieces.count - 1
    }
  }

  /// The one text that a line fits; nil if it is open.
  public func exactLine(_ index: Int) -> String? {
    guard case .pieces(let pieces) = lines[index], pieces.count == 1 else { return nil }
    return pieces[0]
  }

  /// What stands at each `[..]` of a line in `actual`, which fits it; nil if it doesn't, and for `...`.
  public func openParts(ofLine index: Int, in actual: String) -> [String]? {
    guard case .pieces(let pieces) = lines[index] else { return nil }
    return Line.openParts(pieces, Array(actual.utf8))
  }

  static func parse(_ line: String) -> Line {
    if line == "..." { return .anyLines }
    let text = line.hasPrefix("\\") && isDots(line) ? String(line.dropFirst()) : line
    return .pieces(
      mapBrackets(text) { backslashes in
        if backslashes == 0 { return .cut }
        return .replaced("[" + String(repeating: "\\", count: backslashes - 1) + "..]")
      })
  }

  /// Backslashes, as many as one likes, and then `...` to the end.
  private static func isDots(_ line: String) -> Bool {
    line.drop { $0 == "\\" } == "..."
  }

  private enum Bracket {
    case cut
    case replaced(String)
  }

  /// Finds every `[..]`, `[\..]`, `[\\..]` … in `line`, and cuts there or puts in what `body` says.
  ///
  /// Works on bytes: a bracket with a combining mark after it is still a bracket.
  private static func mapBrackets(_ line: String, _ body: (_ backslashes: Int) -> Bracket)
    -> [String]
  {
    let bytes = Array(line.utf8)
    let open = UInt8(ascii: "[")
    let dots = Array("..]".utf8)
    var pieces: [String] = []
    var piece: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at] == open {
        var end = at + 1
        while end < bytes.count, bytes[end] == UInt8(ascii: "\\") { end += 1 }
        if bytes[end...].starts(with: dots) {
          switch body(end - at - 1) {
          case .cut:
            pieces.append(String(decoding: piece, as: UTF8.self))
            piece = []
          case .replaced(let text):
            piece += Array(text.utf8)
          }
          at = end + dots.count
          continue
        }
      }
      piece.append(bytes[at])
      at += 1
    }
    pieces.append(String(decoding: piece, as: UTF8.self))
    return pieces
  }
}

extension OutputPattern.Line {
  /// Whether this line of the pattern fits `actual`; `...` fits every line.
  func matches(_ actual: String) -> Bool {
    switch self {
    case .anyLines: return true
    case .pieces(let pieces):
      if pieces.count == 1 { return pieces[0].utf8.elementsEqual(actual.utf8) }
      return Self.matches(pieces, Array(actual.utf8))
    }
  }

  private static func matches(_ pieces: [String], _ actual: [UInt8]) -> Bool {
    openParts(pieces, actual) != nil
  }

  /// What stands between the pieces in `actual`, each as short as can be; nil if it doesn't fit.
  static func openParts(_ pieces: [String], _ actual: [UInt8]) -> [String]? {
    guard let first = pieces.first, let last = pieces.last else { return nil }
    if pieces.count == 1 { return first.utf8.elementsEqual(actual) ? [] : nil }
    guard actual.starts(with: first.utf8) else { return nil }
    var parts: [String] = []
    var at = first.utf8.count
    for piece in pieces.dropFirst().dropLast() {
      let wanted = Array(piece.utf8)
      let start = at
      while at + wanted.count <= actual.count, !actual[at...].starts(with: wanted) { at += 1 }
      if at + wanted.count > actual.count { return nil }
      parts.append(String(decoding: actual[start..<at], as: UTF8.self))
      at += wanted.count
    }
    let tail = Array(last.utf8)
    guard actual.count - at >= tail.count, actual.suffix(tail.count).elementsEqual(tail) else {
      return nil
    }
    parts.append(String(decoding: actual[at..<actual.count - tail.count], as: UTF8.self))
    return parts
  }
}
