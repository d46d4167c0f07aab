/// One of the screens that a long text is shown on.
public struct ScreenPage: Hashable, Sendable {
  public var text: StyledText
  /// It ends in the middle of a piece that is too long for any screen.
  public var isCut: Bool

  public init(text: StyledText, isCut: Bool = false) {
    (self.text, self.isCut) = (text, isCut)
  }
}

extension StyledText {
  /// The text on screens of so many lines, one after the other.
  ///
  /// What fits on one screen stays together. What doesn't is broken where something ends: before a card, a
  /// command or a heading, or else between paragraphs; a card, a figure and a table stay whole if they fit.
  ///
  /// - Parameters:
  ///   - rows: lines of a terminal. One is the prompt's, and one, on all screens but the last, tells that there
  ///     is more.
  ///   - byCommand: each command begins a screen.
  /// - Returns: at least one screen; none of them begins or ends with an empty line.
  public func screens(rows: Int, byCommand: Bool = false) -> [ScreenPage] {
    let lines = self.lines
    let last = max(3, rows - 1)
    let breaks = ScreenBreaks(lines)
    var ends: Set<Int> = []
    if byCommand { ends.formUnion(breaks.commands.dropFirst()) }
    if lines.count > last { ends.formUnion(breaks.cards) }
    var pages: [ScreenPage] = []
    var start = 0
    for end in ends.sorted() + [lines.count] {
      while start < end {
        if lines[start].isEmpty {
          start += 1
          continue
        }
        // Empty lines at the end of a screen take no room.
        let size = breaks.bottom(of: end) - start
        let limit = end == lines.count ? last : last - 1
        let stop = size <= limit ? end : breaks.best(from: start, limit: last - 1)
        let page = Self.trimmed(lines[start..<stop])
        let isCut = stop < end && !breaks.isBreak(stop)
        if !page.isEmpty { pages.append(ScreenPage(text: StyledText(lines: page), isCut: isCut)) }
        start = stop
      }
    }
    return pages.isEmpty ? [ScreenPage(text: self)] : pages
  }

  private static func trimmed(_ lines: ArraySlice<StyledText>) -> [StyledText] {
    var lines = lines.drop { $0.isEmpty }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return Array(lines)
  }
}

/// Where a text may be broken.
private struct ScreenBreaks {
  private enum Strength: Int, Comparable {
    /// Only the line that says what can be done now would stand on the next screen.
    case invitation
    /// A part of a card or of a list begins, or what the machine says after what its program printed.
    case part
    case paragraph
    /// A command, a card or a heading begins.
    case beginning

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// By the number of the line that a screen would begin with.
  private var strengths: [Int: Strength] = [:]
  /// Lines at which a card begins, with the command before it if there is one; without the text's first.
  private(set) var cards: [Int] = []
  /// Lines at which a command begins.
  private(set) var commands: [Int] = []

  /// For each line, and for the end: the line behind the last that is not empty before it.
  private var bottoms: [Int] = [0]

  init(_ lines: [StyledText]) {
    for (index, line) in lines.enumerated() {
      bottoms.append(line.isEmpty ? bottoms[index] : index + 1)
    }
    var head: Int?
    for (index, line) in lines.enumerated() where !line.isEmpty {
      let before = index > 0 ? lines[index - 1] : StyledText()
      let isFirst = index == 0 || lines[..<index].allSatisfy(\.isEmpty)
      let isCommand = line.runs.first?.style == .prompt
      let isCard = Self.isCard(line)
      if isCommand { commands.append(index) }
      // A card belongs to the command that it answers.
      let start = isCard && head == index - 1 ? index - 1 : index
      if isCard, start > 0, lines[..<start].contains(where: { !$0.isEmpty }) { cards.append(start) }
      head = isCommand ? index : nil
      guard !isFirst, start == index else { continue }
      if isCommand || isCard || Self.isHeading(line) {
        strengths[index] = .beginning
      } else if before.isEmpty {
        // Nothing stands below its heading alone, and a figure is one thing.
        let above = lines[..<index].last { !$0.isEmpty } ?? StyledText()
        if Self.isHeading(above), !Self.isCard(above), above.runs.count < 3,
          above.runs.last?.style == .heading
        {
          continue
        }
        if Self.isCode(above), Self.isCode(line) { continue }
        let isInvitation = index == lines.count - 1 && line.plain.hasPrefix("[")
        strengths[index] = isInvitation ? .invitation : .paragraph
      } else if Self.isPart(line) || Self.isPrinted(before) != Self.isPrinted(line) {
        strengths[index] = .part
      }
    }
  }

  func isBreak(_ index: Int) -> Bool { strengths[index] != nil || cards.contains(index) }

  /// The line behind the last that is not empty before `index`.
  func bottom(of index: Int) -> Int { bottoms[index] }

  /// The best place to end a screen of at most `limit` lines: late, and where much ends.
  func best(from start: Int, limit: Int) -> Int {
    let places = strengths.filter { $0.key > start && bottom(of: $0.key) <= start + limit }
    let late = places.filter { $0.key >= start + limit / 3 && $0.value > .invitation }
    let chosen = (late.isEmpty ? places : late).max { ($0.value, $0.key) < ($1.value, $1.key) }
    return chosen?.key ?? start + limit
  }

  private static func isCard(_ line: StyledText) -> Bool {
    guard line.runs.first?.style == .heading else { return false }
    return line.plain.hasPrefix("━━ ") || line.plain.hasPrefix("== ")
  }

  private static func isHeading(_ line: StyledText) -> Bool {
    line.runs.first?.style == .heading
      || line.runs.first?.text == "## " && line.runs.dropFirst().first?.style == .heading
  }

  /// The label of a part, as a card has them, behind one space.
  private static func isPart(_ line: StyledText) -> Bool {
    line.plain.hasPrefix(" ") && !line.plain.hasPrefix("  ")
      && line.runs.first { !$0.text.allSatisfy { $0 == " " } }?.style == .strong
  }

  /// A line of what a program printed.
  private static func isPrinted(_ line: StyledText) -> Bool {
    line.runs.first?.style == .dim && line.plain.hasPrefix(" ") && line.plain.contains(" | ")
  }

  private static func isCode(_ line: StyledText) -> Bool {
    line.runs.contains { $0.style == .code }
      && line.runs.allSatisfy { $0.style == .code || $0.text.allSatisfy { $0 == " " } }
  }
}
