import OnionISA
import SourceText

/// Turns one source line into statements.
struct StatementParser {
  private var reader: OperandReader
  private let place: SourcePlace
  private(set) var statements: [Statement] = []
  private(set) var faults: [Fault] = []
  /// The file that an `.include` names.
  private(set) var include: (name: String, token: Token)?

  init(_ line: String, at place: SourcePlace) {
    self.place = place
    do {
      reader = OperandReader(tokens: try Lexer.tokens(of: line))
    } catch {
      reader = OperandReader(tokens: [Token(kind: .end, column: 1, length: 1)])
      faults.append(error)
      // What the line would have placed is unknown; most lines are one instruction.
      add(.broken(size: 4), reader.current)
      return
    }
    parseLine()
  }

  private mutating func add(_ body: Statement.Body, _ token: Token) {
    statements.append(Statement(body: body, place: place, token: token))
  }

  private mutating func parseLine() {
    while reader.following.isSymbol(":") {
      parseLabel(reader.current)
      reader.advance()
      reader.advance()
    }
    guard !reader.isAtEnd else { return }
    let token = reader.current
    guard case .name(let name) = token.kind else {
      faults.append(Fault("a label, an instruction or a directive should be here", at: token))
      return
    }
    reader.advance()
    if let directive = Directive(rawValue: name) {
      attempt(size: 0) { (parser: inout StatementParser) throws(Fault) in
        try parser.parse(directive, token)
      }
    } else if let instruction = InstructionTable.instruction(mnemonic: name) {
      attempt(size: 4) { (parser: inout StatementParser) throws(Fault) in
        let operands = try parser.reader.operands(of: instruction)
        try parser.expectEnd("\(name) \(instruction.info.operands)")
        parser.add(.instruction(instruction, operands), token)
      }
    } else if let pseudo = PseudoInstruction(rawValue: name) {
      attempt(size: UInt32(pseudo.wordCount * 4)) { (parser: inout StatementParser) throws(Fault) in
        let operands = try parser.reader.operands(of: pseudo)
        try parser.expectEnd("\(name) \(pseudo.operands)")
        parser.add(.pseudo(pseudo, operands), token)
      }
    } else {
      let guess = Suggestion.nearest(to: name.lowercased(), among: Mnemonics.all)
      let exact = Mnemonics.all.contains(name.lowercased()) ? name.lowercased() : guess
      faults.append(
        Fault(
          name.hasPrefix(".") ? "'\(name)' is no directive" : "'\(name)' is no instruction",
          at: token, suggestion: exact.map { "did you mean '\($0)'?" }))
      add(.broken(size: name.hasPrefix(".") ? 0 : 4), token)
    }
  }

  private mutating func attempt(
    size: UInt32, _ parse: (inout StatementParser) throws(Fault) -> Void
  ) {
    let token = reader.current
    do {
      try parse(&self)
    } catch {
      faults.append(error)
      add(.broken(size: size), token)
    }
  }

  private func expectEnd(_ usage: String) throws(Fault) {
    guard reader.isAtEnd else {
      throw Fault("this is too much", at: reader.current, suggestion: "it is '\(usage)'")
    }
  }

  // MARK: Labels

  private mutating func parseLabel(_ token: Token) {
    switch token.kind {
    case .name(let name):
      if name.hasPrefix(".") {
        faults.append(Fault("names begin with a letter or _", at: token))
      } else if Register(name: name) != nil {
        faults.append(Fault("'\(name)' is a register and can't be a label", at: token))
      } else {
        add(.label(name), token)
      }
    case .number(let number):
      if (1...99).contains(number) {
        add(.localLabel(Int(number)), token)
      } else {
        faults.append(Fault("local labels go from 1 to 99", at: token))
      }
    default: faults.append(Fault("this can't be a label", at: token))
    }
  }

  // MARK: Directives

  private mutating func parse(_ directive: Directive, _ token: Token) throws(Fault) {
    switch directive {
    case .org: add(.org(try reader.expression()), token)
    case .align: add(.align(try reader.expression()), token)
    case .space: add(.space(try reader.expression()), token)
    case .entry: add(.entry(try reader.expression()), token)
    case .byte: try data(1, token)
    case .half: try data(2, token)
    case .word: try data(4, token)
    case .ascii: add(.bytes(try text(directive)), token)
    case .asciz: add(.bytes(try text(directive) + [0]), token)
    case .equ:
      let nameToken = reader.current
      guard case .name(let name) = nameToken.kind, !name.hasPrefix(".") else {
        throw Fault("a name should be here", at: nameToken, suggestion: directive.usage)
      }
      guard Register(name: name) == nil else {
        throw Fault("'\(name)' is a register and can't be given a value", at: nameToken)
      }
      reader.advance()
      try reader.expect(",", directive.usage)
      add(.equ(name, try reader.expression()), nameToken)
    case .include:
      let nameToken = reader.current
      include = (String(decoding: try text(directive), as: UTF8.self), nameToken)
    case .page: try page(token)
    }
    try expectEnd(directive.usage)
  }

  private mutating func data(_ size: UInt32, _ token: Token) throws(Fault) {
    var values: [Expression] = []
    var tokens: [Token] = []
    repeat {
      tokens.append(reader.current)
      values.append(try reader.expression())
    } while reader.takes(",")
    add(.data(size: size, values, columns: tokens), token)
  }

  private mutating func text(_ directive: Directive) throws(Fault) -> [UInt8] {
    guard case .text(let bytes) = reader.current.kind else {
      throw Fault("a text in \"\" should be here", at: reader.current, suggestion: directive.usage)
    }
    reader.advance()
    return bytes
  }

  private mutating func page(_ token: Token) throws(Fault) {
    var ring: Ring?
    var isWritable: Bool?
    repeat {
      let keyToken = reader.current
      guard case .name(let key) = keyToken.kind, key == "ring" || key == "write" else {
        throw Fault(
          "'ring=' or 'write=' should be here", at: keyToken, suggestion: Directive.page.usage)
      }
      reader.advance()
      try reader.expect("=", Directive.page.usage)
      let value = reader.current
      switch (key, value.kind) {
      case ("ring", .number(let number)) where (0...3).contains(number):
        ring = Ring(bits: UInt32(number))
      case ("write", .name("yes")): isWritable = true
      case ("write", .name("no")): isWritable = false
      default:
        throw Fault(
          key == "ring" ? "a ring is 0, 1, 2 or 3" : "write is yes or no", at: value,
          suggestion: Directive.page.usage)
      }
      reader.advance()
    } while reader.takes(",")
    add(.page(ring: ring, isWritable: isWritable), token)
  }
}
