import OnionISA

extension ImageFile {
  /// Reads the text of an image's file.
  ///
  /// - Throws: an error that names the first line at fault: of a file that was cut off, changed, or
  ///   made by a later version, too.
  public static func image(from text: String) throws(ImageFileError) -> Image {
    var reader = ImageFileReader(text)
    return try reader.image()
  }
}

/// Reads an image's file line by line, and holds each line to what an image promises.
private struct ImageFileReader {
  private let lines: [Substring]
  /// From 0.
  private var index = 0
  private var result = Image(entry: 0, pieces: [])
  private var hasEntry = false

  init(_ text: String) {
    lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map(Substring.init)
  }

  private func error(_ message: String) -> ImageFileError {
    ImageFileError(line: index + 1, message: message)
  }

  mutating func image() throws(ImageFileError) -> Image {
    try readHeader()
    while true {
      index += 1
      // The last line ends with a line feed, so behind it stands an empty one.
      guard index < lines.count - 1 else {
        index = max(0, lines.count - 2)
        throw error("the file is cut off here; an image ends with a line 'end'")
      }
      if lines[index].hasPrefix("|") {
        try readText(lines[index].dropFirst())
        continue
      }
      let words = lines[index].split(separator: " ", omittingEmptySubsequences: false)
      switch words[0] {
      case "entry": try readEntry(words)
      case "bytes": try readBytes(words)
      case "label": try readSymbol(words, .label)
      case "constant": try readSymbol(words, .constant)
      case "pages": try readPages(words)
      case "file": try readFile()
      case "line": try readSourceLine(words)
      case "end":
        try readEnd(words)
        return result
      default: throw error("'\(words[0].prefix(20))' begins no line of an image")
      }
    }
  }

  // MARK: Parts of a line

  private func expect(_ words: [Substring], _ count: Int, _ form: String) throws(ImageFileError) {
    guard words.count == count else { throw error("this line should be '\(form)'") }
  }

  private func place(_ word: Substring, digits: Int = 8) throws(ImageFileError) -> UInt32 {
    guard word.utf8.count == digits, let value = UInt32(word, radix: 16),
      hexadecimal(value, digits: digits) == word
    else { throw error("'\(word.prefix(20))' should be \(digits) hexadecimal digits") }
    return value
  }

  private func count(_ word: Substring, from least: Int) throws(ImageFileError) -> Int {
    guard let value = Int(word), value >= least, "\(value)" == word else {
      throw error("'\(word.prefix(20))' should be a number from \(least)")
    }
    return value
  }

  // MARK: Lines

  private func readHeader() throws(ImageFileError) {
    let header = lines[0]
    guard header.hasPrefix(ImageFile.magic) else {
      throw error("an image begins with '\(ImageFile.magic)\(ImageFile.version)'")
    }
    guard header.dropFirst(ImageFile.magic.count) == "\(ImageFile.version)" else {
      throw error(
        "this is version '\(header.dropFirst(ImageFile.magic.count).prefix(20))'; "
          + "version \(ImageFile.version) can be read")
    }
  }

  private mutating func readEntry(_ words: [Substring]) throws(ImageFileError) {
    try expect(words, 2, "entry ADDRESS")
    guard !hasEntry else { throw error("there is an entry already") }
    result.entry = try place(words[1])
    hasEntry = true
  }

  private mutating func readBytes(_ words: [Substring]) throws(ImageFileError) {
    try expect(words, 3, "bytes ADDRESS DIGITS")
    let address = try place(words[1])
    let digits = words[2].utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
    guard !digits.isEmpty, digits.count % 2 == 0, !digits.contains(nil) else {
      throw error("bytes are pairs of hexadecimal digits")
    }
    let values = digits.compactMap { $0 }
    let bytes = stride(from: 0, to: values.count, by: 2).map {
      UInt8(values[$0] << 4 | values[$0 + 1])
    }
    guard UInt64(address) + UInt64(bytes.count) <= 1 << 32 else {
      throw error("these bytes go beyond the last address")
    }
    let end = result.pieces.last.map { UInt64($0.address) + UInt64($0.bytes.count) } ?? 0
    guard UInt64(address) >= end else {
      throw error("\(words[1]) does not come after the bytes before")
    }
    if UInt64(address) == end, let last = result.pieces.indices.last {
      result.pieces[last].bytes += bytes
    } else {
      result.pieces.append(Image.Piece(address: address, bytes: bytes))
    }
  }

  private mutating func readSymbol(
    _ words: [Substring], _ kind: Image.Symbol.Kind
  ) throws(ImageFileError) {
    try expect(words, 3, "\(kind.rawValue) VALUE NAME")
    let symbol = Image.Symbol(name: String(words[2]), value: try place(words[1]), kind: kind)
    guard let first = symbol.name.first, Lexer.isNameStart(first),
      symbol.name.allSatisfy(Lexer.isNamePart)
    else { throw error("'\(symbol.name.prefix(20))' is no name") }
    if let last = result.symbols.last {
      guard (last.value, last.name) < (symbol.value, symbol.name) else {
        throw error("'\(symbol.name.prefix(20))' does not come after the name before")
      }
    }
    result.symbols.append(symbol)
  }

  private mutating func readPages(_ words: [Substring]) throws(ImageFileError) {
    try expect(words, 5, "pages FIRST LAST RING write|read")
    let first = try place(words[1], digits: 5)
    let last = try place(words[2], digits: 5)
    guard first <= last else { throw error("the first page comes after the last") }
    guard let ring = UInt8(words[3]).flatMap(Ring.init(rawValue:)) else {
      throw error("'\(words[3].prefix(20))' is no ring; they are 0 to 3")
    }
    guard words[4] == "write" || words[4] == "read" else {
      throw error("'\(words[4].prefix(20))' should be 'write' or 'read'")
    }
    result.pageMarks.append(
      Image.PageMark(
        firstPage: first, lastPage: last, ring: ring, isWritable: words[4] == "write"))
  }

  /// A file and, at once, the first line of its text: a text has at least one, if an empty one.
  private mutating func readFile() throws(ImageFileError) {
    guard lines[index].hasPrefix("file ") else { throw error("this line should be 'file NAME'") }
    result.files.append(Image.File(name: String(lines[index].dropFirst(5)), text: ""))
    index += 1
    guard index < lines.count, lines[index].hasPrefix("|") else {
      throw error("a file's text should be here, after a '|'")
    }
    result.files[result.files.count - 1].text = String(lines[index].dropFirst())
  }

  private mutating func readText(_ text: Substring) throws(ImageFileError) {
    guard index > 0, lines[index - 1].hasPrefix("|"), let last = result.files.indices.last else {
      throw error("a text line stands behind no 'file'")
    }
    result.files[last].text += "\n" + text
  }

  private mutating func readSourceLine(_ words: [Substring]) throws(ImageFileError) {
    try expect(words, 5, "line ADDRESS BYTES FILE LINE")
    let address = try place(words[1])
    let size = try count(words[2], from: 1)
    let file = try count(words[3], from: 0)
    let line = try count(words[4], from: 1)
    guard result.files.indices.contains(file) else { throw error("there is no file \(file)") }
    guard let narrow = UInt32(exactly: size) else {
      throw error("a line of \(size) bytes is too long")
    }
    guard address >= result.lines.last?.address ?? 0 else {
      throw error("\(words[1]) does not come after the line before")
    }
    result.lines.append(Image.Line(address: address, size: narrow, file: file, line: line))
  }

  private func readEnd(_ words: [Substring]) throws(ImageFileError) {
    try expect(words, 3, "end LINES CHECKSUM")
    let claimed = try count(words[1], from: 1)
    guard claimed == index else {
      throw error("there should be \(claimed) lines before this one, not \(index)")
    }
    let wanted = try place(words[2])
    let body = lines[..<index].map { $0.utf8 }
    let sum = ImageFile.checksum(of: body.map { Array($0) + [0x0A] }.joined())
    guard sum == wanted else {
      throw error(
        "the lines before were changed: their checksum is \(hexadecimal(sum)), "
          + "not \(hexadecimal(wanted))")
    }
    guard hasEntry else { throw error("there is no line 'entry'") }
    guard index == lines.count - 2, lines[index + 1].isEmpty else {
      throw ImageFileError(line: index + 2, message: "nothing may follow the line 'end'")
    }
  }
}
