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
    case org(Expression)
    case align(Expression)
    case data(size: UInt32, [Expression], columns: [Token])
    case bytes([UInt8])
    case space(Expression)
    case equ(String, Expression)
    case entry(Expression)
    case page(ring: Ring?, isWritable: Bool?)
    /// Something that can't be assembled and takes so many bytes, so that what follows keeps its place.
    case broken(size: UInt32)
  }

  var body: Body
  var place: SourcePlace
  /// The token that messages about the whole statement point to.
  var token: Token
}

/// The operands of an instruction or pseudo-instruction.
struct Operands: Sendable {
  var d = Register.zero
  var a = Register.zero
  var b = Register.zero
  /// The immediate, target, n, c, p or x.
  var value: Expression?
  /// Where the value stands.
  var token = Token(kind: .end, column: 1, length: 1)
  /// A control register that was named.
  var control: ControlRegister?
}
