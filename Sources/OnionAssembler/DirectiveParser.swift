import OnionISA

// What follows each directive.
extension StatementParser {
  mutating func parse(_ directive: Directive, _ token: Token) throws(Fault) {
    switch directive {
    case .org: add(.org(try reader.value()), token)
    case .align: add(.align(try reader.value()), token)
    case .space: add(.space(try reader.value()), token)
    case .entry: add(.entry(try reader.value()), token)
    case .byte: try data(1, token)
    case .half: try data(2, token)
    case .word: try data(4, token)
    case .ascii: add(.bytes(try text()), token)
    case .asciz: add(.bytes(try text() + [0]), token)
    case .equ: try equ()
    case .include:
      let nameToken = reader.current
      include = (String(decoding: try text(), as: UTF8.self), nameToken)
    case .page: try page(token)
    }
  }

  private mutating func data(_ size: UInt32, _ token: Token) throws(Fault) {
    var values: [Value] = []
    repeat { values.append(try reader.value()) } while reader.takes(",")
    add(.data(size: size, values), token)
  }

  private mutating func text() throws(Fault) -> [UInt8] {
    guard case .text(let bytes) = reader.current.kind else {
      throw Fault(
        reader.isAtEnd ? "a text is missing" : "a text in \"\" should be here", at: reader.current,
        suggestion: reader.advice)
    }
    reader.advance()
    return bytes
  }

  private mutating func equ() throws(Fault) {
    let token = reader.current
    guard let name = token.name, !name.hasPrefix(".") else {
      throw Fault(
        reader.isAtEnd ? "a name is missing" : "a name should be here", at: token,
        suggestion: reader.advice)
    }
    guard Register(name: name) == nil else {
      throw Fault("'\(name)' is a register and can't be given a value", at: token)
    }
    reader.advance()
    do {
      try reader.expect(",")
      add(.equ(name, try reader.value()), token)
    } catch {
      add(.brokenName(name), token)
      throw error
    }
  }

  private mutating func page(_ token: Token) throws(Fault) {
    var ring: Ring?
    var isWritable: Bool?
    repeat {
      let key = reader.current
      guard key.name == "ring" || key.name == "write" else {
        throw Fault("'ring=' or 'write=' should be here", at: key, suggestion: reader.advice)
      }
      reader.advance()
      try reader.expect("=")
      let value = reader.current
      switch (key.name, value.kind) {
      case ("ring", .number(let number)) where (0...3).contains(number):
        ring = Ring(bits: UInt32(number))
      case ("ring", _): throw Fault("a ring is 0, 1, 2 or 3", at: value, suggestion: reader.advice)
      case (_, .name("yes")): isWritable = true
      case (_, .name("no")): isWritable = false
      default: throw Fault("write is yes or no", at: value, suggestion: reader.advice)
      }
      reader.advance()
    } while reader.takes(",")
    add(.page(ring: ring, isWritable: isWritable), token)
  }
}
