import SourceText

/// `[NAME=..]` in expected output is open like `[..]` and keeps what stood there; `[=NAME]` in output further
/// down, or in a command, stands for it.
///
///     (ringside) print sp
///     $1 = [stack=..]
///     (ringside) x [=stack]
///     [=stack]: 00000000
///
/// As with `[..]`, text that is meant to be those signs has a backslash after the bracket.
enum CaptureSyntax {
  enum Piece: Hashable {
    case text(String)
    case capture(String)
    case use(String)
  }

  /// The pieces of a line of output.
  static func pieces(of line: String) -> [Piece] {
    guard line.utf8.contains(UInt8(ascii: "[")) else { return [.text(line)] }
    var pieces: [Piece] = []
    var text: [UInt8] = []
    scan(line) { found in
      switch found {
      case .byte(let byte): text.append(byte)
      case .sign(let backslashes, let inner, _) where backslashes > 0:
        text += Array("[".utf8) + [UInt8](repeating: UInt8(ascii: "\\"), count: backslashes - 1)
        text += inner.utf8
      case .sign(_, let inner, _):
        pieces.append(.text(String(decoding: text, as: UTF8.self)))
        text = []
        pieces.append(piece(inner))
      }
    }
    pieces.append(.text(String(decoding: text, as: UTF8.self)))
    return pieces
  }

  /// The names in a line, with their columns from 1 and whether each is a use.
  static func names(in line: String) -> [(name: String, column: Int, isUse: Bool)] {
    guard line.utf8.contains(UInt8(ascii: "[")) else { return [] }
    var names: [(name: String, column: Int, isUse: Bool)] = []
    scan(line) { found in
      guard case .sign(0, let inner, let at) = found else { return }
      switch piece(inner) {
      case .capture(let name): names.append((name, at + 1, false))
      case .use(let name): names.append((name, at + 1, true))
      case .text: break
      }
    }
    return names
  }

  /// `line` of real output, written so that nothing in it captures or stands for what was captured.
  static func escaped(_ line: String) -> String {
    guard line.utf8.contains(UInt8(ascii: "[")) else { return line }
    var result: [UInt8] = []
    scan(line) { found in
      switch found {
      case .byte(let byte): result.append(byte)
      case .sign(let backslashes, let inner, _):
        result.append(UInt8(ascii: "["))
        result += [UInt8](repeating: UInt8(ascii: "\\"), count: backslashes + 1)
        result += inner.utf8
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private enum Found {
    case byte(UInt8)
    /// Bracket, backslashes, and the inner part with the closing bracket, at this byte.
    case sign(backslashes: Int, inner: String, at: Int)
  }

  private static func piece(_ inner: String) -> Piece {
    inner.hasPrefix("=")
      ? .use(String(inner.dropFirst().dropLast())) : .capture(String(inner.dropLast(4)))
  }

  private static func scan(_ line: String, _ body: (Found) -> Void) {
    let bytes = Array(line.utf8)
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "[") {
        let slashes = bytes[(at + 1)...].prefix { $0 == UInt8(ascii: "\\") }.count
        let inner = bytes[(at + 1 + slashes)...]
        if let length = signLength(inner) {
          body(
            .sign(
              backslashes: slashes, inner: String(decoding: inner.prefix(length), as: UTF8.self),
              at: at))
          at += 1 + slashes + length
          continue
        }
      }
      body(.byte(bytes[at]))
      at += 1
    }
  }

  /// The length of `NAME=..]` or `=NAME]` at the beginning of `bytes`.
  private static func signLength(_ bytes: ArraySlice<UInt8>) -> Int? {
    let isUse = bytes.first == UInt8(ascii: "=")
    let name = bytes.dropFirst(isUse ? 1 : 0).prefix(while: isWord)
    guard let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return nil
    }
    let end = Array((isUse ? "]" : "=..]").utf8)
    guard bytes[name.endIndex...].starts(with: end) else { return nil }
    return (isUse ? 1 : 0) + name.count + end.count
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

/// What was captured so far.
struct Captures: Hashable, Sendable {
  private(set) var values: [String: String] = [:]

  /// A command with what it names put in; what was never captured stays as it is.
  func resolved(_ command: String) -> String {
    guard !values.isEmpty, command.utf8.contains(UInt8(ascii: "[")) else { return command }
    return CaptureSyntax.pieces(of: command).map { piece in
      switch piece {
      case .text(let text): text
      case .capture(let name): "[\(name)=..]"
      case .use(let name): values[name] ?? "[=\(name)]"
      }
    }.joined()
  }

  /// The pattern that lines of expected output are.
  func pattern(_ lines: [String]) -> OutputPattern {
    OutputPattern(
      lines: lines.map { line in
        CaptureSyntax.pieces(of: line).map { piece in
          switch piece {
          case .text(let text): text
          case .capture: "[..]"
          case .use(let name): OutputPattern.escaped(values[name] ?? "")
          }
        }.joined()
      })
  }

  /// Keeps what stood at the captures of `lines`, whose pattern `actual` fits.
  mutating func take(_ lines: [String], _ pattern: OutputPattern, _ actual: [String]) {
    let lines = lines.map(CaptureSyntax.pieces)
    guard lines.contains(where: { $0.count > 1 }) else { return }
    for case .same(let index, let came) in pattern.aligned(with: actual).steps {
      guard let parts = pattern.openParts(ofLine: index, in: actual[came]) else { continue }
      var before = ""
      for piece in lines[index] {
        switch piece {
        case .text(let text): before += text
        case .use(let name): before += OutputPattern.escaped(values[name] ?? "")
        case .capture(let name):
          let number = OutputPattern(lines: [before]).openCount(ofLine: 0)
          if number < parts.count { values[name] = parts[number] }
          before += "[..]"
        }
      }
    }
  }
}
