import OnionISA

/// Where a statement stands.
struct SourcePlace: Hashable, Sendable {
  /// An index into the program's files.
  var file: Int
  /// From 1.
  var line: Int
}

/// One thing that a source line asks for, its operands parsed.
struct Statement: Sendable {
  enum Body: Sendable {
    case label(String)
    case localLabel(Int)
    case instruction(Instruction, Operands)
    case pseudo(PseudoInstruction, Operands)
    case org(Value)
    case align(Value)
    case data(size: UInt32, [Value])
    case bytes([UInt8])
    case space(Value)
    case equ(String, Value)
    case entry(Value)
    case page(ring: Ring?, isWritable: Bool?)
    /// Something that can't be assembled, with the bytes that it takes, so that what follows keeps its
    /// place; nil if that can't be told.
    case broken(size: UInt32?)
    /// A name whose `.equ` makes no sense: it exists, so its uses are no faults of their own.
    case brokenName(String)
  }

  var body: Body
  var place: SourcePlace
  /// The token that messages about the whole statement point to.
  var token: Token
}

/// An expression and where it stands in its line.
struct Value: Sendable {
  var expression: Expression
  var column: Int
  var length: Int
}

/// The operands of an instruction or pseudo-instruction.
struct Operands: Sendable {
  var d = Register.zero
  var a = Register.zero
  var b = Register.zero
  /// The immediate, target, n, c, p or x.
  var value: Value?
  /// A control register that was named.
  var control: ControlRegister?
}
