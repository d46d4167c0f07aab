import Laboratory
import Onion
import OnionAssembler
import OnionISA
import SourceText

/// How `x` and `print` show a value.
public enum ValueFormat: Character, CaseIterable, Sendable {
  case hexadecimal = "x"
  /// With leading zeros to the size of the value.
  case paddedHexadecimal = "z"
  case octal = "o"
  case decimal = "d"
  case unsigned = "u"
  case binary = "t"
  case character = "c"
  case text = "s"
  case instruction = "i"
  case address = "a"
}

// Memory, code and source.
extension ViewContext {
  /// `count` values from an address on.
  ///
  /// - Parameters:
  ///   - size: bytes of each, 1, 2 or 4.
  ///   - space: which memory the addresses are of.
  public func memory(
    from start: VirtualAddress, count: Int, size: Int, format: ValueFormat,
    space: MemorySpace = .virtual
  ) -> StyledText {
    let cell =
      format == .binary
      ? size * 8
      : format == .character
        ? 4 : format == .octal ? (size * 8 + 2) / 3 : size * 2 + (format == .hexadecimal ? 0 : 3)
    let perLine = max(1, min(16 / size, (width - 12) / (cell + 1)))
    let (count, isCut) = Self.upToLastAddress(count, of: size, from: start)
    var result = StyledText()
    var address = start
    var missing: VirtualAddress?
    for first in stride(from: 0, to: count, by: perLine) {
      var line = StyledText(" ") + self.address(address) + " "
      for _ in first..<min(first + perLine, count) {
        line.append(" ")
        if let value = value(at: address, size: size, space) {
          line.append(self.format(value, size: size, format).leftPadded(to: cell))
        } else {
          line.append(String(repeating: "?", count: size * 2).leftPadded(to: cell), .dim)
          missing = missing ?? firstMissing(from: address, count: size, space)
        }
        address = address + UInt32(size)
      }
      result.appendLine(line)
    }
    if let missing {
      result.appendLine(
        paragraph(StyledText("?? = no memory: \(noMemory(at: missing, space))", .dim)))
    }
    if isCut { result.appendLine(Self.lastAddress) }
    return result
  }

  /// As many of `count` pieces as there are addresses for, one at least; whether there are more pieces.
  private static func upToLastAddress(
    _ count: Int, of size: Int, from start: VirtualAddress
  ) -> (count: Int, isCut: Bool) {
    let room = max(1, ((1 << 32) - Int(start.rawValue)) / size)
    return (min(count, room), count > room)
  }

  private static let lastAddress = StyledText(" That was the last address.", .dim)

  /// The first address of some bytes at which there is no memory.
  private func firstMissing(
    from start: VirtualAddress, count: Int, _ space: MemorySpace
  ) -> VirtualAddress? {
    (0..<UInt32(count)).lazy.map { start + $0 }.first { byte(at: $0, after: start, space) == nil }
  }

  /// The byte at an address that is reached by going on from another; nil if there is none, or no such address.
  func byte(
    at address: VirtualAddress, after start: VirtualAddress, _ space: MemorySpace
  ) -> UInt8? {
    address >= start ? world.byte(at: address.rawValue, in: space) : nil
  }

  /// Why there is nothing at an address.
  func noMemory(at address: VirtualAddress, _ space: MemorySpace) -> String {
    space == .virtual && world.isPagingOn
      ? "the page tables lead nowhere there. 'walk \(address)' shows why."
      : "that is beyond its end."
  }

  func value(
    at address: VirtualAddress, size: Int, _ space: MemorySpace = .virtual
  ) -> UInt32? {
    var value: UInt32 = 0
    for offset in (0..<UInt32(size)).reversed() {
      guard let byte = byte(at: address + offset, after: address, space) else { return nil }
      value = value << 8 | UInt32(byte)
    }
    return value
  }

  func format(_ value: UInt32, size: Int, _ format: ValueFormat) -> String {
    switch format {
    case .hexadecimal, .paddedHexadecimal, .instruction, .text:
      return hexadecimal(value, digits: size * 2)
    case .octal: return String(value, radix: 8)
    case .address: return hexadecimal(value)
    case .decimal:
      let shift = 32 - size * 8
      return "\(Int32(bitPattern: value << shift) >> shift)"
    case .unsigned: return "\(value)"
    case .binary:
      let digits = String(value, radix: 2)
      return String(repeating: "0", count: max(0, size * 8 - digits.count)) + digits
    case .character:
      return (32..<127).contains(value) ? "'\(Character(UnicodeScalar(UInt8(value))))'" : "\(value)"
    }
  }

  /// `count` instructions from an address on; the one at pc is marked.
  public func disassembly(from start: VirtualAddress, count: Int) -> StyledText {
    var result = StyledText()
    var address = VirtualAddress(start.rawValue & ~3)
    let (count, isCut) = Self.upToLastAddress(count, of: 4, from: address)
    for _ in 0..<count {
      for label in image?.labels(at: address.rawValue) ?? [] {
        result.appendLine(StyledText("\(label):", .dim).truncated(to: width))
      }
      let isHere = address == world.pc
      var line = StyledText(isHere ? "=>" : "  ", .strong) + self.address(address) + "  "
      if let word = world.word(at: address) {
        let text = Disassembler.disassemble(word, at: address)
        if width >= 60 { line.append(hexadecimal(word) + "  ", .dim) }
        line.append(text.text, .code)
        if let target = text.target, let name = image?.symbolicName(of: target.rawValue) {
          line.append("  <\(name)>", .dim)
        }
      } else {
        line.append("no memory here", .dim)
      }
      if width >= 60, let name = image?.lineName(at: address.rawValue) {
        line = line.padded(to: 52) + "  " + StyledText(name, .dim)
      }
      result.appendLine(line.truncated(to: width))
      address = address + 4
    }
    if isCut { result.appendLine(Self.lastAddress) }
    return result
  }

  /// Source lines of a file; the one that the program is at is marked.
  ///
  /// - Parameter center: the line around which ten are shown.
  public func source(file: Int, around center: Int, count: Int = 10) -> StyledText {
    guard let image, image.files.indices.contains(file) else { return StyledText() }
    let lines = image.files[file].text.split(omittingEmptySubsequences: false) { $0.isNewline }
    let here = image.line(at: world.pc.rawValue)
    let first = max(1, min(center - count / 2 + 1, lines.count - count + 1))
    var result = StyledText()
    for number in first..<min(first + count, lines.count + 1) {
      if number == lines.count, lines[number - 1].isEmpty { break }
      let isHere = here?.file == file && here?.line == number
      var line = StyledText(isHere ? "=>" : "  ", .strong)
      line.append("\(number)".leftPadded(to: 4) + "  ", .dim)
      line.append(String(lines[number - 1]).expandingTabs, .code)
      result.appendLine(line.truncated(to: width))
    }
    return result
  }

  /// Symbols, in order of value.
  public func symbols(matching text: String) -> StyledText {
    var table = TextTable(["value", "name", ""])
    table.showsHeader = false
    for symbol in image?.symbols ?? [] where text.isEmpty || symbol.name.contains(text) {
      table.add([
        hex(symbol.value), StyledText(symbol.name),
        StyledText(symbol.kind == .label ? "" : "constant", .dim),
      ])
    }
    return lay(table)
  }
}

extension String {
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// Tabs to every eighth column.
  var expandingTabs: String {
    var result = ""
    for character in self {
      if character == "\t" {
        result += String(repeating: " ", count: 8 - result.count % 8)
      } else {
        result.append(character)
      }
    }
    return result
  }
}
