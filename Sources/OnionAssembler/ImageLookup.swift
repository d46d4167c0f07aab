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
    var rest = files[file].text[...]
    for _ in 1..<max(line, 1) {
      guard let end = rest.firstIndex(where: \.isNewline) else { return nil }
      rest = rest[rest.index(after: end)...]
    }
    return line < 1 ? nil : rest.prefix { !$0.isNewline }
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
