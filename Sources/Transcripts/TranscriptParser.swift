import SourceText

/// The end of a file that was being written when the writer was killed.
public struct TornTail: Hashable, Sendable {
  /// The line on which it begins, from 1.
  public let line: Int
  /// How many bytes of the file before it are whole.
  public let validByteCount: Int

  /// What to tell the user.
  public var message: String {
    "line \(line): the file ends in the middle of a block; that block is left out"
  }
}

extension Transcript {
  /// Reads the bytes of a file.
  ///
  /// A last block that was not closed is left out and comes back as `tornTail`: that is how a file looks
  /// whose writer was killed. Everything else that is not as it should be throws.
  public static func parse(
    _ bytes: [UInt8]
  ) throws(TranscriptError) -> (transcript: Transcript, tornTail: TornTail?) {
    var parser = TranscriptParser(bytes)
    return try parser.parse()
  }

  /// Reads text that is complete; a block that is not closed is an error.
  public init(_ text: String) throws(TranscriptError) {
    let (transcript, tornTail) = try Self.parse(Array(text.utf8))
    if let tornTail {
      throw TranscriptError(line: tornTail.line, message: "this block is never closed")
    }
    self = transcript
  }
}

/// Goes through the lines of a transcript once.
struct TranscriptParser {
  private let bytes: [UInt8]
  /// The bytes of each line, without its end.
  private let lines: [Range<Int>]
  private let endsInCRLF: Bool
  private let hasByteOrderMark: Bool
  private var next = 0
  private var prose: [String] = []
  private var parts: [Transcript.Part] = []
  private var tornTail: TornTail?
  private var captured: Set<String> = []

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    hasByteOrderMark = bytes.starts(with: Self.byteOrderMark)
    let newline = UInt8(ascii: "\n")
    let carriageReturn = UInt8(ascii: "\r")
    var lines: [Range<Int>] = []
    var start = hasByteOrderMark ? Self.byteOrderMark.count : 0
    var crlf = bytes.contains(newline)
    for at in bytes.indices where bytes[at] == newline {
      if at == start || bytes[at - 1] != carriageReturn { crlf = false }
      lines.append(start..<at)
      start = at + 1
    }
    endsInCRLF = crlf
    if crlf { lines = lines.map { $0.dropLast() } }
    if start < bytes.count { lines.append(start..<bytes.count) }
    self.lines = lines
  }

  mutating func parse() throws(TranscriptError) -> (Transcript, TornTail?) {
    var transcript = Transcript(withoutFrontMatter: [])
    transcript.endsLinesInCRLF = endsInCRLF
    transcript.hasByteOrderMark = hasByteOrderMark
    transcript.endsInNewline = bytes.last == UInt8(ascii: "\n") || bytes.isEmpty
    if !lines.isEmpty, try line(0) == "---" {
      transcript.frontMatterLines = try frontMatterLines()
      transcript.frontMatter = try FrontMatter(
        lines: Array(transcript.frontMatterLines.dropFirst().dropLast()), firstLine: 2)
    } else if isCutOffMark {
      throw TranscriptError(line: 1, message: Self.cutOff)
    }
    while next < lines.count, tornTail == nil { try parsePart() }
    flushProse()
    transcript.parts = parts
    if tornTail != nil { transcript.endsInNewline = true }
    return (transcript, tornTail)
  }

  private static let cutOff = "the front matter is cut off: it ends with a second line '---'"

  /// The file is nothing but the beginning of a first `---`.
  private var isCutOffMark: Bool {
    bytes.count < 3 && !bytes.isEmpty && bytes.allSatisfy { $0 == UInt8(ascii: "-") }
  }

  private func line(_ index: Int) throws(TranscriptError) -> String {
    let slice = bytes[lines[index]]
    let text = String(decoding: slice, as: UTF8.self)
    guard text.utf8.elementsEqual(slice) else {
      let good = zip(text.utf8, slice).prefix { $0 == $1 }.count
      throw TranscriptError(
        line: index + 1, column: good + 1, message: "this line is not text in UTF-8")
    }
    return text
  }

  private mutating func frontMatterLines() throws(TranscriptError) -> [String] {
    var collected = [try line(0)]
    next = 1
    while next < lines.count {
      // A cut in the middle of a character is a cut, not a wrong character.
      if next == lines.count - 1, bytes.last != UInt8(ascii: "\n"), lines[next].count != 3 { break }
      let text = try line(next)
      collected.append(text)
      next += 1
      if text == "---" { return collected }
    }
    throw TranscriptError(line: max(1, lines.count), message: Self.cutOff)
  }

  private mutating func parsePart() throws(TranscriptError) {
    let isLast = next == lines.count - 1
    if isLast, bytes.last != UInt8(ascii: "\n"), isTornOpening(bytes[lines[next]]) {
      tearOff(from: next)
      return
    }
    let opening = try line(next)
    guard let fence = Fence(opening) else {
      prose.append(opening)
      next += 1
      return
    }
    guard let close = closingLine(of: fence) else {
      tearOff(from: next)
      return
    }
    if fence.name == "console" {
      try parseBlock(opening, fence, close)
    } else {
      for index in next...close { prose.append(try line(index)) }
    }
    next = close + 1
  }

  /// One or two backticks at the end of the file, or more with half a name: an opening that was cut off.
  private func isTornOpening(_ line: ArraySlice<UInt8>) -> Bool {
    !line.isEmpty && line.count < 3 && line.allSatisfy { $0 == UInt8(ascii: "`") }
  }

  private mutating func tearOff(from index: Int) {
    tornTail = TornTail(line: index + 1, validByteCount: lines[index].lowerBound)
  }

  private func closingLine(of fence: Fence) -> Int? {
    var index = next + 1
    while index < lines.count {
      if fence.isClosed(by: bytes[lines[index]]) { return index }
      index += 1
    }
    return nil
  }

  private mutating func flushProse() {
    guard !prose.isEmpty else { return }
    parts.append(.prose(prose))
    prose = []
  }

  private mutating func parseBlock(
    _ opening: String, _ fence: Fence, _ close: Int
  ) throws(TranscriptError) {
    guard fence.isPlain else {
      throw TranscriptError(
        line: next + 1, message: "a console block begins with backticks at the start of its line")
    }
    var block = TranscriptBlock(commands: [])
    block.line = next + 1
    block.opening = opening
    block.closing = try line(close)
    for word in fence.attributes {
      if word == "unseen", !block.isUnseen {
        block.isUnseen = true
      } else if word.hasPrefix("state="), block.state == nil {
        block.state = String(word.dropFirst("state=".count))
      } else if word.hasPrefix("sha256="), block.seal == nil {
        block.seal = String(word.dropFirst("sha256=".count))
      } else {
        let before = opening.firstRange(of: word).map { opening[..<$0.lowerBound].utf8.count } ?? 0
        throw TranscriptError(
          line: next + 1, column: before + 1,
          message:
            "'\(word)' is not known after console; unseen, state=… and sha256=… are, once each")
      }
    }
    for index in next + 1..<close {
      let text = try line(index)
      if TranscriptCommand.isCommand(text) {
        block.commands.append(TranscriptCommand(line: index + 1, source: text))
      } else if block.commands.isEmpty {
        throw TranscriptError(
          line: index + 1,
          message: "output before the first command; a command begins with '(ringside) '")
      } else {
        block.commands[block.commands.count - 1].outputSource.append(text)
      }
    }
    for command in block.commands { try checkCaptures(command) }
    flushProse()
    parts.append(.block(block))
  }

  /// A use of what nothing captured before is a slip of the pen.
  private mutating func checkCaptures(_ command: TranscriptCommand) throws(TranscriptError) {
    for (offset, line) in command.outputSource.enumerated() {
      for (name, column, isUse) in CaptureSyntax.names(in: line) {
        if !isUse {
          captured.insert(name)
        } else if !captured.contains(name) {
          throw TranscriptError(
            line: command.line + 1 + offset, column: column,
            message: "nothing above is captured as '\(name)'; '[\(name)=..]' captures it")
        }
      }
    }
  }
}
