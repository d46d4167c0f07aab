import OnionISA

/// An expression over the session, as `print`, `break … if` and lessons' goals write it: C's operators and
/// precedence on 64-bit signed numbers.
public indirect enum Query: Hashable, Sendable {
  case number(Int64)
  /// A register, a symbol, or a dotted name such as `alpha.virtual.IF`. The column is from 1.
  case name(String, column: Int)
  /// What stands after a `$` and is no name of the machine's: `1`, `$`, `limit`, or nothing.
  case variable(String, column: Int)
  /// `traps(page)` and its like; arguments are names or numbers, as they were written.
  case call(String, [String], column: Int)
  /// `mem[x]`, `mem8[x]`, `*x`: bytes, address. `phys[x]` and its like take a physical address of the
  /// program's machine, `machine[x]` one of the real machine.
  case memory(size: Int, MemorySpace, Query, column: Int)
  /// `&ticks`: a label's address, also where a register or another name of the machine is called the same.
  case label(String, column: Int)
  /// `beta.mem[x]`: what stands behind the dot, as that guest has it, whoever has the CPU.
  case ofGuest(String, Query, column: Int)
  case unary(String, Query)
  case binary(String, Query, Query, column: Int)

  /// The names that stand for values in it; those of calls, and of variables, left out. What is read at an address
  /// is whatever stands there, so names in that address are left out too.
  public var names: [String] {
    switch self {
    case .number, .variable, .call, .memory: []
    case .name(let name, _): [name]
    case .label(let name, _): [name]
    case .ofGuest(_, let query, _): query.names
    case .unary(_, let operand): operand.names
    case .binary(_, let left, let right, _): left.names + right.names
    }
  }

  /// Parses `text`.
  public static func parse(_ text: String) throws(ConditionError) -> Query {
    var parser = QueryParser(text)
    return try parser.whole()
  }
}

/// A small recursive-descent parser; columns count characters from 1.
struct QueryParser {
  private let characters: [Character]
  private var index = 0
  private var depth = 0

  private static let depthLimit = 60
  /// Characters; so long a sum still fits the stack that works it out.
  private static let lengthLimit = 2000
  private static let levels: [[String]] = [
    ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"],
    ["+", "-"], ["*", "/", "%"],
  ]

  init(_ text: String) { characters = Array(text) }

  private func fault(_ message: String, at column: Int? = nil) -> ConditionError {
    ConditionError(message: message, column: column ?? index + 1)
  }

  private mutating func skipSpace() {
    while index < characters.count, characters[index].isWhitespace { index += 1 }
  }

  mutating func whole() throws(ConditionError) -> Query {
    guard characters.count <= Self.lengthLimit else {
      throw fault("this is longer than \(Self.lengthLimit) characters", at: Self.lengthLimit + 1)
    }
    skipSpace()
    guard index < characters.count else { throw fault("an expression is missing") }
    let result = try level(0)
    skipSpace()
    guard index == characters.count else {
      let rest = String(characters[index...])
      if rest.hasPrefix("=") {
        throw fault("a comparison is written ==")
      }
      throw fault("'\(rest)' is too much")
    }
    return result
  }

  private mutating func level(_ number: Int) throws(ConditionError) -> Query {
    guard number < Self.levels.count else { return try unary() }
    var left = try level(number + 1)
    while let sign = operatorHere(Self.levels[number]) {
      let column = index + 1
      index += sign.count
      left = .binary(sign, left, try level(number + 1), column: column)
    }
    return left
  }

  /// The operator of this level that stands here, but not one that is the start of a longer one.
  private mutating func operatorHere(_ signs: [String]) -> String? {
    skipSpace()
    let rest = String(characters[index..<min(index + 2, characters.count)])
    for sign in signs where rest.hasPrefix(sign) {
      if sign.count == 1, ["&&", "||", "<<", ">>", "<=", ">="].contains(rest) { continue }
      return sign
    }
    return nil
  }

  private mutating func unary() throws(ConditionError) -> Query {
    skipSpace()
    guard index < characters.count else { throw fault("a value is missing") }
    let column = index + 1
    let character = characters[index]
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.depthLimit else { throw fault("this nests too deep") }
    switch character {
    case "-", "!", "~", "+":
      index += 1
      return .unary(String(character), try unary())
    case "*":
      index += 1
      return .memory(size: 4, .virtual, try unary(), column: column)
    case "&":
      index += 1
      skipSpace()
      let start = index
      while index < characters.count, Self.isWordPart(characters[index]) { index += 1 }
      guard index > start, !characters[start].isNumber else {
        throw fault("'&' stands before the name of a label", at: column)
      }
      return .label(String(characters[start..<index]), column: start + 1)
    case "(":
      index += 1
      let inner = try level(0)
      try expect(")")
      return inner
    default: return try primary(column)
    }
  }

  private mutating func expect(_ character: Character) throws(ConditionError) {
    skipSpace()
    guard index < characters.count, characters[index] == character else {
      throw fault("'\(character)' is missing")
    }
    index += 1
  }

  private mutating func primary(_ column: Int) throws(ConditionError) -> Query {
    let start = index
    if characters[index] == "'" { return try characterLiteral(column) }
    while index < characters.count, index < start + 2, characters[index] == "$" { index += 1 }
    while index < characters.count, Self.isWordPart(characters[index]) { index += 1 }
    var word = String(characters[start..<index])
    guard !word.isEmpty else { throw fault("'\(characters[start])' is no value", at: column) }
    if let price = priceName(from: start) {
      index = start + price.count
      word = price
    }
    if word.first?.isNumber == true { return .number(try number(word, column)) }
    if word.first == "$" {
      word.removeFirst()
      guard Session.isMachineName(word) else { return .variable(word, column: column) }
    }
    skipSpace()
    guard index < characters.count else { return .name(word, column: column) }
    if characters[index] == "[" {
      let spaces: [(String, MemorySpace)] = [
        ("mem", .virtual), ("phys", .physical), ("machine", .machine),
      ]
      let guest = word.lastIndex(of: ".").map { String(word[..<$0]) }
      let memory = guest.map { word.dropFirst($0.count + 1) } ?? word[...]
      guard let (name, space) = spaces.first(where: { memory.hasPrefix($0.0) }),
        let size = ["": 4, "32": 4, "16": 2, "8": 1][memory.dropFirst(name.count)]
      else {
        throw fault("memory is written mem[address], mem8[address] or phys[address]", at: column)
      }
      index += 1
      let address = try level(0)
      try expect("]")
      let read = Query.memory(size: size, space, address, column: column)
      return guest.map { .ofGuest($0, read, column: column) } ?? read
    }
    if characters[index] == "(" {
      index += 1
      return .call(word, try arguments(), column: column)
    }
    return .name(word, column: column)
  }

  /// `cost.vmm-fill`, whose name has a minus in it; nil if none stands there.
  private func priceName(from start: Int) -> String? {
    let rest = String(characters[start..<min(start + 40, characters.count)])
    guard rest.hasPrefix("cost.") else { return nil }
    let names = CycleTable.entries.map { "cost.\($0.name)" }.filter(rest.hasPrefix)
    return names.max { $0.count < $1.count }
  }

  private mutating func arguments() throws(ConditionError) -> [String] {
    var result: [String] = []
    var current = ""
    while index < characters.count {
      let character = characters[index]
      index += 1
      if character == ")" {
        let last = trimmed(current)
        if !last.isEmpty || !result.isEmpty { result.append(last) }
        return result
      }
      if character == "," {
        result.append(trimmed(current))
        current = ""
      } else {
        current.append(character)
      }
    }
    throw fault("')' is missing")
  }

  private func trimmed(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// `'a'`, with the assembler's escapes.
  private mutating func characterLiteral(_ column: Int) throws(ConditionError) -> Query {
    let rest = characters[(index + 1)...].prefix(6)
    if let end = rest.dropFirst().firstIndex(of: "'") {
      let inner = String(rest[..<end])
      let escapes = [
        "\\n": 10, "\\t": 9, "\\r": 13, "\\0": 0, "\\\\": 92, "\\'": 39, "\\\"": 34,
      ]
      var value = escapes[inner].map { Int64($0) }
      if inner.hasPrefix("\\x"), inner.count == 4, inner.dropFirst(2).allSatisfy(\.isHexDigit) {
        value = Int64(inner.dropFirst(2), radix: 16)
      }
      if inner.count == 1, inner != "\\", inner != "'" {
        value = inner.first?.asciiValue.map { Int64($0) }
      }
      if let value {
        index = end + 1
        return .number(value)
      }
      // In '\'' the quote that was found belongs to the character.
      if inner == "\\", rest.dropFirst(2).first == "'" {
        index = end + 2
        return .number(39)
      }
    }
    throw fault("a character is written 'a', '\\n' or '\\x41'", at: column)
  }

  private func number(_ word: String, _ column: Int) throws(ConditionError) -> Int64 {
    let lower = word.lowercased()
    let digits = lower.filter { $0 != "_" }
    if let value = NumberSyntax.values(word).first { return value }
    let isTooLong =
      digits.hasPrefix("0x")
      ? digits.count > 18 && digits.dropFirst(2).allSatisfy(\.isHexDigit)
      : digits.allSatisfy(\.isNumber)
    throw fault(
      isTooLong
        ? "'\(word)' does not fit into 64 bits"
        : "'\(word)' is not a number"
          + (digits.allSatisfy(\.isHexDigit) ? "; hexadecimal has 0x in front" : ""), at: column)
  }

  private static func isWordPart(_ character: Character) -> Bool {
    character == "_" || character == "."
      || character.isASCII && (character.isLetter || character.isNumber)
  }
}
