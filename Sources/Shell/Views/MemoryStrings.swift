import Laboratory
import OnionISA
import SourceText

/// Bytes of memory up to the 0 that ends a text.
struct MemoryString {
  enum End: Hashable {
    case zero
    /// At that address there is no memory.
    case noMemory(VirtualAddress)
    /// It is longer than what is shown at once.
    case cut
  }

  var bytes: [UInt8]
  var end: End
  /// Where the next text would begin, or where this one goes on.
  var next: VirtualAddress

  static let limit = 400
}

extension ViewContext {
  /// `count` texts from an address on, up to where memory ends; and where the next would begin.
  func strings(
    from start: VirtualAddress, count: Int, space: MemorySpace
  ) -> (text: StyledText, next: VirtualAddress) {
    var result = StyledText()
    var place = start
    for _ in 0..<count {
      let string = string(at: place, space)
      result.appendLine(shown(string, at: place, space))
      place = string.next
      if case .noMemory = string.end { break }
    }
    return (result, place)
  }

  func string(at start: VirtualAddress, _ space: MemorySpace) -> MemoryString {
    var string = MemoryString(bytes: [], end: .cut, next: start)
    while string.bytes.count < MemoryString.limit {
      guard let byte = byte(at: string.next, after: start, space) else {
        string.end = .noMemory(string.next)
        return string
      }
      string.next = string.next + 1
      if byte == 0 {
        string.end = .zero
        return string
      }
      string.bytes.append(byte)
    }
    return string
  }

  private func shown(
    _ string: MemoryString, at start: VirtualAddress, _ space: MemorySpace
  ) -> StyledText {
    let words = String(decoding: string.bytes, as: UTF8.self).map { character -> String in
      character == "\n"
        ? "\\n" : character.asciiValue.map { $0 < 32 } == true ? "?" : String(character)
    }.joined()
    var line = StyledText(" ") + address(start) + "  "
    if !string.bytes.isEmpty || string.end == .zero { line.append("\"\(words)\"") }
    switch string.end {
    case .zero: break
    case .cut: line.append(" and so on: \(string.bytes.count) bytes without a 0", .dim)
    case .noMemory(start): line.append("no memory: \(noMemory(at: start, space))", .dim)
    case .noMemory(let end):
      line.append(" with no 0 behind it: memory ends before \(end)", .dim)
    }
    return line.wrapped(to: width, hanging: "   ")
  }
}
