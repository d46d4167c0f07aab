import SourceText

/// A line of the difference between written and actual output.
public struct DiffLine: Hashable, Sendable {
  public enum Side: Hashable, Sendable {
    case both
    case expected
    case actual
  }

  public let side: Side
  /// The line in the transcript, from 1; nil for one that is not written there.
  public let line: Int?
  /// The line as written, or as it came, without marks.
  public let content: String

  /// The line with its number and sign.
  public var text: String {
    let sign =
      switch side {
      case .both: " "
      case .expected: "-"
      case .actual: "+"
      }
    let number = line.map(String.init) ?? ""
    let padding = String(repeating: " ", count: max(0, 6 - number.count))
    return "\(padding)\(number) \(sign) \(side == .both ? content : withVisibleEnd)"
  }

  /// A blank at a line's end shows in a line that differs.
  private var withVisibleEnd: String {
    let text = trimmedEnd
    return text + String(repeating: "·", count: content.count - text.count)
  }

  var trimmedEnd: String { String(content.reversed().drop { $0 == " " }.reversed()) }

  /// The whole difference between what is written below `command` and what came.
  static func lines(
    of command: TranscriptCommand, expected: OutputPattern, actual: [String]
  ) -> [DiffLine] {
    let source = command.writtenOutput
    func written(_ index: Int, _ side: Side) -> DiffLine {
      DiffLine(side: side, line: command.line + 1 + index, content: source[index])
    }
    func came(_ index: Int) -> DiffLine {
      DiffLine(side: .actual, line: nil, content: actual[index])
    }
    return expected.aligned(with: actual).steps.flatMap { step in
      switch step {
      case .same(let index, _), .open(let index, _): [written(index, .both)]
      case .changed(let index, let other): [written(index, .expected), came(other)]
      case .missing(let index): [written(index, .expected)]
      case .extra(let index): [came(index)]
      }
    }
  }
}

/// The first word that is another, with the name of its column if there is one.
struct DiffWord {
  let text: String

  /// Nil if the first difference is not one line in the place of another, made of as many words.
  init?(_ lines: [DiffLine]) {
    guard let at = lines.firstIndex(where: { $0.side != .both }), at + 1 < lines.count,
      lines[at].side == .expected, lines[at + 1].side == .actual
    else { return nil }
    let written = Self.words(lines[at].content)
    let came = Self.words(lines[at + 1].content)
    guard written.count == came.count,
      let place = written.indices.first(where: { written[$0] != came[$0] })
    else { return nil }
    let name = written[..<place].last { $0.first?.isLetter == true }
    let subject = name.map { Self.isName($0) ? "\($0): " : "" } ?? ""
    text = "\(subject)\(came[place]) came, \(written[place]) is written"
  }

  /// Names begin a line or a column; in a sentence the word before says nothing of the value.
  private static func isName(_ word: Substring) -> Bool {
    let before = word.base[..<word.startIndex]
    return before.allSatisfy { $0 == " " } || before.hasSuffix("  ")
  }

  private static func words(_ line: String) -> [Substring] {
    line.split { $0 == " " || $0 == "," || $0 == "=" }
  }
}
