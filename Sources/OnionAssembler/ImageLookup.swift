import OnionISA

// What an address of a program is called, and where it came from.
extension Image {
  /// The source line that placed the byte at `address`.
  public func line(at address: UInt32) -> Line? {
    guard let index = lastIndex(in: lines, { $0.address <= address }) else { return nil }
    let line = lines[index]
    return address - line.address < line.size ? line : nil
  }

  /// `kernel.s:88` for the byte at `address`.
  public func lineName(at address: UInt32) -> String? {
    line(at: address).map { "\(shortName(of: $0.file)):\($0.line)" }
  }

  /// A file's name without its folders.
  public func shortName(of file: Int) -> String {
    guard files.indices.contains(file) else { return "?" }
    return String(files[file].name.split(separator: "/").last ?? "?")
  }

  /// The text of a line, from 1; nil if the file has no such line.
  public func text(file: Int, line: Int) -> Substring? {
    guard files.indices.contains(file) else { return nil }
    // A view asks for a line or two of a long file: it is not split into all of them.
    guard line >= 1 else { return nil }
    var rest = files[file].text[...]
    for _ in 1..<line {
      guard let end = Self.endOfLine(in: rest) else { return nil }
      rest = rest[end.upperBound...]
    }
    return Self.endOfLine(in: rest).map { rest[..<$0.lowerBound] } ?? rest
  }

  /// Where the first line ends, by bytes: what `Character.isNewline` holds for, ten times as fast.
  private static func endOfLine(in text: Substring) -> Range<Substring.Index>? {
    let bytes = text.utf8
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let next = bytes.index(after: index)
      switch bytes[index] {
      case 0x0D where next < bytes.endIndex && bytes[next] == 0x0A:
        return index..<bytes.index(after: next)
      case 0x0A...0x0D: return index..<next
      case 0xC2, 0xE2:
        // NEL, and the separators of lines and paragraphs.
        let scalar = text.unicodeScalars[index]
        if scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}" {
          return index..<text.unicodeScalars.index(after: index)
        }
      default: break
      }
      index = next
    }
    return nil
  }

  /// The label or constant of that name.
  public func symbol(named name: String) -> Symbol? { symbols.first { $0.name == name } }

  /// The labels that stand for exactly `address`, in order of name.
  public func labels(at address: UInt32) -> [String] {
    let first = lastIndex(in: symbols) { $0.value < address }.map { $0 + 1 } ?? 0
    return symbols[first...].prefix { $0.value == address }.filter { $0.kind == .label }.map(\.name)
  }

  /// `name` or `name+12`: the nearest label at or before `address`, less than a page away.
  public func symbolicName(of address: UInt32) -> String? {
    guard var index = lastIndex(in: symbols, { $0.value <= address }) else { return nil }
    // Symbols are in order of value; constants among them name no place.
    while symbols[index].kind != .label {
      guard index > 0, address - symbols[index].value < 4096 else { return nil }
      index -= 1
    }
    let distance = address - symbols[index].value
    guard distance < 4096, let name = labels(at: symbols[index].value).first else { return nil }
    return distance == 0 ? name : "\(name)+\(distance)"
  }

  /// The index of the last element for which `test` holds, where it holds for a prefix.
  private func lastIndex<T>(in list: [T], _ test: (T) -> Bool) -> Int? {
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if test(list[middle]) { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }

  /// The word at `address`, where the image has all four bytes.
  public func word(at address: UInt32) -> UInt32? {
    guard let index = lastIndex(in: pieces, { $0.address <= address }) else { return nil }
    let piece = pieces[index]
    let offset = Int(address - piece.address)
    guard offset + 4 <= piece.bytes.count else { return nil }
    return piece.bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
