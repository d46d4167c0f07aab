/// Reads the text of one block: code first, then links, then what is emphasized. It takes a time that grows as the
/// text does.
struct MarkdownInlines {
  /// What was read and may still become part of something else.
  enum Node {
    case done(Markdown.Inline)
    case marks(EmphasisMarks)
    /// A `[` or `![`.
    case bracket(Bracket)
  }

  struct Bracket {
    var sign: String
    /// The place of the sign.
    var at: Int
    /// Links stand in no links: false once there is one behind it.
    var isOpen = true
  }

  private let characters: [Character]
  private var at = 0
  private var nodes: [Node] = []
  /// Text that comes after them.
  private var text = ""
  /// The places in `nodes` of brackets that may be closed.
  private var brackets: [Int] = []
  private let backticks: BacktickRuns
  /// Nothing that follows ends a comment.
  private var commentsEnd = false
  private(set) var links: [Markdown.Link] = []

  init(_ text: String) {
    characters = Array(text)
    backticks = BacktickRuns(characters)
  }

  mutating func parse() -> [Markdown.Inline] {
    while at < characters.count { readNode() }
    flush()
    return EmphasisReader.inlines(nodes[...])
  }

  private mutating func add(_ words: some StringProtocol) { text += words }

  private mutating func add(_ node: Node) {
    flush()
    nodes.append(node)
  }

  private mutating func flush() {
    guard !text.isEmpty else { return }
    nodes.append(.done(.text(text)))
    text = ""
  }

  private mutating func open(_ sign: String) {
    flush()
    // Of many that are open the first is text, so that little is ever looked at again.
    if brackets.count == Markdown.depthLimit { brackets.removeFirst() }
    brackets.append(nodes.count)
    nodes.append(.bracket(Bracket(sign: sign, at: at)))
    at += sign.count
  }

  private mutating func readNode() {
    switch characters[at] {
    case "\\": readEscape()
    case "`": readCode()
    case "\n": readLineEnd()
    case "*", "_": readMarks()
    case "!" where character(at + 1) == "[": open("![")
    case "[": open("[")
    case "]": readClosingBracket()
    case "<": readAngle()
    case "&": readEntity()
    case "h": readBareAddress()
    default: readText()
    }
  }

  private func character(_ place: Int) -> Character? {
    characters.indices.contains(place) ? characters[place] : nil
  }

  private mutating func readText() {
    let start = at
    repeat { at += 1 } while at < characters.count && !"\\`\n*_![]<&h".contains(characters[at])
    add(String(characters[start..<at]))
  }

  private mutating func readEscape() {
    let next = character(at + 1)
    if next == "\n" {
      add(.done(.lineBreak))
      at += 2
    } else if let next, next.isASCII, next.isPunctuation || next.isSymbol {
      add(String(next))
      at += 2
    } else {
      add("\\")
      at += 1
    }
  }

  /// What ends with two spaces ends there; else a line goes on in the next.
  private mutating func readLineEnd() {
    at += 1
    var spaces = 0
    while text.last == " " {
      text.removeLast()
      spaces += 1
    }
    if spaces >= 2 { add(.done(.lineBreak)) } else { add(" ") }
  }

  private mutating func readCode() {
    let length = backticks.length(at: at)
    guard let end = backticks.next(ofLength: length, from: at + length) else {
      add(String(repeating: "`", count: length))
      at += length
      return
    }
    var code = characters[(at + length)..<end].map { $0 == "\n" ? " " : $0 }
    if code.first == " ", code.last == " ", code.contains(where: { $0 != " " }) {
      code = Array(code.dropFirst().dropLast())
    }
    add(.done(.code(String(code))))
    at = end + length
  }

  private mutating func readMarks() {
    let start = at
    let sign = characters[at]
    while character(at) == sign { at += 1 }
    let before = start == 0 ? nil : character(start - 1)
    add(.marks(EmphasisMarks(sign, count: at - start, between: before, and: character(at))))
  }

  // MARK: Links

  private mutating func readClosingBracket() {
    flush()
    guard let place = brackets.popLast(), case .bracket(let bracket) = nodes[place] else {
      add("]")
      at += 1
      return
    }
    var target = LinkTarget(characters, at: at + 1)
    if let found = target.read(), bracket.isOpen {
      links.append(.init(target: found, column: bracket.at + bracket.sign.count))
      // What leads nowhere is no link.
      if !found.isEmpty {
        let inner = EmphasisReader.inlines(nodes[(place + 1)...])
        nodes.removeSubrange(place...)
        nodes.append(.done(.link(inner.withoutLinks, target: found)))
        at = target.end
        if bracket.sign == "[" { closeBrackets() }
        return
      }
    }
    nodes[place] = .done(.text(bracket.sign))
    add("]")
    at += 1
  }

  /// Those before a link begin none: links stand in no links.
  private mutating func closeBrackets() {
    for place in brackets {
      guard case .bracket(var bracket) = nodes[place], bracket.sign == "[" else { continue }
      bracket.isOpen = false
      nodes[place] = .bracket(bracket)
    }
    brackets.removeAll { place in
      guard case .bracket(let bracket) = nodes[place], !bracket.isOpen else { return false }
      nodes[place] = .done(.text(bracket.sign))
      return true
    }
  }

  /// `<https://…>`, or a comment, which is nothing.
  private mutating func readAngle() {
    let rest = characters[at...].prefix(4)
    if rest.elementsEqual("<!--"), let end = comment() {
      at = end
      return
    }
    var end = at + 1
    while let next = character(end), !next.isWhitespace, next != "<", next != ">" { end += 1 }
    let address = String(characters[(at + 1)..<end])
    guard character(end) == ">", Self.isAddress(address) else {
      add("<")
      at += 1
      return
    }
    links.append(.init(target: address, column: at + 1))
    add(.done(.link([.text(address)], target: address)))
    at = end + 1
  }

  /// The place behind a comment that begins here.
  private mutating func comment() -> Int? {
    guard !commentsEnd else { return nil }
    var place = at + 4
    while place + 2 < characters.count {
      if characters[place] == "-", characters[place + 1] == "-", characters[place + 2] == ">" {
        return place + 3
      }
      place += 1
    }
    commentsEnd = true
    return nil
  }

  static func isAddress(_ text: String) -> Bool {
    ["https://", "http://", "mailto:"].contains { text.hasPrefix($0) && text != $0 }
  }

  /// An address without any signs around it: up to a blank, without what ends a sentence.
  private mutating func readBareAddress() {
    let before = at == 0 ? nil : character(at - 1)
    let isWord = before.map { !$0.isWhitespace && !"*_~(".contains($0) } ?? false
    guard !isWord,
      ["https://", "http://"].contains(where: { characters[at...].starts(with: $0) })
    else { return readText() }
    var end = at
    while let next = character(end), !next.isWhitespace, next != "<", next != "`", next != "]" {
      end += 1
    }
    var excess = characters[at..<end].reduce(0) { $0 + ($1 == "(" ? -1 : $1 == ")" ? 1 : 0) }
    while end > at {
      let last = characters[end - 1]
      if last == ")", excess > 0 {
        excess -= 1
      } else if !"?!.,:;*_~'\"".contains(last) {
        break
      }
      end -= 1
    }
    let address = String(characters[at..<end])
    guard Self.isAddress(address) else { return readText() }
    add(.done(.link([.text(address)], target: address)))
    at = end
  }

  private mutating func readEntity() {
    let end = characters[at...].prefix(12).firstIndex(of: ";")
    guard let end, let sign = Self.entity(String(characters[(at + 1)..<end])) else {
      add("&")
      at += 1
      return
    }
    add(sign)
    at = end + 1
  }

  private static func entity(_ name: String) -> String? {
    if name.hasPrefix("#") {
      let isHexadecimal = name.dropFirst().first.map { "xX".contains($0) } ?? false
      let digits = name.dropFirst(isHexadecimal ? 2 : 1)
      let value = digits.first == "+" ? nil : UInt32(digits, radix: isHexadecimal ? 16 : 10)
      return value.map { value in
        let scalar = value == 0 ? nil : Unicode.Scalar(value)
        return String(Character(scalar ?? "\u{FFFD}"))
      }
    }
    let signs = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
      "mdash": "\u{2014}", "ndash": "\u{2013}", "hellip": "\u{2026}", "times": "\u{D7}",
    ]
    return signs[name]
  }
}

extension [Markdown.Inline] {
  /// Links stand in no links.
  fileprivate var withoutLinks: [Markdown.Inline] {
    flatMap { inline -> [Markdown.Inline] in
      switch inline {
      case .link(let inner, _): inner.withoutLinks
      case .emphasis(let inner): [.emphasis(inner.withoutLinks)]
      case .strong(let inner): [.strong(inner.withoutLinks)]
      case .text, .code, .lineBreak: [inline]
      }
    }
  }
}
