import OnionISA

// A program as a listing: address, words, source.
extension Image {
  /// Each source line with what it placed; long data is cut after four words.
  public var listing: String {
    var byLine: [Int: [Line]] = [:]
    for line in lines { byLine[line.file << 32 | line.line, default: []].append(line) }
    var result = ""
    for (index, file) in files.enumerated() {
      if files.count > 1 { result += "; \(file.name)\n" }
      let texts = file.text.split(omittingEmptySubsequences: false) { $0.isNewline }
      for (number, text) in texts.enumerated() {
        if number == texts.count - 1, text.isEmpty { continue }
        let placed = byLine[index << 32 | number + 1] ?? []
        result += listingLines(placed, String(text))
      }
    }
    return result
  }

  private func listingLines(_ placed: [Line], _ text: String) -> String {
    let blank = String(repeating: " ", count: 17)
    guard let first = placed.first else { return text.isEmpty ? "\n" : "\(blank)  \(text)\n" }
    let bytes = bytes(of: first)
    let words = stride(from: 0, to: min(bytes.count, 16), by: 4).map { offset in
      bytes[offset..<min(offset + 4, bytes.count)].reversed().map {
        hexadecimal(UInt32($0), digits: 2)
      }.joined()
    }
    var result = ""
    for (index, word) in words.enumerated() {
      let address = hexadecimal(first.address &+ UInt32(index * 4))
      let padded = String(repeating: " ", count: 8 - word.count) + word
      result += "\(address) \(padded)" + (index == 0 ? "  \(text)" : "") + "\n"
    }
    if bytes.count > 16 { result += "\(blank)  ; ... \(bytes.count) bytes\n" }
    return result
  }

  private func bytes(of line: Line) -> [UInt8] {
    for piece in pieces where line.address >= piece.address {
      let offset = Int(line.address - piece.address)
      let end = offset + Int(line.size)
      if end <= piece.bytes.count { return Array(piece.bytes[offset..<end]) }
    }
    return []
  }
}
