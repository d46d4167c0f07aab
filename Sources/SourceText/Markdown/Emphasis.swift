/// A run of `*` or `_`, which may begin or end emphasis.
struct EmphasisMarks {
  let sign: Character
  /// How many there were.
  let length: Int
  /// How many are not used yet.
  var count: Int
  let canOpen: Bool
  let canClose: Bool

  init(_ sign: Character, count: Int, between before: Character?, and after: Character?) {
    self.sign = sign
    length = count
    self.count = count
    func isSpace(_ character: Character?) -> Bool { character?.isWhitespace ?? true }
    func isSign(_ character: Character?) -> Bool {
      character.map { $0.isPunctuation || $0.isSymbol } ?? false
    }
    let opens = !isSpace(after) && (!isSign(after) || isSpace(before) || isSign(before))
    let closes = !isSpace(before) && (!isSign(before) || isSpace(after) || isSign(after))
    // Inside a word `_` is a letter.
    canOpen = opens && (sign == "*" || !closes || isSign(before))
    canClose = closes && (sign == "*" || !opens || isSign(after))
  }

  var text: Markdown.Inline { .text(String(repeating: sign, count: count)) }

  /// Whether emphasis that `opener` begins may end here.
  func canEnd(_ opener: EmphasisMarks) -> Bool {
    guard opener.canOpen, opener.sign == sign else { return false }
    // Of marks that could do both, those that don't match by threes are meant otherwise.
    let isAmbiguous = opener.canClose || canOpen
    return !isAmbiguous || (opener.length + length) % 3 != 0
      || opener.length % 3 == 0 && length % 3 == 0
  }
}

/// Finds out what is emphasized, as CommonMark's appendix has it.
struct EmphasisReader {
  private enum Item {
    /// With how deep things stand in one another in it.
    case done(Markdown.Inline, depth: Int)
    case marks(EmphasisMarks)
  }

  /// Marks of one kind, for which openers are looked for in vain below some place.
  private struct Kind: Hashable {
    var sign: Character
    var canOpen: Bool
    var remainder: Int
  }

  private var items: [Item] = []
  private var bottoms: [Kind: Int] = [:]

  static func inlines(_ nodes: ArraySlice<MarkdownInlines.Node>) -> [Markdown.Inline] {
    var reader = EmphasisReader()
    for node in nodes {
      switch node {
      case .done(let inline): reader.items.append(.done(inline, depth: 0))
      case .bracket(let bracket): reader.items.append(.done(.text(bracket.sign), depth: 0))
      case .marks(let marks): reader.take(marks)
      }
    }
    return joined(reader.items.map { inline($0).0 })
  }

  private mutating func take(_ marks: EmphasisMarks) {
    var marks = marks
    let kind = Kind(
      sign: marks.sign, canOpen: marks.canOpen, remainder: marks.length % 3)
    while marks.canClose, marks.count > 0 {
      let bottom = min(bottoms[kind] ?? 0, items.count)
      let place = items[bottom...].lastIndex { item in
        if case .marks(let opener) = item { marks.canEnd(opener) } else { false }
      }
      guard let place, case .marks(var opener) = items[place] else {
        bottoms[kind] = items.count
        break
      }
      let inner = items[(place + 1)...].map(Self.inline)
      items.removeSubrange(place...)
      for (known, bottom) in bottoms where bottom > items.count { bottoms[known] = items.count }
      let used = opener.count >= 2 && marks.count >= 2 ? 2 : 1
      opener.count -= used
      marks.count -= used
      if opener.count > 0 { items.append(.marks(opener)) }
      let depth = 1 + (inner.map(\.1).max() ?? 0)
      if depth > Markdown.depthLimit {
        items += inner.map { .done($0.0, depth: $0.1) }
      } else {
        let text = Self.joined(inner.map(\.0))
        items.append(.done(used == 2 ? .strong(text) : .emphasis(text), depth: depth))
      }
    }
    if marks.count > 0 { items.append(marks.canOpen ? .marks(marks) : .done(marks.text, depth: 0)) }
  }

  private static func inline(_ item: Item) -> (Markdown.Inline, Int) {
    switch item {
    case .done(let inline, let depth): (inline, depth)
    case .marks(let marks): (marks.text, 0)
    }
  }

  /// Neighbouring texts as one.
  private static func joined(_ inlines: [Markdown.Inline]) -> [Markdown.Inline] {
    var result: [Markdown.Inline] = []
    var words = ""
    func flush() {
      if !words.isEmpty { result.append(.text(words)) }
      words = ""
    }
    for inline in inlines {
      if case .text(let text) = inline {
        words += text
      } else {
        flush()
        result.append(inline)
      }
    }
    flush()
    return result
  }
}
