import OnionISA
import SourceText

/// Turns one source line into statements.
struct StatementParser {
  var reader: OperandReader
  private let place: SourcePlace
  private(set) var statements: [Statement] = []
  private(set) var faults: [Fault] = []
  /// The file that an `.include` names.
  var include: (name: String, token: Token)?

  init(_ line: String, at place: SourcePlace) {
    self.place = place
    reader = OperandReader(tokens: Lexer.tokens(of: line))
    while reader.following.isSymbol(":") {
      parseLabel(reader.current)
      reader.advance()
      reader.advance()
    }
    if !reader.isAtEnd { parseOperation() }
  }

  mutating func add(_ body: Statement.Body, _ token: Token) {
    statements.append(Statement(body: body, place: place, token: token))
  }

  private mutating func parseOperation() {
    let token = reader.current
    guard let name = token.name else {
      fail(Fault("a label, an instruction or a directive should be here", at: token))
      // Most lines are one instruction.
      add(.broken(size: 4), token)
      return
    }
    reader.advance()
    if let directive = Directive(rawValue: name) {
      reader.form = directive.form
      attempt(size: directive.brokenSize, token) { (parser: inout Self) throws(Fault) in
        try parser.parse(directive, token)
        try parser.expectEnd()
      }
    } else if let instruction = InstructionTable.instruction(mnemonic: name) {
      reader.form = Self.form(name, instruction.info.operands)
      attempt(size: 4, token) { (parser: inout Self) throws(Fault) in
        let operands = try parser.reader.operands(of: instruction)
        try parser.expectEnd()
        parser.add(.instruction(instruction, operands), token)
      }
    } else if let pseudo = PseudoInstruction(rawValue: name) {
      reader.form = Self.form(name, pseudo.operands)
      attempt(size: UInt32(pseudo.wordCount * 4), token) { (parser: inout Self) throws(Fault) in
        let operands = try parser.reader.operands(of: pseudo)
        try parser.expectEnd()
        parser.add(.pseudo(pseudo, operands), token)
      }
    } else {
      let fault = unknown(name, token)
      faults.append(fault)
      var size: UInt32? = name.hasPrefix(".") ? nil : 4
      if fault.suggestion == Self.labelAdvice {
        // Uses of what was meant as a label are no faults of their own.
        add(.brokenName(name), token)
        if reader.isAtEnd { size = 0 }
      }
      add(.broken(size: size), token)
    }
  }

  private mutating func attempt(
    size: UInt32?, _ token: Token, _ parse: (inout Self) throws(Fault) -> Void
  ) {
    let count = statements.count
    do {
      try parse(&self)
    } catch {
      fail(error)
      // What is too much at the line's end takes no bytes.
      if statements.count == count { add(.broken(size: size), token) }
    }
  }

  /// Where the line stopped making sense, the reason for that comes first.
  private mutating func fail(_ fault: Fault) {
    if case .invalid(let reason) = reader.current.kind {
      faults.append(reason)
    } else {
      faults.append(fault)
    }
  }

  private static func form(_ name: String, _ operands: String) -> String {
    operands.isEmpty ? name : "\(name) \(operands)"
  }

  private func expectEnd() throws(Fault) {
    guard reader.isAtEnd else {
      throw Fault("the line should end here", at: reader.current, suggestion: reader.advice)
    }
  }

  private static let labelAdvice = "a label ends in ':'"

  private func unknown(_ name: String, _ token: Token) -> Fault {
    let lower = name.lowercased()
    let isKnown = Mnemonics.all.contains(lower)
    let following = reader.current
    if name.hasPrefix(".") {
      let guess = isKnown ? lower : Suggestion.nearest(to: lower, among: Mnemonics.all)
      return Fault(
        "'\(name)' is no directive", at: token, suggestion: guess.map { "did you mean '\($0)'?" })
    }
    let message = "'\(name)' is no instruction"
    if !isKnown, let next = following.name, Mnemonics.all.contains(next) {
      return Fault(message, at: token, suggestion: Self.labelAdvice)
    }
    let guess = isKnown ? lower : Suggestion.nearest(to: lower, among: Mnemonics.all)
    if let guess { return Fault(message, at: token, suggestion: "did you mean '\(guess)'?") }
    return Fault(message, at: token, suggestion: following.kind == .end ? Self.labelAdvice : nil)
  }

  private mutating func parseLabel(_ token: Token) {
    switch token.kind {
    case .name(let name):
      if name.hasPrefix(".") {
        faults.append(
          Fault("'\(name)' can't be a label", at: token, suggestion: "it begins with a letter or _")
        )
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
    case .localLabel(let number, _):
      faults.append(
        Fault("this can't be a label", at: token, suggestion: "the label itself is '\(number):'"))
    default: faults.append(Fault("this can't be a label", at: token))
    }
  }
}
